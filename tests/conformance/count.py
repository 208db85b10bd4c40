"""How many tests of the JSON-Schema-Test-Suite go as it says, in each language: the table of the manual."""

from __future__ import annotations

from itertools import islice

from conformance.compare import is_right, outcome
from conformance.corpus import Case
from conformance.stubs import Answer

PARTS = ("required", "optional", "format")


def part(case: Case) -> str:
    """The part of the suite that a case is from."""
    folders = {"optional/format/": "format", "optional/": "optional"}
    return next((name for folder, name in folders.items() if case.about.startswith(folder)), "required")


def kept(cases: list[Case], answers: list[Answer]) -> dict[str, bool]:
    """Whether each instance of each case went as it should in one language, by what it is about."""
    told = iter(answers)
    return {
        f"{case.name} {number}": is_right(instance, outcome(instance, answer))
        for case in cases
        for number, (instance, answer) in enumerate(zip(case.instances, islice(told, len(case.instances)), strict=True))
    }


def table(cases: list[Case], taken: list[Case], answers: dict[str, list[Answer]]) -> str:
    """Markdown: each part with its tests, those of refused schemas, and those that each language keeps."""
    languages = {"rust": "Rust", "python": "Python", "javascript": "JavaScript"}
    right = {language: kept(taken, told) for language, told in answers.items()}
    compiled = {case.name for case in taken}
    rows = [["Part", "Tests", "Of refused schemas", *languages.values()]]
    for name, parts in [*((name, (name,)) for name in PARTS), ("all", PARTS)]:
        own = [case for case in cases if part(case) in parts]
        tests = sum(len(case.instances) for case in own)
        refused = sum(len(case.instances) for case in own if case.name not in compiled)
        asked = {f"{case.name} {number}" for case in own if case.name in compiled for number in range(len(case.instances))}
        as_said = [sum(right[language][test] for test in asked) for language in languages]
        rows.append([name, *(f"{count:,}" for count in (tests, refused, *as_said))])
    rows.insert(1, ["---"] * len(rows[0]))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
