"""JSON-Schema-Test-Suite, draft 2020-12, and `schemas/vectors/types` through the generated code of Rust, Python and JavaScript.

`KNOWN_GAPS.txt` lists each schema that is refused and each instance on which a contract says otherwise, and the manual
counts them; tests fail when the list or the table is not exact.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance import stubs
from conformance.compare import mistakes
from conformance.corpus import ROOT, Case, suite, vectors
from conformance.count import table
from conformance.stubs import Answer

GAPS = ROOT / "KNOWN_GAPS.txt"
MANUAL = ROOT / "docs" / "types.md"
SUITE = suite()
CASES = [*vectors(), *SUITE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the code lies."""
    return tmp_path_factory.mktemp("conformance")


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, Answer]:
    """What became of each schema."""
    return stubs.generate(folder, CASES)


@pytest.fixture(scope="module")
def taken(outcomes: dict[str, Answer]) -> list[Case]:
    """Those of which there is code."""
    return [case for case in CASES if outcomes[case.name].keys() == {"name"}]


@pytest.fixture(scope="module")
def answers(folder: Path, taken: list[Case]) -> dict[str, list[Answer]]:
    """What each language says to all instances of these."""
    return {
        "rust": stubs.rust_answers(folder, taken),
        "python": stubs.python_answers(folder, taken),
        "javascript": stubs.node_answers(folder, taken),
    }


def known_gaps() -> set[str]:
    """Lines of the list without their comments."""
    return {line for line in GAPS.read_text("utf-8").splitlines() if line and not line.startswith("#")}


def test_every_gap_is_listed_and_every_listed_one_is_there(
    outcomes: dict[str, Answer], taken: list[Case], answers: dict[str, list[Answer]]
) -> None:
    refused = {case.about: outcomes[case.name].get("refused", "panicked") for case in CASES if case not in taken}
    found = {f"{about} | refused: {' '.join(sorted({problem['code'] for problem in why}))}" for about, why in refused.items()}
    found |= {str(mistake) for mistake in mistakes(taken, answers)}
    assert found == known_gaps()


def test_the_manual_counts_what_is_kept_of_the_suite(taken: list[Case], answers: dict[str, list[Answer]]) -> None:
    counted = table(SUITE, taken, answers)
    print(counted)
    assert counted in MANUAL.read_text("utf-8"), f"{MANUAL.name} should have this table:\n{counted}"


def test_generated_python_is_strictly_typed(folder: Path, taken: list[Case]) -> None:
    assert taken
    stubs.check_python(folder)


def test_generated_declarations_are_strictly_typed(folder: Path, taken: list[Case]) -> None:
    assert taken
    stubs.check_javascript(folder)
