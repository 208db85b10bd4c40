"""Agents that are reached by a queue of SQS, a topic of SNS, and by a URL; replies that go to a queue. The relay's chain over all."""

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
from conftest import RELAY, ROOT, Dev, run_work
from test_events import AGENTS, batch, results
from test_whole_system import relay_contract

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


def queue_of(url: str, name: str) -> tuple[str, str]:
    """URL and ARN of a new queue."""
    sqs = client("sqs", url)
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    queue = sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
    return queue, sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def received(url: str, queue: str) -> Any:
    """The next message of a queue, which is removed from it."""
    sqs = client("sqs", url)
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, AttributeNames=["All"])["Messages"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return message


def with_environment(folder: Path, agent: str, variables: dict[str, str]) -> None:
    """Gives an agent of a project variables of its own."""
    pairs = ", ".join(f"{name} = {json.dumps(value)}" for name, value in variables.items())
    lines = (folder / "peerc.toml").read_text().splitlines()
    lines.insert(lines.index(f"[agents.{agent}]") + 1, f"env = {{ {pairs} }}")
    (folder / "peerc.toml").write_text("\n".join(lines) + "\n")


def late_for(agent: str, message: bytes) -> bytes:
    """A message to an agent of the relay as one that came too late."""
    operation = dict(zip(AGENTS, ["open", "carry", "close"], strict=True))[agent]
    late = {**json.loads(message), "type": f"relay.{agent}.{operation}", "expirytime": "2020-01-01T00:00:00Z"}
    return json.dumps(late).encode()


@pytest.mark.parametrize("name", ["jobs", "jobs.fifo"])
def test_a_handoff_goes_through_a_real_queue(relay: Path, dev_of: Callable[[Path], Dev], name: str) -> None:
    with ministack() as url:
        queue, arn = queue_of(url, name)
        assert f":sqs:{REGION}:" in arn
        peers = json.dumps({"carrier": arn})
        with_environment(relay, "opener", {"PEER_CONTRACT_PEERS": peers, "AWS_ENDPOINT_URL_SQS": url, **KEYS})
        dev = dev_of(relay)
        assert json.loads(dev.invoke("relay-opener", batch(ORDER))[2]) == {"batchItemFailures": []}
        message = received(url, queue)
        envelope = json.loads(message["Body"])
        assert (envelope["type"], envelope["delivery"]) == ("relay.carrier.carry", "event")
        if name.endswith(".fifo"):
            attributes = message["Attributes"]
            assert attributes["MessageGroupId"] == envelope["subject"]
            assert attributes["MessageDeduplicationId"] == envelope["id"]
        assert json.loads(dev.invoke("relay-carrier", batch(message["Body"]))[2]) == {"batchItemFailures": []}
        (result,) = results(relay, 1)
    assert result["data"]["output"]["trail"] == AGENTS


@pytest.mark.parametrize("name", ["news", "news.fifo"])
def test_a_handoff_goes_through_a_real_topic(relay: Path, dev_of: Callable[[Path], Dev], name: str) -> None:
    """The state is larger than what a topic carries, and lies in the store."""
    with ministack() as url:
        queue, arn = queue_of(url, name)
        fifo = {"FifoTopic": "true"} if name.endswith(".fifo") else {}
        topic = client("sns", url).create_topic(Name=name, Attributes=fifo)["TopicArn"]
        client("sns", url).subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        peers = json.dumps({"carrier": topic})
        with_environment(relay, "opener", {"PEER_CONTRACT_PEERS": peers, "AWS_ENDPOINT_URL_SNS": url, **KEYS})
        dev = dev_of(relay)
        order = json.dumps({"bytes": 600_000, "kind": "random"})
        assert json.loads(dev.invoke("relay-opener", batch(order))[2]) == {"batchItemFailures": []}
        body = received(url, queue)["Body"]
        envelope = json.loads(json.loads(body)["Message"])
        assert (envelope["type"], envelope["delivery"]) == ("relay.carrier.carry", "event")
        assert len(json.dumps(envelope)) < 262_144
        assert "inline" not in envelope["data"]["stateRef"]
        assert json.loads(dev.invoke("relay-carrier", batch(body))[2]) == {"batchItemFailures": []}
        (result,) = results(relay, 1)
    assert result["data"]["output"]["trail"] == AGENTS


def test_a_reply_goes_to_a_queue_from_every_language(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    """The closer ends a work that the opener started; then each of the three refuses a message that came too late."""
    with ministack() as url:
        queue, arn = queue_of(url, "answers")
        peers = json.dumps({"reply-to": [arn]})
        for agent in AGENTS:
            with_environment(relay, agent, {"PEER_CONTRACT_PEERS": peers, "AWS_ENDPOINT_URL_SQS": url, **KEYS})
        dev = dev_of(relay)
        contract, order = relay_contract(), json.loads(ORDER)
        work, message = contract.first_message("opener.open", order, delivery="event", reply_to=arn)
        assert dev.invoke("relay-opener", message, "Event")[0] == 202
        reply = json.loads(received(url, queue)["Body"])
        assert (reply["type"], reply["subject"]) == ("relay.closer.close.reply", work)
        assert reply["data"]["output"]["trail"] == AGENTS
        assert (reply["hop"], reply["expirytime"]) == (3, json.loads(message)["expirytime"])
        assert [result["id"] for result in results(relay, 1)] == [reply["id"]]
        for agent in AGENTS:
            _, message = contract.first_message("opener.open", order, delivery="event", reply_to=arn)
            assert dev.invoke(f"relay-{agent}", late_for(agent, message))[0] == 200
            reply = json.loads(received(url, queue)["Body"])
            assert (reply["source"], reply["data"]["error"]["code"]) == (f"/relay/{agent}", "deadline_exceeded")


def test_an_address_that_is_not_listed_is_refused_before_any_work(relay: Path) -> None:
    elsewhere = "arn:aws:sqs:us-east-1:000000000000:elsewhere"
    run = run_work(relay, json.loads(ORDER), "--reply-to", elsewhere)
    assert run.code == 1
    assert "address_refused" in json.dumps(run.records) + run.stderr
    run = run_work(relay, json.loads(ORDER), "--reply-to", "carrier.carry")
    assert run.code == 2, "the command knows the contract itself"
    (stopped,) = run.of_type("stopped")
    assert (stopped["code"], stopped["at"], stopped["work"]) == ("address_refused", "/replyto", None)


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


@pytest.mark.parametrize("agent", AGENTS)
def test_an_address_that_is_none_is_named_with_its_variable_and_without_a_stack_trace(relay: Path, agent: str) -> None:
    with_environment(relay, agent, {"PEER_CONTRACT_PEERS": json.dumps({"carrier": "arn:aws:s3:::x"})})
    run = run_work(relay, json.loads(ORDER))
    assert run.code == 1
    (stopped,) = run.of_type("stopped")
    assert stopped["code"] == "configuration_invalid"
    assert "`carrier` in `PEER_CONTRACT_PEERS` has no address" in stopped["message"], stopped
    assert not any(line.startswith(("Traceback", "    at ")) for line in stopped["log"]), stopped["log"]
