"""Runs the tests of all three languages and ends with a plain summary."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from steps import LOGS, ROOT, environment, say

EXAMPLE = ROOT / "examples" / "research-brief"


@dataclass(frozen=True)
class Suite:
    """One test runner: what to run, and how its closing lines count."""

    name: str
    command: list[str]
    cwd: Path
    passed: str
    failed: str


CARGO = (r"test result: \w+\. (\d+) passed", r"test result: \w+\. \d+ passed; (\d+) failed")
PYTEST = (r"(\d+) passed", r"(\d+) (?:failed|errors?)\b")
NODE = (r"^# pass (\d+)", r"^# fail (\d+)")

SUITES = [
    Suite("rust", ["cargo", "test", "--workspace", "--quiet", "--no-fail-fast"], ROOT, *CARGO),
    Suite("python", ["python", "-m", "pytest", "-q", "tests"], ROOT / "bindings-python", *PYTEST),
    Suite("node", ["npm", "test", "--silent"], ROOT / "bindings-node", *NODE),
    Suite("demo, python", ["python", "-m", "pytest", "-q", "."], EXAMPLE, *PYTEST),
    Suite("demo, node", ["npm", "test", "--silent"], EXAMPLE, *NODE),
    Suite("whole system", ["python", "-m", "pytest", "-q", "tests"], ROOT, *PYTEST),
]


def run(suite: Suite) -> tuple[int, int, float]:
    """Runs a suite with its output passed on; gives passed, failed and seconds."""
    say(f"\n── {suite.name}: {' '.join(suite.command)}")
    started = time.monotonic()
    lines = []
    runner = subprocess.Popen(
        suite.command, cwd=suite.cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert runner.stdout is not None
    for line in runner.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        lines.append(line)
    code = runner.wait()
    text = "".join(lines)
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"test-{suite.name.replace(', ', '-').replace(' ', '-')}.log").write_text(text)
    passed, failed = (sum(map(int, re.findall(pattern, text, re.MULTILINE))) for pattern in (suite.passed, suite.failed))
    if code == 0 and passed == 0:
        say(f"{suite.name} ran no test")
    if (code != 0 or passed == 0) and failed == 0:
        failed = 1
    return passed, failed, time.monotonic() - started


def main() -> int:
    """All suites, or those named on the command line."""
    wanted = [suite for suite in SUITES if not sys.argv[1:] or suite.name in sys.argv[1:]]
    results = [(suite.name, *run(suite)) for suite in wanted]
    print()
    for name, passed, failed, seconds in results:
        print(f"{name:<14} {passed:>5} passed {failed:>4} failed {seconds:>6.0f} s")
    passed, failed = sum(r[1] for r in results), sum(r[2] for r in results)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
