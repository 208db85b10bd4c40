"""The vectors that all languages run. A folder without any fails."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult
from uuid import UUID

import pytest
from conftest import ROOT
from peer_contract import Contract, ContractError, parsed
from peer_contract._log import JsonFormatter, PlainFormatter, WorkLog
from peer_contract._native import fits, read_json, rehearse, rehearse_event, rehearse_requests

VECTORS = ROOT / "schemas" / "vectors"


def vectors(folder: str) -> Any:
    found = sorted((VECTORS / folder).glob("*.json"))
    # Without a parameter pytest would skip in silence.
    parameters = found or [VECTORS / folder / "no-vector-at-all.json"]
    return pytest.mark.parametrize("path", parameters, ids=lambda path: path.stem)


def shared_contract(name: str) -> Contract:
    return Contract.parse((VECTORS / "contracts" / f"{name}.json").read_bytes())


def text_of(vector: dict[str, Any]) -> bytes:
    return base64.b64decode(vector["base64"]) if "base64" in vector else vector["text"].encode()


def problem_of(run: Callable[[], object]) -> dict[str, str] | None:
    try:
        run()
    except ContractError as error:
        return {"code": error.code, "at": error.at}
    return None


def test_every_folder_of_vectors_is_run() -> None:
    known = {"compat", "contract", "contracts", "draws", "envelope", "events", "hash", "json", "message", "parsed"}
    known |= {"log", "replies", "requests", "trace"}
    of_the_command = {"diff"}
    of_generated_code = {"types"}
    assert {path.name for path in VECTORS.iterdir() if path.is_dir()} == known | of_the_command | of_generated_code


@vectors("json")
def test_text_is_read_strictly(path: Path) -> None:
    vector = json.loads(path.read_text())
    found = problem_of(lambda: read_json(text_of(vector)))
    assert (found or {}).get("code") == vector["error"], vector["about"]
    assert found is None or found["at"] == vector["at"], vector["about"]


@vectors("hash")
def test_a_contract_has_the_hashes_it_has_everywhere(path: Path) -> None:
    vector = json.loads(path.read_text())
    contract = Contract.parse(vector["contract"])
    assert contract.hash == vector["hash"], vector["about"]
    found = {target: contract.operation_hash(target) for target in contract.operations}
    assert found == vector["operations"], vector["about"]
    assert Contract.parse(contract.canonical).hash == vector["hash"]


@vectors("contract")
def test_all_problems_of_a_contract_are_found(path: Path) -> None:
    vector = json.loads(path.read_text())
    found = []
    try:
        Contract.parse(vector["contract"])
    except ContractError as error:
        found = [{"code": problem.code, "at": problem.at} for problem in error.problems]
    assert found == vector["problems"], vector["about"]


@vectors("message")
def test_a_message_gets_the_verdict_it_gets_everywhere(path: Path) -> None:
    vector = json.loads(path.read_text())
    schema = shared_contract(vector["contract"]).schema(vector["pointer"])
    assert problem_of(lambda: schema.read(text_of(vector))) == vector["error"], vector["about"]


@vectors("message")
def test_objects_get_the_verdict_of_their_text(path: Path) -> None:
    vector = json.loads(path.read_text())
    error = vector["error"]
    if error is not None and error["code"] in {"json_duplicate_key", "json_syntax", "json_encoding"}:
        return  # parsed objects do not show these any more
    schema = shared_contract(vector["contract"]).schema(vector["pointer"])
    found = problem_of(lambda: schema.validate(json.loads(text_of(vector))))
    assert (found or {}).get("code") == (error or {}).get("code"), vector["about"]


@vectors("envelope")
def test_an_event_is_received_or_refused(path: Path) -> None:
    vector = json.loads(path.read_text())
    arrival, expect = vector["arrival"], vector["expect"]
    contract = shared_contract(vector["contract"])
    try:
        seen: Any = rehearse(
            contract,
            vector["agent"],
            vector["event"],
            arrival["now_ms"],
            arrival["deadline_ms"],
            arrival["shared_store"],
        )
    except ContractError as error:
        seen = {"error": {"code": error.code, "at": error.at}}
    else:
        seen = dict(zip(("operation", "phase", "hop"), seen, strict=True))
    assert seen == expect, vector["about"]


@vectors("trace")
def test_a_message_belongs_to_the_same_trace_everywhere(path: Path) -> None:
    an_event_becomes_what_it_becomes(path)


@vectors("log")
def test_a_line_of_a_log_is_the_same_everywhere(path: Path) -> None:
    vector = json.loads(path.read_text())
    level = {"WARN": "WARNING"}.get(vector["level"], vector["level"])
    logger = logging.Logger("test")
    _, keywords = WorkLog(logger, vector["facts"]).process("", {"extra": vector["fields"]})
    number = getattr(logging, level)
    record = logger.makeRecord("test", number, "", 0, "%s", (vector["message"],), None, extra=keywords["extra"])
    record.created = vector["time_ms"] / 1000
    line = JsonFormatter().format(record)
    assert "\n" not in line and json.loads(line) == vector["line"], vector["about"]
    assert PlainFormatter().format(record) == vector["plain"], vector["about"]


@vectors("events")
def test_an_event_of_a_service_becomes_what_it_becomes_everywhere(path: Path) -> None:
    an_event_becomes_what_it_becomes(path)


def an_event_becomes_what_it_becomes(path: Path) -> None:
    vector = json.loads(path.read_text())
    arrival, contract = vector["arrival"], shared_contract(vector["contract"])
    event, ends = json.dumps(vector["event"]), json.dumps(vector["ends"])
    try:
        facts = arrival["now_ms"], arrival["shared_store"], arrival.get("trace_header")
        seen = rehearse_event(contract, vector["agent"], event, ends, *facts)
    except ContractError as error:
        seen = {"error": {"code": error.code, "at": error.at}}
    assert with_read_body(seen) == with_read_body(vector["expect"]), vector["about"]


def with_read_body(told: Any) -> Any:
    """How a text is spelled is not what a vector is about."""
    answer = told.get("answer")
    if isinstance(answer, dict) and "body" in answer:
        answer["body"] = json.loads(answer["body"])
    return told


@vectors("replies")
def test_who_starts_work_learns_who_gets_no_replies(path: Path) -> None:
    vector = json.loads(path.read_text())
    contract, asked = shared_contract(vector["contract"]), {"delivery": vector["delivery"], "reply_to": vector["replyTo"]}
    found = problem_of(lambda: contract.first_message(vector["entry"], vector["input"], **asked))
    assert found == vector["error"], vector["about"]
    if found is None:
        work, message = contract.first_message(vector["entry"], vector["input"], **asked)
        envelope = json.loads(message)
        assert (envelope["subject"], envelope["replyto"]) == (work, vector["replyTo"])


@vectors("requests")
def test_messages_with_keys_end_as_they_end_everywhere(path: Path) -> None:
    vector = json.loads(path.read_text())
    messages = json.dumps(vector["messages"])
    told = rehearse_requests(shared_contract(vector["contract"]), vector["operation"], messages)
    assert told == vector["expect"], vector["about"]


@vectors("compat")
def test_two_versions_fit_or_break_at_the_same_place(path: Path) -> None:
    vector = json.loads(path.read_text())
    sends, accepts = (Contract.parse(json.dumps(vector[side])) for side in ("sends", "accepts"))
    found = fits(sends, accepts, vector["operation"])
    assert found == (vector["verdict"], vector.get("part"), vector.get("at")), vector["about"]


@vectors("parsed")
def test_text_has_the_same_view_everywhere(path: Path) -> None:
    vector = json.loads(path.read_text())
    view = getattr(parsed, vector["format"].replace("-", "_"))
    if "error" in vector:
        found = [(problem_of(lambda text=text: view(text)) or {}).get("code") for text in vector["texts"]]
        assert found == [vector["error"]] * len(vector["texts"]), vector["about"]
    elif "python" in vector["beyond"]:
        assert problem_of(lambda: view(vector["text"])) == {"code": "range_mismatch", "at": ""}, vector["about"]
    else:
        assert view_of(view(vector["text"])) == told_of(vector["view"]), vector["about"]


def view_of(value: object) -> object:
    """A view as the vectors write it."""
    match value:
        case datetime():
            seconds, rest = divmod(value - datetime(1970, 1, 1, tzinfo=timezone.utc), timedelta(seconds=1))
            return {"seconds": seconds, "microseconds": rest.microseconds}
        case date():
            days = value.toordinal() - date(1970, 1, 1).toordinal()
            return {"year": value.year, "month": value.month, "day": value.day, "days": days}
        case UUID():
            return {"hex": value.hex}
        case SplitResult():
            return {"authority" if part == "netloc" else part: text for part, text in value._asdict().items()}
    raise AssertionError(type(value))


def told_of(view: dict[str, Any]) -> dict[str, Any]:
    """What of a view Python can say: microseconds."""
    nanoseconds = view.pop("nanoseconds", None)
    return view if nanoseconds is None else {**view, "microseconds": nanoseconds // 1000}
