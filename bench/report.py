"""Samples to report lines: the six fields that others read, and what a reader of the tables wants beside them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gates import Comparison, faster

#: group → size → name of a sample → `{p10, median, p90}`.
Samples = dict[str, dict[str, dict[str, dict[str, float]]]]


@dataclass(frozen=True)
class Line:
    """One comparison at one size. `ours` and `peer` are medians in `unit`; `ok` is null where no gate stands."""

    group: str
    case: str
    size: str
    unit: str
    ours: float
    peer: float | None
    ratio: float | None
    gate: str | None
    ok: bool | None
    ours_spread: tuple[float, float] | None = None
    peer_spread: tuple[float, float] | None = None


def line(comparison: Comparison, size: str, ours: dict[str, float], peer: dict[str, float] | None) -> Line:
    """Compares two samples. Without a gate the ratio says how many times faster we are."""
    gated = comparison.gate is not None and (comparison.gated is None or size in comparison.gated)
    rule = comparison.gate or faster(1)
    ratio = None if peer is None else rule.ratio(ours["median"], peer["median"])
    return Line(
        group=comparison.group,
        case=comparison.case,
        size=size,
        unit=comparison.unit,
        ours=ours["median"],
        peer=None if peer is None else peer["median"],
        ratio=ratio,
        gate=str(rule) if gated else None,
        ok=rule.holds(ratio) if gated and ratio is not None else None,
        ours_spread=_spread(ours),
        peer_spread=_spread(peer),
    )


def _spread(sample: dict[str, float] | None) -> tuple[float, float] | None:
    return (sample["p10"], sample["p90"]) if sample and sample["p10"] != sample["p90"] else None


def lines(samples: Samples, comparisons: list[Comparison]) -> list[Line]:
    """The lines of all comparisons whose group ran, in the order of the table of gates."""
    made = []
    for comparison in comparisons:
        for size in comparison.sizes:
            taken = samples.get(comparison.group, {}).get(size, {})
            if comparison.ours in taken:
                peer = comparison.peer
                bound = taken[peer] if isinstance(peer, str) else None if peer is None else _sample(peer)
                made.append(line(comparison, size, taken[comparison.ours], bound))
    return made


def collect(records: list[dict[str, Any]]) -> Samples:
    """What the programs of the groups printed, by group and size."""
    samples: Samples = {}
    for record in records:
        taken = {name: _sample(value) for name, value in record["samples"].items()}
        taken["payload"] = _sample(record["bytes"])
        for name, sample in list(taken.items()):
            taken[f"{name}, p90"] = _sample(sample["p90"])
        samples.setdefault(record["group"], {}).setdefault(record["size"], {}).update(taken)
    return samples


def _sample(value: Any) -> dict[str, float]:
    return value if isinstance(value, dict) else {"p10": value, "median": value, "p90": value}


def write(path: Path, made: list[Line]) -> None:
    """`report.json`: the list that other programs read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(one) for one in made], indent=1, ensure_ascii=False) + "\n")


def read(path: Path) -> list[Line]:
    """The lines of an earlier run."""

    def pair(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    return [Line(**{name: pair(value) for name, value in record.items()}) for record in json.loads(path.read_text())]
