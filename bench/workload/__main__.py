"""Writes messages, broken messages and the schema that the peers get: `python -m workload DIR`."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from typing import Any

from . import types
from .message import LENGTHS, SEED, SIZES, longer, parcel
from .mutate import mutations
from .order import canonical, shuffled

CONTRACT = Path(__file__).resolve().parent.parent / "bench.contract.json"


def minified(value: Any) -> bytes:
    """JSON without spaces, members as they come."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def schema() -> Any:
    """The schema of the message alone, as 2020-12, for engines that know no contracts."""
    definitions = json.loads(CONTRACT.read_text())["$defs"]
    kept = {name: body for name, body in definitions.items() if name not in ("Trip", "Landing")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "#/$defs/Parcel", "$defs": kept}


def main(folder: Path) -> None:
    """All files of one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        message = parcel(size)
        name = size.replace(" ", "")
        (folder / f"{name}.author.json").write_bytes(minified(message))
        (folder / f"{name}.canonical.json").write_bytes(canonical(message))
        (folder / f"{name}.shuffled.json").write_bytes(minified(shuffled(message, random.Random(SEED))))
        if size != "1 MB":
            broken = [{"about": about, "text": minified(value).decode()} for about, value in mutations(message)]
            (folder / f"{name}.broken.json").write_bytes(minified(broken))
    (folder / "schema.json").write_bytes(minified(schema()))
    for count in types.COUNTS:
        (folder / f"types{count}.contract.json").write_bytes(minified(types.contract(count)))
        (folder / f"types{count}.schema.json").write_bytes(minified(types.schema(count)))
        (folder / f"types{count}.json").write_bytes(minified(types.batch(count)))
    for records in LENGTHS:
        (folder / f"records{records}.json").write_bytes(minified(longer(records)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m workload", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the files go")
    main(parser.parse_args().folder)
