"""Names each tool that is missing or too old, in one line with how to get it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

TOOLS = [
    ("cargo", ["cargo", "--version"], (1, 95), "https://rustup.rs, then: rustup update stable"),
    ("cc", ["cc", "--version"], None, "a C compiler: apt-get install build-essential, or xcode-select --install"),
    ("node", ["node", "--version"], (20, 0), "https://nodejs.org, version 20 or newer"),
    ("npm", ["npm", "--version"], None, "comes with Node: https://nodejs.org"),
]


def version_of(command: list[str]) -> tuple[int, int] | None:
    """Major and minor of what the command prints; `None` when it does not run."""
    if shutil.which(command[0]) is None:
        return None
    run = subprocess.run(command, capture_output=True, text=True)
    found = re.search(r"(\d+)\.(\d+)", run.stdout)
    if run.returncode != 0:
        return None
    return (int(found[1]), int(found[2])) if found else (0, 0)


def problems() -> list[str]:
    """A line for each tool that is not as it must be."""
    lines = []
    if sys.version_info < (3, 10):
        lines.append(f"too old: python3 {sys.version.split()[0]}, at least 3.10 is needed - https://www.python.org/downloads/")
    try:
        import ensurepip  # noqa: F401  (venv needs it, and some distributions leave it out)
    except ImportError:
        lines.append("missing: the venv module of Python - apt-get install python3-venv")
    for name, command, least, where in TOOLS:
        found = version_of(command)
        if found is None:
            lines.append(f"missing: {name} - {where}")
        elif least is not None and found < least:
            lines.append(f"too old: {name} {found[0]}.{found[1]}, at least {least[0]}.{least[1]} is needed - {where}")
    return lines


if __name__ == "__main__":
    found = problems()
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)
