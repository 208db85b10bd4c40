"""Schemas with instances, each as a contract of one agent with one operation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SUITE = ROOT / "target" / "json-schema-test-suite" / "tests" / "draft2020-12"
VECTORS = ROOT / "schemas" / "vectors" / "types"

SCHEMAS = {"properties", "patternProperties", "dependentSchemas", "$defs"}
LISTS = {"allOf", "anyOf", "oneOf", "prefixItems"}
DATA = {"const", "enum", "default", "examples"}


@dataclass(frozen=True)
class Instance:
    """One value, and whether the schema takes it; nobody says where that is `None`. `refusal` is code and place, where they are known."""

    about: str
    value: Any
    valid: bool | None
    refusal: str | None = None


@dataclass(frozen=True)
class Case:
    """A schema with its instances; `name` is a word in all three languages."""

    name: str
    about: str
    contract: dict[str, Any]
    instances: list[Instance] = field(default_factory=list)


def contract_of(schema: Any) -> dict[str, Any]:
    """The schema as a type `Case`, and an operation that takes and gives it."""
    case = {"$ref": "#/$defs/Case"}
    operations = {"pass": {"input": case, "output": {"schema": case}}}
    return {
        "peerContract": "1",
        "name": "conformance",
        "version": "1.0.0",
        "$defs": {"Case": as_type(schema)},
        "agents": {"agent": {"operations": operations}},
    }


def as_type(schema: Any) -> Any:
    """The same schema for `#/$defs/Case`: what refers to its root refers to there."""
    if not isinstance(schema, dict):
        return schema
    return {keyword: _of_keyword(keyword, value) for keyword, value in schema.items()}


def _of_keyword(keyword: str, value: Any) -> Any:
    if keyword == "$ref" and isinstance(value, str) and (value == "#" or value.startswith("#/")):
        return f"#/$defs/Case{value[1:]}"
    if keyword in SCHEMAS and isinstance(value, dict):
        return {name: as_type(schema) for name, schema in value.items()}
    if keyword in LISTS and isinstance(value, list):
        return [as_type(schema) for schema in value]
    return value if keyword in DATA else as_type(value)


def vectors() -> list[Case]:
    """What types must keep, by hand: `schemas/vectors/types`."""
    paths = sorted(VECTORS.glob("*.json"))
    assert paths, f"{VECTORS} is empty"
    return [_vector(f"types{number:03}", path) for number, path in enumerate(paths)]


def _vector(name: str, path: Path) -> Case:
    vector = json.loads(path.read_text("utf-8"))
    valid = [Instance(f"valid {number}", value, True) for number, value in enumerate(vector["valid"])]
    invalid = [
        Instance(f"invalid {number}", told["value"], False, f"{told['code']} at `{told['at']}`")
        for number, told in enumerate(vector["invalid"])
    ]
    assert valid and invalid, f"{path} must have valid and invalid values"
    return Case(name, f"types/{path.stem}", contract_of(vector["schema"]), valid + invalid)


def suite() -> list[Case]:
    """JSON-Schema-Test-Suite, draft 2020-12: required, optional and formats."""
    paths = [path for part in ("", "optional", "optional/format") for path in sorted((SUITE / part).glob("*.json"))]
    groups = [group for path in paths for group in _groups(path)]
    return [Case(f"case{number:03}", about, contract, tests) for number, (about, contract, tests) in enumerate(groups)]


def _groups(path: Path) -> Iterator[tuple[str, dict[str, Any], list[Instance]]]:
    for group in json.loads(path.read_text("utf-8")):
        about = f"{path.relative_to(SUITE)} | {group['description']}"
        tests = [Instance(test["description"], test["data"], test["valid"]) for test in group["tests"]]
        yield about, contract_of(group["schema"]), tests
