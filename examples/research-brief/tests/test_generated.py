"""The generated code is committed, so that each agent builds on its own; here it is compared with the contract."""

from __future__ import annotations

import subprocess
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent
PEERC = EXAMPLE.parent.parent / "target" / "debug" / "peerc"


def test_the_generated_code_is_what_the_contract_generates() -> None:
    assert PEERC.is_file(), "build it first: cargo build --package peerc"
    checked = subprocess.run([PEERC, "generate", "--check"], cwd=EXAMPLE, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_contract_is_short_enough_to_read() -> None:
    assert len((EXAMPLE / "research-brief.contract.yaml").read_text().splitlines()) < 100
