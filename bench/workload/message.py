"""The three messages, as Python objects, the same on every machine."""

from __future__ import annotations

import random
from typing import Any

Json = Any

SEED = 20
SIZES = ("600 B", "20 KB", "1 MB")
#: Records of the messages that show how cost grows with size: 2 KB to 2 MB.
LENGTHS = (10, 100, 1000, 10000)

_FIRST = ("Ada", "Boris", "Chinua", "Doris", "Émile", "Fatima", "Gabriela", "Haruki")
_LAST = ("Achebe", "Brontë", "Calvino", "Duras", "Eliot", "Frame", "Gordimer", "Hrabal")
_PROSE = (
    "shelf",
    "and",
    "the",
    "folio",
    "was",
    "returned",
    "in",
    "autumn",
    "with",
    'a "loose" spine',
    "naïve",
    "ink,",
    "faded\n",
    "pages",
)


def parcel(size: str) -> Json:
    """The message of one size."""
    rng = random.Random(f"{SEED} {size}")
    if size == "600 B":
        return _parcel(rng, _question(rng), 243)
    records, prose = {"20 KB": (100, 200), "1 MB": (4000, 200_000)}[size]
    return _parcel(rng, {"do": "shelve", "records": [_record(rng, at) for at in range(records)]}, prose)


def longer(records: int) -> Json:
    """A message of so many records."""
    rng = random.Random(f"{SEED} {records}")
    return _parcel(rng, {"do": "shelve", "records": [_record(rng, at) for at in range(records)]}, 200)


def _parcel(rng: random.Random, task: Json, prose: int) -> Json:
    return {
        "id": "4f2b8f0e-51cd-4a6e-9d7f-0c6b1c9a3e57",
        "sender": rng.choice(["rust", "python", "node"]),
        "sentAt": "2026-11-19T08:15:42.250Z",
        "hops": 3,
        "digest": f"sha256:{rng.getrandbits(256):064x}",
        "task": task,
        "note": _prose(rng, prose),
    }


def _question(rng: random.Random) -> Json:
    return {"do": "ask", "text": "Which folios came back with water damage?", "atMost": 25, "origin": _origin(rng, 1)}


def _record(rng: random.Random, at: int) -> Json:
    author = {"name": f"{rng.choice(_FIRST)} {rng.choice(_LAST)}", "living": at % 3 == 0}
    if at % 4 == 1:
        author["remark"] = "signs with initials" if at % 8 == 1 else None
    return {
        "key": f"doc-{at:06d}",
        "addedAt": f"20{at % 25:02d}-{at % 12 + 1:02d}-{at % 28 + 1:02d}T{at % 24:02d}:{at % 60:02d}:31.{at % 1000:03d}Z",
        "state": ("open", "lent", "lost")[at % 3],
        "pages": 1 + rng.randrange(900),
        "weight": round(rng.random() * 4, 3),
        "author": author,
        "origin": _origin(rng, at),
    }


def _origin(rng: random.Random, at: int) -> Json:
    if at % 3 == 0:
        return {"kind": "gift", "year": str(1800 + rng.randrange(220)), "from": rng.choice(["person", "estate", "society"])}
    if at % 3 == 1:
        return {"kind": "purchase", "invoice": f"{rng.randrange(10**12):012d}", "currency": rng.choice(["EUR", "CZK", "JPY"])}
    return {"kind": "found", "depth": round(rng.random() * 30, 2)}


def _prose(rng: random.Random, size: int) -> str:
    words = []
    left = size
    while left > 0:
        words.append(rng.choice(_PROSE))
        left -= len(words[-1]) + 1
    return " ".join(words)[:size]
