"""Agents that are reached by a queue of SQS, and by a URL: the relay's chain over both."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloud import REGION, client
from conftest import RELAY, ROOT, Dev
from test_events import AGENTS, batch, results

ORDER = json.dumps({"bytes": 9, "kind": "even"})
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@contextmanager
def ministack() -> Iterator[str]:
    """The URL of a running ministack, which ends with the test."""
    script = str(ROOT / "tests" / "cloud.py")
    server = subprocess.Popen([sys.executable, script, "ministack"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.communicate(timeout=30)


def with_environment(folder: Path, agent: str, variables: dict[str, str]) -> None:
    """Gives an agent of a project variables of its own."""
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in variables.items())
    lines = (folder / "peerc.toml").read_text().splitlines()
    lines.insert(lines.index(f"[agents.{agent}]") + 1, f"env = {{ {pairs} }}")
    (folder / "peerc.toml").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("name", ["jobs", "jobs.fifo"])
def test_a_handoff_goes_through_a_real_queue(relay: Path, dev_of: Callable[[Path], Dev], name: str) -> None:
    with ministack() as url:
        sqs = client("sqs", url)
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        queue = sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        assert f":sqs:{REGION}:" in arn
        peers = json.dumps({"carrier": arn})
        with_environment(relay, "opener", {"PEER_CONTRACT_PEERS": peers, "AWS_ENDPOINT_URL_SQS": url, **KEYS})
        dev = dev_of(relay)
        assert json.loads(dev.invoke("relay-opener", batch(ORDER))[2]) == {"batchItemFailures": []}
        (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10, AttributeNames=["All"])["Messages"]
        envelope = json.loads(message["Body"])
        assert (envelope["type"], envelope["delivery"]) == ("relay.carrier.carry", "event")
        if fifo:
            attributes = message["Attributes"]
            assert attributes["MessageGroupId"] == envelope["subject"]
            assert attributes["MessageDeduplicationId"] == envelope["id"]
        assert json.loads(dev.invoke("relay-carrier", batch(message["Body"]))[2]) == {"batchItemFailures": []}
        (result,) = results(relay, 1)
    assert result["data"]["output"]["trail"] == AGENTS


def test_handoffs_and_calls_go_to_urls(relay: Path, dev_of: Callable[[Path], Dev], tmp_path: Path) -> None:
    """Opener and closer run here, the carrier behind a URL of another local Lambda, over one store."""
    there = dev_of(relay)
    here = tmp_path / "here"
    shutil.copytree(RELAY, here, ignore=shutil.ignore_patterns(".peerc", "node_modules", "target"))
    (here / "node_modules").symlink_to(RELAY / "node_modules")
    shutil.copy(relay / "peerc.toml", here / "peerc.toml")
    (here / ".peerc").mkdir()
    (relay / ".peerc" / "store").mkdir(exist_ok=True)
    (here / ".peerc" / "store").symlink_to(relay / ".peerc" / "store")
    peers = json.dumps({"carrier": f"{there.endpoint}/url/relay-carrier"})
    for agent in ("opener", "closer"):
        with_environment(here, agent, {"PEER_CONTRACT_PEERS": peers})
    # Without this the carrier over there would hand the work to the closer beside it.
    here_dev = dev_of(here)
    answer: Any = json.loads(here_dev.invoke("relay-opener", ORDER.encode())[2])
    assert "result" in answer and answer["result"] is None, answer
    (result,) = results(relay, 1)
    assert result["subject"] == answer["work"]
    assert result["data"]["output"]["trail"] == AGENTS
    assert os.path.exists(relay / ".peerc" / "store" / "work" / answer["work"] / "result")
