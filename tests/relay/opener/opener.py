"""The first agent of the relay: fills the state."""

from __future__ import annotations

import base64
import random

from peer_contract import FanOut, Work, lambda_handler
from relay import Load, Order, Text, Weight, Why, carrier, closer, opener


class Opener(opener.Agent):
    async def open(self, work: Work[Load], order: Order, /) -> opener.OpenOutcome:
        if order.bytes == 1:
            raise opener.Refused(Why(reason="one byte is no load"))
        work.state.blob = fill(order.bytes, order.kind)
        work.state.trail.append("opener")
        if order.spread is not None:
            return FanOut(part(size) for size in reversed(range(order.spread)))
        return carrier.carry(order)

    async def look(self, work: Work[None], text: Text, /) -> Weight:
        if not text.text:
            raise opener.Empty()
        return Weight(bytes=len(text.text))


def part(size: int) -> opener.Look | carrier.Weigh | closer.Mark:
    """A text for one of three agents; an empty one is for the agent that takes it as an error."""
    text = Text(text="x" * min(size, 9))
    if size % 3 == 0:
        return opener.look(text)
    return carrier.weigh(text) if size % 3 == 1 else closer.mark(text)


def fill(size: int, kind: str) -> str:
    """`size` characters, all alike or as base64 of seeded random bytes."""
    if kind == "even":
        return "a" * size
    return base64.b64encode(random.Random(7).randbytes(size)).decode()[:size]


handler = lambda_handler(Opener())
