"""Types that lead through hundreds of others compile in each language; Rust says which `recursion_limit` that takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance import stubs
from conformance.corpus import ROOT

TYPES = 90


def next_of(number: int) -> dict[str, Any]:
    """A reference to the type behind this one; the last leads to the first."""
    return {"$ref": f"#/$defs/T{(number + 1) % TYPES}"}


SHAPES: dict[str, Any] = {
    "properties": lambda next_: {"type": "object", "properties": {"p": next_, "q": {"type": "array", "items": next_}}},
    "lists": lambda next_: {"type": "array", "items": next_},
    "maps": lambda next_: {"type": "object", "properties": {"p": {"type": "object", "additionalProperties": next_}}},
}


@pytest.fixture(params=SHAPES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Code of types in a ring."""
    types = {f"T{number}": SHAPES[request.param](next_of(number)) for number in range(TYPES)}
    operation = {"input": {"$ref": "#/$defs/T0"}, "output": {"schema": {"$ref": "#/$defs/T1"}}}
    contract = {"peerContract": "1", "name": "deep", "version": "1.0.0", "agents": {"a": {"operations": {"o": operation}}}, "$defs": types}
    (tmp_path / "deep.contract.json").write_text(json.dumps(contract))
    for language in ("rust", "python", "javascript"):
        (tmp_path / language).mkdir()
    folders = ["--rust", "rust/deep", "--python", "python/deep", "--javascript", "javascript/deep"]
    stubs.run([str(stubs.BUILT / "peerc"), "generate", "deep.contract.json", *folders], tmp_path)
    return tmp_path


def rustc(folder: Path, head: str) -> subprocess.CompletedProcess[str]:
    """Checks a crate of nothing but these types."""
    (folder / "main.rs").write_text(f'{head}\n#![deny(warnings)]\n#[path = "rust/deep/mod.rs"]\nmod deep;\nfn main() {{}}\n')
    library = ["--extern", f"peer_contract={stubs.BUILT / 'libpeer_contract.rlib'}", "-L", f"dependency={stubs.BUILT / 'deps'}"]
    command = ["rustc", "--edition", "2024", "--emit", "metadata", *library, "-o", str(folder / "main.rmeta"), "main.rs"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def test_rust_compiles_with_the_limit_that_it_asks_for(folder: Path) -> None:
    asked = re.search(r"#!\[recursion_limit = \"\d+\"\]", (folder / "rust" / "deep" / "mod.rs").read_text())
    done = rustc(folder, asked[0] if asked else "")
    assert done.returncode == 0, done.stderr[-3000:]
    if asked:
        assert "E0275" in rustc(folder, "").stderr, "it asks for a limit that it does not need"


def test_python_is_strictly_typed(folder: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / "target" / "mypy-conformance"), "-p", "deep"]
    stubs.run(mypy, folder / "python", MYPYPATH=str(ROOT / "bindings-python" / "python"))


def test_declarations_are_strictly_typed(folder: Path) -> None:
    (folder / "javascript" / "node_modules").mkdir()
    (folder / "javascript" / "node_modules" / "peer-contract").symlink_to(ROOT / "bindings-node")
    stubs.check_javascript(folder)
