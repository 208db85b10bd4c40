"""Messages with one thing wrong: no case may accept one of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Json = Any


def mutations(parcel: Json) -> Iterator[tuple[str, Json]]:
    """What is wrong, and the message."""
    for about, change in (_OF_RECORDS if "records" in parcel["task"] else _OF_QUESTIONS) + _OF_ALL:
        broken = copy.deepcopy(parcel)
        change(broken)
        yield about, broken


def _set(*path: str | int, to: Json) -> Callable[[Json], None]:
    def change(value: Json) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return change


def _drop(*path: str | int) -> Callable[[Json], None]:
    def change(value: Json) -> None:
        for step in path[:-1]:
            value = value[step]
        del value[path[-1]]

    return change


Changes = list[tuple[str, Callable[[Json], None]]]

_OF_ALL: Changes = [
    ("a member too many", _set("surplus", to=1)),
    ("a member too few", _drop("digest")),
    ("no uuid", _set("id", to="4f2b8f0e-51cd-4a6e-9d7f")),
    ("no date", _set("sentAt", to="2026-13-19T08:15:42Z")),
    ("not in the list", _set("sender", to="perl")),
    ("above the maximum", _set("hops", to=15)),
    ("text for a number", _set("hops", to="3")),
    ("a pattern that fails", _set("digest", to="sha256:" + "0" * 63)),
    ("an unknown tag", _set("task", "do", to="burn")),
    ("null for text", _set("note", to=None)),
]
_OF_QUESTIONS: Changes = [
    ("empty text", _set("task", "text", to="")),
    ("below the minimum", _set("task", "atMost", to=0)),
    ("a member of another kind", _set("task", "origin", "depth", to=1.5)),
]
_OF_RECORDS: Changes = [
    ("a deep pattern", _set("task", "records", 57, "key", to="doc-57")),
    ("a deep date", _set("task", "records", 99, "addedAt", to="yesterday")),
    ("a deep enum", _set("task", "records", 31, "state", to="burnt")),
    ("a deep missing member", _drop("task", "records", 12, "author", "name")),
    ("a deep tag", _set("task", "records", 3, "origin", "kind", to="theft")),
    ("a deep surplus member", _set("task", "records", 64, "author", "born", to=1900)),
    ("a negative weight", _set("task", "records", 5, "weight", to=-0.5)),
    ("half a page", _set("task", "records", 8, "pages", to=1.5)),
    ("no records", _set("task", "records", to=[])),
]
