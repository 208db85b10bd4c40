"""The groups of cases: each runs its programs and gives what they printed, one record per group and size."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cold import first_reply, measure_starts, over_bare
from dev import running
from prepare import BENCH, DATA, NODE, OUT, PYTHON, modules

sys.path.append(str(BENCH / "python"))

from rounds import summary
from workload import types

Record = dict[str, Any]

QUICK = bool(os.environ.get("QUICK"))
CONTRACT = str(BENCH / "bench.contract.json")


def rounds(full: int) -> int:
    """Fewer with `QUICK=1`: enough to see that everything runs, too few to trust."""
    return max(3, full // 6) if QUICK else full


class Failed(Exception):
    """A program of a group did not run to its end: what it measures is wrong or missing."""


def records(*command: str | Path, cwd: Path = BENCH) -> list[Record]:
    """The lines of JSON that a program prints; a program that fails gave a wrong answer."""
    environment = {name: value for name, value in os.environ.items() if name != "NODE_EXTRA_CA_CERTS"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(" ".join(map(str, command)))
    return [json.loads(line) for line in done.stdout.splitlines()]


def rust() -> list[Record]:
    """Bytes to verdict, digest and canonical bytes; peak of the heap."""
    timed = records(OUT / "bench-speed", CONTRACT, DATA, str(rounds(31)))
    return timed + records(OUT / "bench-memory", CONTRACT, DATA)


def python() -> list[Record]:
    """Decoding and encoding; peak memory, in a process per case."""
    timed = records(PYTHON, "python/speed.py", DATA, str(rounds(31)))
    cases = ("ours: objects", "msgspec: objects", "ours: dicts", "orjson + jsonschema-rs: dicts")
    return timed + _memory(cases, lambda case: records(PYTHON, "python/memory.py", DATA, case))


def node() -> list[Record]:
    """Decoding and encoding; peak memory, in a process per case."""
    timed = records("node", "node/speed.mjs", DATA, str(rounds(31)))
    cases = ("ours: canonical", "JSON.parse + ajv: canonical", "JSON.parse: canonical")
    return timed + _memory(cases, lambda case: records("node", "node/memory.mjs", DATA, case))


def _memory(cases: tuple[str, ...], run: Callable[[str], list[Record]]) -> list[Record]:
    """The median of several processes each: the kernel counts in pages, and what lies in them varies."""
    if not sys.platform.startswith("linux"):
        return []
    runs = [[run(case)[0] for case in cases] for _ in range(rounds(9))]
    samples = {case: summary([one[at]["samples"][case] for one in runs]) for at, case in enumerate(cases)}
    return [{**runs[0][0], "samples": samples}]


def cold() -> list[Record]:
    """Fresh processes, the Rust function's first reply, and what everything weighs."""
    measured = measure_starts(PYTHON, DATA, rounds(21))
    made = [
        {"group": group, "size": "fresh", "bytes": 0, "samples": {name: summary(runs) for name, runs in over_bare(taken).items()}}
        for group, taken in measured.items()
    ]
    sizes = {
        "Python module": (OUT / modules.library("_native")).stat().st_size,
        "Node module": (OUT / modules.library("peer_contract_node")).stat().st_size,
        "TLS of both modules": (OUT / modules.library(modules.TLS[1])).stat().st_size,
        "Rust function": (OUT / "bench-agent").stat().st_size,
    }
    made.append({"group": "cold-size", "size": "file", "bytes": 0, "samples": sizes})
    if sys.platform.startswith("linux"):
        event = _fresh_starts()["600B.start.rust.toRust"]
        spent = [first_reply([str(OUT / "bench-agent")], event) for _ in range(rounds(21))]
        made.append({"group": "cold-rust", "size": "fresh", "bytes": 0, "samples": {"ours: first reply": summary(spent)}})
    return made


def _fresh_starts() -> dict[str, bytes]:
    """First messages of works, which expire an hour from now."""
    records(PYTHON, "python/starts.py", DATA)
    return {path.stem: path.read_bytes() for path in DATA.glob("*.start.*.json")}


def handoff() -> list[Record]:
    """Contract work in each language alone, and whole handoffs between running agents."""
    _fresh_starts()
    turns = records(OUT / "bench-turn", DATA, str(rounds(31)))
    turns += records(PYTHON, "python/turn.py", DATA, str(rounds(31)))
    turns += records("node", "node/turn.mjs", DATA, str(rounds(31)))
    with running(BENCH) as endpoint:
        whole = records(OUT / "bench-drive", endpoint, DATA, "pairs", str(rounds(60)))
    return core_of_pairs(turns) + with_transport(whole, core_of_pairs(turns))


LANGUAGES = ("Rust", "Python", "Node")


def core_of_pairs(turns: list[Record]) -> list[Record]:
    """Sending in one language and opening in the other.

    A turn that passes a message on opens one and sends one; a turn that ends opens one and sends a few bytes. What
    sending costs is the difference, and the few bytes are counted with opening.
    """
    by = {(turn["group"].removeprefix("turn-"), turn["size"]): turn["samples"] for turn in turns}
    made = []
    for size in dict.fromkeys(turn["size"] for turn in turns):
        samples = {}
        for sender in LANGUAGES:
            for receiver in LANGUAGES:
                sent, opened = by[sender.lower(), size], by[receiver.lower(), size]
                told = {at: sent["pass"][at] - sent["land"]["median"] + opened["land"][at] for at in ("p10", "median", "p90")}
                samples[f"{sender} → {receiver}"] = told
        made.append({"group": "handoff-core", "size": size, "bytes": 0, "samples": samples})
    return made


def with_transport(whole: list[Record], core: list[Record]) -> list[Record]:
    """The whole handoffs, and beside each what is left when contract work is taken away."""
    cores = {one["size"]: one["samples"] for one in core}
    for one in whole:
        left = {pair: max(0, sample["median"] - cores[one["size"]][pair]["median"]) for pair, sample in one["samples"].items()}
        one["samples"].update({f"{pair}, transport": value for pair, value in left.items()})
    return whole


def growth() -> list[Record]:
    """Cost over size of message, number of types, length of chain, and works at once."""
    made = records(OUT / "bench-growth", CONTRACT, DATA, str(rounds(15)))
    with running(BENCH) as endpoint:
        made += records(OUT / "bench-drive", endpoint, DATA, "chain", str(rounds(30)))
    with running(BENCH, concurrency=64) as endpoint:
        made += records(OUT / "bench-drive", endpoint, DATA, "crowd", "3" if QUICK else "15")
    return made


def generate() -> list[Record]:
    """Contracts of 10, 100 and 1,000 types to code, as whole processes."""
    made = []
    for count in types.COUNTS:
        turns = 1 if QUICK or count == 1000 else 3
        samples = {name: summary([_cpu_ns(command) for _ in range(turns)]) for name, command in _generators(count).items()}
        made.append({"group": "generate", "size": f"{count} types", "bytes": 0, "samples": samples})
    cpu, clock = zip(*(_spent_ns(_many_contracts()) for _ in range(rounds(9))), strict=True)
    many = {"ours: by the clock": summary([*clock]), "ours: CPU time": summary([*cpu])}
    made.append({"group": "generate-many", "size": "24 KB each", "bytes": 0, "samples": many})
    starts = {name: summary([_cpu_ns(command) for _ in range(rounds(21))]) for name, command in _starts().items()}
    return [*made, {"group": "command", "size": "fresh", "bytes": 0, "samples": starts}]


def _many_contracts() -> list[str]:
    """One command for 120 contracts of 45 types: as long as 400 schemas of SchemaStore are on average."""
    out = OUT / "generated-many"
    shutil.rmtree(out, ignore_errors=True)
    (out / "contracts").mkdir(parents=True)
    for number in range(120):
        contract = {**types.contract(45), "name": f"many{number}"}
        (out / "contracts" / f"many{number}.contract.json").write_text(json.dumps(contract))
    folders = [part for name in ("rust", "python", "javascript") for part in (f"--{name}", str(out / name))]
    return [str(OUT / "peerc"), "generate", str(out / "contracts"), *folders]


def _starts() -> dict[str, list[str]]:
    peerc = str(OUT / "peerc")
    return {"peerc --version": [peerc, "--version"], "peerc check": [peerc, "check", CONTRACT]}


def _generators(count: int) -> dict[str, list[str]]:
    contract, schema = DATA / f"types{count}.contract.json", DATA / f"types{count}.schema.json"
    out = OUT / f"generated{count}"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    (out / "contract.json").write_bytes(contract.read_bytes())
    (out / "peerc.toml").write_text('contract = "contract.json"\n')
    peerc = [str(OUT / "peerc"), "generate", "--python", "python", "--javascript", "javascript", "--rust", "rust"]
    quicktype = [
        str(NODE / "node_modules" / ".bin" / "quicktype"),
        "--src-lang",
        "schema",
        "--src",
        str(schema),
        "--top-level",
        "Batch",
    ]
    pydantic = [str(PYTHON.parent / "datamodel-codegen"), "--input", str(schema), "--input-file-type", "jsonschema"]
    return {
        "ours: three languages": ["sh", "-c", 'cd "$0" && exec "$@"', str(out), *peerc],
        "quicktype: TypeScript": [*quicktype, "--lang", "typescript", "--out", str(out / "quicktype.ts")],
        "quicktype: Rust": [*quicktype, "--lang", "rust", "--out", str(out / "quicktype.rs")],
        "datamodel-code-generator: pydantic": [
            *pydantic,
            "--output-model-type",
            "pydantic_v2.BaseModel",
            "--output",
            str(out / "pydantic.py"),
        ],
    }


#: Some generators take minutes for 1,000 types; the report says so and goes on.
PATIENCE_S = 120


def _cpu_ns(command: list[str]) -> int:
    return _spent_ns(command)[0]


def _spent_ns(command: list[str]) -> tuple[int, int]:
    """CPU time of one run, and what a clock says."""
    began = time.monotonic_ns()
    child = subprocess.Popen(command, cwd=OUT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    until = time.monotonic() + PATIENCE_S
    while True:
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > until:
            child.kill()
        time.sleep(0.002)
    taken = time.monotonic_ns() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, -9):
        assert child.stderr is not None
        raise Failed(f"{' '.join(command)}\n{child.stderr.read().decode()}")
    return int((usage.ru_utime + usage.ru_stime) * 1e9), taken


GROUPS: dict[str, Callable[[], list[Record]]] = {
    "rust": rust,
    "python": python,
    "node": node,
    "cold": cold,
    "handoff": handoff,
    "growth": growth,
    "generate": generate,
}
