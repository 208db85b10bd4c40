"""The same message with its members in other orders."""

from __future__ import annotations

import random
from typing import Any

Json = Any


def canonical(value: Json) -> bytes:
    """The bytes of RFC 8785, by a package that is not ours."""
    import rfc8785

    return rfc8785.dumps(value)


def shuffled(value: Json, rng: random.Random) -> Json:
    """Members in an order that the seed decides, another one in each object."""
    if isinstance(value, dict):
        members = list(value.items())
        rng.shuffle(members)
        return {key: shuffled(member, rng) for key, member in members}
    if isinstance(value, list):
        return [shuffled(item, rng) for item in value]
    return value
