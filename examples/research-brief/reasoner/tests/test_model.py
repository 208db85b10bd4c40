"""A model over the real wire: a small server that speaks chat completions."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from model import Model, ModelFailed

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


class Served(HTTPServer):
    """Answers every request with ``answer`` and keeps what was asked."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Served

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        status, content = self.server.answer(body)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def completion(content: str) -> Answer:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    reply = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "tiny", "choices": [choice]}
    return lambda _: (200, json.dumps(reply).encode())


def late(_: dict[str, Any]) -> tuple[int, bytes]:
    time.sleep(1)
    return 200, b"{}"


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[Served, Model]]:
    server = Served(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server, Model(f"http://127.0.0.1:{server.server_port}/v1/chat/completions", "tiny", "secret", 0.5)
    finally:
        server.shutdown()
        server.server_close()


def test_the_terms_of_the_answer_come_back() -> None:
    with serving(completion('Here:\n```json\n{"terms": [{"text": "canal", "weight": 1}]}\n```')) as (server, model):
        assert model.terms("canals?", []) == [{"text": "canal", "weight": 1}]
    path, headers, body = server.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert body["model"] == "tiny"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "canals?" in body["messages"][1]["content"]


def test_terms_that_found_too_little_are_named() -> None:
    with serving(completion('{"terms": []}')) as (server, model):
        assert model.terms("canals?", ["canal", "lock"]) == []
    assert "canal, lock" in server.asked[0][2]["messages"][1]["content"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (completion("I cannot help with that."), "holds no terms"),
        (completion('{"words": []}'), "holds no terms"),
        (lambda _: (200, b"[]"), "holds no terms"),
        (lambda _: (200, b"<html>"), "not JSON"),
        (lambda _: (503, b"busy"), "status 503"),
        (late, "within 0.5 s"),
    ],
)
def test_an_answer_that_is_none_is_an_error_of_its_own(answer: Answer, message: str) -> None:
    with serving(answer) as (_, model), pytest.raises(ModelFailed, match=message):
        model.terms("canals?", [])


def test_a_model_that_is_not_there_is_an_error_without_the_key() -> None:
    with pytest.raises(ModelFailed) as caught:
        Model("http://127.0.0.1:9/v1/chat/completions", "tiny", "secret", 0.5).terms("canals?", [])
    assert "cannot be reached" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://h/v1", "http://h/v1/", "http://h/v1/chat/completions"])
def test_the_address_may_be_the_base_or_the_whole(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_URL", url)
    model = Model.from_environment()
    assert model is not None and model.url == "http://h/v1/chat/completions"


def test_without_an_address_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODEL_URL", raising=False)
    assert Model.from_environment() is None
