"""Lines as tables for a terminal and for a page."""

from __future__ import annotations

from itertools import groupby

from report import Line

TITLES = {
    "rust": "Rust, CPU time of the thread",
    "rust-memory": "Rust, peak of the heap beyond the message",
    "python": "Python, CPU time of the thread",
    "python-memory": "Python, growth of the process's peak",
    "node": "Node, CPU time of the process",
    "node-memory": "Node, growth of the process's peak",
    "cold-python": "Cold start of Python, CPU time",
    "cold-node": "Cold start of Node, CPU time",
    "cold-rust": "Cold start of the Rust function, CPU time",
    "cold-size": "Sizes",
    "handoff-core": "Contract work of a handoff: sending and opening, CPU time",
    "handoff": "Handoffs between running agents, from handler to handler, wall clock",
    "growth-payload": "Growth with the message (Rust, CPU time)",
    "growth-types": "Growth with the contract (Rust, CPU time)",
    "chain": "Growth with the chain: Rust, Python, Node in turn, wall clock",
    "crowd": "Works at once: Rust agents, one sandbox each",
    "generate": "Contracts to code, whole processes, CPU time",
    "generate-many": "Many contracts to code",
    "command": "Start of the command, CPU time",
}

HEADS = ("case", "size", "ours", "peer", "ratio", "gate", "")


def amount(value: float | None, unit: str) -> str:
    """A number with three digits that matter, in the unit that suits its size."""
    if value is None:
        return ""
    steps = {
        "ns": [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")],
        "B": [(1e6, "MB"), (1e3, "KB"), (1, "B")],
    }.get(unit, [(0, unit)])
    for step, name in steps:
        if abs(value) >= step:
            scaled = value / step if step else value
            digits = 0 if scaled >= 100 or scaled == int(scaled) else 1 if scaled >= 10 else 2
            return f"{scaled:,.{digits}f} {name}".strip()
    return f"{value:g} {unit}"


def with_spread(value: float | None, spread: tuple[float, float] | None, unit: str) -> str:
    """The median, and p10 to p90 beside it."""
    if spread is None:
        return amount(value, unit)
    return f"{amount(value, unit)} ({amount(spread[0], unit)} – {amount(spread[1], unit)})"


def cells(line: Line) -> tuple[str, ...]:
    """One row."""
    verdict = {True: "ok", False: "MISSED", None: ""}[line.ok]
    bound = f"{line.gate} ×" if line.gate else ""
    ratio = f"{line.ratio:.2f} ×" if line.ratio is not None and line.peer is not None else ""
    return (
        line.case,
        line.size,
        with_spread(line.ours, line.ours_spread, line.unit),
        with_spread(line.peer, line.peer_spread, line.unit),
        ratio,
        bound,
        verdict,
    )


def text(made: list[Line]) -> str:
    """All groups, for a terminal."""
    parts = []
    for group, members in groupby(made, key=lambda one: one.group):
        rows = [HEADS, *map(cells, members)]
        widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
        body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        parts.append("\n".join([TITLES.get(group, group), *body]))
    return "\n\n".join(parts)


def markdown(made: list[Line]) -> str:
    """The lines of one group, for a page."""
    rows = [HEADS, ("---", "---", "---:", "---:", "---:", "---", "---"), *map(cells, made)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def summary(made: list[Line]) -> str:
    """How many gates hold, and each that does not."""
    gated = [one for one in made if one.ok is not None]
    missed = [one for one in gated if not one.ok]
    heading = f"{len(gated) - len(missed)} of {len(gated)} gates hold"
    return "\n".join(
        [heading, *(f"  missed: {one.group}: {one.case}, {one.size}: {one.ratio:.2f}, asked for {one.gate}" for one in missed)]
    )
