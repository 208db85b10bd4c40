"""A function from its start to its first reply, behind the least Runtime API that can be."""

from __future__ import annotations

import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .starts import ENVIRONMENT


class RuntimeApi(ThreadingHTTPServer):
    """Gives one event to one function, and keeps its answer."""

    daemon_threads = True

    def __init__(self, event: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.event: bytes | None = event
        self.answer: bytes | None = None
        self.answered = threading.Event()
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        """Host and port, as `AWS_LAMBDA_RUNTIME_API` wants them."""
        return f"127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        """`…/invocation/next`: the event, and from then on nothing."""
        event, self.server.event = self.server.event, None
        if event is None:
            # The function is measured while it waits here for more.
            self.server.answered.set()
            self.server.ended.wait(30)
            return
        deadline = time.time_ns() // 1_000_000 + 60_000
        self._send(200, event, {"Lambda-Runtime-Aws-Request-Id": "first", "Lambda-Runtime-Deadline-Ms": str(deadline)})

    def do_POST(self) -> None:
        """`…/invocation/first/response`."""
        self.server.answer = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.path.endswith("/response"):
            raise RuntimeError(self.server.answer)
        self._send(202, b"", {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def first_reply(command: list[str], event: bytes) -> int:
    """CPU time in ns from the start of the process until it has replied and asks for more."""
    api = RuntimeApi(event)
    threading.Thread(target=api.serve_forever, args=(0.01,), daemon=True).start()
    variables = {
        **ENVIRONMENT,
        "AWS_LAMBDA_RUNTIME_API": api.address,
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    }
    child = subprocess.Popen(command, env=variables)
    try:
        if not api.answered.wait(20) or api.answer is None:
            raise TimeoutError(f"{command[0]} did not answer")
        return cpu_ns(child.pid)
    finally:
        child.kill()
        child.wait()
        api.ended.set()
        api.shutdown()
        api.server_close()


def cpu_ns(pid: int) -> int:
    """What the scheduler has counted for all threads of a process. Linux only."""
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir())
