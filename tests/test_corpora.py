"""Schemas that people use, those of SchemaStore, through the generated code of Rust, Python and JavaScript.

A few of them; `PEER_CONTRACT_CORPORA=all` takes each, and other words are folders with more, between `:`. Compiling all of them as Rust
takes an hour, so of many the first two hundred are (their order is that of hashes); `PEER_CONTRACT_CORPORA_RUST` is how many hundreds.
What has no instances is tried with samples. References into the network are refused, as is what is not linear: never without a place.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from conformance import stubs
from conformance.compare import mistakes
from conformance.corpus import STORE, Case, Instance, used
from conformance.stubs import Answer

ASKED = [word for word in os.environ.get("PEER_CONTRACT_CORPORA", "").split(":") if word]
# Programs of a hundred modules.
PROGRAMS = int(os.environ.get("PEER_CONTRACT_CORPORA_RUST", "2"))
FEW = 12
SMALL_BYTES = 40_000
# What may be refused of a schema that is in use.
REFUSED = {
    "ref_unresolved",
    "ref_cycle",
    "pattern_not_linear",
    "pattern_invalid",
    "json_number",
}


def cases() -> list[Case]:
    """All, or a few from the whole range."""
    if ASKED:
        return used(STORE, [Path(word) for word in ASKED if word != "all"])
    small = used(STORE, [], SMALL_BYTES)
    return small[:: len(small) // FEW][:FEW]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the code lies."""
    return tmp_path_factory.mktemp("corpora")


@pytest.fixture(scope="module")
def outcomes(folder: Path) -> dict[str, Answer]:
    """What became of each schema."""
    return stubs.generate(folder, cases())


@pytest.fixture(scope="module")
def taken(outcomes: dict[str, Answer]) -> list[Case]:
    """Those of which there is code, with instances."""
    return [_tried(case, outcomes[case.name]) for case in cases() if not {"refused", "panicked"} & outcomes[case.name].keys()]


def _tried(case: Case, outcome: Answer) -> Case:
    made = [Instance(f"sample {number}", told["value"], told["valid"]) for number, told in enumerate(outcome.get("samples", []))]
    return replace(case, instances=[*case.instances, *made])


def test_nearly_all_are_taken_and_the_rest_is_refused_with_a_place(outcomes: dict[str, Answer], taken: list[Case]) -> None:
    problems = [problem for outcome in outcomes.values() for problem in outcome.get("refused", [])]
    assert {problem["code"] for problem in problems} <= REFUSED
    assert all(problem["at"] for problem in problems)
    assert not [name for name, outcome in outcomes.items() if "panicked" in outcome]
    assert len(taken) >= 0.8 * len(outcomes)


def test_all_languages_take_and_refuse_the_same(folder: Path, taken: list[Case]) -> None:
    modules = set().union(*islice(stubs.rust_programs(folder).values(), PROGRAMS))
    compiled, others = [case for case in taken if case.name in modules], [case for case in taken if case.name not in modules]
    wrong = list(mistakes(compiled, {**_interpreted(folder, compiled), "rust": stubs.rust_answers(folder, compiled)}))
    if others:
        wrong += mistakes(others, _interpreted(folder, others))
    assert [str(mistake) for mistake in wrong] == []
    assert any(case.instances for case in compiled)


def _interpreted(folder: Path, cases: list[Case]) -> dict[str, list[Answer]]:
    return {"python": stubs.python_answers(folder, cases), "javascript": stubs.node_answers(folder, cases)}


def test_generated_python_is_strictly_typed(folder: Path, taken: list[Case]) -> None:
    assert taken
    stubs.check_python(folder)


def test_generated_declarations_are_strictly_typed(folder: Path, taken: list[Case]) -> None:
    assert taken
    stubs.check_javascript(folder)
