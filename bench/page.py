"""`docs/benchmarks.md`: the tables of one run, with what a reader must know to judge them."""

from __future__ import annotations

from itertools import groupby

from report import Line
from table import TITLES, markdown, summary

HEAD = """# Benchmarks

Measured, not edited: `make bench` wrote this page, the picture and `target/bench/report.json`. Ours and the libraries that people
use today run in one interleaved run, one batch of each case per round, and every case is compared with the others before it is
timed: same values, same canonical bytes, broken messages refused. How it is measured, and how to repeat it: [bench/README.md](../bench/README.md).

![CPU time of peer-contract and of its peers, less is better](benchmarks.svg)

"""

NOTES = """
`ours` and `peer` are medians, with p10 – p90 in brackets. `ratio` is peer / ours where the gate asks for *at least* (so many times
faster) and where there is no gate, ours / peer where it asks for *at most* (so much longer). A gate of `<= 1 ×` beside a bound such
as *3 ms* means the bound itself.
"""


def page(made: list[Line], machine: dict[str, str], remarks: str) -> str:
    """The whole page."""
    facts = "\n".join(f"| {name} | {value} |" for name, value in machine.items())
    parts = [HEAD, "| machine | |\n| --- | --- |\n", facts, "\n", NOTES, "\n", _verdict(made), "\n", remarks, "\n"]
    for group, members in groupby(made, key=lambda one: one.group):
        parts.append(f"\n## {TITLES[group]}\n\n{markdown(list(members))}\n")
    return "".join(parts)


def _verdict(made: list[Line]) -> str:
    heading, *missed = summary(made).splitlines()
    return (
        "\n".join(
            [
                f"**{heading}.**",
                *(["Missed:", "", *(f"- {one.strip().removeprefix('missed: ')}" for one in missed)] if missed else []),
            ]
        )
        + "\n"
    )
