"""Builds what is measured, as it would be released, and installs the peers: nothing of it for anybody but `make bench`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path.append(str(ROOT / "scripts"))

import modules  # noqa: E402
from steps import once, run  # noqa: E402

OUT = ROOT / "target" / "bench"
DATA = OUT / "data"
VENV = OUT / "venv"
PYTHON = VENV / "bin" / "python"
NODE = BENCH / "node"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def everything() -> None:
    """All steps, in an order in which each finds what it needs."""
    OUT.mkdir(parents=True, exist_ok=True)
    peers()
    run("write the messages", [str(PYTHON), "-m", "workload", str(DATA)], BENCH)
    command()
    run("generate the stubs of the benchmark", [str(OUT / "peerc"), "generate"], BENCH)
    programs()
    packages()


def peers() -> None:
    """The packages that we are compared with, as their lock files name them."""
    if not PYTHON.exists():
        run("create the environment of the peers", [sys.executable, "-m", "venv", str(VENV)])
    wanted = BENCH / "python" / "requirements.txt"
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "-r", str(wanted)]
    once("install the Python peers", [wanted], pip, makes=VENV)
    npm = ["npm", "ci", "--no-audit", "--no-fund"]
    once("install the Node peers", [NODE / "package-lock.json"], npm, NODE, NODE / "node_modules")


def release(title: str, package: str, *files: str, manifest: Path = ROOT / "Cargo.toml", profile: str = "release", **extra: str) -> None:
    """Builds one package alone, so that it gets its own features only, and copies what it made; `extra` is for its environment."""
    cargo = ["cargo", "build", "--profile", profile, "--quiet", "--manifest-path", str(manifest), "--target-dir", str(TARGET)]
    run(f"build {title}", [*cargo, "--package", package], **extra)
    for file in files:
        replace(TARGET / profile / file, OUT / file)


def replace(source: Path, target: Path) -> None:
    """Copies a file over one that may be in use."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.copy2(source, fresh)
    os.replace(fresh, target)


def command() -> None:
    """`peerc`."""
    release("the command", "peerc", "peerc")


def programs() -> None:
    """The Rust side of the benchmark."""
    manifest = BENCH / "Cargo.toml"
    release("the Rust cases", "bench-rust", "bench-speed", "bench-memory", "bench-growth", manifest=manifest)
    # As its user builds it: without the flags of this project for C.
    release("the Rust agent", "bench-agent", "bench-agent", manifest=manifest, profile="function", CFLAGS="")
    release("the driver", "bench-drive", "bench-drive", "bench-turn", manifest=manifest)


def packages() -> None:
    """Both packages as they are released: the Python one where the environment of the peers finds it, the Node one among its peers."""
    source = ROOT / "bindings-node"
    npm = ["npm", "ci", "--no-audit", "--no-fund"]
    once("install Node packages of bindings-node", [source / "package-lock.json"], npm, source, source / "node_modules")
    run("compile the Node package", ["npm", "run", "--silent", "build:js"], source)
    released = modules.release(OUT / "peerc")
    python_package(released.python, released.tls)
    node_package(released.node, released.tls)


def python_package(module: Path, tls: Path) -> None:
    """The Python package with this module, beside the peers."""
    folder = OUT / "python"
    shutil.rmtree(folder, ignore_errors=True)
    modules.python_package(folder, module, tls)
    for file in (module, tls):
        replace(file, OUT / file.name)
    (site,) = VENV.glob("lib/python*/site-packages")
    (site / "peer-contract-bench.pth").write_text(f"{folder}\n")
    # As an installer does: no first import compiles.
    run("compile the Python package", [str(PYTHON), "-m", "compileall", "-q", str(folder), str(BENCH / "python" / "parcels")])


def node_package(addon: Path, tls: Path) -> None:
    """The Node package with this addon, beside the peers."""
    folder = OUT / "node"
    shutil.rmtree(folder, ignore_errors=True)
    modules.node_package(folder, addon, tls)
    replace(addon, OUT / addon.name)
    link = NODE / "node_modules" / "peer-contract"
    link.unlink(missing_ok=True)
    link.symlink_to(folder)


if __name__ == "__main__":
    everything()
