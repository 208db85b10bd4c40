"""Objects that JSON cannot say are refused at their place, whatever they do meanwhile."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from peer_contract import Contract, ContractError, Schema

CONTRACT = """{"peerContract":"1","name":"any","version":"1.0.0",
"agents":{"a":{"operations":{"op":{"input":true,"output":{"schema":true}}}}}}"""


@pytest.fixture(scope="module")
def anything() -> Schema:
    return Contract.parse(CONTRACT).schema("/agents/a/operations/op/input")


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


def endless() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "code", "at"),
    [
        (2**53, "json_number", ""),
        ({"a": [-(2**53)]}, "json_number", "/a/0"),
        (10**400, "json_number", ""),
        (float("nan"), "json_number", ""),
        ({"x/y": float("inf")}, "json_number", "/x~1y"),
        ("\ud800", "json_surrogate", ""),
        ({"\udfff": 1}, "json_surrogate", ""),
        ({1: 2}, "type_mismatch", ""),
        ([{1, 2}], "type_mismatch", "/0"),
        (b"bytes", "type_mismatch", ""),
        (1j, "type_mismatch", ""),
        (object(), "type_mismatch", ""),
        (nested(65), "json_depth", "/0" * 64),
        (endless(), "json_depth", "/0" * 64),
        ([0] * 200_000, "json_too_many_values", "/199999"),
        ({str(number): 0 for number in range(10_001)}, "json_too_many_keys", ""),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_json_cannot_say_is_refused(anything: Schema, value: Any, code: str, at: str) -> None:
    with pytest.raises(ContractError) as caught:
        anything.validate(value)
    assert (caught.value.code, caught.value.at) == (code, at)


@pytest.mark.parametrize(
    "value",
    [2**53 - 1, -(2**53) + 1, nested(64), [0] * 199_999, {str(number): 0 for number in range(10_000)}, (1, "é", True)],
    ids=lambda value: str(value)[:24],
)
def test_what_stands_at_a_limit_is_let_through(anything: Schema, value: Any) -> None:
    anything.validate(value)


def test_no_value_stands_in_a_message(anything: Schema) -> None:
    with pytest.raises(ContractError) as caught:
        anything.validate({"a": {"secret 4711"}})
    assert "4711" not in str(caught.value)


def test_what_a_property_raises_comes_through(relay: ModuleType) -> None:
    class Hostile(relay.Draft):  # type: ignore[misc,name-defined]
        @property
        def text(self) -> str:
            raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        Hostile.__new__(Hostile).to_json()


def test_a_dict_that_changes_under_the_walk_does_no_harm(relay: ModuleType) -> None:
    members: dict[str, Any] = {}

    class Hostile(relay.Draft):  # type: ignore[misc,name-defined]
        @property
        def text(self) -> str:
            members.clear()
            return "a"

        @property
        def extra(self) -> dict[str, Any]:
            return members

    hostile = Hostile.__new__(Hostile)
    members.update({"a": hostile, "b": 1, "c": [hostile]})
    with pytest.raises((ContractError, AttributeError)):
        relay.Draft(text="x", extra=members).to_json()
        raise AttributeError


def test_a_field_in_extra_is_not_written_twice(relay: ModuleType) -> None:
    with pytest.raises(ContractError) as caught:
        relay.Draft(text="a", extra={"text": "b"}).to_json()
    assert caught.value.code == "json_duplicate_key"


def test_text_is_bytes_or_str(relay: ModuleType) -> None:
    assert relay.Draft.from_json('{"text":"é"}') == relay.Draft.from_json('{"text":"é"}'.encode())
    with pytest.raises(ContractError) as caught:
        relay.Draft.from_json('{"text":"\ud800"}')
    assert caught.value.code == "json_surrogate"
    with pytest.raises(TypeError):
        relay.Draft.from_json({"text": "a"})
