"""Schemas with instances: those of the JSON-Schema-Test-Suite, and our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
STORE = ROOT / "target" / "schemastore"
SERVED = ROOT / "target" / "json-schema-test-suite" / "remotes"
SUITE = ROOT / "target" / "json-schema-test-suite" / "tests" / "draft2020-12"
VECTORS = ROOT / "schemas" / "vectors" / "types"


@dataclass(frozen=True)
class Instance:
    """One value, and whether the schema takes it; nobody says where that is `None`. `refusal` is code and place, where they are known."""

    about: str
    value: Any
    valid: bool | None
    refusal: str | None = None


@dataclass(frozen=True)
class Case:
    """What code is generated from, with its instances.

    `name` is a word in all three languages; `source` is `{"schema", "formats"}` and maybe `"samples"`, with what `peerc import --formats` takes, or `{"contract"}`.
    """

    name: str
    about: str
    source: dict[str, Any]
    instances: list[Instance] = field(default_factory=list)


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
    return Case(name, f"types/{path.stem}", {"schema": vector["schema"], "formats": "check"}, valid + invalid)


def suite() -> list[Case]:
    """JSON-Schema-Test-Suite, draft 2020-12: required, optional and formats."""
    paths = [path for part in ("", "optional", "optional/format") for path in sorted((SUITE / part).glob("*.json"))]
    groups = [group for path in paths for group in _groups(path)]
    return [Case(f"case{number:03}", *group) for number, group in enumerate(groups)]


def used(store: Path, folders: list[Path], most_bytes: int | None = None) -> list[Case]:
    """Schemas that people use: those of a folder, and of others that are named.

    A file is a schema, of which samples are made, or `{"schema", "tests": [{"data", "valid"}]}`.
    """
    paths = [path for folder in (store, *folders) for path in sorted(folder.rglob("*.json"))]
    assert paths, f"{store} is empty"
    small = [path for path in paths if most_bytes is None or path.stat().st_size <= most_bytes]
    return [_used(f"used{number:05}", path) for number, path in enumerate(small)]


def _used(name: str, path: Path) -> Case:
    file = json.loads(path.read_text("utf-8-sig"))
    if not {"schema", "tests"} <= file.keys():
        return Case(name, path.stem, {"schema": file, "formats": "note", "samples": 3})
    tests = [Instance(f"test {number}", test["data"], test["valid"]) for number, test in enumerate(file["tests"])]
    return Case(name, path.stem, {"schema": file["schema"], "formats": "note"}, tests)


def _groups(path: Path) -> Iterator[tuple[str, dict[str, Any], list[Instance]]]:
    # Elsewhere in the suite, a format is a note.
    formats = "check" if path.parent == SUITE / "optional" / "format" else "note"
    for group in json.loads(path.read_text("utf-8")):
        about = f"{path.relative_to(SUITE)} | {group['description']}"
        tests = [Instance(test["description"], test["data"], test["valid"]) for test in group["tests"]]
        yield about, {"schema": group["schema"], "formats": formats}, tests
