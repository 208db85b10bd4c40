"""What a figure was measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from prepare import NODE, PYTHON, modules


def facts() -> dict[str, str]:
    """Processor, system, languages, and the versions of the peers."""
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "load before": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "Rust": _first_line("rustc", "--version"),
        "Python": platform.python_version(),
        "Node": _first_line("node", "--version"),
        "our modules": "trained" if modules.profdata() else "not trained: no llvm-profdata of the compiler's LLVM",
        "Rust peers": "jsonschema 0.60.2, serde_json 1.0.154, serde_json_canonicalizer 0.4.1, sha2 0.11.1, mimalloc for both sides",
        "Python peers": _python_peers(),
        "Node peers": _node_peers(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _first_line(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def _python_peers() -> str:
    names = ("msgspec", "pydantic", "orjson", "jsonschema-rs", "jsonschema", "boto3", "datamodel-code-generator")
    code = f"from importlib.metadata import version\nprint(', '.join(f'{{n}} {{version(n)}}' for n in {names!r}))"
    return _first_line(str(PYTHON), "-c", code)


def _node_peers() -> str:
    names = ("ajv", "ajv-formats", "@sinclair/typebox", "canonicalize", "@aws-sdk/client-lambda", "quicktype")
    code = "for (const n of process.argv.slice(1)) console.log(n, JSON.parse(require('fs').readFileSync(`node_modules/${n}/package.json`)).version)"
    told = subprocess.run(["node", "-e", code, *names], cwd=NODE, capture_output=True, text=True, check=True).stdout
    return ", ".join(told.splitlines())
