"""Schemas that want files which are none of theirs, or more of them than anyone has: nothing outside of the folder is read,
and every import ends soon, with a contract or with a reason."""

from __future__ import annotations

import json
import os
import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import PEERC

SECRET = "canary-of-a-file-that-is-none-of-theirs"
SECONDS = 20
MEMORY = 4 << 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to import from, with a secret beside it."""
    (tmp_path / "secret.json").write_text(json.dumps({"type": "string", "title": SECRET, "const": SECRET}))
    (tmp_path / "inside").mkdir()
    return tmp_path / "inside"


def run_import(folder: Path, schema: Any, *more: str) -> subprocess.CompletedProcess[str]:
    """Imports a schema of the folder, within bounds of time and memory."""
    (folder / "s.json").write_text(schema if isinstance(schema, str) else json.dumps(schema))
    bound = lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))  # noqa: E731
    command = [PEERC, "import", "s.json", *more]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, preexec_fn=bound)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """What an import says that it refuses with; the secret is no part of it."""
    told = done.stdout + done.stderr
    assert done.returncode in (1, 2), told
    assert SECRET not in told
    assert "panicked" not in told
    assert "canary" not in told or "canary.example" in told, told
    return told


OUTSIDE = [
    "../secret.json", "./../secret.json", "%2e%2e/secret.json", "..%2fsecret.json", "%2E%2E%2Fsecret.json", "a/../../secret.json", "../inside/../secret.json",
    "file:../secret.json", "....//secret.json", "..\\secret.json", "../secret", "../secret.json#", "../secret.json?x", "//localhost/secret.json",
]  # fmt: skip


@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
@pytest.mark.parametrize("address", OUTSIDE)
def test_no_way_leads_out_of_the_folder(address: str, keyword: str, folder: Path) -> None:
    refused(run_import(folder, {"properties": {"a": {keyword: address}}}))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "/etc/passwd", "file://localhost/etc/passwd", "FILE:///etc/passwd", "/proc/self/environ", "/dev/zero"])
def test_no_file_of_the_system_is_read(address: str, folder: Path) -> None:
    told = refused(run_import(folder, {"$ref": address}))
    assert "root:" not in told
    assert "PATH=" not in told


def test_an_address_of_its_own_lets_no_schema_out(folder: Path) -> None:
    for own in [f"file://{folder.parent}/s.json", "file:///etc/s.json", f"file://{folder.parent}/"]:
        refused(run_import(folder, {"$id": own, "$ref": "secret.json"}))
        refused(run_import(folder, {"$defs": {"a": {"$id": own, "$ref": "secret.json"}}}))


def test_links_lead_nowhere_outside(folder: Path) -> None:
    (folder / "link.json").symlink_to(folder.parent / "secret.json")
    (folder / "up").symlink_to(folder.parent)
    (folder / "self.json").symlink_to("self.json")
    for address in ["link.json", "up/secret.json", "self.json", "up/inside/link.json"]:
        refused(run_import(folder, {"$ref": address}))
    (folder / "other.json").write_text('{"type": "string"}')
    (folder / "here.json").symlink_to("other.json")
    assert run_import(folder, {"$ref": "here.json"}).returncode == 0


def test_what_is_no_file_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    (folder / "folder.json").mkdir()
    for address in ["pipe.json", "folder.json", "."]:
        refused(run_import(folder, {"$ref": address}))


def test_a_mapping_reaches_its_folder_and_no_other(folder: Path) -> None:
    (folder / "lib").mkdir()
    (folder / "lib" / "a.json").write_text('{"type": "string"}')
    mapping = ("--map", "https://canary.example/=lib")
    assert run_import(folder, {"$ref": "https://canary.example/a.json"}, *mapping).returncode == 0
    for way in ["../../secret.json", "..%2f..%2fsecret.json", "%2e%2e/%2e%2e/secret.json", "x/../../../secret.json"]:
        refused(run_import(folder, {"$ref": f"https://canary.example/{way}"}, *mapping))


def test_files_that_refer_to_each_other_are_read_once(folder: Path) -> None:
    for number in range(300):
        following = {"$ref": f"f{(number + 1) % 300}.json"}
        back = {"$ref": f"f{number * 7 % 300}.json#/properties/next"}
        schema = {"type": "object", "properties": {"next": {"type": "array", "items": following}, "back": {"type": "array", "items": back}}}
        (folder / f"f{number}.json").write_text(json.dumps(schema))
    done = run_import(folder, {"$ref": "f0.json"}, "-o", "all.contract.json")
    assert done.returncode == 0, done.stderr[-400:]
    assert len(json.loads((folder / "all.contract.json").read_text())["$defs"]) >= 300
    (folder / "one.json").write_text('{"$ref": "two.json"}')
    (folder / "two.json").write_text('{"$ref": "one.json"}')
    assert "ref_cycle" in refused(run_import(folder, {"$ref": "one.json"}, "--format", "json"))


def nested(levels: int, keyword: str) -> str:
    """A schema with others one inside the other."""
    return f'{{"{keyword}":' * levels + "{}" + "}" * levels


LARGE: dict[str, str] = {
    "deep-not": nested(200_000, "not"),
    "deep-items": nested(5_000, "items"),
    "deep-lists": '{"allOf":[' * 50_000 + "{}" + "]}" * 50_000,
    "huge": json.dumps({"description": "x" * (17 << 20)}),
    "many": json.dumps({"$defs": {f"T{number}": {"type": "string"} for number in range(250_000)}}),
    "wide": json.dumps({"enum": list(range(400_000))}),
    "doubling": json.dumps({"$defs": {f"T{n}": {"allOf": [{"$ref": f"#/$defs/T{n + 1}"}] * 2} for n in range(60)} | {"T60": {}}, "$ref": "#/$defs/T0"}),
    "long-name": json.dumps({"$defs": {"x" * 1_000_000: {}}}),
    "long-pointer": json.dumps({"$ref": "#" + "/a" * 1_000_000}),
    "long-address": json.dumps({"$ref": "a/" * 500_000 + "b.json"}),
    "long-pattern": json.dumps({"pattern": "(" * 100_000 + ")" * 100_000}),
    "ids": json.dumps({"allOf": [{"$id": f"a{n}/", "$ref": "../" * n} for n in range(2_000)]}),
    "text": "x" * 1_000_000,
    "null": "null",
    "empty": "",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_schema_that_is_too_much_ends_soon(name: str, folder: Path) -> None:
    done = run_import(folder, LARGE[name], "-o", "made.contract.json", "--format", "json")
    assert done.returncode in (0, 1, 2), done.stderr[-400:]
    assert "panicked" not in done.stderr
    assert (done.returncode == 0) == (folder / "made.contract.json").exists()


@pytest.mark.parametrize("name", ["../made.json", "up/made.contract.json"])
def test_a_refused_schema_writes_nothing(name: str, folder: Path) -> None:
    (folder / "up").symlink_to(folder.parent)
    run_import(folder, {"$ref": "../secret.json"}, "-o", name)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["inside", "secret.json"]
