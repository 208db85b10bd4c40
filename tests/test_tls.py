"""Agents of all three languages that reach each other over TLS. Python and Node open theirs with the first connection."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from peer_contract import _native

from conftest import ROOT, Dev
from secured import Secured, secured
from test_events import AGENTS, results
from test_targets import late_for, with_environment
from test_whole_system import relay_contract

# More than a record of TLS and a packet hold.
ORDER = {"bytes": 200_000, "kind": "random"}
PYTHON_MODULE = Path(str(_native.__file__))
NODE_MODULE = Path(os.environ.get("PEER_CONTRACT_NATIVE") or next((ROOT / "bindings-node").glob("peer-contract.*.node")))
# What a module says that has no TLS in itself, as released ones have none.
WITHOUT_TLS = b"this build has no TLS in itself"


def library_of(module: Path) -> Path:
    """The file with the TLS of a module."""
    return module.with_name(module.name.replace(".", "-tls.", 1))


@contextmanager
def collector() -> Iterator[tuple[int, list[Any]]]:
    """The port of a server that takes every message, and what came."""
    came: list[Any] = []

    class Take(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Take) as server:
        threading.Thread(target=server.serve_forever).start()
        yield server.server_port, came
        server.shutdown()


def port_of(dev: Dev) -> int:
    return int(dev.endpoint.rsplit(":", 1)[1])


def opened_by(dev: Dev) -> dict[str, list[str]]:
    """The libraries with TLS that each sandbox has opened, by the name of its program."""
    opened = {}
    for pid in dev.children():
        program = Path(f"/proc/{pid}/exe").resolve().name
        lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
        opened[program.rstrip("0123456789.")] = sorted({line.split()[-1] for line in lines if "-tls." in line})
    return opened


@pytest.mark.parametrize("key", ["p256", "rsa"])
def test_a_work_goes_from_language_to_language_over_tls(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Python hands over to Rust, Rust to Node, and Node replies; each over TLS to a server that the bundle vouches for.

    The bundle is named by the agents' own variables, or by a path of the one who starts them.
    """
    with secured(tmp_path, key) as front, secured(tmp_path, key) as answers, collector() as (port, came):
        peers = {agent: f"{front.url}/url/relay-{agent}" for agent in AGENTS[1:]} | {"reply-to": [f"{answers.url}/answers"]}
        own = {"AWS_CA_BUNDLE": str(front.bundle)} if key == "rsa" else {}
        for agent in AGENTS:
            with_environment(relay, agent, {"PEER_CONTRACT_PEERS": json.dumps(peers), **own})
        monkeypatch.setenv("AWS_CA_BUNDLE", os.path.relpath(front.bundle, relay))
        dev = dev_of(relay)
        front.upstream, answers.upstream = port_of(dev), port
        work, message = relay_contract().first_message("opener.open", ORDER, delivery="event", reply_to=f"{answers.url}/answers")
        assert dev.invoke("relay-opener", message, "Event")[0] == 202
        (result,) = results(relay, 1)
        # The reply is recorded first, and then sent.
        until = time.monotonic() + 30
        while not came and time.monotonic() < until:
            time.sleep(0.05)
        opened = opened_by(dev)
    assert (result["subject"], result["data"]["output"]["trail"]) == (work, AGENTS)
    assert [(reply["type"], reply["subject"]) for reply in came] == [("relay.closer.close.reply", work)]
    # A program of Rust has TLS in itself.
    assert opened == {"python": [str(library_of(PYTHON_MODULE))], "node": [str(library_of(NODE_MODULE))], "relay-carrier": []}


def test_who_never_connects_over_tls_opens_none(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    assert dev.invoke("relay-opener", json.dumps(ORDER).encode())[0] == 200
    results(relay, 1)
    assert opened_by(dev) == {"python": [], "node": [], "relay-carrier": []}


def refused(dev_of: Callable[[Path], Dev], folder: Path, agent: str, front: Secured, **variables: str) -> dict[str, Any]:
    """The error of an agent that cannot send a reply: it has to refuse a message that came too late."""
    address = f"{front.url}/answers"
    with_environment(folder, agent, {"PEER_CONTRACT_PEERS": json.dumps({"reply-to": [address]}), **variables})
    _, message = relay_contract().first_message("opener.open", ORDER, delivery="event", reply_to=address)
    error: dict[str, Any] = json.loads(dev_of(folder).invoke(f"relay-{agent}", late_for(agent, message))[2])
    return error


@pytest.mark.parametrize("agent", AGENTS)
def test_a_server_that_nobody_vouches_for_is_not_believed(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, agent: str
) -> None:
    with secured(tmp_path) as front:
        error = refused(dev_of, relay, agent, front)
    assert error["errorType"] == "peer_unreachable", error
    assert "could not be connected to: invalid peer certificate: UnknownIssuer" in error["errorMessage"], error


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize("text", [None, "", "no certificate\n"], ids=["missing", "empty", "other"])
def test_a_bundle_that_is_none_is_named(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, agent: str, text: str | None
) -> None:
    bundle = tmp_path / "bundle.pem"
    if text is not None:
        bundle.write_text(text)
    with secured(tmp_path) as front:
        error = refused(dev_of, relay, agent, front, AWS_CA_BUNDLE=str(bundle))
    assert error["errorType"] == "configuration_invalid", error
    assert f"`{bundle}`, which AWS_CA_BUNDLE names, is no bundle of certificates: " in error["errorMessage"], error


@pytest.mark.parametrize("agent", ["opener", "closer"])
def test_a_library_that_is_none_is_named_unless_the_module_has_tls_in_itself(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, agent: str
) -> None:
    if agent == "opener":
        package = tmp_path / "site" / "peer_contract"
        shutil.copytree(PYTHON_MODULE.parent, package, ignore=shutil.ignore_patterns("__pycache__"))
        module, variables = package / PYTHON_MODULE.name, {"PYTHONPATH": str(package.parent)}
    else:
        module = Path(shutil.copy(NODE_MODULE, tmp_path))
        variables = {"PEER_CONTRACT_NATIVE": str(module)}
    lean = WITHOUT_TLS in module.read_bytes()
    assert lean or "PEER_CONTRACT_RELEASED" not in os.environ, "a released module has TLS beside it alone"
    library_of(module).write_bytes(b"none")
    with secured(tmp_path) as front:
        error = refused(dev_of, relay, agent, front, **variables)
    if lean:
        assert error["errorType"] == "configuration_invalid", error
        assert f"TLS cannot be loaded from `{library_of(module)}`: " in error["errorMessage"], error
    else:
        assert "UnknownIssuer" in error["errorMessage"], error


def test_what_is_wrong_here_is_told_whether_or_not_the_peer_is_there(relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path) -> None:
    front = Secured("https://localhost:1", tmp_path / "bundle.pem")
    error = refused(dev_of, relay, "opener", front, AWS_CA_BUNDLE=str(tmp_path))
    assert error["errorType"] == "configuration_invalid", error
    assert error["errorMessage"].endswith("is no bundle of certificates: it is no file"), error
    error = refused(dev_of, relay, "carrier", front)
    assert error["errorType"] == "peer_unreachable", error
    assert "could not be connected to: Connection refused" in error["errorMessage"], error
