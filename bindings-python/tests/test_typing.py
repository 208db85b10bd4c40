"""Type checkers see what the contract allows, and refuse what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT


def mypy(packages: Path, *files: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(packages / ".mypy"), *files]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_generated_code_and_good_agents_pass_the_strictest_setting(packages: Path) -> None:
    assert mypy(packages, "relay", "kinds", "agents.py") == (0, mypy(packages, "relay", "kinds", "agents.py")[1])


def test_the_facade_passes_the_strictest_setting() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "python/peer_contract"],
        cwd=ROOT / "bindings-python",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


HEAD = """
from peer_contract import Work, UNSET
from relay import Desk, Draft, Page, Reason, Topic, counter, editor, writer
"""

WRONG = {
    "a handoff to another agent": """
class Bad(writer.Agent):
    async def draft(self, work: Work[Desk], topic: Topic, /) -> editor.Review:
        return writer.redraft(Draft(text=""))
    def redraft(self, work: Work[Desk], draft: Draft, /) -> editor.Review:
        return editor.review(draft)
""",
    "a handoff declared that the contract has not": """
class Bad(writer.Agent):
    def draft(self, work: Work[Desk], topic: Topic, /) -> writer.Redraft:
        return writer.redraft(Draft(text=""))
    def redraft(self, work: Work[Desk], draft: Draft, /) -> editor.Review:
        return editor.review(draft)
""",
    "a call of an operation that has phases": """
async def bad(work: Work[Desk]) -> None:
    await work.call(editor.review(Draft(text="")))
""",
    "an operation without its handler": """
class Bad(writer.Agent):
    def draft(self, work: Work[Desk], topic: Topic, /) -> editor.Review:
        return editor.review(Draft(text=""))
Bad()
""",
    "an input of another type": "editor.review(Topic(text=''))",
    "the output of a call as another type": """
async def bad(work: Work[Desk]) -> str:
    return await work.call(counter.count("a"))
""",
    "a field that is not there": "Draft(texts='')",
    "an error without its data": "writer.Boring()",
    "unset where it cannot be": "Draft(text=UNSET)",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG.keys())
def test_mypy_refuses(packages: Path, source: str) -> None:
    (packages / "wrong.py").write_text(HEAD + source)
    code, out = mypy(packages, "wrong.py")
    assert code == 1 and "wrong.py" in out and "Found 1 error" in out, out


def test_generated_code_is_formatted(packages: Path) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--check", "--isolated", "--line-length=120", "relay", "kinds"]
    done = subprocess.run(command, cwd=packages, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_generating_twice_gives_the_same_bytes(packages: Path, tmp_path: Path) -> None:
    from conftest import TESTS, generate

    generate(TESTS / "contracts" / "kinds.json", tmp_path / "kinds")
    for path in (tmp_path / "kinds").iterdir():
        assert path.read_bytes() == (packages / "kinds" / path.name).read_bytes()
