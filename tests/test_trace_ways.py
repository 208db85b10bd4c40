"""Spans of messages on ways of their own: replies, batches of a queue, requests that are refused for their key or as busy."""

from __future__ import annotations

import importlib
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from conftest import RELAY, Dev, peerc, run_work
from peer_contract._native import Contract
from test_events import batch
from test_trace import CALLER, Collector, collector, value  # noqa: F401

CONTRACT = """
peerContract: "1"
name: shop
version: 1.0.0
state: {}
initialState: {}
phases: { start: asked, end: [shipped, noted] }
agents:
  desk:
    operations:
      order: { input: { $ref: "#/$defs/Order" }, from: [asked], handsTo: { hall.ship: paid }, idempotencyKey: /id }
  hall:
    operations:
      ship: { input: { $ref: "#/$defs/Order" }, from: [paid], output: { schema: { $ref: "#/$defs/Order" }, to: shipped } }
  office:
    operations:
      note: { input: { $ref: "#/$defs/Reply" }, from: [asked], output: { schema: { type: boolean }, to: noted } }
$defs:
  Order: { type: object, required: [id], properties: { id: { type: string }, waitMs: { type: integer } } }
  Reply: { type: object, required: [work, operation], properties: { work: { type: string }, operation: { type: string } } }
"""
ENTRY = ("--entry", "desk.order")
AGENTS = {
    "desk.py": """
from peer_contract import lambda_handler
from stubs import desk, hall

class Desk(desk.Agent):
    async def order(self, work, order, /):
        return hall.ship(order)

handler = lambda_handler(Desk())
""",
    "hall.mjs": """
import { hall } from './scripts/index.mjs'

export const handler = hall.lambdaHandler({
  async ship(work, order) {
    await new Promise((done) => setTimeout(done, order.waitMs ?? 0))
    return order
  },
})
""",
    "office.py": """
from peer_contract import lambda_handler
from stubs import office

class Office(office.Agent):
    async def note(self, work, reply, /):
        return True

handler = lambda_handler(Office())
""",
    "peerc.toml": """
contract = "shop.contract.yaml"
[generate]
python = "stubs"
javascript = "scripts"
[agents.desk]
language = "python"
handler = "desk.handler"
[agents.hall]
language = "node"
handler = "hall.handler"
[agents.office]
language = "python"
handler = "office.handler"
""",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in {"shop.contract.yaml": CONTRACT, **AGENTS}.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "node_modules").symlink_to(RELAY / "node_modules")
    assert peerc("generate", cwd=tmp_path).returncode == 0
    return tmp_path


def named(spans: Collector, name: str, count: int = 1) -> list[Span]:
    """The spans of this name, once there are as many."""
    until = time.monotonic() + 30
    while len(found := [span for _, span in spans.spans() if span.name == name]) < count:
        assert time.monotonic() < until, (name, sorted(span.name for _, span in spans.spans()))
        time.sleep(0.05)
    return found


def envelope_of(folder: Path, order: dict[str, Any]) -> dict[str, Any]:
    """The first message of a work, as `peerc run` sends it."""
    sys.path.insert(0, str(folder))
    try:
        contract = Contract.parse(importlib.import_module("stubs")._CONTRACT)
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "stubs"]:
            del sys.modules[name]
    _, message = contract.first_message("desk.order", order)
    envelope: dict[str, Any] = json.loads(message)
    return envelope


def test_a_reply_that_starts_a_work_goes_on_with_the_trace(
    shop: Path, dev_of: Callable[[Path], Dev], collector: Callable[..., Collector]  # noqa: F811
) -> None:
    spans = collector()
    dev_of(shop)
    run = run_work(shop, {"id": "a"}, *ENTRY, "--reply-to", "office.note")
    assert run.code == 0, run.stderr
    (noted,) = named(spans, "process office.note")
    by_id = {span.span_id: span for _, span in spans.spans()}
    path = [noted]
    while path[0].parent_span_id in by_id:
        path.insert(0, by_id[path[0].parent_span_id])
    assert [span.name for span in path] == [
        "run desk.order",
        "process desk.order",
        "send hall.ship",
        "process hall.ship",
        "process office.note",
    ]
    assert len({span.trace_id for span in path}) == 1
    (began,) = run.of_type("work")
    works = [value(span, "messaging.message.conversation_id") for span in path]
    assert set(works[:-1]) == {began["work"]} and works[-1] != began["work"], "a work of its own, in the same trace"


def test_a_key_with_another_payload_is_a_span_that_failed(
    shop: Path, dev_of: Callable[[Path], Dev], collector: Callable[..., Collector]  # noqa: F811
) -> None:
    spans = collector()
    dev_of(shop)
    assert run_work(shop, {"id": "a"}, *ENTRY).code == 0
    (first,) = named(spans, "process desk.order")
    assert run_work(shop, {"id": "a", "waitMs": 1}, *ENTRY).code == 1
    ordered = named(spans, "process desk.order", 2)
    (refused,) = [span for span in ordered if span.span_id != first.span_id]
    assert (refused.status.code, refused.status.message) == (Status.STATUS_CODE_ERROR, "key_conflict")
    assert first.status.code == Status.STATUS_CODE_UNSET


def test_a_delivery_beside_another_is_a_span_beside_it(
    shop: Path, dev_of: Callable[[Path], Dev], collector: Callable[..., Collector]  # noqa: F811
) -> None:
    spans = collector()
    dev = dev_of(shop)
    handed = dev.invoke("shop-desk", json.dumps(envelope_of(shop, {"id": "b", "waitMs": 3000})).encode())[2]
    assert json.loads(handed)["type"] == "shop.hall.ship", handed
    slow = threading.Thread(target=dev.invoke, args=("shop-hall", handed))
    slow.start()
    claims = shop / ".peerc" / "store" / "work"
    until = time.monotonic() + 30
    while len(list(claims.glob("*/claim/*"))) < 2:  # of desk and of hall
        assert time.monotonic() < until
        time.sleep(0.02)
    refused = json.loads(dev.invoke("shop-hall", handed)[2])
    slow.join()
    assert refused["data"]["error"]["code"] == "in_progress"
    shipped = named(spans, "process hall.ship", 2)
    assert len({span.span_id for span in shipped}) == 2 and len({span.parent_span_id for span in shipped}) == 1
    ended = {span.status.message: value(span, "peer_contract.repeated") for span in shipped}
    assert ended == {"": None, "in_progress": True}


def test_messages_of_a_batch_have_traces_of_their_own(
    relay: Path, dev_of: Callable[[Path], Dev], collector: Callable[..., Collector]  # noqa: F811
) -> None:
    spans = collector()
    dev = dev_of(relay)
    event = json.loads(batch(*(json.dumps({"bytes": size, "kind": "even"}) for size in (5, 7))))
    attribute = {"dataType": "String", "stringValue": CALLER}
    event["Records"][0]["messageAttributes"] = {"traceparent": attribute}
    for _ in range(2):  # the second time both are known
        assert json.loads(dev.invoke("relay-opener", json.dumps(event).encode())[2]) == {"batchItemFailures": []}
    # The second delivery sends all on again; what finds another delivery at work is a span beside that of its message.
    opened = {span.trace_id: span for span in named(spans, "process opener.open", 2)}
    until = time.monotonic() + 30
    while {span.trace_id for span in named(spans, "process closer.close", 2)} != set(opened):
        assert time.monotonic() < until, "both works end in their traces"
        time.sleep(0.05)
    assert len(opened) == 2 and all(span.kind == Span.SPAN_KIND_CONSUMER for span in opened.values())
    assert opened[bytes.fromhex(CALLER[3:35])].parent_span_id.hex() == CALLER[36:52]
    assert len(named(spans, "process opener.open")) == 2, "a message that comes again has the spans that it had"


def test_a_start_among_several_entries_is_told_which_there_are(shop: Path) -> None:
    (stopped,) = run_work(shop, {"id": "a"}).of_type("stopped")
    assert (stopped["code"], stopped["work"]) == ("entry_ambiguous", None)
    assert stopped["help"] == "`--entry` names one; they are desk.order, office.note"
