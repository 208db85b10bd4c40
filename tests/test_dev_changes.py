"""`peerc dev` while its project is worked on: what changes on the disk runs a moment later, and nothing is lost."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import PEERC, Dev, run_work
from test_whole_system import first_message

ORDER = {"bytes": 3, "kind": "even"}


def trail(relay: Path) -> list[str]:
    """What a work of this moment leaves behind."""
    run = run_work(relay, ORDER)
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    found: list[str] = result["output"]["trail"]
    return found


def trail_of(dev: Dev) -> list[str]:
    """The trail after the first agent, which answers from the process that it has."""
    message = json.loads(dev.invoke("relay-opener", first_message(ORDER))[2])
    found: list[str] = message["data"]["state"]["trail"]
    return found


def log_of(dev: Dev) -> str:
    return (dev.folder / ".peerc-dev.log").read_text()


def wait_for(dev: Dev, text: str, times: int = 1) -> None:
    """Until the log of `peerc dev` has a text that often."""
    until = time.monotonic() + 30
    while log_of(dev).count(text) < times:
        assert dev.process.poll() is None and time.monotonic() < until, log_of(dev)
        time.sleep(0.05)


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("opener/opener.py", 'append("opener")', 'append("reopened")', ["reopened", "carrier", "closer"]),
        ("closer/closer.mjs", "'closer']", "'shut']", ["opener", "carrier", "shut"]),
    ],
)
def test_an_agent_whose_source_changes_is_restarted(
    relay: Path, dev_of: Callable[[Path], Dev], file: str, old: str, new: str, expected: list[str]
) -> None:
    dev = dev_of(relay)
    assert trail(relay) == ["opener", "carrier", "closer"]
    edit(relay / file, old, new)
    wait_for(dev, f"changed: {file}")
    assert trail(relay) == expected


def test_a_program_that_is_built_is_built_again_and_goes_on_when_that_fails(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    program = relay / "carrier" / "run.sh"
    edit(relay / "peerc.toml", "run = [", 'build = "sh carrier/make.toml"\nrun = ["carrier/run.sh", ')
    source = relay / "carrier" / "make.toml"
    make = f'printf \'#!/bin/sh\\necho made-%s >&2\\nexec "$1"\\n\' "$VERSION" > {program}; chmod +x {program}\n'
    source.write_text("VERSION=one\n" + make)
    dev = dev_of(relay)
    wait_for(dev, "made-one")
    source.write_text("echo no compiler; exit 3\n")
    wait_for(dev, "no compiler")
    assert trail(relay) == ["opener", "carrier", "closer"]
    source.write_text("VERSION=two\n" + make)
    wait_for(dev, "changed: carrier/make.toml", times=2)
    assert trail(relay) == ["opener", "carrier", "closer"]
    wait_for(dev, "made-two")


def test_a_changed_contract_is_generated_again_and_all_agents_restart(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    contract, stub = relay / "relay.contract.yaml", relay / "opener" / "relay"
    edit(contract, "Fills the state with as many bytes as asked.", "Fills the state, said anew.")
    wait_for(dev, "AWS_ENDPOINT_URL_LAMBDA=", times=2)
    assert any("said anew" in file.read_text() for file in stub.glob("*.py*"))
    again = json.loads((relay / ".peerc" / "dev.json").read_text())
    assert again["endpoint"] == dev.endpoint, "callers keep the address they have"
    assert trail(relay) == ["opener", "carrier", "closer"]


def test_a_contract_that_does_not_hold_is_reported_and_the_agents_go_on(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    contract = relay / "relay.contract.yaml"
    whole = contract.read_text()
    contract.write_text(whole.replace("carrier.carry: opened", "carrier.carri: opened"))
    wait_for(dev, "carrier.carri")
    assert trail_of(dev) == ["opener"]
    contract.write_text(whole)
    wait_for(dev, "AWS_ENDPOINT_URL_LAMBDA=", times=2)
    assert trail(relay) == ["opener", "carrier", "closer"]


def test_help_says_how_to_read_the_logs() -> None:
    told = os.popen(f"{PEERC} dev --help").read()
    assert "aws logs tail" in told and "--no-watch" in told
