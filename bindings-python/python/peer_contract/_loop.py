"""The event loop of a sandbox. Imported when the first handler turns out to be asynchronous."""

from __future__ import annotations

import asyncio
import threading

from ._errors import HandlerTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import TypeVar

    from . import _native
    from ._agent import CallableOperation

    T = TypeVar("T")


class _PerThread(threading.local):
    loop: asyncio.AbstractEventLoop | None = None


_kept = _PerThread()

#: Seconds that a cancelled handler has to tidy up.
_GRACE = 1.0


def run(awaitable: Awaitable[T], seconds: float) -> T:
    """Runs a handler to its end on the loop of this thread, which is kept for the next one.

    Raises ``HandlerTimeout`` after `seconds`, once the handler was cancelled.
    """
    try:
        loop = _loop()
    except RuntimeError:
        # Without this, the handler that never ran would be reported as a second mistake.
        if hasattr(awaitable, "close"):
            awaitable.close()
        raise
    handler = loop.create_task(_within(awaitable, seconds))
    try:
        return loop.run_until_complete(handler)
    except BaseException:
        # An interrupt leaves the handler half done; nothing of it may go on beside the next one.
        if handler.cancel():
            loop.run_until_complete(asyncio.gather(handler, return_exceptions=True))
        raise


def _loop() -> asyncio.AbstractEventLoop:
    if asyncio._get_running_loop() is not None:
        raise RuntimeError(
            "a handler runs on an event loop of its own, and one is running here already; "
            "await the agent's method instead, or use `asyncio.to_thread`"
        )
    if _kept.loop is None or _kept.loop.is_closed():
        _kept.loop = asyncio.new_event_loop()
    return _kept.loop


async def _within(awaitable: Awaitable[T], seconds: float) -> T:
    handler = asyncio.ensure_future(awaitable)
    try:
        await asyncio.wait([handler], timeout=seconds)
        if handler.done():
            return _result(handler)
    finally:
        handler.cancel()
    await asyncio.wait([handler], timeout=_GRACE)
    raise HandlerTimeout


def _result(handler: asyncio.Future[T]) -> T:
    if handler.cancelled():
        raise RuntimeError("the handler was cancelled from within")
    return handler.result()


async def called(turn: _native.Turn, operation: CallableOperation[object]) -> _native.Called:
    """A call that the loop waits for; stopping to wait stops the call."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[_native.Called] = loop.create_future()

    def settle(called: _native.Called) -> None:
        if not answer.done():
            answer.set_result(called)

    types = operation._types.native
    pending = turn.start_call(
        types, operation.target, operation.input, lambda got: loop.call_soon_threadsafe(settle, got)
    )
    try:
        return await answer
    finally:
        pending.cancel()
