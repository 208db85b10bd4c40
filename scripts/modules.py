"""Builds the Python module, the Node addon and the library with TLS for both as they are released, into `target/modules`.

Each module is built twice where the profiler of this compiler's LLVM is at hand: once to count what runs while orders of every
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
from typing import NamedTuple

from steps import ROOT, environment, run, say

OUT = ROOT / "target" / "modules"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TRAINING = ROOT / "scripts" / "training"
PACKAGES = {"peer-contract-python": "_native", "peer-contract-node": "peer_contract_node"}
TLS = ("peer-contract-tls-library", "peer_contract_tls_library")


class Released(NamedTuple):
    """The files that were made."""

    python: Path
    node: Path
    tls: Path


def release(peerc: Path) -> Released:
    """The modules, and the library that lies beside each. `peerc` writes the stubs of the training; the JavaScript of the Node package is there already."""
    profiler = profdata()
    if profiler is None:
        say(f"  without a profile: no llvm-profdata of LLVM {llvm()} here (rustup component add llvm-tools)")
        return Released(*built("release", []), tls())
    counted = built("counting", [f"-Cprofile-generate={OUT / 'counts'}"])
    profile = OUT / f"{digest(*counted, *sorted(TRAINING.iterdir()))}.profdata"
    if not profile.exists():
        train(peerc, *counted)
        run("merge the profile", [profiler, "merge", "-o", str(profile), str(OUT / "counts")])
    return Released(*built("trained", [f"-Cprofile-use={profile}"]), tls())


def built(kind: str, flags: list[str]) -> tuple[Path, Path]:
    """Builds both for this machine, each package alone, so that it gets its own features only."""
    python, node = (build(package, name, OUT / kind, *flags) for package, name in PACKAGES.items())
    return python, node


def tls() -> Path:
    """TLS of both modules, which the first connection opens: nothing in it is worth training."""
    return build(*TLS, OUT / "tls")


def build(package: str, name: str, folder: Path, *flags: str) -> Path:
    """Builds one package as it is shipped, and copies its library into a folder. Modules have no TLS in them."""
    folder.mkdir(parents=True, exist_ok=True)
    # With a target named, the flags are for what is shipped, and not for the programs that build it.
    triple = fact("host")
    cargo = ["cargo", "build", "--profile", "module", "--quiet", "--manifest-path", str(ROOT / "Cargo.toml"), "--target-dir", str(TARGET)]
    # Encoded, for folders with spaces.
    encoded = "\x1f".join(flags)
    title = f"build {package} ({folder.name})"
    run(title, [*cargo, "--target", triple, "--package", package, "--no-default-features"], CARGO_ENCODED_RUSTFLAGS=encoded)
    return Path(shutil.copy2(TARGET / triple / "module" / library(name), folder / library(name)))


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


def python_package(folder: Path, module: Path, tls: Path | None = None) -> None:
    """The package `peer_contract` in a folder, with this module and the TLS beside it."""
    package = folder / "peer_contract"
    source = ROOT / "bindings-python" / "python" / "peer_contract"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copy2(module, package / f"_native{EXTENSION_SUFFIXES[0]}")
    if tls:
        shutil.copy2(tls, package / f"_native-tls{EXTENSION_SUFFIXES[0]}")


def node_package(folder: Path, addon: Path, tls: Path | None = None) -> None:
    """The package `peer-contract` as a folder, with this addon and the TLS beside it; its JavaScript is compiled already."""
    source = ROOT / "bindings-node"
    for part in ("bin", "dist"):
        shutil.copytree(source / part, folder / part)
    shutil.copy2(source / "package.json", folder / "package.json")
    script = "console.log(require('./native.cjs').platformNames()[0])"
    platform = subprocess.run(["node", "-e", script], cwd=source, capture_output=True, text=True, check=True).stdout.strip()
    shutil.copy2(addon, folder / f"peer-contract.{platform}.node")
    if tls:
        shutil.copy2(tls, folder / f"peer-contract-tls.{platform}.node")


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
    for file in release(Path(environment()["PEERC"])):
        say(f"  {file.relative_to(ROOT)}  {file.stat().st_size / 1e6:.2f} MB")
