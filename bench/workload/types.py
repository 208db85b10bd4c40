"""Contracts of 10, 100 and 1,000 types, and the same list of records under each of them."""

from __future__ import annotations

import random
from typing import Any

from .message import SEED

Json = Any

COUNTS = (10, 100, 1000)
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath")


def contract(count: int) -> Json:
    """One operation that takes a list of records, each of one of so many types, told apart by `kind`."""
    kinds = {f"Kind{at}": _kind(at) for at in range(count - 2)}
    return {
        "peerContract": "1",
        "name": f"types{count}",
        "version": "1.0.0",
        "agents": {
            "taker": {"operations": {"take": {"input": {"$ref": "#/$defs/Batch"}, "output": {"schema": {"type": "integer"}}}}}
        },
        "$defs": {
            "Batch": {
                "type": "object",
                "required": ["items"],
                "additionalProperties": False,
                "properties": {"items": {"type": "array", "items": {"$ref": "#/$defs/Item"}}},
            },
            "Item": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in kinds]},
            **kinds,
        },
    }


def _kind(at: int) -> Json:
    members = {
        "kind": {"const": f"kind{at}"},
        "name": {"type": "string", "minLength": 1},
        "code": {"type": "string", "pattern": f"^{_WORDS[at % 8]}-[0-9]{{4}}$"},
        "made": {"type": "string", "format": "date-time"},
        "count": {"type": "integer", "minimum": 0},
        "share": {"type": "number", "minimum": 0, "maximum": 1},
        "state": {"enum": ["new", "used", "gone"]},
        "parts": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
    }
    return {"type": "object", "required": list(members), "additionalProperties": False, "properties": members}


def batch(count: int) -> Json:
    """A hundred records, spread over the types."""
    rng = random.Random(SEED)
    return {"items": [_item(rng, at * (count - 2) // 100) for at in range(100)]}


def _item(rng: random.Random, kind: int) -> Json:
    return {
        "kind": f"kind{kind}",
        "name": f"{rng.choice(_WORDS)} {rng.choice(_WORDS)}",
        "code": f"{_WORDS[kind % 8]}-{rng.randrange(10000):04d}",
        "made": f"2026-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}T10:20:30Z",
        "count": rng.randrange(1000),
        "share": round(rng.random(), 4),
        "state": rng.choice(["new", "used", "gone"]),
        "parts": [rng.choice(_WORDS) for _ in range(3)],
    }


def schema(count: int) -> Json:
    """The list's schema alone, for tools that know no contracts."""
    definitions = contract(count)["$defs"]
    root = definitions.pop("Batch")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Batch", **root, "$defs": definitions}
