"""An agent as a function that Lambda can call."""

from __future__ import annotations

import os
import sys
import time

from . import _native
from ._agent import ConfiguredAgent, FanOut, Fault, Operation
from ._errors import ContractError, HandlerTimeout
from ._work import Work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, Protocol, TypeVar

    from ._agent import Agent

    C = TypeVar("C")

    class Handler(Protocol):
        """What Lambda calls. Objects give objects, bytes give bytes."""

        served: Served

        def __call__(self, event: Any, context: Any = None) -> Any: ...


def lambda_handler(agent: Agent | Callable[[C], ConfiguredAgent[C]]) -> Handler:
    """The agent as a handler: ``handler = lambda_handler(MyAgent())``.

    An agent that is made from a configuration is given as its class, ``lambda_handler(MyAgent)``: its
    configuration is loaded now, and what is wrong with it is reported as the start of the sandbox failing.

    The same handler runs in the managed runtime of Lambda, under ``awslambdaric``, and in
    ``python -m peer_contract``, where messages stay bytes from end to end.
    """
    served = _configured(agent) if isinstance(agent, type) else Served(agent)  # type: ignore[arg-type]

    def handler(event: Any, context: Any = None) -> Any:
        answer = served.invoke(event, *_platform(context))
        if answer.fault is not None:
            raise_fault(*answer.fault)
        return answer.payload if isinstance(event, bytes) else answer.value()

    handler.served = served  # type: ignore[attr-defined]
    return handler  # type: ignore[return-value]


def _configured(make: type[ConfiguredAgent[Any]]) -> Served:
    """An agent made from the configuration that the environment names."""
    if not issubclass(make, ConfiguredAgent):
        raise TypeError(f"`{make.__name__}` is a class: give `lambda_handler` an agent, `{make.__name__}()`")
    info = make.__peer_contract__
    try:
        host = _native.Host(info.types.contract, info.name)
        config = host.config(info.types.native, info.config)
    except ContractError as error:
        raise_fault(error.code, error.message, error.at)
    return Served(make(config), host)


def _platform(context: Any) -> tuple[str, int | None, str | None]:
    """Request id, deadline in milliseconds since 1970 and trace id, as far as the platform tells them."""
    trace_id = os.environ.get("_X_AMZN_TRACE_ID")
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    deadline_ms = None if remaining is None else int(time.time() * 1000 + remaining())
    return str(getattr(context, "aws_request_id", None) or ""), deadline_ms, trace_id


def raise_fault(code: str, message: str, at: str) -> NoReturn:
    """Raises a function error so that a runtime reports our code as its type."""
    # Runtimes take `errorType` from the name of the class.
    error = type(code, (ContractError,), {"__module__": "peer_contract"})(code, at, message)
    raise error from None


class Served:
    """An agent behind its host: what receives, checks, stores and answers."""

    __slots__ = ("agent", "host", "info")

    def __init__(self, agent: Agent, host: _native.Host | None = None) -> None:
        self.agent = agent
        self.info = agent.__peer_contract__
        self.host = host or _native.Host(self.info.types.contract, self.info.name)

    def invoke(self, event: Any, request_id: str, deadline_ms: int | None, trace_id: str | None) -> _native.Answer:
        """One invocation, from what came in to what goes out."""
        begun = self.host.begin(event, request_id, deadline_ms, trace_id)
        if isinstance(begun, _native.Turn):
            return self.run(begun)
        return begun if isinstance(begun, _native.Answer) else self._run_each(begun)

    def _run_each(self, batch: _native.Batch) -> _native.Answer:
        """All messages of an event, one after the other."""
        step = batch.next()
        while isinstance(step, _native.Turn):
            step = batch.next(self.run(step))
        return step

    def run(self, turn: _native.Turn) -> _native.Answer:
        """Runs the handler of a message that was found to be right."""
        _, method, input, state = self.info.operations[turn.operation]
        types = self.info.types.native
        work = Work(turn, None if state is ... else turn.state(types, state))
        try:
            outcome = self._outcome(getattr(self.agent, method), work, turn.input(types, input))
        except HandlerTimeout:
            return turn.time_out()
        except Exception as error:
            if isinstance(error, Fault) and error.agent == self.info.name:
                return turn.error(types, error.code, str(error), error.data, work.state)
            return self.failed(turn, error)
        if isinstance(outcome, Operation):
            return turn.hand_over(types, outcome.target, outcome.input, work.state)
        if isinstance(outcome, FanOut):
            return turn.fan_out(types, [(child.target, child.input) for child in outcome.children], work.state)
        return turn.reply(types, outcome, work.state)

    def failed(self, turn: _native.Turn, error: Exception) -> _native.Answer:
        """Ends a turn whose handler raised something unexpected."""
        _log(turn)
        return turn.fail(f"`{turn.target}` raised `{type(error).__name__}`; the log of the agent has the traceback")

    def _outcome(self, method: Any, work: Work[Any], input: Any) -> Any:
        outcome = method(work, input)
        if not hasattr(outcome, "__await__"):
            return outcome
        from ._loop import run

        return run(outcome, work.time_left())


def _log(turn: _native.Turn) -> None:
    """The traceback goes to the log of the agent, which is its owner's; messages carry no values."""
    import traceback

    print(
        f"{turn.target} failed in hop {turn.hop} of work {turn.work}\n{traceback.format_exc()}",
        file=sys.stderr,
        flush=True,
    )
