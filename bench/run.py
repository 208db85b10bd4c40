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
from groups import GROUPS, QUICK, Failed, Record
from machine import facts
from page import page
from picture import draw
from report import Samples, collect, lines, write
from table import summary, text

DOCS = prepare.ROOT / "docs"
KEPT = prepare.OUT / "samples.json"


def main() -> int:
    """The whole run."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--gate", action="store_true", help="exit with 1 when a gate is missed")
    arguments.add_argument("--no-build", action="store_true", help="measure what is there")
    given = arguments.parse_args()
    groups = wanted()
    if not given.no_build:
        prepare.everything()
    machine = facts()
    records, failed = measured(groups)
    samples = collect(records)
    made = lines(samples, COMPARISONS)
    write(prepare.OUT / "report.json", made)
    print("\n".join([*(f"{name}: {value}" for name, value in machine.items()), "", text(made), "", summary(made)]))
    for failure in failed:
        print(f"FAILED, and not in the report: {failure}")
    if not QUICK:
        keep(samples, machine)
    missed = any(one.ok is False for one in made)
    return 1 if failed or (given.gate and missed) else 0


def wanted() -> dict[str, Callable[[], list[Record]]]:
    """The groups that `BENCH` names, or all."""
    names = set(os.environ.get("BENCH", "").replace(" ", "").split(",")) - {""}
    if unknown := names - set(GROUPS):
        sys.exit(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    return {name: run for name, run in GROUPS.items() if not names or name in names}


def measured(groups: dict[str, Callable[[], list[Record]]]) -> tuple[list[Record], list[str]]:
    """The records of all groups, one group after the other, and which of them failed."""
    records: list[Record] = []
    failed: list[str] = []
    for name, run in groups.items():
        started = time.monotonic()
        try:
            records += run()
        except (Failed, RuntimeError, TimeoutError) as failure:
            failed.append(f"{name}: {failure}")
        print(f"  {name} took {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return records, failed


def keep(samples: Samples, machine: dict[str, str]) -> None:
    """Writes page and picture over the last run of every group: ours and the peers of a group are always of one run."""
    earlier = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    kept = {**earlier, **samples}
    KEPT.write_text(json.dumps(kept))
    DOCS.mkdir(exist_ok=True)
    remarks = (prepare.BENCH / "remarks.md").read_text()
    (DOCS / "benchmarks.md").write_text(page(lines(kept, COMPARISONS), machine, remarks))
    (DOCS / "benchmarks.svg").write_text(draw(kept))


if __name__ == "__main__":
    sys.exit(main())
