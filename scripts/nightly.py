"""What takes too long for every change: ten million differential executions, fuzzing, the address sanitizer, Miri, the
Python module of the stable ABI, both modules as they are released, every hostile contract, every schema that people use,
stores under every fault, a thousand children of one work in the cloud, five minutes of works, fifty thousand pairs of
schemas for `peerc diff`.

A step whose tool is not on this machine is named with the reason, never passed over in silence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import modules
from steps import ROOT, SUITE, environment, say

EXECUTIONS = os.environ.get("NIGHTLY_EXECUTIONS", "10000000")
PAIRS = os.environ.get("NIGHTLY_PAIRS", "50000")
FUZZ_SECONDS = os.environ.get("NIGHTLY_FUZZ_SECONDS", "300")
TARGETS = ["grammar", "canonical", "check", "schema", "envelope"]


def step(title: str, command: list[str], **extra: str) -> bool:
    """Runs one step with its output passed on; says whether it passed."""
    say(f"\n── {title}: {' '.join(command)}")
    passed = subprocess.run(command, cwd=ROOT, env={**environment(), **extra}).returncode == 0
    if not passed:
        say(f"failed: {title}")
    return passed


def has(command: list[str]) -> bool:
    """Whether a tool answers."""
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def host() -> str:
    """The triple of this machine, which sanitizers must be told."""
    told = subprocess.run(["rustc", "+nightly", "-vV"], capture_output=True, text=True).stdout
    return next((line.removeprefix("host: ") for line in told.splitlines() if line.startswith("host: ")), "")


def differential() -> list[bool]:
    """The oracle on generated schemas and texts, with a new seed, which it prints."""
    oracle = ["cargo", "run", "--release", "--quiet", "-p", "peer-contract-oracle", "--", "--executions", EXECUTIONS]
    return [step("differential executions", oracle)]


def hostile() -> list[bool]:
    """Every payload in every place of a contract, where the tests take a sample."""
    test = ["python", "-m", "pytest", "-q", "tests/test_hostile_contracts.py", "tests/test_hostile_manuals.py"]
    return [step("every hostile contract", test, PEER_CONTRACT_HOSTILE="all")]


def schedules() -> list[bool]:
    """Ten thousand schedules of deliveries that are repeated, reordered, killed and lost; the number of one that fails replays it."""
    test = ["cargo", "test", "--quiet", "--workspace", "--test", "schedules"]
    return [step("schedules of deliveries", test, PEER_CONTRACT_SCHEDULES="10000")]


def stores() -> list[bool]:
    """Stores at length: every fault at every system call, and 16 writers with 1,000 changes each, some of them killed."""
    test = ["cargo", "test", "--quiet", "-p", "peer-contract", "--features", "s3", "--test", "stores", "--", "faults", "writers"]
    return [step("stores under faults", test, PEER_CONTRACT_FAULTS="all", PEER_CONTRACT_WRITERS="all")]


def spread() -> list[bool]:
    """A thousand children whose group lies in S3, and in a table, where the tests have some dozens."""
    test = ["python", "-m", "pytest", "-q", "tests/test_cloud_fan_out.py"]
    return [step("a thousand children in the cloud", test, PEER_CONTRACT_CHILDREN="1000")]


def soaked() -> list[bool]:
    """Five minutes of works through all agents: memory, descriptors, threads and files stay what they were."""
    test = ["python", "-m", "pytest", "-q", "tests/test_soak.py"]
    return [step("five minutes of works", test, PEER_CONTRACT_SOAK="300")]


def compared() -> list[bool]:
    """Proofs that one schema fits another, and witnesses that it does not, over many pairs of schemas."""
    test = ["cargo", "test", "-p", "peer-contract-core", "--test", "envelope", "--", "soundness"]
    return [step("what peerc diff proves", test, PEER_CONTRACT_PAIRS=PAIRS)]


def corpora() -> list[bool]:
    """Each schema of SchemaStore, where the tests take a few, and those of the folders in `NIGHTLY_CORPORA`, between `:`."""
    test = ["python", "-m", "pytest", "-q", "tests/test_corpora.py"]
    asked = ":".join(["all", *os.environ.get("NIGHTLY_CORPORA", "").split(":")])
    return [step("every schema that people use", test, PEER_CONTRACT_CORPORA=asked)]


def sanitized() -> list[bool]:
    """The plan's own tests and the test suite of JSON Schema under the address sanitizer."""
    if not has(["rustc", "+nightly", "--version"]):
        say("\nnot run: address sanitizer and fuzzing; there is no nightly compiler here (rustup toolchain install nightly)")
        return []
    target = ["--target", host(), "--target-dir", str(ROOT / "target" / "sanitized")]
    # With the sanitizer's guards a frame takes several times its room, and some tests go as deep as the limits let them.
    flags = {"RUSTFLAGS": "-Zsanitizer=address", "ASAN_OPTIONS": "detect_leaks=0", "RUST_MIN_STACK": str(64 << 20)}
    test = ["cargo", "+nightly", "test", "--quiet", *target]
    oracle = [*test, "-p", "peer-contract-oracle", "--test", "edges"]
    if SUITE.exists():
        oracle += ["--test", "suite"]
    library = ["cargo", "+nightly", "build", "--quiet", *target, "-p", "peer-contract-tls-library"]
    # A library that is opened has the sanitizer of the program.
    seen = {**flags, "RUSTFLAGS": f"{flags['RUSTFLAGS']} -Clink-arg=-rdynamic"}
    return [
        step("the plan under the address sanitizer", [*test, "-p", "peer-contract-core", "--lib", "--", "plan::", "json::"], **flags),
        step("the oracle under the address sanitizer", oracle, **flags),
        step("the library with TLS, with the address sanitizer", library, **seen)
        and step("TLS under the address sanitizer", [*test, "-p", "peer-contract-tls", "--lib"], **seen),
    ]


def interpreted() -> list[bool]:
    """What has `unsafe` in it and no code of other languages, under Miri."""
    if not has(["cargo", "+nightly", "miri", "--version"]):
        say("\nnot run: Miri; the nightly compiler here has no such component (rustup +nightly component add miri)")
        return []
    miri = ["cargo", "+nightly", "miri", "test", "--lib", "-p"]
    return [
        step("the plan under Miri", [*miri, "peer-contract-core", "--", "plan::special"]),
        step("sessions of TLS under Miri", [*miri, "peer-contract-tls", "--no-default-features", "--", "session"]),
    ]


def stable_abi() -> list[bool]:
    """The tests of the Python package over a module for any version of Python, and under a strict allocator."""
    folder, bindings = ROOT / "target" / "abi3", ROOT / "bindings-python"
    build = ["cargo", "build", "--quiet", "-p", "peer-contract-python", "--features", "abi3", "--target-dir", str(folder)]
    if not step("build the module of the stable ABI", build):
        return [False]
    package = folder / "python" / "peer_contract"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(bindings / "python" / "peer_contract", package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy2(folder / "debug" / "lib_native.so", package / "_native.abi3.so")
    test = ["python", "-m", "pytest", "-q", str(bindings / "tests")]
    passes = ["test_one_pass.py", "test_records.py", "test_convert.py"]
    strict = ["python", "-X", "dev", "-m", "pytest", "-q", *(str(bindings / "tests" / name) for name in passes)]
    return [
        step("the Python package by the stable ABI", test, PYTHONPATH=str(package.parent)),
        step("objects of Python under a strict allocator", strict, PYTHONMALLOC="debug"),
    ]


def released() -> list[bool]:
    """The tests of both packages, and TLS in all languages, over the modules as they are released."""
    files = modules.release(Path(environment()["PEERC"]))
    folder = ROOT / "target" / "released"
    shutil.rmtree(folder, ignore_errors=True)
    node = folder / "node_modules" / "peer-contract"
    modules.python_package(folder, files.python, files.tls)
    modules.node_package(node, files.node, files.tls)
    (addon,) = node.glob("peer-contract.*.node")
    these = {"PYTHONPATH": str(folder), "PEER_CONTRACT_NATIVE": str(addon), "PEER_CONTRACT_RELEASED": "1"}
    pytest = ["python", "-m", "pytest", "-q"]
    return [
        step("the released Python module", [*pytest, str(ROOT / "bindings-python" / "tests")], **these),
        step("the released Node addon", ["npm", "--prefix", str(ROOT / "bindings-node"), "test", "--silent"], **these),
        step("TLS beside the released modules", [*pytest, "tests/test_tls.py"], **these),
    ]


def fuzzed() -> list[bool]:
    """Every fuzz target for a while; what it finds lies in `fuzz/artifacts`."""
    if not has(["cargo", "+nightly", "fuzz", "--version"]):
        say("\nnot run: fuzzing; there is no cargo-fuzz here (cargo install cargo-fuzz)")
        return []
    options = ["--", f"-max_total_time={FUZZ_SECONDS}", "-dict=fuzz/json.dict", "-max_len=4096", "-timeout=10"]
    return [step(f"fuzz {target}", ["cargo", "+nightly", "fuzz", "run", target, *options]) for target in TARGETS]


def main() -> int:
    """All steps, cheapest first; one that fails does not stop the others."""
    passed = [*interpreted(), *stable_abi(), *released(), *hostile(), *corpora(), *stores(), *schedules(), *spread(), *soaked(), *compared(), *sanitized(), *differential(), *fuzzed()]
    say(f"\n{passed.count(True)} steps passed, {passed.count(False)} failed")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
