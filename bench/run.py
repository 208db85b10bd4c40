"""`make bench`: builds, measures, compares with the gates, and writes the report, the page and the picture.

`BENCH=rust,python,…` runs some groups (rust, python, node, cold, handoff, growth, generate), `QUICK=1` few rounds of
each. `--gate` turns a missed gate into exit code 1; `--no-build` measures what the last run built.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable

import prepare
from gates import COMPARISONS
from groups import GROUPS, QUICK, Record
from machine import facts
from page import page
from picture import draw
from report import collect, lines, write
from table import summary, text

DOCS = prepare.ROOT / "docs"


def main() -> int:
    """The whole run."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gate", action="store_true", help="exit with 1 when a gate is missed")
    arguments.add_argument("--no-build", action="store_true", help="measure what is there")
    given = arguments.parse_args()
    wanted = os.environ.get("BENCH", "").replace(" ", "").split(",")
    groups = {name: run for name, run in GROUPS.items() if wanted == [""] or name in wanted}
    if unknown := set(wanted) - {""} - set(GROUPS):
        sys.exit(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    if not given.no_build:
        prepare.everything()
    machine = facts()
    samples = collect(measured(groups))
    made = lines(samples, COMPARISONS)
    write(prepare.OUT / "report.json", made)
    (prepare.OUT / "samples.json").write_text(json.dumps(samples))
    print("\n".join([*(f"{name}: {value}" for name, value in machine.items()), "", text(made), "", summary(made)]))
    # A page of some groups, or of few rounds, would replace figures by lesser ones.
    if len(groups) == len(GROUPS) and not QUICK:
        DOCS.mkdir(exist_ok=True)
        remarks = prepare.BENCH / "remarks.md"
        (DOCS / "benchmarks.md").write_text(page(made, machine, remarks.read_text()))
        (DOCS / "benchmarks.svg").write_text(draw(samples))
    return 1 if given.gate and any(one.ok is False for one in made) else 0


def measured(groups: dict[str, Callable[[], list[Record]]]) -> list[Record]:
    """The records of all groups, one group after the other."""
    records: list[Record] = []
    for name, run in groups.items():
        started = time.monotonic()
        records += run()
        print(f"  {name} took {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return records


if __name__ == "__main__":
    sys.exit(main())
