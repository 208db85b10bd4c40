"""The recorded Python and JavaScript files pass the strictest checks of their languages, and run."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from conformance import stubs
from conformance.corpus import ROOT

GOLDENS = ROOT / "codegen" / "tests" / "golden"
CASES = sorted(path.name for path in GOLDENS.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded files of each case as a package, and as modules, under a name that languages take."""
    folder = tmp_path_factory.mktemp("goldens")
    for language in ("python", "javascript"):
        for case in CASES:
            shutil.copytree(GOLDENS / case / language, folder / language / case.replace("-", "_"))
    packages = folder / "javascript" / "node_modules"
    packages.mkdir()
    (packages / "peer-contract").symlink_to(ROOT / "bindings-node")
    return folder


def test_recorded_python_is_strictly_typed(folder: Path) -> None:
    stubs.check_python(folder)


def test_recorded_declarations_are_strictly_typed(folder: Path) -> None:
    stubs.check_javascript(folder)


PYTHON = """
import json, sys
from peer_contract import ContractError, parsed
from text_and_kinds import EventClosed, EventCreated, Visit

visit, closed = json.loads(sys.stdin.read())
value = Visit.from_json(visit)
try:
    EventCreated.from_json(closed)
except ContractError as error:
    told = [error.code, error.at]
print(json.dumps([value.to_json().decode(), parsed.date_time(value.at).timestamp(), EventClosed.from_json(closed).to_json().decode(), told]))
"""

JAVASCRIPT = """
import { readFileSync } from 'node:fs';
import { parsed } from 'peer-contract';
import { EventClosed, EventCreated, Visit } from './text_and_kinds/index.mjs';

const [visit, closed] = JSON.parse(readFileSync(0, 'utf8'));
const value = Visit.fromJson(visit);
const text = (bytes) => Buffer.from(bytes).toString();
let told;
try {
  EventCreated.fromJson(closed);
} catch (error) {
  told = [error.code, error.at];
}
console.log(JSON.stringify([text(Visit.toJson(value)), parsed.dateTime(value.at) / 1000, text(EventClosed.toJson(EventClosed.fromJson(closed))), told]));
"""


VISIT = '{"at":"1969-12-31T23:59:59.5z","id":"0190A5F2-7B1C-7d3e-8F00-0123456789AB","mode":true,"page":"HTTP://Example.ORG/%7e","size":7}'
PACKAGE = str(ROOT / "bindings-python" / "python")

LAZY = """
import sys
from text_and_kinds import Visit

assert Visit.from_json(sys.stdin.read()).to_json()
print(sorted({"datetime", "uuid", "urllib.parse", "peer_contract.parsed"} & sys.modules.keys()))
"""


def test_python_imports_nothing_for_views_that_nobody_asks_for(folder: Path) -> None:
    # Without `site`, which imports what it likes.
    assert stubs.run([sys.executable, "-S", "-c", LAZY], folder / "python", VISIT, PYTHONPATH=PACKAGE) == "[]\n"


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_recorded_code_says_what_rust_says(folder: Path, language: str) -> None:
    """As `rust_goldens.rs` has it: text is kept beside its view, and one alternative takes no other."""
    closed = '{"by":"me","id":"0190a5f2-7b1c-7d3e-8f00-0123456789ab","kind":"closed"}'
    command = [sys.executable, "-c", PYTHON] if language == "python" else ["node", "--input-type=module", "-e", JAVASCRIPT]
    told = stubs.run(command, folder / language, json.dumps([VISIT, closed]), PYTHONPATH=PACKAGE)
    written, seconds, event, refused = json.loads(told)
    assert (json.loads(written), json.loads(event)) == (json.loads(VISIT), json.loads(closed))
    assert (seconds, refused) == (-0.5, ["const_mismatch", "/kind"])
