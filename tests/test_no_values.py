"""No value of a payload appears in an error text or in what `peerc dev` prints, whichever agent refuses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import Dev
from test_whole_system import first_message, relay_contract

CANARY = "canary-7f3a91"
OPERATIONS = {"opener": "open", "carrier": "carry", "closer": "close"}


def spoiled(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Messages that are wrong in one place each, with the canary in it or near it."""
    data = message["data"]
    state = {"blob": CANARY, "trail": [CANARY]}

    not_the_hash = {"sha256": "0" * 64, "bytes": 6, "encoding": "identity", "inline": "Y2FuYXJ5"}

    def with_data(**parts: Any) -> dict[str, Any]:
        return {**message, "data": {**data, "state": state, **parts}}

    return {
        "type_mismatch": with_data(input={"bytes": CANARY, "kind": "even"}),
        "enum_mismatch": with_data(input={"bytes": 1, "kind": CANARY}),
        "range_mismatch": with_data(input={"bytes": 9_000_000, "kind": "even", "journal": CANARY}),
        "required_missing": with_data(state={"blob": CANARY}),
        "phase_refused": {**with_data(), "phase": "dropped"},
        "deadline_exceeded": {**with_data(), "expirytime": "2020-01-01T00:00:00Z"},
        "reference_invalid": {**message, "data": {"input": data["input"], "stateRef": not_the_hash}},
        "envelope_invalid": {**with_data(), "hop": CANARY},
    }


def test_no_refusal_tells_a_value(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    start = json.loads(first_message({"bytes": 2, "kind": "even"}))
    phases = {"opener": "new", "carrier": "opened", "closer": "carried"}
    for agent, operation in OPERATIONS.items():
        surface = relay_contract().operation_hash(f"{agent}.{operation}")
        valid = {**start, "type": f"relay.{agent}.{operation}", "operation": surface, "phase": phases[agent]}
        for code, message in spoiled(valid).items():
            _, _, body = dev.invoke(f"relay-{agent}", json.dumps(message).encode())
            assert CANARY.encode() not in body, (agent, code, body)
            answer = json.loads(body)
            found = answer.get("errorType") or answer["data"]["error"]["code"]
            assert found == code, (agent, code, body)
    assert CANARY not in (relay / ".peerc-dev.log").read_text()
