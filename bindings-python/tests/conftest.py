"""What the tests share: generated packages, made by the command that users have."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "bindings-python" / "tests"
PEERC = Path(os.environ.get("PEERC", ROOT / "target" / "debug" / "peerc"))


def generate(contract: Path, package: Path) -> None:
    """Writes a generated package."""
    assert PEERC.exists(), f"build the command first: cargo build -p peerc (looked for {PEERC})"
    subprocess.run([PEERC, "generate", contract, "--python", package], check=True, capture_output=True, text=True)


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on the path of Python, with the packages `relay` and `kinds`."""
    folder = tmp_path_factory.mktemp("packages")
    for name in ("relay", "kinds"):
        generate(TESTS / "contracts" / f"{name}.json", folder / name)
    (folder / "agents.py").write_text((TESTS / "agents.py").read_text())
    sys.path.insert(0, str(folder))
    os.environ["PEER_CONTRACT_TMP"] = str(folder / "cache")
    return folder


@pytest.fixture(scope="session")
def kinds(packages: Path) -> ModuleType:
    """Every kind of type, under hostile names."""
    return importlib.import_module("kinds")


@pytest.fixture(scope="session")
def relay(packages: Path) -> ModuleType:
    """Three agents with handoffs, a loop, a call and errors."""
    return importlib.import_module("relay")


@pytest.fixture(scope="session")
def agents(packages: Path) -> ModuleType:
    """Handlers for `relay`, in the file that users would write."""
    return importlib.import_module("agents")
