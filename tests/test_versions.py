"""Agents with different versions of the contract, in three languages, with and without a shared store."""

from __future__ import annotations

import copy
import functools
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import RELAY, Dev, peerc, run_work
from peer_contract._native import Answer, Contract, Host, Turn, Types

Document = dict[str, Any]

AGENTS = ["opener", "carrier", "closer"]
"""In Python, in Rust and in Node, in the order in which the work passes them."""


@functools.cache
def relay_contract() -> Contract:
    """The contract as the agents of the repository carry it."""
    text = (RELAY / "carrier" / "src" / "relay" / "types.rs").read_text()
    return Contract.parse(text.split('r##"')[1].split('"##')[0])


def changed(edit: Callable[[Document], object]) -> Contract:
    """Another version of it."""
    document = json.loads(relay_contract().canonical)
    document["version"] = "1.1.0"
    edit(document["$defs"])
    return Contract.parse(json.dumps(document))


def with_optional_notes(types: Document) -> None:
    """What a newer version may add: optional properties."""
    for name in ("Order", "Load", "Text"):
        types[name]["properties"]["note"] = {"type": "string"}


def generate(folder: Path, contract: Contract, flag: str, module: str) -> None:
    """Gives one agent of the copied relay the code of another version."""
    source = folder / "other.contract.json"
    source.write_bytes(contract.canonical)
    done = peerc("generate", str(source), flag, module, cwd=folder)
    assert done.returncode == 0, done.stderr


def replace(path: Path, old: str, new: str) -> None:
    """Edits an agent of the copied relay."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def without_store(folder: Path) -> None:
    """No agent of the copied relay has a shared store: an empty variable counts as absent."""
    toml = folder / "peerc.toml"
    toml.write_text(toml.read_text().replace("\nlanguage =", '\nenv = { PEER_CONTRACT_STORE = "" }\nlanguage ='))


def stored(folder: Path) -> list[Path]:
    """The files in the shared store of the copied relay."""
    return [path for path in (folder / ".peerc" / "store").rglob("*") if path.is_file()]


@pytest.mark.parametrize("store", [True, False], ids=["with a store", "without a store"])
def test_a_newer_opener_and_closer_work_with_an_older_carrier(relay: Path, store: bool) -> None:
    newer = changed(with_optional_notes)
    generate(relay, newer, "--python", "opener/relay")
    generate(relay, newer, "--javascript", "closer/relay")
    handing_over = "        return carrier.carry(order)"
    noting = '        order.note = "on the order"\n        work.state.note = "on the load"\n'
    replace(relay / "opener" / "opener.py", handing_over, noting + handing_over)
    replace(relay / "closer" / "closer.mjs", "close(work) {", "close(work, order) {")
    replace(relay / "closer" / "closer.mjs", "'closer']", "'closer', order.note, work.state.note]")
    if not store:
        without_store(relay)
    run = run_work(relay, {"bytes": 10, "kind": "even"})
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    # The carrier does not know the notes and carries them on all the same.
    assert result["output"]["trail"] == ["opener", "carrier", "closer", "on the order", "on the load"]
    assert store or not stored(relay)


def test_a_call_to_an_older_carrier_is_repeated_with_the_contract(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    generate(relay, changed(with_optional_notes), "--javascript", "closer/relay")
    without_store(relay)
    dev_of(relay)
    run = run_work(relay, {"bytes": 10, "kind": "even"})
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    assert result["output"]["weight"] == len("opener carrier")
    log = (relay / ".peerc-dev.log").read_text().splitlines()
    assert sum("→ carrier.weigh" in line for line in log) == 2, log
    assert not stored(relay)


def test_a_call_without_the_contract_asks_for_it_and_a_wrong_one_is_refused(
    relay: Path, dev_of: Callable[[Path], Dev]
) -> None:
    without_store(relay)
    dev = dev_of(relay)
    newer = changed(with_optional_notes)
    call = call_of_carrier(newer)
    assert "contract" not in call["data"]
    assert refusal(dev, "carrier", call) == ("contract_required", "/dataschema")
    call["data"]["contract"] = message_for("carrier", relay_contract(), {"bytes": 5, "kind": "even"})["data"][
        "contract"
    ]
    assert refusal(dev, "carrier", call) == ("contract_mismatch", "/data/contract")
    call["data"]["contract"] = message_for("carrier", newer, {"bytes": 5, "kind": "even"})["data"]["contract"]
    assert answer(dev, "carrier", call)["data"]["output"] == {"bytes": len("weigh me")}
    assert not stored(relay)


@pytest.mark.parametrize("agent", AGENTS)
def test_a_handoff_needs_its_contract_inline_and_the_right_one(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, agent: str
) -> None:
    without_store(relay)
    every_agent_keeps_the_journal(relay)
    dev, journal = dev_of(relay), tmp_path / "journal"
    order = {"bytes": 5, "kind": "even", "journal": str(journal)}
    complete = message_for(agent, changed(with_optional_notes), order)
    bare, wrong = copy.deepcopy(complete), copy.deepcopy(complete)
    del bare["data"]["contract"]
    wrong["data"]["contract"] = message_for(agent, relay_contract(), order)["data"]["contract"]
    assert refusal(dev, agent, bare) == ("contract_required", "/dataschema")
    assert refusal(dev, agent, wrong) == ("contract_mismatch", "/data/contract")
    assert not journal.exists(), "the handler ran"
    assert "error" not in answer(dev, agent, complete)["data"]
    assert len(journal.read_text().split()) == 1, "the journal would not have shown it"
    assert not stored(relay)


def a_required_property_is_gone(types: Document) -> None:
    types["Order"]["required"].remove("kind")


def a_property_has_another_type(types: Document) -> None:
    types["Order"]["properties"]["bytes"] = {"type": "string"}


def an_enum_has_one_more(types: Document) -> None:
    types["Order"]["properties"]["kind"]["enum"].append("odd")


def the_state_has_another_type(types: Document) -> None:
    types["Load"]["properties"]["trail"]["items"] = {"type": "integer"}


BREAKS = [
    (a_required_property_is_gone, {}, "/data/input/kind"),
    (a_property_has_another_type, {"bytes": "5"}, "/data/input/bytes"),
    # This very message would be valid here; the version is refused, so that no later one comes as a surprise.
    (an_enum_has_one_more, {}, "/data/input/kind"),
    (the_state_has_another_type, {}, "/data/state/trail/0"),
]


@pytest.mark.parametrize("agent", AGENTS)
def test_a_version_that_does_not_fit_is_refused_with_the_broken_path_before_the_handler_runs(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path, agent: str
) -> None:
    every_agent_keeps_the_journal(relay)
    dev, journal = dev_of(relay), tmp_path / "journal"
    order = {"bytes": 5, "kind": "even", "journal": str(journal)}
    for edit, of_that_version, at in BREAKS:
        message = message_for(agent, changed(edit), order | of_that_version)
        assert refusal(dev, agent, message) == ("contract_incompatible", at), edit.__name__
    assert not journal.exists(), "the handler ran"
    assert "error" not in answer(dev, agent, message_for(agent, relay_contract(), order))["data"]
    assert len(journal.read_text().split()) == 1, "the journal would not have shown it"


def test_a_run_ends_with_the_refusal_of_a_version_that_does_not_fit(relay: Path, tmp_path: Path) -> None:
    generate(relay, changed(a_required_property_is_gone), "--python", "opener/relay")
    journal = tmp_path / "journal"
    run = run_work(relay, {"bytes": 5, "kind": "even", "journal": str(journal)})
    assert run.code == 1
    assert "contract_incompatible" in json.dumps(run.records)
    assert "/data/input/kind" in json.dumps(run.records)
    assert not journal.exists(), "the handler ran"


def every_agent_keeps_the_journal(folder: Path) -> None:
    """The carrier writes a line at each run; here the other two do so, too."""
    opener, closer = folder / "opener" / "opener.py", folder / "closer" / "closer.mjs"
    begin = "        if order.bytes == 1:"
    replace(
        opener,
        begin,
        '        with open(order.journal, "a") as file:\n            print("opener", file=file)\n' + begin,
    )
    replace(closer, "import { createHash }", "import { appendFileSync } from 'node:fs'\nimport { createHash }")
    replace(closer, "close(work) {", "close(work, order) {\n    appendFileSync(order.journal, 'closer\\n')")


def answer(dev: Dev, agent: str, message: Document) -> Document:
    """The envelope that an agent answers with."""
    status, headers, body = dev.invoke(f"relay-{agent}", json.dumps(message).encode())
    assert (status, headers.get("X-Amz-Function-Error")) == (200, None), body
    envelope: Document = json.loads(body)
    return envelope


def refusal(dev: Dev, agent: str, message: Document) -> tuple[str, str]:
    """Code and place with which an agent refuses a message."""
    error = answer(dev, agent, message)["data"]["error"]
    return error["code"], error["at"]


def turn_of(agent: str, contract: Contract, order: Document) -> Turn:
    """An agent of that version in the middle of its turn, in this process and without a store."""
    message = json.dumps(message_for(agent, contract, order)).encode()
    turn = Host(contract, agent, no_peers).begin(message, "request")
    assert isinstance(turn, Turn), turn.payload
    return turn


def message_for(agent: str, contract: Contract, order: Document) -> Document:
    """The message that begins the turn of an agent, from a sender with that version."""
    if agent == AGENTS[0]:
        message = contract.start("opener.open", order, time.time_ns() // 1_000_000, os.urandom(10))[1]
    else:
        before = AGENTS[AGENTS.index(agent) - 1]
        target = {"carrier": "carrier.carry", "closer": "closer.close"}[agent]
        state = {"blob": "load", "trail": [1 if trail_is_numbers(contract) else "before"]}
        message = turn_of(before, contract, order).hand_over(Types(contract, {}), target, order, state).payload
    envelope: Document = json.loads(message)
    return envelope


def trail_is_numbers(contract: Contract) -> bool:
    """Whether that version changed the state."""
    load = json.loads(contract.canonical)["$defs"]["Load"]
    return bool(load["properties"]["trail"]["items"]["type"] == "integer")


def call_of_carrier(contract: Contract) -> Document:
    """The call that a closer of that version makes, as it would go over the wire."""
    sent: list[bytes] = []

    def note(_: str, message: bytes) -> Answer:
        sent.append(message)
        raise ConnectionError

    message = json.dumps(message_for("closer", contract, {"bytes": 5, "kind": "even"})).encode()
    turn = Host(contract, "closer", note).begin(message, "request")
    assert isinstance(turn, Turn), turn.payload
    turn.call(Types(contract, {}), "carrier.weigh", {"text": "weigh me"})
    call: Document = json.loads(sent[0])
    return call


def no_peers(agent: str, _: bytes) -> Answer:
    """Stands for peers that are not asked."""
    raise AssertionError(f"{agent} was called")
