"""Every example of docs/types.md is what is generated."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from conformance import stubs
from conformance.corpus import ROOT, Case

FILES = {"python": "python/{}/__init__.py", "ts": "javascript/{}/index.d.mts", "rust": "rust/{}/types.rs"}
BLOCK = re.compile(r"^```(json|python|ts|rust)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def sections() -> list[tuple[str, dict[str, str]]]:
    """Title and blocks by language, of the sections that have any."""
    parts = (ROOT / "docs" / "types.md").read_text("utf-8").split("\n## ")[1:]
    found = [(part.splitlines()[0], dict(BLOCK.findall(part))) for part in parts]
    return [(title, blocks) for title, blocks in found if blocks]


def contract(definitions: str) -> dict[str, object]:
    """The types of an example, and an operation that takes the first."""
    types = json.loads(definitions)
    first = {"$ref": f"#/$defs/{next(iter(types))}"}
    operations = {"pass": {"input": first, "output": {"schema": first}}}
    return {"peerContract": "1", "name": "manual", "version": "1.0.0", "$defs": types, "agents": {"agent": {"operations": operations}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the code of all examples lies, by the number of the section."""
    folder = tmp_path_factory.mktemp("manual")
    cases = [Case(f"section{number}", title, {"contract": contract(blocks["json"])}) for number, (title, blocks) in enumerate(sections())]
    outcomes = stubs.generate(folder, cases)
    assert len(cases) > 8 and all(outcome.keys() == {"name"} for outcome in outcomes.values()), outcomes
    return folder


@pytest.mark.parametrize("number", range(len(sections())), ids=[title for title, _ in sections()])
def test_an_example_is_what_is_generated(folder: Path, number: int) -> None:
    blocks = sections()[number][1]
    for language in blocks.keys() - {"json"}:
        made = (folder / FILES[language].format(f"section{number}")).read_text("utf-8").splitlines()
        missing = [line for line in blocks[language].splitlines() if line not in made]
        assert not missing, f"{language} has no such lines: {missing}"


def test_python_of_the_examples_is_strictly_typed(folder: Path) -> None:
    stubs.check_python(folder)


def test_declarations_of_the_examples_are_strictly_typed(folder: Path) -> None:
    stubs.check_javascript(folder)
