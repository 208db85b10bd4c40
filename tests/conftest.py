"""The relay behind a running `peerc dev`: three processes in three languages, as a user starts them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
RELAY = ROOT / "tests" / "relay"
PEERC = ROOT / "target" / "debug" / "peerc"


@dataclass
class Run:
    """What one `peerc run` printed and how it ended."""

    code: int
    records: list[dict[str, Any]]
    stderr: str

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The records of one type, in order."""
        return [record for record in self.records if record["type"] == kind]


def peerc(*arguments: str, cwd: Path, timeout: float = 60, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end; a hang is a failure."""
    return subprocess.run(
        [str(PEERC), *arguments], cwd=cwd, capture_output=True, text=True, timeout=timeout, env={**os.environ, **(env or {})}
    )


def run_work(folder: Path, order: dict[str, Any], *arguments: str, timeout: float = 60) -> Run:
    """`peerc run` with the order as input."""
    source = folder / ".peerc" / f"order-{time.monotonic_ns()}.json"
    source.parent.mkdir(exist_ok=True)
    source.write_text(json.dumps(order))
    done = peerc("run", str(source), "--format", "json", *arguments, cwd=folder, timeout=timeout)
    records = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return Run(done.returncode, records, done.stderr)


@dataclass
class Dev:
    """A running `peerc dev`."""

    process: subprocess.Popen[str]
    folder: Path
    endpoint: str

    def invoke(self, function: str, payload: bytes, kind: str = "RequestResponse") -> tuple[int, Message, bytes]:
        """One request to the Invoke API: status, headers, body."""
        request = urllib.request.Request(
            f"{self.endpoint}/2015-03-31/functions/{function}/invocations", payload, {"X-Amz-Invocation-Type": kind}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def children(self) -> list[int]:
        """Process ids of the sandboxes."""
        tasks = Path(f"/proc/{self.process.pid}/task")
        return [int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()]


def start_dev(folder: Path, *arguments: str) -> Dev:
    """Starts `peerc dev` and waits until it says where it listens."""
    note = folder / ".peerc" / "dev.json"
    note.unlink(missing_ok=True)
    log = (folder / ".peerc-dev.log").open("w")
    process = subprocess.Popen([str(PEERC), "dev", *arguments], cwd=folder, stdout=log, stderr=subprocess.STDOUT, text=True)
    until = time.monotonic() + 60
    while not note.exists():
        assert process.poll() is None, (folder / ".peerc-dev.log").read_text()
        assert time.monotonic() < until, "peerc dev did not come up"
        time.sleep(0.05)
    return Dev(process, folder, json.loads(note.read_text())["endpoint"])


def stop(dev: Dev) -> None:
    """Ctrl-C, and proof that no sandbox stays."""
    sandboxes = dev.children()
    dev.process.send_signal(signal.SIGINT)
    dev.process.wait(timeout=15)
    left = [pid for pid in sandboxes if Path(f"/proc/{pid}").exists()]
    assert not left, f"sandboxes outlived Ctrl-C: {left}"


def relay_in(parent: Path) -> Path:
    """A copy of the relay below a folder, so that stores and notes of one test do not reach another."""
    return copy_of(RELAY, parent / "relay")


def copy_of(project: Path, folder: Path) -> Path:
    """A project of the tests somewhere else, with the same packages and programs."""
    shutil.copytree(project, folder, ignore=shutil.ignore_patterns(".peerc", "node_modules", "target"))
    (folder / "node_modules").symlink_to(project / "node_modules")
    toml = (folder / "peerc.toml").read_text()
    (folder / "peerc.toml").write_text(toml.replace("../../target", str(ROOT / "target")))
    return folder


@pytest.fixture
def relay(tmp_path: Path) -> Path:
    """A copy of the relay for one test."""
    return relay_in(tmp_path)


@pytest.fixture
def dev_of() -> Iterator[Callable[..., Dev]]:
    """Starts `peerc dev` in a folder; all that were started end with the test."""
    running: list[Dev] = []

    def start(folder: Path, *arguments: str) -> Dev:
        running.append(start_dev(folder, *arguments))
        return running[-1]

    yield start
    for dev in running:
        stop(dev)
