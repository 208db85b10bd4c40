"""What a user must be able to rely on, with real processes: all languages, kills, repeats, large states, bad input."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import RELAY, Dev, Run, run_work
from peer_contract._native import Contract

THREE_MB = 3_000_000


def wait_for_line(path: Path, count: int = 1) -> list[str]:
    """The lines of a journal once it has `count` of them."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if path.exists() and len(lines := path.read_text().split()) >= count:
            return lines
        time.sleep(0.02)
    raise AssertionError(f"{path} did not get {count} lines")


def test_three_languages_pass_the_work_along(relay: Path) -> None:
    run = run_work(relay, {"bytes": 10, "kind": "even"})
    assert run.code == 0, run.stderr
    hops = run.of_type("hop")
    assert [(hop["target"], hop["language"]) for hop in hops] == [
        ("opener.open", "python"),
        ("carrier.carry", "rust"),
        ("closer.close", "node"),
    ]
    assert [(hop["from"], hop["to"]) for hop in hops] == [("new", "opened"), ("opened", "carried"), ("carried", "done")]
    (result,) = run.of_type("end")
    assert result["output"] == {
        "sha256": hashlib.sha256(b"a" * 10).hexdigest(),
        "bytes": 10,
        "weight": len("opener carrier"),
        "trail": ["opener", "carrier", "closer"],
    }


@pytest.mark.parametrize("delivery", ["return", "event"])
@pytest.mark.parametrize("kind", ["even", "random"])
def test_a_state_of_3_mb_goes_through_the_chain(relay: Path, delivery: str, kind: str) -> None:
    run = run_work(relay, {"bytes": THREE_MB, "kind": kind}, "--delivery", delivery)
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    assert result["output"]["bytes"] == THREE_MB
    if kind == "even":
        assert result["output"]["sha256"] == hashlib.sha256(b"a" * THREE_MB).hexdigest()


def test_a_declared_error_ends_the_work_where_the_contract_says(relay: Path) -> None:
    run = run_work(relay, {"bytes": 1, "kind": "even"})
    assert run.code == 1
    (result,) = run.of_type("end")
    assert result["error"]["code"] == "refused"
    assert result["error"]["data"] == {"reason": "one byte is no load"}
    assert result["phase"] == "dropped"


@contextmanager
def work_in_background(relay: Path, journal: Path, wait_ms: int) -> Iterator[list[Run]]:
    """A run whose carrier writes its process id into the journal and waits; the list has the run once this ends."""
    order = {"bytes": 5, "kind": "even", "waitMs": wait_ms, "journal": str(journal)}
    runs: list[Run] = []
    work = threading.Thread(target=lambda: runs.append(run_work(relay, order)))
    work.start()
    yield runs
    work.join(timeout=40)
    assert not work.is_alive(), "the run hangs"


def test_an_agent_killed_during_a_run_is_tried_again_as_the_contract_says(
    relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path
) -> None:
    dev_of(relay)
    journal = tmp_path / "journal"
    with work_in_background(relay, journal, wait_ms=1500) as runs:
        os.kill(int(wait_for_line(journal)[0]), signal.SIGKILL)
    assert runs[0].code == 0, runs[0].stderr
    first, second = wait_for_line(journal, 2)
    assert first != second


def test_an_agent_that_is_killed_every_time_gives_a_clear_error(relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path) -> None:
    dev_of(relay)
    journal = tmp_path / "journal"
    with work_in_background(relay, journal, wait_ms=8000) as runs:
        for attempt in (1, 2):
            os.kill(int(wait_for_line(journal, attempt)[-1]), signal.SIGKILL)
    assert runs[0].code == 1
    (stopped,) = runs[0].of_type("stopped")
    assert stopped["code"] == "peer_failed"
    assert stopped["target"] == "carrier.carry"
    assert "signal: killed" in stopped["message"]


def test_a_message_delivered_twice_has_one_outcome(relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path) -> None:
    dev = dev_of(relay)
    journal = tmp_path / "journal"
    order = {"bytes": 20, "kind": "even", "journal": str(journal)}
    opened = handed_to_carrier(dev, order)
    answers = {dev.invoke("relay-carrier", opened)[2] for _ in range(3)}
    assert len(answers) == 1
    assert len(wait_for_line(journal)) == 1, "the handler ran more than once"


def relay_contract() -> Contract:
    """The contract as the generated Python code carries it."""
    sys.path.insert(0, str(RELAY / "opener"))
    return Contract.parse(importlib.import_module("relay")._CONTRACT)


def first_message(order: dict[str, object]) -> bytes:
    """The envelope that starts a work with this order."""
    return relay_contract().start("opener.open", order, time.time_ns() // 1_000_000, os.urandom(10))[1]


def handed_to_carrier(dev: Dev, order: dict[str, object]) -> bytes:
    """The envelope that the opener hands to the carrier."""
    status, headers, body = dev.invoke("relay-opener", first_message(order))
    assert (status, headers.get("X-Amz-Function-Error")) == (200, None), body
    return body


BAD_PAYLOADS = [
    (b"{", "json_syntax", ""),
    (b'{"bytes":1,"bytes":2,"kind":"even"}', "json_duplicate_key", "/bytes"),
    (b'{"bytes":"1","kind":"even"}', "type_mismatch", "/bytes"),
    (b'{"bytes":9007199254740993,"kind":"even"}', "json_number", "/bytes"),
    (b'{"bytes":1}', "required_missing", "/kind"),
    (b'{"specversion":"1.0","dataschema":"urn:peer-contract:sha256:0"}', "envelope_invalid", None),
]


@pytest.mark.parametrize(("payload", "code", "at"), BAD_PAYLOADS)
def test_bad_input_gets_its_code_and_place(
    relay: Path, dev_of: Callable[[Path], Dev], payload: bytes, code: str, at: str | None
) -> None:
    dev = dev_of(relay)
    status, headers, body = dev.invoke("relay-opener", payload)
    answer = json.loads(body)
    if code == "json_syntax":
        assert status == 400, "the Invoke API itself refuses what is not JSON"
        return
    assert status == 200
    assert headers["X-Amz-Function-Error"] == "Unhandled"
    assert answer["errorType"] == code
    if at is not None:
        assert answer["at"] == at
    assert b"even" not in body, "a payload value was printed"
