"""Builds the Python module and the Node addon as they are released, into `target/modules`.

Each is built twice where the profiler of this compiler's LLVM is at hand: once to count what runs while orders of every
size pass through (`training/`), and once more with these counts, which puts what runs often together and keeps small what
runs seldom. The messages of the benchmarks are no part of the training.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from steps import ROOT, environment, run, say

OUT = ROOT / "target" / "modules"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TRAINING = ROOT / "scripts" / "training"
PACKAGES = {"peer-contract-python": "_native", "peer-contract-node": "peer_contract_node"}


def release(peerc: Path) -> tuple[Path, Path]:
    """The files of both modules. `peerc` writes the stubs of the training; the JavaScript of the Node package is there already."""
    profiler = profdata()
    if profiler is None:
        say(f"  without a profile: no llvm-profdata of LLVM {llvm()} here (rustup component add llvm-tools)")
        return built("release", [])
    counted = built("counting", [f"-Cprofile-generate={OUT / 'counts'}"])
    profile = OUT / f"{digest(*counted, *sorted(TRAINING.iterdir()))}.profdata"
    if not profile.exists():
        train(peerc, *counted)
        run("merge the profile", [profiler, "merge", "-o", str(profile), str(OUT / "counts")])
    return built("trained", [f"-Cprofile-use={profile}"])


def built(kind: str, flags: list[str]) -> tuple[Path, Path]:
    """Builds both for this machine, each package alone, so that it gets its own features only."""
    folder = OUT / kind
    folder.mkdir(parents=True, exist_ok=True)
    # With a target named, the flags are for what is shipped, and not for the programs that build it.
    triple = fact("host")
    cargo = ["cargo", "build", "--profile", "module", "--quiet", "--manifest-path", str(ROOT / "Cargo.toml"), "--target-dir", str(TARGET)]
    for package, name in PACKAGES.items():
        # Encoded, for folders with spaces.
        run(f"build {package} ({kind})", [*cargo, "--target", triple, "--package", package], CARGO_ENCODED_RUSTFLAGS="\x1f".join(flags))
        shutil.copy2(TARGET / triple / "module" / library(name), folder / library(name))
    python, node = (folder / library(name) for name in PACKAGES.values())
    return python, node


def train(peerc: Path, python: Path, node: Path) -> None:
    """Runs the orders through both; each process leaves its counts when it ends."""
    folder = OUT / "training"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(OUT / "counts", ignore_errors=True)
    shutil.copytree(TRAINING, folder, ignore=shutil.ignore_patterns("__pycache__"))
    run("generate the stubs of the training", [str(peerc), "generate"], folder)
    python_package(folder, python)
    run("train the Python module", [sys.executable, "train.py"], folder)
    node_package(folder / "node_modules" / "peer-contract", node)
    orders = folder / "orders.jsonl"
    orders.write_bytes(subprocess.run([sys.executable, "messages.py"], cwd=folder, capture_output=True, check=True).stdout)
    run("train the Node addon", ["node", "train.mjs", str(orders)], folder)


def python_package(folder: Path, module: Path) -> None:
    """The package `peer_contract` in a folder, with this module."""
    package = folder / "peer_contract"
    source = ROOT / "bindings-python" / "python" / "peer_contract"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy2(module, package / f"_native{EXTENSION_SUFFIXES[0]}")


def node_package(folder: Path, addon: Path) -> None:
    """The package `peer-contract` as a folder, with this addon; its JavaScript is compiled already."""
    source = ROOT / "bindings-node"
    for part in ("bin", "dist"):
        shutil.copytree(source / part, folder / part)
    shutil.copy2(source / "package.json", folder / "package.json")
    script = "console.log(require('./native.cjs').platformNames()[0])"
    platform = subprocess.run(["node", "-e", script], cwd=source, capture_output=True, text=True, check=True).stdout.strip()
    shutil.copy2(addon, folder / f"peer-contract.{platform}.node")


def library(name: str) -> str:
    """The file name of a shared library here."""
    return f"lib{name}.{'dylib' if sys.platform == 'darwin' else 'so'}"


def profdata() -> str | None:
    """What merges profiles of the compiler's own LLVM: that of rustup, else one of the system."""
    libraries = subprocess.run(["rustc", "--print", "target-libdir"], capture_output=True, text=True, check=True).stdout.strip()
    own = Path(libraries).parent / "bin" / "llvm-profdata"
    for command in (str(own), f"llvm-profdata-{llvm()}", "llvm-profdata"):
        found = shutil.which(command)
        if found and f"LLVM version {llvm()}." in subprocess.run([found, "--version"], capture_output=True, text=True).stdout:
            return found
    return None


def llvm() -> str:
    """The major version of the compiler's LLVM."""
    return fact("LLVM version").split(".")[0]


def fact(name: str) -> str:
    """A line of `rustc -vV`."""
    told = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.removeprefix(f"{name}: ") for line in told.splitlines() if line.startswith(f"{name}: "))


def digest(*files: Path) -> str:
    """What these files are, as a short name."""
    hasher = hashlib.sha256()
    for file in files:
        if file.is_file():
            hasher.update(file.read_bytes())
    return hasher.hexdigest()[:16]


if __name__ == "__main__":
    for made in release(Path(environment()["PEERC"])):
        say(f"  {made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.2f} MB")
