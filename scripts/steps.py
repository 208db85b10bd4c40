"""Runs commands one after the other: quiet when they work, whole when they fail, and not again when nothing changed."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOGS = ROOT / "target" / "logs"
STAMPS = ROOT / "target" / "stamps"
SUITE = ROOT / "target" / "json-schema-test-suite"
STORE = ROOT / "target" / "schemastore"


def say(text: str) -> None:
    """A line of progress, on stderr so that output stays clean."""
    print(text, file=sys.stderr, flush=True)


def environment() -> dict[str, str]:
    """The environment of every step: the virtual environment first on the path, and where the real test parts are."""
    return {
        **os.environ,
        "VIRTUAL_ENV": str(VENV),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "MATURIN_NO_INSTALL_RUST": "1",
        # The module is for one version of Python: this one, by a path that is the same inside of the environment and outside.
        "PYO3_PYTHON": str(Path(sys.executable).resolve()),
        "AWSLAMBDARIC_PYTHON": str(VENV / "bin" / "python"),
        "PEERC": str(ROOT / "target" / "debug" / "peerc"),
        "RIE": str(emulator()),
    }


def emulator() -> Path:
    """The official Runtime Interface Emulator for this machine, a file in the wheel of aws-sam-cli."""
    machine = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine(), platform.machine())
    packages = VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    return packages / "samcli" / "local" / "rapid" / f"aws-lambda-rie-{machine}"


def run(title: str, command: list[str], cwd: Path = ROOT, **extra: str) -> None:
    """Runs one step, with `extra` in its environment; a failing one prints its whole output and ends the script."""
    say(f"  {title} …")
    LOGS.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    step = subprocess.run(command, cwd=cwd, env={**environment(), **extra}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    (LOGS / f"{title.replace(' ', '-')}.log").write_bytes(step.stdout)
    if step.returncode != 0:
        sys.stderr.buffer.write(step.stdout)
        say(f"failed: {title}\n  in {cwd}: {' '.join(command)}")
        sys.exit(1)
    took = time.monotonic() - started
    if took > 5:
        say(f"  {title} took {took:.0f} s")


def once(title: str, inputs: list[Path], command: list[str], cwd: Path = ROOT, makes: Path = VENV) -> None:
    """Runs a step unless what it makes is there, from the same inputs and the same command."""
    digest = hashlib.sha256("\0".join(command).encode())
    for path in inputs:
        digest.update(path.read_bytes())
    stamp = STAMPS / title.replace(" ", "-")
    if makes.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    run(title, command, cwd)
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest())


def forget(*titles: str) -> None:
    """Lets these steps run again."""
    for title in titles:
        (STAMPS / title.replace(" ", "-")).unlink(missing_ok=True)
