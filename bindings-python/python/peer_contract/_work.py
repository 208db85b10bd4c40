"""One run of a handler, as the handler sees it."""

from __future__ import annotations

import time

from . import _native
from ._errors import CallError, ContractError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Any, Generic, NoReturn, TypeVar

    from ._agent import CallableOperation
    from ._log import WorkLog

    S = TypeVar("S")
    O = TypeVar("O")  # noqa: E741
else:
    from ._generic import Generic, S


class Work(Generic[S]):
    """The work that a message belongs to, and its state.

    Take time, ids and randomness from here: they stay the same when the message is delivered again.
    """

    __slots__ = ("_draws", "_turn", "state")

    #: What travels with the work. Change it, or put another in its place; a failed run leaves no trace.
    state: S

    def __init__(self, turn: _native.Turn | _Untold, state: S) -> None:
        self._turn = turn
        self._draws = 0
        self.state = state

    @classmethod
    def new(cls, state: S, *, answer: Callable[[CallableOperation[Any]], object] | None = None) -> Work[S]:
        """A work for tests, without a server. ``answer`` stands in for the peers that are called.

        A callable operation has no state: ``Work.new(None)``.
        """
        return Work(_Untold(answer), state)

    @property
    def id(self) -> str:
        """The work."""
        return self._turn.work

    @property
    def message_id(self) -> str:
        """The message being handled."""
        return self._turn.message

    @property
    def key(self) -> str:
        """A key for effects on the outside: the same each time this message is delivered."""
        return self._turn.key

    @property
    def hop(self) -> int:
        """Which hop of the work this is, from 1."""
        return self._turn.hop

    @property
    def phase(self) -> str | None:
        """The phase the work is in; none for a called operation."""
        return self._turn.phase

    @property
    def traceparent(self) -> str | None:
        """Where in its trace the handler runs, as W3C trace context writes it: the parent of spans that it opens."""
        return self._turn.traceparent

    @property
    def tracestate(self) -> str | None:
        """What others put beside it."""
        return self._turn.tracestate

    @property
    def log(self) -> WorkLog:
        """A logger of the standard library whose lines carry the ids of work, message, request and trace."""
        from ._log import log_of

        return log_of(self)

    @property
    def time(self) -> datetime:
        """When the message was sent, in UTC."""
        from datetime import datetime, timezone

        return datetime.fromtimestamp(self._turn.time_ms / 1000, timezone.utc)

    def uuid(self) -> str:
        """A new id; the n-th draw of a message is the same each time the message is delivered."""
        return _native.drawn_uuid(self.key, self._drawn())

    def random(self) -> float:
        """A random number from 0 to below 1, under the same rule. Not for secrets."""
        return _native.drawn_fraction(self.key, self._drawn())

    def _drawn(self) -> int:
        self._draws += 1
        return self._draws - 1

    def time_left(self) -> float:
        """Seconds until the handler must be done."""
        return max(0.0, self._turn.deadline_ms / 1000 - time.time())

    async def call(self, operation: CallableOperation[O], /) -> O:
        """Asks another agent and waits for its answer.

        Raises the errors that the operation declares, and :class:`~peer_contract.CallError` when no
        answer came.
        """
        if isinstance(self._turn, _Untold):
            return self._turn.answer(operation)  # type: ignore[no-any-return]
        from ._loop import called

        return _answer(operation, await called(self._turn, operation))

    def call_sync(self, operation: CallableOperation[O], /) -> O:
        """The same for handlers that are plain functions."""
        if isinstance(self._turn, _Untold):
            return self._turn.answer(operation)  # type: ignore[no-any-return]
        return _answer(operation, self._turn.call(operation._types.native, operation.target, operation.input))

    def __repr__(self) -> str:
        return f"<Work {self.id} hop {self.hop} phase {self.phase} state {self.state!r}>"


def _answer(operation: CallableOperation[O], called: _native.Called) -> O:
    types = operation._types.native
    if called.declared is not None:
        code, message = called.declared
        fault = operation._errors[code]
        raise fault(called.data(types, fault._data), message=message)
    try:
        return called.output(types, operation._output)  # type: ignore[no-any-return]
    except ContractError as error:
        failed = CallError(error.code, error.at, error.message, error.help)
        failed.target = operation.target
        raise failed from None


class _Untold:
    """A message nobody sent."""

    __slots__ = ("answer", "deadline_ms", "time_ms")

    work = message = key = "00000000-0000-7000-8000-000000000000"
    hop = 1
    phase = None
    traceparent = tracestate = None

    def __init__(self, answer: Callable[[CallableOperation[Any]], object] | None) -> None:
        self.answer: Callable[[CallableOperation[Any]], Any] = answer or _nobody
        self.time_ms = int(time.time() * 1000)
        self.deadline_ms = self.time_ms + 3_600_000


def _nobody(operation: CallableOperation[Any]) -> NoReturn:
    failed = CallError("peer_unreachable", "", f"nobody answers `{operation.target}`; give `Work.new` an `answer`")
    failed.target = operation.target
    raise failed
