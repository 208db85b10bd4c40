"""Spans of the relay as a collector gets them: one trace across three languages, whatever becomes of the collector."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, run_work
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
HANDOFFS = ["opener.open", "carrier.carry", "closer.close"]


class Collector(ThreadingHTTPServer):
    """A receiver of OTLP over HTTP that reads what comes with the official classes, and answers as it is told."""

    daemon_threads = True

    def __init__(self, status: int = 200, wait: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.status, self.wait = status, wait
        self.requests: list[ExportTraceServiceRequest] = []
        self.heads: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> list[tuple[str, Span]]:
        """Service and span, each span once: one that comes again has the ids it had."""
        found: dict[bytes, tuple[str, Span]] = {}
        for request in self.requests:
            for of_resource in request.resource_spans:
                (service,) = (pair.value.string_value for pair in of_resource.resource.attributes if pair.key == "service.name")
                for of_scope in of_resource.scope_spans:
                    assert of_scope.scope.name == "peer-contract"
                    found.update({span.span_id: (service, span) for span in of_scope.spans})
        return list(found.values())


class _Request(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert (self.path, self.headers["content-type"]) == ("/v1/traces", "application/json")
        self.server.heads.append({name.lower(): value for name, value in self.headers.items()})
        time.sleep(self.server.wait)
        for of_resource in body["resourceSpans"]:
            for of_scope in of_resource["scopeSpans"]:
                for span in of_scope["spans"]:
                    # OTLP has ids in hex where the JSON of protobuf has base64; all else is that.
                    for name in {"traceId", "spanId", "parentSpanId"} & set(span):
                        span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
        self.server.requests.append(json_format.ParseDict(body, ExportTraceServiceRequest()))
        self.send_response(self.server.status)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Collector]]:
    """Starts a collector, and tells everybody where it is."""
    running: list[Collector] = []

    def start(**how: Any) -> Collector:
        running.append(Collector(**how))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", running[-1].endpoint)
        return running[-1]

    yield start
    for one in running:
        one.shutdown()


def value(span: Span, name: str) -> Any:
    """An attribute of a span."""
    for pair in span.attributes:
        if pair.key == name:
            return getattr(pair.value, str(pair.value.WhichOneof("value")))
    return None


class Tree:
    """The spans of one work, once it is known that they are one tree."""

    def __init__(self, collector: Collector, run: Run) -> None:
        (began,) = run.of_type("work")
        self.work: str = began["work"]
        spans = [(service, span) for service, span in collector.spans() if value(span, "messaging.message.conversation_id") == self.work]
        self.spans = {span.span_id: span for _, span in spans}
        self.services = {span.name: service for service, span in spans}
        self.roots = [span for span in self.spans.values() if span.parent_span_id not in self.spans]
        assert len({span.trace_id for span in self.spans.values()}) == 1, "one work is one trace"
        for span in self.spans.values():
            assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano

    def parent(self, span: Span) -> Span:
        return self.spans[span.parent_span_id]

    def named(self, name: str) -> list[Span]:
        return [span for span in self.spans.values() if span.name == name]

    def path(self, name: str) -> list[str]:
        """Names from the root to the only span of this name."""
        (span,) = self.named(name)
        names = [span.name]
        while span.parent_span_id in self.spans:
            span = self.parent(span)
            names.insert(0, span.name)
        return names


@pytest.mark.parametrize("delivery", ["return", "event"])
def test_a_work_in_three_languages_is_one_trace(relay: Path, collector: Callable[..., Collector], delivery: str) -> None:
    spans = collector()
    run = run_work(relay, {"bytes": 10, "kind": "even"}, "--delivery", delivery)
    assert run.code == 0, run.stderr
    tree = Tree(spans, run)
    chain = ["run opener.open", "process opener.open"]
    for target in HANDOFFS[1:]:
        chain += [f"send {target}", f"process {target}"]
    assert tree.path("process carrier.weigh") == [*chain, "call carrier.weigh", "process carrier.weigh"]
    assert len(tree.spans) == len(chain) + 2
    (root,) = tree.roots
    assert not root.parent_span_id and root.trace_id.hex() == tree.work.replace("-", "")
    handled = Span.SPAN_KIND_SERVER if delivery == "return" else Span.SPAN_KIND_CONSUMER
    for name, kind in [("run opener.open", Span.SPAN_KIND_CLIENT), ("send carrier.carry", Span.SPAN_KIND_PRODUCER), ("process carrier.carry", handled), ("call carrier.weigh", Span.SPAN_KIND_CLIENT), ("process carrier.weigh", Span.SPAN_KIND_SERVER)]:
        (span,) = tree.named(name)
        assert (span.kind, span.status.code, span.flags & 1) == (kind, Status.STATUS_CODE_UNSET, 1), name
    (close,) = tree.named("process closer.close")
    assert (value(close, "peer_contract.hop"), value(close, "peer_contract.outcome")) == (3, "reply")
    assert value(close, "faas.coldstart") is True and value(close, "faas.invocation_id")
    assert tree.services["process closer.close"] == "relay-closer"


@pytest.mark.parametrize("delivery", ["return", "event"])
def test_children_and_their_join_come_after_the_fan_out(relay: Path, collector: Callable[..., Collector], delivery: str) -> None:
    spans = collector()
    run = run_work(relay, {"bytes": 10, "kind": "even", "spread": 12}, "--delivery", delivery)
    assert run.code == 0, run.stderr
    tree = Tree(spans, run)
    above = ["run opener.open", "process opener.open", "fan out to closer.gather"]
    assert tree.path("process closer.gather") == [*above, "process closer.gather"]
    children = [span for name in ("opener.look", "carrier.weigh", "closer.mark") for span in tree.named(f"process {name}")]
    assert [tree.parent(child).name for child in children] == [above[-1]] * 12
    assert len(tree.spans) == 4 + 12 and len(tree.roots) == 1
    # The child with the empty text ends with an error of the contract, which is no failure.
    (declared,) = (child for child in children if value(child, "peer_contract.outcome") == "error")
    assert (value(declared, "peer_contract.error"), declared.status.code) == ("empty", Status.STATUS_CODE_UNSET)


def test_a_work_goes_on_with_the_trace_of_its_caller(relay: Path, collector: Callable[..., Collector], monkeypatch: pytest.MonkeyPatch) -> None:
    spans = collector()
    monkeypatch.setenv("TRACEPARENT", CALLER)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20x")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "night shift")
    tree = Tree(spans, run_work(relay, {"bytes": 10, "kind": "even"}))
    (root,) = tree.roots
    assert (root.trace_id.hex(), root.parent_span_id.hex()) == (CALLER[3:35], CALLER[36:52])
    assert set(tree.services.values()) == {"night shift"}
    assert {head["authorization"] for head in spans.heads} == {"Bearer x"}


def test_what_is_not_sampled_is_not_exported(relay: Path, collector: Callable[..., Collector], monkeypatch: pytest.MonkeyPatch) -> None:
    spans = collector()
    monkeypatch.setenv("TRACEPARENT", CALLER[:-1] + "0")
    assert run_work(relay, {"bytes": 10, "kind": "even"}).code == 0
    monkeypatch.delenv("TRACEPARENT")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    assert run_work(relay, {"bytes": 10, "kind": "even"}).code == 0
    assert spans.requests == []


def test_a_failure_has_a_status_and_a_code_and_no_values(relay: Path, collector: Callable[..., Collector]) -> None:
    spans = collector()
    secret = "a secret that stands in the input"
    run = run_work(relay, {"bytes": 10, "kind": "even", "journal": f"/no/such/folder/{secret}"})
    assert run.code == 1
    tree = Tree(spans, run)
    (carry,) = tree.named("process carrier.carry")
    assert (carry.status.code, carry.status.message) == (Status.STATUS_CODE_ERROR, "handler_failed")
    assert value(carry, "error.type") == "handler_failed"
    (root,) = tree.roots
    assert (root.name, root.status.code) == ("run opener.open", Status.STATUS_CODE_ERROR)
    assert secret not in str(spans.requests)


@pytest.mark.parametrize(
    "how", [{"status": 500}, {"status": 503}, {"status": 400}, {"wait": 30}, None], ids=["500", "503", "400", "slow", "down"]
)
def test_whatever_becomes_of_the_collector_the_work_goes_on(
    relay: Path, collector: Callable[..., Collector], monkeypatch: pytest.MonkeyPatch, how: dict[str, Any] | None
) -> None:
    if how is None:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    else:
        collector(**how)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "200")
    began = time.monotonic()
    run = run_work(relay, {"bytes": 10, "kind": "even"}, "--logs")
    assert run.code == 0, run.stderr
    assert time.monotonic() - began < 20
    told = [record["line"] for record in run.of_type("log") if "spans are not exported" in record["line"]]
    assert 1 <= len(told) <= 3, "once per sandbox"


@pytest.mark.parametrize("endpoint", ["no url", "ftp://127.0.0.1/x", "http://", "http://127.0.0.1:99999"])
def test_an_endpoint_that_is_none_changes_nothing(relay: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
    assert run_work(relay, {"bytes": 10, "kind": "even"}).code == 0
