"""Files made to hang, exhaust or mislead the command: each is taken or refused with a code, soon, and nothing else happens."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import PEERC

SECONDS = 20
MEMORY = 4 << 30
CODED = re.compile(r'"code":\s*"[a-z_]+"')

PLAIN: dict[str, Any] = {
    "peerContract": "1", "name": "hostile", "version": "1.0.0",
    "agents": {"one": {"operations": {"ask": {"input": {"$ref": "#/$defs/R"}, "output": {"schema": {"type": "string"}}}}}},
    "$defs": {"R": {"type": "object"}},
}  # fmt: skip
JSON = json.dumps(PLAIN)
YAML = "".join(f"{key}: {json.dumps(value)}\n" for key, value in PLAIN.items())


def with_types(**types: Any) -> str:
    """The plain contract with these types."""
    return json.dumps({**PLAIN, "$defs": {"R": {"type": "object"}, **types}})


def with_text(text: str) -> str:
    """The plain contract with a member of this JSON text."""
    return f'{JSON[:-1]},"x-text":{text}}}'


def twice_each(levels: int, *keywords: str) -> dict[str, Any]:
    """Types that name the next one twice, so that a walk without memory takes 2^levels steps."""
    types: dict[str, Any] = {
        f"T{level}": {keyword: [{"$ref": f"#/$defs/T{level + 1}"}] * 2 for keyword in keywords} for level in range(levels)
    }
    return {**types, f"T{levels}": {"type": "object"}, "R": {"$ref": "#/$defs/T0"}}


BOMB = "x-b:\n  a0: &a0 [x, x]\n" + "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
FILES: dict[str, str | bytes] = {
    "aliases.yaml": YAML + BOMB,
    "alias-of-itself.yaml": YAML + "x-c: &c [*c]\n",
    "merge.yaml": YAML + "x-m: &m {a: 1}\nx-n: {<<: *m}\n",
    "deep.json": with_text("[" * 200_000 + "]" * 200_000),
    "deep.yaml": "x: " + "[" * 100_000 + "]" * 100_000,
    "deep-dashes.yaml": "- " * 50_000 + "x",
    "deep-questions.yaml": "? " * 50_000 + "x",
    "deep-maps.yaml": "".join(" " * level + "a:\n" for level in range(1_200)),
    "long-number.json": with_text("9" * 400_000),
    "exponent.json": with_text("1e999999999"),
    "small-exponent.json": with_text("1e-999999999"),
    "exponent.yaml": YAML + "x-n: 1e99999\n",
    "hexadecimal.yaml": YAML + f"x-n: 0x{'f' * 5000}\n",
    "not-a-number.yaml": YAML + "x-n: [.nan, .inf, -.inf]\n",
    "nul.json": with_text('"\0"'),
    "nul.yaml": YAML + "x-n: a\0b\n",
    "surrogate.json": with_text('"\\ud800"'),
    "surrogate.yaml": YAML + 'x-n: "\\ud800"\n',
    "surrogate-bytes.json": b'{"x":"\xed\xa0\x80"}',
    "utf-16.json": JSON.encode("utf-16"),
    "byte-order-mark.json": b"\xef\xbb\xbf" + JSON.encode(),
    "overlong.json": b'{"x":"\xc0\xaf"}',
    "latin-1.yaml": YAML.encode() + b"x-n: \xff\n",
    "twice.json": f'{JSON[:-1]},"name":"other"}}',
    "twice.yaml": YAML + "name: other\n",
    "twice-by-escape.json": f'{JSON[:-1]},"n\\u0061me":"other"}}',
    "tag.yaml": YAML + "x-t: !!python/object/apply:os.system ['touch injected']\n",
    "two-documents.yaml": f"{YAML}---\n{YAML}",
    "directive.yaml": f"%YAML 9.9\n%TAG ! tag:x,2000:\n---\n{YAML}",
    "empty.json": "",
    "blank.yaml": "\n\n",
    "carriage-returns.yaml": YAML.replace("\n", "\r"),
    "windows.yaml": YAML.replace("\n", "\r\n"),
    "separators.yaml": YAML + "x-n: a\u2028b\u2029c\x85d\n",
    "circle.json": with_types(R={"$ref": "#/$defs/R"}),
    "circle-of-many.json": with_types(**{f"T{n}": {"allOf": [{"$ref": f"#/$defs/T{(n + 1) % 500}"}]} for n in range(500)}),
    "chain.json": with_types(**{f"T{n}": {"$ref": f"#/$defs/T{n + 1}"} for n in range(3000)}, T3000={"type": "string"}),
    "all-twice.json": with_types(**twice_each(60, "allOf")),
    "any-twice.json": with_types(**twice_each(60, "anyOf")),
    "each-twice.json": with_types(**twice_each(14, "anyOf", "oneOf", "allOf")),
    "counted-pattern.json": with_types(R={"type": "string", "pattern": "(a{1000}){1000}{1000}"}),
    "deep-pattern.json": with_types(R={"type": "string", "pattern": "(" * 5000 + "a" + ")" * 5000}),
    "wide-pattern.json": with_types(R={"type": "string", "pattern": "|".join(f"{n}x*" for n in range(20_000))}),
    "class-pattern.json": with_types(R={"type": "string", "pattern": "\\p{L}{1000}"}),
    "wide-enum.json": with_types(R={"enum": [f"v{n}" for n in range(20_000)]}),
    "enum-of-one-name.json": with_types(R={"enum": [f"a{''.join('-.'[int(bit)] for bit in f'{n:013b}')}" for n in range(5_000)]}),
    "wide-object.json": with_types(R={"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(2_000)}}),
    "object-of-one-name.json": with_types(R={"type": "object", "properties": {f"a{'-' * n}": {"type": "object"} for n in range(400)}}),
    "wide-union.json": with_types(
        R={"oneOf": [{"type": "object", "required": ["k"], "properties": {"k": {"const": f"v{n}"}}} for n in range(500)]}
    ),
    "many-mistakes.json": json.dumps({**PLAIN, "agents": {f"1{n}": {} for n in range(2_000)}}),
    "long-name.json": with_types(R={"type": "object", "properties": {"k" * 200_000: {"type": "string"}}}),
    "tiny-step.json": with_types(R={"type": "number", "multipleOf": 5e-324, "maximum": 1.7e308}),
    "long-text.json": with_types(R={"type": "string", "minLength": 2**53 - 1}),
    "deep-schema.json": with_types(R=json.loads('{"items":' * 50 + "true" + "}" * 50)),
}
COMMANDS = [
    ["check", "{}"],
    ["lint", "{}"],
    ["hash", "{}"],
    ["explain", "{}"],
    ["diff", "plain.json", "{}"],
    ["generate", "{}", "--rust", "rust", "--python", "python", "--javascript", "javascript"],
]


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_taken_or_refused_with_a_code(name: str, tmp_path: Path) -> None:
    text = FILES[name]
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    (tmp_path / "plain.json").write_text(JSON)
    for command in COMMANDS:
        arguments = [part.format(name) for part in command]
        started = time.monotonic()
        done = subprocess.run(
            [PEERC, *arguments, "--format", "json"], cwd=tmp_path, capture_output=True, timeout=2 * SECONDS, preexec_fn=within_memory
        )
        told = (done.stdout + done.stderr).decode()
        assert done.returncode in (0, 1, 2) and "panicked" not in told, f"{arguments}: {done.returncode} {told:.500}"
        assert done.returncode != 2 or CODED.search(told), f"{arguments}: {told:.500}"
        assert time.monotonic() - started < SECONDS, arguments
        if done.returncode == 2:
            break
    left = {path.name for path in tmp_path.iterdir()} - {name, "plain.json", "rust", "python", "javascript"}
    assert not left


def within_memory() -> None:
    """Before the command begins: no more address space than this."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize(
    "folder", ["../out", "/elsewhere/out", "a/../../out", "link", "link/deep", "deep/link/out"], ids=lambda folder: folder.replace("/", "|")
)
def test_a_project_cannot_send_its_output_elsewhere(folder: str, tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    for place in (project / "deep", elsewhere / "deep"):
        place.mkdir(parents=True)
    for link in (project / "link", project / "deep" / "link"):
        link.symlink_to(elsewhere, target_is_directory=True)
    (project / "contract.json").write_text(JSON)
    (project / "peerc.toml").write_text(f'contract = "contract.json"\n[generate]\npython = "{folder}"\n')
    done = subprocess.run([PEERC, "generate", "--format", "json"], cwd=project, capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2) and "configuration_invalid" in done.stdout + done.stderr, done
    assert not [path for path in elsewhere.rglob("*") if path.is_file()]
    assert not (tmp_path / "out").exists()


def test_files_that_lie_in_the_way_stay(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(JSON)
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "out").mkdir()
    os.symlink(tmp_path / "secret", tmp_path / "out" / "__init__.py")
    done = subprocess.run([PEERC, "generate", "c.json", "--python", "out"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and (tmp_path / "secret").read_text() == "mine", done
    assert os.listdir(tmp_path / "out") == ["__init__.py"]


@pytest.mark.parametrize("name", ["con", "Aux", "NUL", "com1", "lpt9", "index", "mod", "types"])
def test_every_name_of_an_agent_is_a_file_on_every_system(name: str, tmp_path: Path) -> None:
    contract = {**PLAIN, "agents": {name: PLAIN["agents"]["one"]}}
    (tmp_path / "c.json").write_text(json.dumps(contract))
    folders = ["--rust", "rust", "--python", "python", "--javascript", "javascript"]
    subprocess.run([PEERC, "generate", "c.json", *folders], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    written = [path for path in tmp_path.rglob("*.*") if path.is_file()]
    stems = {path.name.split(".")[0].lower() for path in written}
    assert not stems & {"con", "aux", "nul", "prn", "com1", "lpt9"}
    assert len({str(path).lower() for path in written}) == len(written) > 10
