"""The relay's three agents, each behind the official Runtime Interface Emulator; the test forwards the handoffs.

The emulator dies of a second request while one runs, so each agent gets its own, and one request at a time.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import RELAY, ROOT
from test_whole_system import first_message

AWS_PYTHON = [sys.executable, "-m", "awslambdaric"]
AGENTS = {
    "opener": (AWS_PYTHON + ["opener.handler"], RELAY / "opener"),
    "carrier": ([str(ROOT / "target" / "debug" / "relay-carrier")], RELAY / "carrier"),
    "closer": (["node", str(ROOT / "bindings-node" / "bin" / "runtime.mjs"), "closer.handler"], RELAY / "closer"),
}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def emulated(agent: str, peers: dict[str, str]) -> Iterator[str]:
    """The agent behind the emulator; gives the URL that invokes it."""
    command, folder = AGENTS[agent]
    front, back = free_port(), free_port()
    emulator = os.environ.get("RIE")
    assert emulator, "RIE must name the emulator: a file in the wheel of aws-sam-cli, see bindings-python/requirements-rie.txt"
    flags = ["--runtime-interface-emulator-address", f"127.0.0.1:{front}", "--runtime-api-address", f"127.0.0.1:{back}"]
    environment = {**os.environ, "PEER_CONTRACT_PEERS": json.dumps(peers), "AWS_LAMBDA_FUNCTION_NAME": f"relay-{agent}"}
    environment.pop("PEER_CONTRACT_STORE", None)
    process = subprocess.Popen(
        [emulator, "--log-level", "error", *flags, *command], cwd=folder, env=environment, start_new_session=True
    )
    try:
        wait_for(front)
        yield f"http://127.0.0.1:{front}/2015-03-31/functions/function/invocations"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int) -> None:
    """Until somebody listens."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the emulator did not come up")


def ask(url: str, message: bytes) -> bytes:
    """One invocation."""
    with urllib.request.urlopen(urllib.request.Request(url, message), timeout=60) as response:
        answer: bytes = response.read()
    return answer


def test_three_agents_behind_official_emulators_pass_the_work_along() -> None:
    """Python under awslambdaric, Rust under lambda_runtime, JavaScript under our loop; 3 MB of state among them."""
    with emulated("carrier", {}) as carrier, emulated("opener", {}) as opener:
        with emulated("closer", {"carrier": carrier}) as closer:
            opened = ask(opener, first_message({"bytes": 3_000_000, "kind": "even"}))
            assert json.loads(opened)["type"] == "relay.carrier.carry"
            carried = ask(carrier, opened)
            assert json.loads(carried)["type"] == "relay.closer.close"
            closed: dict[str, Any] = json.loads(ask(closer, carried))
    assert closed["type"] == "relay.closer.close.reply"
    assert closed["data"]["output"]["bytes"] == 3_000_000
    assert closed["data"]["output"]["trail"] == ["opener", "carrier", "closer"]


@pytest.mark.parametrize("agent", sorted(AGENTS))
def test_an_expired_message_is_refused_alike_in_every_language(agent: str, tmp_path: Path) -> None:
    message = json.loads(first_message({"bytes": 1, "kind": "even"}))
    operation = {"opener": "open", "carrier": "carry", "closer": "close"}[agent]
    message.update({"type": f"relay.{agent}.{operation}", "expirytime": "2020-01-01T00:00:00Z"})
    with emulated(agent, {}) as url:
        error = json.loads(ask(url, json.dumps(message).encode()))["data"]["error"]
    assert (error["code"], error["at"], error["retryable"]) == ("deadline_exceeded", "/expirytime", False)
