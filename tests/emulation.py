"""A function behind the official Runtime Interface Emulator.

The emulator dies of a second request while one runs, so each function gets its own, and one request at a time.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def emulated(command: list[str], cwd: Path, environment: dict[str, str]) -> Iterator[str]:
    """The command behind the emulator that `RIE` names; gives the URL that invokes it."""
    front, back = free_port(), free_port()
    emulator = os.environ.get("RIE")
    assert emulator, "RIE must name the emulator: a file in the wheel of aws-sam-cli, see bindings-python/requirements-rie.txt"
    flags = ["--runtime-interface-emulator-address", f"127.0.0.1:{front}", "--runtime-api-address", f"127.0.0.1:{back}"]
    process = subprocess.Popen(
        [emulator, "--log-level", "error", *flags, *command], cwd=cwd, env=environment, start_new_session=True
    )
    try:
        wait_for(front)
        yield f"http://127.0.0.1:{front}/2015-03-31/functions/function/invocations"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(port: int) -> None:
    """Until somebody listens."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the emulator did not come up")


def ask(url: str, event: bytes) -> bytes:
    """One invocation."""
    with urllib.request.urlopen(urllib.request.Request(url, event), timeout=60) as response:
        answer: bytes = response.read()
    return answer
