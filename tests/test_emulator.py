"""The relay's three agents, each behind the official Runtime Interface Emulator; the test forwards the handoffs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from conftest import RELAY, ROOT
from emulation import ask, emulated
from test_whole_system import first_message

AWS_PYTHON = [sys.executable, "-m", "awslambdaric"]
AGENTS = {
    "opener": (AWS_PYTHON + ["opener.handler"], RELAY / "opener"),
    "carrier": ([str(ROOT / "target" / "debug" / "relay-carrier")], RELAY / "carrier"),
    "closer": (["node", str(ROOT / "bindings-node" / "bin" / "runtime.mjs"), "closer.handler"], RELAY / "closer"),
}


@contextmanager
def agent_behind_emulator(agent: str, peers: dict[str, str]) -> Iterator[str]:
    """One of the relay's agents; gives the URL that invokes it."""
    command, folder = AGENTS[agent]
    environment = {**os.environ, "PEER_CONTRACT_PEERS": json.dumps(peers), "AWS_LAMBDA_FUNCTION_NAME": f"relay-{agent}"}
    environment.pop("PEER_CONTRACT_STORE", None)
    with emulated(command, folder, environment) as url:
        yield url


def test_three_agents_behind_official_emulators_pass_the_work_along() -> None:
    """Python under awslambdaric, Rust and JavaScript under our loops; 3 MB of state among them."""
    with agent_behind_emulator("carrier", {}) as carrier, agent_behind_emulator("opener", {}) as opener:
        with agent_behind_emulator("closer", {"carrier": carrier}) as closer:
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
    with agent_behind_emulator(agent, {}) as url:
        error = json.loads(ask(url, json.dumps(message).encode()))["data"]["error"]
    assert (error["code"], error["at"], error["retryable"]) == ("deadline_exceeded", "/expirytime", False)
