"""What became of instances, compared with what the schema says and with the other languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.corpus import Case, Instance
from conformance.stubs import Answer


@dataclass(frozen=True)
class Mistake:
    """One instance that did not go as it should."""

    case: str
    instance: str
    what: str

    def __str__(self) -> str:
        return f"{self.case} | {self.instance} | {self.what}"


def mistakes(cases: list[Case], answers: dict[str, list[Answer]]) -> Iterator[Mistake]:
    """Whatever is wrong, and every disagreement."""
    instances = [(case, instance) for case in cases for instance in case.instances]
    for language, told in answers.items():
        assert len(told) == len(instances), f"{language} answered {len(told)} of {len(instances)}"
    for (case, instance), *told in zip(instances, *answers.values(), strict=True):
        outcomes = {language: outcome(instance, answer) for language, answer in zip(answers, told, strict=True)}
        first, *others = outcomes.values()
        if any(other != first for other in others):
            said = ", ".join(f"{language}: {what}" for language, what in outcomes.items())
            yield Mistake(case.about, instance.about, f"languages differ: {said}")
        elif not is_right(instance, first):
            yield Mistake(case.about, instance.about, first)


def outcome(instance: Instance, answer: Answer) -> str:
    """What became of an instance in one language; a refusal is told with its code and place."""
    if "crash" in answer:
        return f"{answer['step']} crashed: {answer['crash']}"
    if "text" in answer:
        return "taken" if equal(json.loads(answer["text"]), instance.value) else "not the same value after its round trip"
    return f"{'refused' if answer['step'] == 'decode' else 'not written,'} with {answer['code']} at `{answer['at']}`"


def is_right(instance: Instance, what: str) -> bool:
    """Whether that is what should become of it; where nobody says, both verdicts are right."""
    taken, refused = what == "taken", what.startswith("refused with")
    if instance.refusal is not None:
        return what == f"refused with {instance.refusal}"
    return (taken and instance.valid is not False) or (refused and instance.valid is not True)


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: `1` is `1.0`, and `true` is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return float(one) == float(other)
    return type(one) is type(other) and bool(one == other)
