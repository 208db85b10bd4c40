"""Imports every package named on standard input, and evaluates its annotations. Whoever calls the canary leaves a file."""

from __future__ import annotations

import builtins
import importlib
import sys
import typing
from pathlib import Path


def canary(*_: object) -> None:
    """What no contract may reach."""
    Path("injected").write_text("Python")


def main() -> None:
    """Each package with the modules of its agents."""
    vars(builtins)["canary"] = canary
    sys.path.insert(0, "")
    typing.TYPE_CHECKING = True
    loaded = 0
    for line in sys.stdin.read().splitlines():
        folder = Path(line)
        package = ".".join(folder.parts)
        for module in sorted(folder.glob("*.py")):
            name = package if module.stem == "__init__" else f"{package}.{module.stem}"
            found = importlib.import_module(name)
            for value in vars(found).values():
                if isinstance(value, type) and value.__module__ == name:
                    evaluate(value)
        loaded += 1
    print(loaded)


def evaluate(value: type) -> None:
    """What tools do with annotations; a name that only type checkers see is no matter here."""
    try:
        typing.get_type_hints(value)
    except NameError:
        pass


if __name__ == "__main__":
    main()
