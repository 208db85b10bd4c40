"""Generated code of many contracts: made in one process, run in one process for each language, type-checked in one run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

from conformance.corpus import ROOT, SERVED, Case

HERE = Path(__file__).resolve().parent
BUILT = ROOT / "target" / "debug"
SUFFIXES = {"rust": ".rs", "python": ".py", "javascript": ".mjs"}

Answer = dict[str, Any]


def run(command: list[str], cwd: Path, text: str | None = None, **extra: str) -> str:
    """What a command prints; one that fails is an error with all it said."""
    done = subprocess.run(command, cwd=cwd, input=text, capture_output=True, text=True, env={**os.environ, **extra}, timeout=3600)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def generate(folder: Path, cases: list[Case]) -> dict[str, Answer]:
    """Makes the code of all cases below a folder; gives what became of each by name."""
    schemas = folder / "schemas"
    schemas.mkdir()
    for case in cases:
        (schemas / f"{case.name}.json").write_text(json.dumps(case.source))
    for language in SUFFIXES:
        (folder / language).mkdir()
    (folder / "javascript" / "node_modules").mkdir()
    (folder / "javascript" / "node_modules" / "peer-contract").symlink_to(ROOT / "bindings-node")
    told = run([str(BUILT / "peer-contract-conformance"), str(folder), str(SERVED)], ROOT)
    return {line["name"]: line for line in lines(told)}


def lines(told: str) -> list[Answer]:
    """What was told, one value a line; only a line feed ends one."""
    return [json.loads(line) for line in told.split("\n") if line]


def questions(cases: list[Case]) -> str:
    """One line for each instance of each case."""
    asked = [{"name": case.name, "text": json.dumps(instance.value)} for case in cases for instance in case.instances]
    return "".join(f"{json.dumps(question)}\n" for question in asked)


def python_answers(folder: Path, cases: list[Case]) -> list[Answer]:
    """Every instance through generated Python."""
    package = str(ROOT / "bindings-python" / "python")
    told = run([sys.executable, str(HERE / "run_python.py")], folder / "python", questions(cases), PYTHONPATH=package)
    return lines(told)


def node_answers(folder: Path, cases: list[Case]) -> list[Answer]:
    """Every instance through generated JavaScript."""
    told = run(["node", str(HERE / "run_node.mjs")], folder / "javascript", questions(cases))
    return lines(told)


def rust_programs(folder: Path) -> dict[Path, set[str]]:
    """The programs, in their order, and whose modules are in each."""
    programs = sorted((folder / "rust").glob("program*.rs"), key=lambda path: int(path.stem.removeprefix("program")))
    return {path: set(re.findall(r"^mod (\w+);$", path.read_text(), re.MULTILINE)) for path in programs}


def rust_answers(folder: Path, cases: list[Case]) -> list[Answer]:
    """Every instance through generated Rust, which must compile without a warning; programs without these cases are left out."""
    asked = {path: [case for case in cases if case.name in modules] for path, modules in rust_programs(folder).items()}
    asked = {path: own for path, own in asked.items() if own}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        built = list(pool.map(_build, asked))
    answers: dict[str, list[Answer]] = {}
    for program, own in zip(built, asked.values(), strict=True):
        told = iter(lines(run([str(program)], folder, questions(own))))
        answers |= {case.name: list(islice(told, len(case.instances))) for case in own}
    return [answer for case in cases for answer in answers[case.name]]


def _build(program: Path) -> Path:
    """Compiles against what the build of the workspace left, so that no dependency is compiled again."""
    made = program.with_suffix("")
    library = f"peer_contract={BUILT / 'libpeer_contract.rlib'}"
    options = ["-C", "opt-level=0", "-C", "debuginfo=0", "--extern", library, "-L", f"dependency={BUILT / 'deps'}"]
    run(["rustc", "--edition", "2024", "--crate-type", "bin", *options, "-o", str(made), str(program)], program.parent)
    return made


def check_python(folder: Path) -> None:
    """`mypy --strict` over all packages."""
    packages = sorted(path.name for path in (folder / "python").iterdir() if (path / "__init__.py").exists())
    mypy = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(ROOT / "target" / "mypy-conformance")]
    arguments = [argument for package in packages for argument in ("-p", package)]
    run([*mypy, *arguments], folder / "python", MYPYPATH=str(ROOT / "bindings-python" / "python"))


def check_javascript(folder: Path) -> None:
    """`tsc --strict` over all declarations."""
    strict = ["strict", "noUncheckedIndexedAccess", "exactOptionalPropertyTypes", "noEmit"]
    options: dict[str, Any] = {**dict.fromkeys(strict, True), "skipLibCheck": False, "target": "es2022", "module": "node20", "types": ["node"]}
    options["typeRoots"] = [str(ROOT / "bindings-node" / "node_modules" / "@types")]
    project = folder / "javascript" / "tsconfig.json"
    project.write_text(json.dumps({"compilerOptions": options, "include": ["*/*.d.mts", "*/*.d.cts"]}))
    run([str(ROOT / "bindings-node" / "node_modules" / ".bin" / "tsc"), "-p", str(project)], project.parent)
