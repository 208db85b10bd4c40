"""The first agent of the relay: fills the state."""

from __future__ import annotations

import base64
import random

from peer_contract import Work, lambda_handler
from relay import Load, Order, Why, carrier, opener


class Opener(opener.Agent):
    async def open(self, work: Work[Load], order: Order, /) -> carrier.Carry:
        if order.bytes == 1:
            raise opener.Refused(Why(reason="one byte is no load"))
        work.state.blob = fill(order.bytes, order.kind)
        work.state.trail.append("opener")
        return carrier.carry(order)


def fill(size: int, kind: str) -> str:
    """`size` characters, all alike or as base64 of seeded random bytes."""
    if kind == "even":
        return "a" * size
    return base64.b64encode(random.Random(7).randbytes(size)).decode()[:size]


handler = lambda_handler(Opener())
