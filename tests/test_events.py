"""Events of services to agents of all three languages, behind a running local Lambda."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Dev
from test_whole_system import first_message

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:jobs"
AGENTS = ["opener", "carrier", "closer"]


def batch(*bodies: str) -> bytes:
    """A batch of a queue whose messages are called `m0`, `m1`, …"""
    records = [
        {
            "messageId": f"m{index}",
            "receiptHandle": "r",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": "1763689300123",
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": QUEUE,
            "awsRegion": "eu-west-1",
        }
        for index, body in enumerate(bodies)
    ]
    return json.dumps({"Records": records}).encode()


def post(url: str, body: bytes, kind: str = "application/json") -> tuple[int, str, Any]:
    """Status, content type and JSON of an answer."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return (
                response.status,
                response.headers["Content-Type"],
                json.loads(response.read()),
            )
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], json.loads(error.read())


def results(folder: Path, count: int) -> list[dict[str, Any]]:
    """The result records of the works in the store, once there are as many."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        found = list((folder / ".peerc" / "store" / "work").glob("*/result"))
        if len(found) >= count:
            return [json.loads(path.read_bytes()) for path in found]
        time.sleep(0.05)
    raise AssertionError(f"there are not {count} results")


@pytest.fixture
def dev(relay: Path, dev_of: Callable[[Path], Dev]) -> Dev:
    return dev_of(relay)


def test_a_queue_starts_works_that_go_through_three_languages(dev: Dev) -> None:
    event = batch(
        *(json.dumps({"bytes": size, "kind": "even"}) for size in (5, 7)),
        '{"bytes":-1,"kind":"even"}',
    )
    for _ in range(2):  # the second time every message is known
        status, headers, answer = dev.invoke("relay-opener", event)
        assert status == 200 and "X-Amz-Function-Error" not in headers
        assert json.loads(answer) == {"batchItemFailures": [{"itemIdentifier": "m2"}]}
    outputs = [result["data"]["output"] for result in results(dev.folder, 2)]
    assert sorted(output["bytes"] for output in outputs) == [5, 7]
    assert {tuple(output["trail"]) for output in outputs} == {
        ("opener", "carrier", "closer")
    }
    time.sleep(0.3)
    assert len(results(dev.folder, 2)) == 2, (
        "a message that came again started another work"
    )


@pytest.mark.parametrize("agent", AGENTS)
def test_every_language_reports_what_fails_in_a_batch(dev: Dev, agent: str) -> None:
    message = first_message({"bytes": 1, "kind": "even"}).decode()
    assert json.loads(message).get("delivery", "return") == "return", (
        "which nobody behind a queue waits for"
    )
    status, headers, answer = dev.invoke(f"relay-{agent}", batch("{", message, "[]"))
    assert (status, headers.get("X-Amz-Function-Error")) == (200, None)
    assert json.loads(answer) == {
        "batchItemFailures": [{"itemIdentifier": f"m{index}"} for index in range(3)]
    }


def test_requests_to_function_urls_pass_the_work_along(dev: Dev) -> None:
    """The test forwards what each agent answers, as the entry client does: Python, Rust, JavaScript."""
    message: Any = json.loads(first_message({"bytes": 3_000, "kind": "random"}))
    for agent in AGENTS:
        url = f"{dev.endpoint}/url/relay-{agent}"
        status, kind, message = post(
            url, json.dumps(message).encode(), "application/cloudevents+json"
        )
        assert (status, kind) == (200, "application/cloudevents+json"), message
    assert message["type"] == "relay.closer.close.reply"
    assert message["data"]["output"]["trail"] == AGENTS


@pytest.mark.parametrize("agent", AGENTS)
def test_a_refused_request_has_the_status_of_its_code(dev: Dev, agent: str) -> None:
    url = f"{dev.endpoint}/url/relay-{agent}"
    assert post(url, b"{}", "text/plain")[::2] == (
        415,
        {"error": refusal("request_refused", "/headers/content-type")},
    )
    expired = json.loads(first_message({"bytes": 1, "kind": "even"}))
    operation = {"opener": "open", "carrier": "carry", "closer": "close"}[agent]
    expired.update(
        {"type": f"relay.{agent}.{operation}", "expirytime": "2020-01-01T00:00:00Z"}
    )
    status, kind, reply = post(url, json.dumps(expired).encode())
    assert (status, kind) == (504, "application/cloudevents+json")
    assert reply["data"]["error"]["code"] == "deadline_exceeded"


def test_the_command_of_the_manual_starts_a_work(dev: Dev) -> None:
    page = (ROOT / "docs" / "events.md").read_text()
    (command,) = (line[2:] for line in page.splitlines() if line.startswith("$ curl"))
    answered = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        timeout=60,
        env={**os.environ, "ENDPOINT": dev.endpoint},
    )
    answer = json.loads(answered.stdout)
    assert (sorted(answer), answer["result"]) == (["result", "work"], None)
    (result,) = results(dev.folder, 1)
    assert result["subject"] == answer["work"]


def refusal(code: str, at: str) -> Any:
    """An error with any sentence."""

    class Sentence:
        def __eq__(self, other: object) -> bool:
            return isinstance(other, str) and other != ""

    return {"at": at, "code": code, "message": Sentence()}
