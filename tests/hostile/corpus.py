"""The cases: each payload in all free places at once, and payloads in one place at a time, drawn with a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from hostile.payloads import PAYLOADS
from hostile.places import FREE, PROSE, STRICT, contract

SEED = 4
# One place at a time, of the whole product of payloads and places.
DRAWN = 300


@dataclass(frozen=True)
class Case:
    """A contract with one payload."""

    texts: dict[str, str]

    @property
    def is_free(self) -> bool:
        """Whether no rule of contracts speaks against the text."""
        return all(place in FREE for place in self.texts)

    @property
    def is_prose(self) -> bool:
        """Whether no name is made of the text."""
        return all(place in PROSE for place in self.texts)

    @property
    def contract(self) -> dict[str, Any]:
        """The whole contract."""
        return contract(self.texts)

    def __str__(self) -> str:
        place = next(iter(self.texts)) if len(self.texts) == 1 else f"{len(self.texts)} places"
        return f"{next(iter(self.texts.values()))!r:.60} in {place}"


def everywhere() -> list[Case]:
    """Each payload in all free places at once."""
    return [Case(dict.fromkeys(FREE, payload)) for payload in PAYLOADS]


def one_by_one(drawn: int | None) -> list[Case]:
    """Each payload in each place, or as many of these as asked for, spread over all places."""
    places = [*FREE, *STRICT]
    whole = [Case({place: payload}) for payload in PAYLOADS for place in places]
    return whole if drawn is None else random.Random(SEED).sample(whole, drawn)
