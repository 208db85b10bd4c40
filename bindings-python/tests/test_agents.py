"""Handlers, calls, handoffs and errors, without a server."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from peer_contract import CallError, ContractError, Work, lambda_handler, local

DRAWS = sorted((Path(__file__).parents[2] / "schemas" / "vectors" / "draws").glob("*.json"))
assert DRAWS, "no vectors of draws"


def chain(relay: ModuleType, agents: ModuleType, start: object) -> Any:
    every = {"writer": agents.MyWriter(), "editor": agents.MyEditor(), "counter": agents.MyCounter()}
    return local.run(relay, every, start)


def test_a_method_needs_no_server(agents: ModuleType, relay: ModuleType) -> None:
    work = Work.new(relay.Desk(rounds=0))
    handoff = asyncio.run(agents.MyWriter().draft(work, relay.Topic(text="canals")))
    assert handoff == agents.editor.review(relay.Draft(text="canals"))
    assert repr(handoff) == "editor.review(Draft(text='canals'))"
    assert work.state.note is not None and 3590 < work.time_left() <= 3600


def test_a_test_answers_calls_itself(agents: ModuleType, relay: ModuleType) -> None:
    work = Work.new(relay.Desk(rounds=0), answer=lambda operation: len(operation.input))
    page = asyncio.run(agents.MyEditor().review(work, relay.Draft(text="abc")))
    assert page == relay.Page(html="<p>abc", words=3)
    with pytest.raises(CallError) as caught:
        Work.new(None).call_sync(agents.counter.count("a"))
    assert (caught.value.code, caught.value.target) == ("peer_unreachable", "counter.count")


def test_draws_repeat_with_the_key() -> None:
    one, other = Work.new(None), Work.new(None)
    assert [one.uuid(), one.random(), one.uuid()] == [other.uuid(), other.random(), other.uuid()]
    assert one.uuid() != one.uuid() and 0 <= one.random() < 1


@pytest.mark.parametrize("path", DRAWS, ids=lambda path: path.stem)
def test_draws_are_those_of_the_other_languages(path: Path) -> None:
    vector = json.loads(path.read_text())
    work: Work[None] = Work(SimpleNamespace(key=vector["key"]), None)  # type: ignore[arg-type]
    drawn = [work.uuid() if "uuid" in draw else work.random() for draw in vector["draws"]]
    assert drawn == [draw.get("uuid", draw.get("fraction")) for draw in vector["draws"]], vector["about"]


def test_a_chain_runs_through_a_loop_and_a_call(agents: ModuleType, relay: ModuleType) -> None:
    run = chain(relay, agents, relay.Topic(text="canals"))
    assert run.output == relay.Page(html="<p>canals and more", words=3)
    assert [hop.target for hop in run.hops] == ["writer.draft", "editor.review", "writer.redraft", "editor.review"]
    assert (run.state.rounds, run.phase, run.error, run.handoff) == (1, "published", None, None)


def test_a_chain_stops_at_an_agent_that_is_not_there(agents: ModuleType, relay: ModuleType) -> None:
    run = local.run(relay, {"writer": agents.MyWriter()}, agents.writer.draft(relay.Topic(text="canals")))
    assert run.handoff == agents.editor.review(relay.Draft(text="canals"))
    assert (run.phase, run.state.rounds) == ("drafted", 0)


def test_a_declared_error_ends_a_work(agents: ModuleType, relay: ModuleType) -> None:
    run = chain(relay, agents, relay.Topic(text="nothing"))
    assert isinstance(run.error, agents.writer.Boring) and run.error.data == relay.Reason(reason="nothing to say")
    assert run.phase == "declined"


def test_what_a_handler_raises_is_raised_in_a_test(agents: ModuleType, relay: ModuleType) -> None:
    with pytest.raises(ValueError, match="4711"):
        chain(relay, agents, relay.Topic(text="bug"))


def test_a_call_raises_the_errors_of_its_operation(agents: ModuleType, relay: ModuleType) -> None:
    class Asks(agents.MyEditor):  # type: ignore[misc,name-defined]
        def review(self, work: Any, draft: Any, /) -> Any:
            with pytest.raises(agents.counter.Empty) as caught:
                work.call_sync(agents.counter.count(""))
            assert caught.value.data is None
            return relay.Page(html="", words=work.call_sync(agents.counter.count("a b")))

    every = {"writer": agents.MyWriter(), "editor": Asks(), "counter": agents.MyCounter()}
    assert local.run(relay, every, relay.Topic(text="canals")).output.words == 2


def test_the_error_of_a_peer_is_not_ones_own(agents: ModuleType, relay: ModuleType) -> None:
    class LetsThrough(agents.MyEditor):  # type: ignore[misc,name-defined]
        async def review(self, work: Any, draft: Any, /) -> Any:
            return await work.call(agents.counter.count(""))

    every = {"writer": agents.MyWriter(), "editor": LetsThrough(), "counter": agents.MyCounter()}
    with pytest.raises(agents.counter.Empty):
        local.run(relay, every, relay.Topic(text="canals"))


def test_calls_run_beside_each_other(agents: ModuleType, relay: ModuleType) -> None:
    class Slow(agents.MyCounter):  # type: ignore[misc,name-defined]
        async def count(self, work: Any, text: str, /) -> int:
            await asyncio.sleep(0.3)
            return 1

    class Gathers(agents.MyEditor):  # type: ignore[misc,name-defined]
        async def review(self, work: Any, draft: Any, /) -> Any:
            counts = await asyncio.gather(*(work.call(agents.counter.count(str(n))) for n in range(4)))
            return relay.Page(html="", words=sum(counts))

    started = time.monotonic()
    run = local.run(relay, {"writer": agents.MyWriter(), "editor": Gathers(), "counter": Slow()}, relay.Topic(text="a"))
    assert run.output.words == 4 and time.monotonic() - started < 0.9


def test_objects_give_objects_and_bytes_give_bytes(agents: ModuleType) -> None:
    event = {"text": "canals"}
    answer = agents.handler(event)
    assert answer["result"]["handoff"]["type"] == "relay.editor.review"
    assert json.loads(agents.handler(json.dumps(event).encode()))["result"]["handoff"]["phase"] == "drafted"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (b"{", "json_syntax"),
        (b'{"text":"a","text":"b"}', "json_duplicate_key"),
        (b'{"text":3}', "type_mismatch"),
        ({"text": 3}, "type_mismatch"),
        ({"text": float("nan")}, "json_number"),
        ({"text": "\ud800"}, "json_surrogate"),
        ({"texts": "a"}, "required_missing"),
    ],
    ids=str,
)
def test_a_bad_event_gets_its_code(agents: ModuleType, event: object, code: str) -> None:
    """As a function error when nobody can be replied to, else in the result."""
    try:
        answer = agents.handler(event)
    except ContractError as error:
        assert type(error).__name__ == error.code == code
    else:
        answer = json.loads(answer) if isinstance(answer, bytes) else answer
        assert answer["result"]["error"]["code"] == code


class Returns:
    """A handler that returns whatever a test wants."""

    @staticmethod
    def handler(agents: ModuleType, result: object) -> Any:
        class Wrong(agents.MyWriter):  # type: ignore[misc,name-defined]
            def draft(self, work: Any, topic: Any, /) -> Any:
                if isinstance(result, Exception):
                    raise result
                return result

        return lambda_handler(Wrong())


@pytest.mark.parametrize(
    ("result", "code", "at"),
    [
        (None, "outcome_refused", ""),
        ({1, 2}, "output_invalid", "/output"),
        ({"a": object()}, "output_invalid", "/output/a"),
    ],
    ids=str,
)
def test_a_wrong_result_is_refused_at_its_place(agents: ModuleType, result: object, code: str, at: str) -> None:
    error = Returns.handler(agents, result)({"text": "a"})["result"]["error"]
    assert (error["code"], error["at"]) == (code, at)


def test_a_handoff_that_the_contract_does_not_allow_is_refused(agents: ModuleType, relay: ModuleType) -> None:
    wrong = agents.writer.redraft(relay.Draft(text="a"))
    error = Returns.handler(agents, wrong)({"text": "a"})["result"]["error"]
    assert error["code"] == "outcome_refused"


def test_a_handoff_with_a_wrong_input_is_refused(agents: ModuleType, relay: ModuleType) -> None:
    wrong = agents.editor.review(relay.Draft(text=3))
    error = Returns.handler(agents, wrong)({"text": "a"})["result"]["error"]
    assert (error["code"], error["at"]) == ("output_invalid", "/input/text")


def test_an_unexpected_error_tells_its_type_and_no_value(
    agents: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ContractError) as caught:
        agents.handler({"text": "bug"})
    assert caught.value.code == type(caught.value).__name__ == "handler_failed"
    assert "ValueError" in caught.value.message and "4711" not in str(caught.value)
    log = capsys.readouterr().err
    assert "writer.draft failed in hop 1 of work " in log and "Traceback" in log and "4711" in log


def test_a_handler_that_takes_too_long_is_stopped(agents: ModuleType) -> None:
    stopped = []

    class Slow(agents.MyWriter):  # type: ignore[misc,name-defined]
        async def draft(self, work: Any, topic: Any, /) -> Any:
            try:
                await asyncio.sleep(60)
            finally:
                stopped.append(True)

    class Context:
        aws_request_id = "r"

        def get_remaining_time_in_millis(self) -> int:
            return 2_300

    started = time.monotonic()
    with pytest.raises(ContractError):
        lambda_handler(Slow())({"text": "a"}, Context())
    assert stopped and time.monotonic() - started < 2


def test_one_event_loop_serves_all_invocations(agents: ModuleType) -> None:
    loops = []

    class Notes(agents.MyWriter):  # type: ignore[misc,name-defined]
        async def draft(self, work: Any, topic: Any, /) -> Any:
            loops.append(asyncio.get_running_loop())
            return agents.editor.review({"text": "a"})

    handler = lambda_handler(Notes())
    handler({"text": "a"})
    handler({"text": "a"})
    assert loops[0] is loops[1]


def test_a_handler_inside_a_running_loop_says_what_to_do(
    agents: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    async def inside() -> None:
        agents.handler({"text": "a"})

    with pytest.raises(ContractError, match="RuntimeError"):
        asyncio.run(inside())
    assert "asyncio.to_thread" in capsys.readouterr().err


def test_threads_may_share_a_handler(agents: ModuleType) -> None:
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(20):
                assert agents.handler({"text": "canals"})["result"]["handoff"]["hop"] == 2
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_spans_of_the_official_sdk_come_after_the_handler(agents: ModuleType, relay: ModuleType) -> None:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    spans: list[Any] = []

    class Traced(agents.MyWriter):  # type: ignore[misc,name-defined]
        async def draft(self, work: Any, topic: Any, /) -> Any:
            carrier = {"traceparent": work.traceparent or "", "tracestate": work.tracestate or ""}
            context = TraceContextTextMapPropagator().extract(carrier)
            with TracerProvider().get_tracer("test").start_as_current_span("look up", context=context) as span:
                spans.append((work, span))
            return await super().draft(work, topic)

    local.run(relay, {"writer": Traced()}, agents.writer.draft(relay.Topic(text="canals")))
    ((work, span),) = spans
    _, trace_id, parent, _ = work.traceparent.split("-")
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (work.id.replace("-", ""), parent)
    assert span.parent.trace_id == int(trace_id, 16)
