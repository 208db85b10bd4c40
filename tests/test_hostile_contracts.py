"""Text of a contract never becomes code: every payload in every place, generated in all languages, parsed and loaded."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from conftest import PEERC, ROOT

PY = "__import__('builtins').canary()"
PAYLOADS = [
    "*/ canary() /*", "/* canary()", "/", "*", "*\u200b/ canary()", "*\\/ canary() /**", "// canary()\ncanary()", "<!-- canary()", "--> canary()",
    f'"""\n{PY}\n"""', f'""" + {PY} + """', f"'''\n{PY}\n'''", '"', '""', '"""', '""""', "'", "\\", '\\"', '\\\\"', '\\"""', "a\\", '"\\',
    f'"; {PY}; "', f"'; {PY}; '", "'); canary(); ('", '"); canary(); //', '"#; canary(); r#"', '"##; canary(); //', "r#\"", "#![canary()]", "#[canary()]",
    "${canary()}", "`${canary()}`", "`", "$`", "#{canary()}", "{{canary()}}", "{{{canary()}}}", "{% canary() %}", "<%= canary() %>", "{", "}", "{}", "{0.__class__}",
    "%s%n%d", "%(canary)s", "\\u{63}", "\\u000acanary()", "\\x0acanary()", "\\N{LINE FEED}canary()", "\\u002a/ canary()", "\\", "a\\\ncanary()",
    "\ncanary()", "\rcanary()", "\r\ncanary()\r\n", "\x0bcanary()", "\x0ccanary()", "\x85canary()", "\u2028canary()", "\u2029canary()",
    "\0canary()", "\x1b[31mcanary()", "\x7f", "\ufeffcanary()", "\u202ecanary()\u202c", "\u2066canary()\u2069", "\U000e0041canary()", "\xad", "\uffff", "\U0010ffff",
    "</script><script>canary()</script>", "@import canary()", "@deprecated {canary()}", "@type {import('canary')}", "# type: ignore\ncanary()",
    "# -*- coding: utf-7 -*-\n+AAo-canary()", "```\ncanary()\n```", "    canary()", "[x]: canary()", "__proto__", "constructor", "toString", "hasOwnProperty",
    "__class__", "__init__", "import", "class", "self", "Self", "await", "async", "None", "default", "fn", "x" * 5000, "canary() " * 600, "é" * 500, "ı", "ſ", "K",
]  # fmt: skip


def contract(text: str) -> dict[str, Any]:
    """The payload wherever text is free."""
    notes = {"title": text, "description": text, "$comment": text, "x-note": {text: [text]}}
    record = {
        **notes,
        "type": "object",
        "properties": {
            "a": {**notes, "type": "string", "default": text, "examples": [text]},
            "b": {**notes, "enum": [text, "other"], "default": "other"},
            "c": {**notes, "const": text},
            "d": {**notes, "type": "array", "items": {**notes, "enum": [text, 1, None]}},
            "e": {**notes, "type": "object", "additionalProperties": {**notes, "type": "integer"}, "default": {text: 1}},
        },
        "required": ["a"],
    }
    operation = {
        "description": text,
        "x-note": text,
        "input": {"$ref": "#/$defs/Record"},
        "output": {"schema": {**notes, "type": "string"}},
        "errors": {"wrong": {"description": text, "data": {**notes, "const": text}}},
    }
    return {
        "peerContract": "1", "name": "hostile", "version": "1.0.0", "description": text, "$comment": text, "x-note": text,
        "state": {**notes, "type": "object", "properties": {"s": {**notes, "type": "string"}}}, "initialState": {"s": text},
        "phases": {"start": "new", "end": ["done"]},
        "agents": {"one": {"description": text, "operations": {
            "ask": operation,
            "go": {**operation, "from": ["new"], "output": {**operation["output"], "to": "done"}, "errors": {"failed": {"description": text, "to": "done"}}},
        }}},
        "$defs": {"Record": record},
    }  # fmt: skip


def narrow(text: str) -> list[dict[str, Any]]:
    """The payload in one place that has rules of its own, in each contract."""

    def change(*path: str, value: Any = text, key: bool = False) -> dict[str, Any]:
        whole = contract("plain")
        part: Any = whole
        for name in path[:-1]:
            part = part[name]
        if key:
            part[text] = part[path[-1]]
        else:
            part[path[-1]] = value
        return whole

    record = ("$defs", "Record", "properties")
    ask = ("agents", "one", "operations", "ask")
    phased = contract("plain")
    phased["phases"] = {"start": text, "end": ["done"]}
    phased["agents"]["one"]["operations"]["go"]["from"] = [text]
    return [
        phased,
        change(*record, "a", key=True),
        change("$defs", "Record", key=True),
        change("agents", "one", key=True),
        change(*ask, key=True),
        change(*ask, "errors", "wrong", key=True),
        change(*record, "a", value={"type": "string", "pattern": text}),
        change(*record, "a", value={"type": "string", "format": text}),
        change(*record, "a", value={"$ref": text}),
        change(*ask, "idempotencyKey"),
        change("version", value=f"1.0.0-{text}"),
        change("name"),
        change("$schema"),
    ]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder per contract that was not refused."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "peer-contract").symlink_to(ROOT / "bindings-node")
    contracts = [(True, contract(text)) for text in PAYLOADS] + [(False, one) for text in PAYLOADS for one in narrow(text)]

    def generate(index: int) -> str | None:
        folder = root / f"c{index}"
        folder.mkdir()
        free, value = contracts[index]
        (folder / "c.json").write_text(json.dumps(value))
        folders = ["--rust", "rust", "--python", "python", "--javascript", "javascript"]
        done = subprocess.run([PEERC, "generate", "c.json", *folders, "--format", "json"], cwd=folder, capture_output=True, timeout=60)
        if done.returncode == 0:
            return None
        told = (done.stdout + done.stderr).decode()
        coded = done.returncode == 1 and re.search(r'"code":\s*"[a-z_]+"', told) and "panicked" not in told
        return None if coded and not free else f"{value!r:.600}: {done.returncode} {told:.600}"

    with ThreadPoolExecutor(4) as pool:
        wrong = [failure for failure in pool.map(generate, range(len(contracts))) if failure]
    assert not wrong, f"{len(wrong)}: " + "\n".join(wrong[:5])
    assert len(list(root.glob("c*/python"))) > 2 * len(PAYLOADS)
    return root


def code_only(text: str) -> str:
    """Rust or JavaScript without its comments and literals."""
    literal = r"""//[^\n]*|/\*.*?\*/|\br(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\(?:u\{\w+\}|.)|[^'\\\n])'|'(?:\\.|[^'\\\n]){2,}'|`(?:\\.|[^`\\])*`"""
    return re.sub(literal, " ", text, flags=re.DOTALL)


def test_python_is_python_and_runs_nothing_of_the_contract(generated: Path) -> None:
    for path in sorted(generated.glob("c*/python/*.py")):
        text = path.read_text()
        compile(text, str(path), "exec")
        names = [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.NAME]
        assert "__import__" not in names, path
    script = """if True:
        import builtins, importlib, pathlib
        def canary(*_): raise SystemExit("text became code")
        builtins.canary = canary
        packages = sorted(pathlib.Path().glob("c*/python"))
        for path in packages:
            importlib.import_module(f"{path.parent}.python")
        print(len(packages))"""
    done = subprocess.run([sys.executable, "-c", script], cwd=generated, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and int(done.stdout) > len(PAYLOADS), done.stderr[-2000:]


def test_javascript_loads_and_runs_nothing_of_the_contract(generated: Path) -> None:
    for path in [*generated.glob("c*/javascript/*.mjs"), *generated.glob("c*/javascript/*.mts"), *generated.glob("c*/javascript/*.cjs")]:
        # A name that was made of the contract may end in the word; a call of it stands alone.
        assert not re.search(r"(?<![\w$])canary\(", code_only(path.read_text())), path
    script = """
        import fs from 'node:fs'; import { pathToFileURL } from 'node:url'
        globalThis.canary = () => { console.error('text became code'); process.exit(9) }
        let loaded = 0
        for (const folder of fs.readdirSync('.').filter((name) => name.startsWith('c'))) {
          const here = folder + '/javascript'
          for (const name of fs.existsSync(here) ? fs.readdirSync(here) : []) {
            const file = here + '/' + name
            if (!name.endsWith('js')) continue
            await import(pathToFileURL(fs.realpathSync(file)).href)
            loaded += 1
          }
        }
        if ({}.polluted !== undefined) process.exit(7)
        console.log(loaded)"""
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, cwd=generated, capture_output=True, text=True, timeout=300, env={**os.environ, "NODE_OPTIONS": ""})
    assert done.returncode == 0 and int(done.stdout) > len(PAYLOADS), done.stderr[-2000:]


def test_rust_parses_and_holds_the_text_in_literals_only(generated: Path) -> None:
    files = [path for path in sorted(generated.glob("c*/rust/*.rs")) if path.name != "mod.rs"]
    for path in files:
        assert "canary(" not in code_only(path.read_text()), path
    for start in range(0, len(files), 500):
        command = ["rustfmt", "--edition", "2024", "--emit", "stdout", "--quiet", *map(str, files[start : start + 500])]
        done = subprocess.run(command, cwd=generated, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
    assert len(files) > len(PAYLOADS)
