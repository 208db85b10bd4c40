"""What a fresh process costs: CPU over the bare interpreter, for us and for what people load today."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
#: An inherited `NODE_EXTRA_CA_CERTS` alone would add 42 ms to every start of Node.
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}


@dataclass(frozen=True)
class Start:
    """A program that does one thing and ends."""

    group: str
    name: str
    command: tuple[str, ...]


def starts(interpreter: Path, data: Path) -> list[Start]:
    """All programs of the comparison; `ready` has one message checked."""
    return [*_of_python(interpreter, data), *_of_node(data)]


def _of_python(interpreter: Path, data: Path) -> list[Start]:
    text = (
        f"import sys; sys.path.insert(0, {str(BENCH / 'python')!r}); text = open({str(data / '600B.author.json')!r}, 'rb').read()"
    )
    schema = f"json.load(open({str(data / 'schema.json')!r}))"
    programs = {
        "bare": "pass",
        "ours: import": "import peer_contract",
        "ours: ready": f"{text}; import parcels; parcels.Parcel.from_json(text)",
        "msgspec: import": "import msgspec",
        "msgspec: ready": f"{text}; import model_msgspec; model_msgspec.decode(text)",
        "pydantic: import": "import pydantic",
        "pydantic: ready": f"{text}; import model_pydantic; model_pydantic.decode(text)",
        "jsonschema: import": "import jsonschema",
        "jsonschema: ready": f"{text}; import json; from jsonschema import Draft202012Validator as Draft; "
        f"Draft({schema}, format_checker=Draft.FORMAT_CHECKER).validate(json.loads(text))",
        "boto3: import": "import boto3",
    }
    return [Start("cold-python", name, (str(interpreter), "-c", code)) for name, code in programs.items()]


def _of_node(data: Path) -> list[Start]:
    text = f"const text = require('fs').readFileSync('{data / '600B.author.json'}')"
    schema = f"JSON.parse(require('fs').readFileSync('{data / 'schema.json'}'))"
    ajv = "const ajv = new (require('ajv/dist/2020').default)({ strict: false }); require('ajv-formats').default(ajv)"
    programs = {
        "bare": "",
        "ours: require": "require('peer-contract')",
        "ours: ready": f"{text}; require('./parcels/index.cjs').Parcel.fromJson(text)",
        "ajv: require": "require('ajv/dist/2020')",
        "ajv: ready": f"{text}; {ajv}; ajv.compile({schema})(JSON.parse(text))",
        "AWS SDK client: require": "require('@aws-sdk/client-lambda')",
    }
    return [Start("cold-node", name, ("node", "-e", code)) for name, code in programs.items()]


def cpu_ns(start: Start) -> int:
    """User and system time of one run."""
    child = subprocess.Popen(start.command, cwd=BENCH / "node", env=ENVIRONMENT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{start.group}, {start.name}: exit code {child.returncode}")
    return int((usage.ru_utime + usage.ru_stime) * 1e9)


def measure_starts(interpreter: Path, data: Path, rounds: int) -> dict[str, dict[str, list[int]]]:
    """CPU time of each program by group and name: one run of each per round."""
    taken: dict[str, dict[str, list[int]]] = {}
    for turn in range(rounds + 1):
        for program in starts(interpreter, data):
            spent = cpu_ns(program)
            # The first round fills the caches of the file system.
            if turn:
                taken.setdefault(program.group, {}).setdefault(program.name, []).append(spent)
    return taken


def over_bare(taken: dict[str, list[int]]) -> dict[str, list[int]]:
    """What each run costs over the bare run of the same round."""
    return {name: [max(0, one - bare) for one, bare in zip(runs, taken["bare"], strict=True)] for name, runs in taken.items()}
