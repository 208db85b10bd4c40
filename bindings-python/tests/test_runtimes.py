"""The same handler file in our own runtime, under the official client, and behind the official emulator."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from emulation import ask, emulated

OURS = [sys.executable, "-m", "peer_contract"]
OFFICIAL = [sys.executable, "-m", "awslambdaric"]


class Platform(ThreadingHTTPServer):
    """The Runtime API, with a queue of events in and a queue of answers out."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PlatformHandler)
        self.events: queue.Queue[bytes] = queue.Queue()
        self.answers: queue.Queue[tuple[str, dict[str, str], bytes]] = queue.Queue()
        self.chunked = False
        self.connections = 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, *arguments: object) -> None:
        """A process that a test ends takes its connection along."""

    def ask(self, event: bytes) -> tuple[str, dict[str, str], Any]:
        self.events.put(event)
        path, headers, body = self.answers.get(timeout=20)
        return path, headers, json.loads(body)


class PlatformHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Platform

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        event = self.server.events.get()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "request-1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 30_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:1:function:f")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")
        self.send_header("Content-Type", "application/json")
        if self.server.chunked:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(event), 7):
                piece = event[start : start + 7]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(event)))
            self.end_headers()
            self.wfile.write(event)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.answers.put((self.path.rsplit("/", 1)[-1], dict(self.headers), body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


def environment(packages: Path, address: str = "") -> dict[str, str]:
    """What Lambda sets for a function, and where its packages are."""
    return {
        **os.environ,
        "PYTHONPATH": str(packages),
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": "f",
        "AWS_REGION": "eu-west-1",
    }


@contextmanager
def started(command: list[str], packages: Path, address: str = "") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=packages, env=environment(packages, address), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


@contextmanager
def served(command: list[str], packages: Path) -> Iterator[Platform]:
    platform = Platform()
    with started(command, packages, f"127.0.0.1:{platform.server_port}"):
        yield platform
    platform.shutdown()
    platform.server_close()


@pytest.mark.parametrize(
    "command", [[*OURS, "agents.handler"], [*OURS, "agents.py.handler"], [*OFFICIAL, "agents.handler"]]
)
def test_a_handler_answers_and_fails_alike_everywhere(packages: Path, command: list[str]) -> None:
    with served(command, packages) as platform:
        for _ in range(3):
            path, _, answer = platform.ask(b'{"text":"canals"}')
            assert path == "response" and answer["result"]["handoff"]["type"] == "relay.editor.review"
        path, _, answer = platform.ask(b'{"text":"nothing"}')
        assert path == "response" and answer["result"]["error"]["code"] == "boring"
        path, _, answer = platform.ask(b'{"text":"bug"}')
        assert path == "error" and answer["errorType"] == "handler_failed"
        assert "4711" not in json.dumps(answer)
        envelope = platform.ask(b'{"text":"canals"}')[2]["result"]["handoff"]
        path, _, reply = platform.ask(json.dumps(envelope).encode())
        assert path == "response" and reply["data"]["error"]["code"] == "operation_unknown"


def test_our_runtime_reads_strictly_and_keeps_its_connection(packages: Path) -> None:
    with served([*OURS, "agents.handler"], packages) as platform:
        path, headers, answer = platform.ask(b'{"text":"a","text":"b"}')
        assert path == "error" and answer["errorType"] == "json_duplicate_key" and answer["at"] == "/text"
        assert headers["Lambda-Runtime-Function-Error-Type"] == "json_duplicate_key"
        platform.chunked = True
        platform.ask(b'{"text":"canals"}')
        assert platform.ask(b'{"text":"canals"}')[0] == "response"
        assert platform.connections == 1


def test_a_handler_that_is_not_ours_is_served_too(packages: Path) -> None:
    (packages / "plain.py").write_text(
        "def handler(event, context):\n    return {'got': event, 'id': context.aws_request_id}\n"
    )
    with served([*OURS, "plain.handler"], packages) as platform:
        assert platform.ask(b"[1]")[2] == {"got": [1], "id": "request-1"}


def test_a_handler_that_cannot_be_loaded_is_an_init_error(packages: Path) -> None:
    (packages / "broken.py").write_text("import nothing_of_this_name\n")
    platform = Platform()
    with started([*OURS, "broken.handler"], packages, f"127.0.0.1:{platform.server_port}") as process:
        path, _, body = platform.answers.get(timeout=20)
        assert path == "error" and json.loads(body)["errorType"] == "ModuleNotFoundError"
        assert process.wait(10) == 1


def test_a_wrong_command_line_says_how_it_goes(packages: Path) -> None:
    with started(OURS, packages) as process:
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 2 and output.startswith("usage: ")


def test_a_termination_ends_quietly(packages: Path) -> None:
    platform = Platform()
    with started([*OURS, "agents.handler"], packages, f"127.0.0.1:{platform.server_port}") as process:
        platform.ask(b'{"text":"canals"}')
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=10)
        assert (process.returncode, output) == (0, "")


def test_a_platform_that_goes_away_ends_the_process(packages: Path) -> None:
    with started([*OURS, "agents.handler"], packages, "127.0.0.1:9") as process:
        output, _ = process.communicate(timeout=20)
        assert process.returncode == 1 and "the Runtime API is gone" in output and "Traceback" not in output


@pytest.mark.parametrize("runtime", [OURS, OFFICIAL], ids=["ours", "awslambdaric"])
def test_the_official_emulator_runs_the_handler(packages: Path, runtime: list[str]) -> None:
    with emulated([*runtime, "agents.handler"], packages, environment(packages)) as url:

        def answer_to(event: bytes) -> Any:
            return json.loads(ask(url, event))

        assert answer_to(b'{"text":"canals"}')["result"]["handoff"]["type"] == "relay.editor.review"
        assert answer_to(b'{"text":"nothing"}')["result"]["error"]["code"] == "boring"
        assert answer_to(b'{"text":"bug"}')["errorType"] == "handler_failed"
        large = json.dumps({"text": "canal " * 200_000}).encode()
        assert answer_to(large)["result"]["handoff"]["type"] == "relay.editor.review"


class InvokeApi(BaseHTTPRequestHandler):
    """The Invoke API in front of one handler; requests wait for `pause` seconds."""

    handler: Any
    pause = 0.0

    def log_message(self, *arguments: object) -> None:
        pass

    def do_POST(self) -> None:
        event = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(self.pause)
        answer = type(self).handler(event)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


@contextmanager
def invoke_api(handler: Any, pause: float = 0.0) -> Iterator[str]:
    functions = type("Functions", (InvokeApi,), {"handler": staticmethod(handler), "pause": pause})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functions)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_call_goes_out_over_http(packages: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    import agents
    from peer_contract import lambda_handler

    class Asks(agents.MyEditor):  # type: ignore[misc,name-defined]
        def review(self, work: Any, draft: Any, /) -> Any:
            if kind == "async":
                return super().review(work, draft)
            return agents.Page(html="", words=work.call_sync(agents.counter.count(draft.text)))

    with invoke_api(lambda_handler(agents.MyCounter())) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", address)
        first = lambda_handler(agents.MyWriter())({"text": "one two three"})["result"]["handoff"]
        reply = lambda_handler(Asks())(first)
    assert reply["data"]["output"]["words"] == 3


def test_a_peer_that_is_not_there_is_a_call_error(packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import agents
    from peer_contract import CallError, lambda_handler

    caught: list[CallError] = []

    class Asks(agents.MyEditor):  # type: ignore[misc,name-defined]
        async def review(self, work: Any, draft: Any, /) -> Any:
            try:
                await work.call(agents.counter.count("a"))
            except CallError as error:
                caught.append(error)
            return agents.Page(html="", words=0)

    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:9")
    first = lambda_handler(agents.MyWriter())({"text": "one"})["result"]["handoff"]
    lambda_handler(Asks())(first)
    assert [(error.code, error.target) for error in caught] == [("peer_unreachable", "counter.count")]
