"""A fan-out over children that the contract does not list does not type-check, in each language's own checker."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance import stubs
from conformance.corpus import ROOT

GOLDEN = ROOT / "codegen" / "tests" / "golden" / "fan-out"
NODE = ROOT / "bindings-node"

PYTHON_HEAD = """
from peer_contract import FanOut, Work
from survey import Answers, Notes, Place, Question, Report, Scores, planner, scorer, teller, writer
place, places = Place(name="here"), [Place(name="here")]
"""
PYTHON_GOOD = """
def plan() -> planner.PlanOutcome:
    return FanOut(scorer.score(place) for place in places)
def widen() -> planner.WidenOutcome:
    return FanOut([scorer.score(place), teller.tell(place)])
"""
PYTHON_BAD = {
    "a child of another operation": "def plan() -> planner.PlanOutcome:\n    return FanOut([teller.tell(place)])",
    "one such child among others": "def plan() -> planner.PlanOutcome:\n    return FanOut([scorer.score(place), teller.tell(place)])",
    "a child with phases": "def widen() -> planner.WidenOutcome:\n    return FanOut([writer.rank(Scores(results=[]))])",
    "an operation that does not fan out": "def rank() -> writer.RankOutcome:\n    return FanOut([scorer.score(place)])",
    "an input of another type": 'def plan() -> planner.PlanOutcome:\n    return FanOut([scorer.score(Question(text="", places=[]))])',
}

SCRIPT_HEAD = """
import { fanOut } from 'peer-contract';
import { planner, scorer, teller, writer } from './survey/index.mjs';
const place = { name: 'here' };
"""
SCRIPT_GOOD = """
export const plan = (): planner.PlanOutcome => fanOut([place].map((place) => scorer.score(place)));
export const widen = (): planner.WidenOutcome => fanOut([scorer.score(place), teller.tell(place)]);
"""
SCRIPT_BAD = {
    "a child of another operation": "export const plan = (): planner.PlanOutcome => fanOut([teller.tell(place)]);",
    "one such child among others": "export const plan = (): planner.PlanOutcome => fanOut([scorer.score(place), teller.tell(place)]);",
    "a child with phases": "export const widen = (): planner.WidenOutcome => fanOut([writer.rank({ results: [] })]);",
    "an operation that does not fan out": "export const rank = (): writer.RankOutcome => fanOut([scorer.score(place)]);",
    "an input of another type": "export const plan = (): planner.PlanOutcome => fanOut([scorer.score({ text: '' })]);",
}

RUST_HEAD = """
#![allow(unused_imports, dead_code)]
use peer_contract::FanOut;
use crate::survey::{planner, scorer, teller, writer, Place, Question, Scores};
fn place() -> Place { Place::new("here".to_owned()) }
"""
RUST_GOOD = """
fn plan() -> planner::PlanOutcome { FanOut::of([place()].map(scorer::score)).into() }
fn widen() -> planner::WidenOutcome { FanOut::of([scorer::score(place())]).and(teller::tell(place())) }
"""
RUST_BAD = {
    "a child of another operation": "fn plan() -> planner::PlanOutcome { FanOut::of([teller::tell(place())]).into() }",
    "one such child among others": "fn plan() -> planner::PlanOutcome { FanOut::of([scorer::score(place())]).and(teller::tell(place())).into() }",
    "a child with phases": "fn widen(scores: Scores) -> planner::WidenOutcome { FanOut::of([writer::rank(scores)]) }",
    "an operation that does not fan out": "fn rank() -> writer::RankOutcome { FanOut::of([scorer::score(place())]).into() }",
    "an input of another type": "fn plan(question: Question) -> planner::PlanOutcome { FanOut::of([scorer::score(question)]).into() }",
}


def told(command: list[str], folder: Path, **extra: str) -> str:
    """All that a checker says."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, **extra}, timeout=300)
    return done.stdout + done.stderr


def mypy(folder: Path) -> str:
    shutil.copytree(GOLDEN / "python", folder / "survey")
    for name, text in sources(PYTHON_HEAD, PYTHON_GOOD, PYTHON_BAD).items():
        (folder / f"{name}.py").write_text(text)
    names = [path.name for path in folder.glob("*.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / "target" / "mypy-fan-out"), *names]
    return told(command, folder, MYPYPATH=str(ROOT / "bindings-python" / "python"))


def tsc(folder: Path) -> str:
    shutil.copytree(GOLDEN / "javascript", folder / "survey")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "peer-contract").symlink_to(NODE)
    for name, text in sources(SCRIPT_HEAD, SCRIPT_GOOD, SCRIPT_BAD).items():
        (folder / f"{name}.mts").write_text(text)
    options = {"strict": True, "noEmit": True, "target": "es2022", "module": "node20", "types": ["node"]}
    roots = [str(NODE / "node_modules" / "@types")]
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": {**options, "typeRoots": roots}, "include": ["*.mts"]}))
    return told([str(NODE / "node_modules" / ".bin" / "tsc"), "-p", ".", "--pretty", "false"], folder)


def rustc(folder: Path) -> str:
    """The types alone, against what the build of the workspace left."""
    shutil.copytree(GOLDEN / "rust", folder / "survey")
    files = sources(RUST_HEAD, RUST_GOOD, RUST_BAD)
    for name, text in files.items():
        (folder / f"{name}.rs").write_text(text.lstrip())
    (folder / "lib.rs").write_text("#![allow(dead_code)]\nmod survey;\n" + "".join(f"mod {name};\n" for name in files))
    library = f"peer_contract={stubs.BUILT / 'libpeer_contract.rlib'}"
    parts = ["--extern", library, "-L", f"dependency={stubs.BUILT / 'deps'}"]
    return told(["rustc", "--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--error-format", "short", *parts, "lib.rs"], folder)


def sources(head: str, good: str, bad: dict[str, str]) -> dict[str, str]:
    """Files by name: the one that must pass, and those that must not."""
    return {"good": head + good, **{f"bad{number}": f"{head}{text}\n" for number, text in enumerate(bad.values())}}


@pytest.mark.parametrize(("checker", "bad"), [(mypy, PYTHON_BAD), (tsc, SCRIPT_BAD), (rustc, RUST_BAD)], ids=["mypy", "tsc", "rustc"])
def test_children_that_the_contract_does_not_list_are_refused(tmp_path: Path, checker: Callable[[Path], str], bad: dict[str, str]) -> None:
    said = checker(tmp_path)
    errors = [line for line in said.splitlines() if "error" in line and "survey" not in line.split(" ")[0]]
    assert not any(line.startswith("good.") for line in errors), said
    for number, about in enumerate(bad):
        assert any(line.startswith(f"bad{number}.") for line in errors), f"{about} passes:\n{said}"
