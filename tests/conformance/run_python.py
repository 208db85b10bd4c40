"""Instances through generated Python: lines `{"name", "text"}` in, what became of each out. Started in the folder of the packages."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from peer_contract import ContractError

Codec = tuple[Any, Any]


def codec_of(name: str) -> Codec:
    """How a person reads and writes the type `Case` of a package."""
    package = importlib.import_module(name)
    if isinstance(package.Case, type):
        return package.Case.from_json, lambda value: value.to_json()
    return package.case_from_json, package.case_to_json


def passed(codec: Codec, text: str) -> dict[str, str]:
    """The text after decoding and encoding, or why it did not get through."""
    read, write = codec
    step = "decode"
    try:
        value = read(text)
        step = "encode"
        return {"text": write(value).decode()}
    except ContractError as error:
        return {"step": step, "code": error.code, "at": error.at}
    except Exception as error:
        return {"step": step, "crash": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Every line, in order."""
    sys.path.insert(0, "")
    codecs: dict[str, Codec] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        name = asked["name"]
        if name not in codecs:
            codecs[name] = codec_of(name)
        print(json.dumps(passed(codecs[name], asked["text"])))


if __name__ == "__main__":
    main()
