"""The Python cases by name, each as a function of a message's bytes, and the proof that they agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import model_msgspec
import model_pydantic
import orjson
from parcels import Parcel, _types

SCHEMA = _types.contract.schema("/$defs/Parcel")


def decoders(data: Path) -> dict[str, Callable[[bytes], Any]]:
    """Bytes to checked objects."""
    is_valid = jsonschema_rs.validator_for(json.loads((data / "schema.json").read_text()), validate_formats=True).is_valid

    def checked(text: bytes) -> Any:
        value = orjson.loads(text)
        if not is_valid(value):
            raise ValueError
        return value

    return {
        "ours: objects": Parcel.from_json,
        "msgspec: objects": model_msgspec.decode,
        "pydantic: objects": model_pydantic.decode,
        "ours: dicts": SCHEMA.read,
        "orjson + jsonschema-rs: dicts": checked,
        "orjson.loads": orjson.loads,
    }


def encoders(data: Path, text: bytes) -> dict[str, Callable[[], bytes]]:
    """Checked bytes from objects that are there already."""
    is_valid = jsonschema_rs.validator_for(json.loads((data / "schema.json").read_text()), validate_formats=True).is_valid
    value, parcel = orjson.loads(text), Parcel.from_json(text)

    def checked() -> bytes:
        if not is_valid(value):
            raise ValueError
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)

    return {
        "ours: encode dicts": lambda: SCHEMA.write(value),
        "ours: encode objects": lambda: parcel.to_json(),
        "jsonschema-rs + orjson sorted: encode": checked,
    }


def compare(data: Path, name: str) -> None:
    """Raises unless every case gives what the others give, and refuses what is broken."""
    canonical = (data / f"{name}.canonical.json").read_bytes()
    expected = json.loads(canonical)
    cases = decoders(data)
    for form in ("author", "canonical", "shuffled"):
        text = (data / f"{name}.{form}.json").read_bytes()
        for case in ("ours: dicts", "orjson + jsonschema-rs: dicts", "orjson.loads"):
            assert cases[case](text) == expected, f"{case} reads {name} {form} otherwise"
        for case, written in encoders(data, text).items():
            # orjson keeps `1.0`, which is `1` in RFC 8785: its bytes are compared as values.
            assert written() == canonical or (not case.startswith("ours") and json.loads(written()) == expected), (
                f"{case} writes {name} otherwise"
            )
        same_objects(cases, text)
    broken = data / f"{name}.broken.json"
    for one in json.loads(broken.read_text()) if broken.exists() else []:
        for case, decode in cases.items():
            if case != "orjson.loads":
                assert refuses(decode, one["text"].encode()), f"{case} takes {name} with {one['about']}"


def same_objects(cases: dict[str, Callable[[bytes], Any]], text: bytes) -> None:
    """A sample of the fields, deep enough to notice an object of the wrong kind."""
    ours, msgspec, pydantic = (cases[f"{library}: objects"](text) for library in ("ours", "msgspec", "pydantic"))
    assert ours.note == msgspec.note == pydantic.note
    assert type(ours.task).__name__ == type(msgspec.task).__name__ == type(pydantic.task).__name__
    assert str(ours.id) == str(msgspec.id) == str(pydantic.id)
    if hasattr(ours.task, "records"):
        for one, two, three in zip(ours.task.records, msgspec.task.records, pydantic.task.records, strict=True):
            assert (
                (one.key, one.weight, one.author.name)
                == (two.key, two.weight, two.author.name)
                == (three.key, three.weight, three.author.name)
            )
            assert type(one.origin).__name__ == type(two.origin).__name__ == type(three.origin).__name__


def refuses(decode: Callable[[bytes], Any], text: bytes) -> bool:
    """Whether a decoder raises."""
    try:
        decode(text)
    except Exception:
        return True
    return False
