"""One batch of each case per round: what else the machine does falls on all of them alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

#: The least that a batch takes, in ns of thread CPU time.
BATCH_NS = 2_000_000

Case = Callable[[], Any]


def measure(cases: dict[str, Case], rounds: int) -> dict[str, dict[str, float]]:
    """Name → `{p10, median, p90}` in ns of thread CPU time per call."""
    counts = {name: _calibrated(case) for name, case in cases.items()}
    samples: dict[str, list[float]] = {name: [] for name in cases}
    names = list(cases)
    for turn in range(rounds):
        # Each round starts with another case, so that none always runs in the caches of the same neighbour.
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            samples[name].append(_batch(cases[name], counts[name]) / counts[name])
    return {name: summary(taken) for name, taken in samples.items()}


def summary(taken: list[float]) -> dict[str, float]:
    """The three numbers that a sample is told by."""
    ordered = sorted(taken)
    return {name: ordered[round((len(ordered) - 1) * share)] for name, share in (("p10", 0.1), ("median", 0.5), ("p90", 0.9))}


def _calibrated(case: Case) -> int:
    count = 1
    while _batch(case, count) < BATCH_NS:
        count *= 2
    return count


def _batch(case: Case, count: int) -> int:
    rounds = range(count)
    started = time.thread_time_ns()
    for _ in rounds:
        case()
    return time.thread_time_ns() - started
