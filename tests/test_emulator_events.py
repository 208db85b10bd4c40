"""Events of services to the relay's three agents through real runtimes: awslambdaric, Node's loop and the loop of Rust, each behind the
official Runtime Interface Emulator.

An event carries a message that travels by `event`, as nobody waits behind a queue, a topic or a bus. What the agent then sends comes to
an endpoint of the test; what ends the work lies in the store.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from emulation import ask, emulated
from test_emulator import AGENTS
from test_whole_system import first_message

EVENTS = ROOT / "schemas" / "vectors" / "events"
CHAIN = ("opener", "carrier", "closer")
NEXT = {"opener": "relay.carrier.carry", "carrier": "relay.closer.close"}
Message = dict[str, Any]


class Endpoint(ThreadingHTTPServer):
    """Takes every event, and keeps it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Takes)
        self.taken: list[Message] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Takes(BaseHTTPRequestHandler):
    server: Endpoint

    def log_message(self, *arguments: object) -> None:
        pass

    def do_POST(self) -> None:
        self.server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


@dataclass
class Asked:
    """A running agent."""

    url: str

    def __call__(self, event: Any) -> Any:
        return json.loads(ask(self.url, json.dumps(event).encode()))


@contextmanager
def behind(agent: str, peers: dict[str, str], store: Path) -> Iterator[Asked]:
    """An agent with a shared store."""
    command, folder = AGENTS[agent]
    settings = {"PEER_CONTRACT_PEERS": json.dumps(peers), "AWS_LAMBDA_FUNCTION_NAME": f"relay-{agent}", "PEER_CONTRACT_STORE": str(store)}
    with emulated(command, folder, {**os.environ, **settings}) as url:
        yield Asked(url)


def shape(vector: str) -> Any:
    """The event of a vector, as its service's documentation shows it."""
    return json.loads((EVENTS / f"{vector}.json").read_text())["event"]


def through_a_queue(message: Message) -> Any:
    event = shape("an-envelope-comes-through-a-queue")
    first = event["Records"][0]
    event["Records"] = [{**deepcopy(first), "messageId": name, "body": body} for name, body in (("good", json.dumps(message)), ("bad", "{"))]
    return event


def through_a_topic(message: Message) -> Any:
    event = shape("an-envelope-comes-through-a-topic")
    event["Records"][0]["Sns"]["Message"] = json.dumps(message)
    return event


def over_a_bus(message: Message) -> Any:
    return {**shape("an-envelope-comes-over-a-bus"), "detail": message}


def by_a_request(message: Message) -> Any:
    return {**shape("a-request-brings-an-envelope"), "body": json.dumps(message)}


def in_headers(message: Message) -> Any:
    """The binary form of a CloudEvent: attributes in headers, the data in the body."""
    event = shape("a-request-brings-an-envelope-in-its-headers")
    own = {name: value for name, value in event["headers"].items() if not name.startswith("ce-")}
    attributes = {name: str(value) for name, value in message.items() if name not in ("data", "datacontenttype")}
    headers = {**own, **{f"ce-{name}": value for name, value in attributes.items()}}
    return {**event, "headers": headers, "body": json.dumps(message["data"])}


def to_a_destination(message: Message) -> Any:
    return {**shape("a-destination-is-told-the-answer"), "responsePayload": message}


def as_it_is(message: Message) -> Any:
    """The structured form of a CloudEvent, as a bus or another cloud passes it on."""
    return message


WAYS = [through_a_queue, through_a_topic, over_a_bus, by_a_request, in_headers, to_a_destination, as_it_is]


def messages(opener: Asked, carrier: Asked) -> dict[str, Message]:
    """A new work's message to each agent, from now on by `event`."""
    found: dict[str, Message] = {"opener": json.loads(first_message({"bytes": 9, "kind": "even"}))}
    found["carrier"] = opener(found["opener"])
    found["closer"] = carrier(found["carrier"])
    # The agents that made these have stored that they did: another work, with the same parts.
    first = json.loads(first_message({"bytes": 9, "kind": "even"}))
    fresh = {name: first[name] for name in ("subject", "expirytime", "time")}
    for agent, message in found.items():
        message.update({**fresh, "id": first["id"] if agent == "opener" else message["id"], "delivery": "event"})
    return found


def took(answer: Any) -> None:
    """That an answer reports no failure, whichever service waits for it."""
    assert "errorType" not in answer and "error" not in answer, answer
    if "statusCode" in answer:
        assert answer["statusCode"] in (200, 202), answer
    assert [item["itemIdentifier"] for item in answer.get("batchItemFailures", [{"itemIdentifier": "bad"}])] == ["bad"], answer


def test_each_runtime_takes_an_event_of_each_kind(tmp_path: Path) -> None:
    endpoint = Endpoint()
    with behind("carrier", {"closer": endpoint.url}, tmp_path) as carrier, behind("opener", {"carrier": endpoint.url}, tmp_path) as opener:
        with behind("closer", {"carrier": carrier.url}, tmp_path) as closer:
            asks = dict(zip(CHAIN, (opener, carrier, closer), strict=True))
            for way in WAYS:
                for agent, message in messages(opener, carrier).items():
                    before = len(endpoint.taken)
                    took(asks[agent](way(message)))
                    if agent == "closer":
                        reply = json.loads((tmp_path / "work" / message["subject"] / "result").read_bytes())
                        assert reply["data"]["output"]["trail"] == list(CHAIN), way.__name__
                    else:
                        (sent,) = endpoint.taken[before:]
                        assert (sent["type"], sent["subject"]) == (NEXT[agent], message["subject"]), way.__name__


@pytest.mark.parametrize("agent", CHAIN)
def test_each_runtime_refuses_an_object_that_its_contract_does_not_map(agent: str, tmp_path: Path) -> None:
    with behind(agent, {}, tmp_path) as asked:
        answer = asked(shape("an-object-starts-work"))
    assert answer["errorType"] == "event_unmapped", answer


def test_a_cloud_event_of_others_starts_work(tmp_path: Path) -> None:
    endpoint = Endpoint()
    event = {**shape("a-cloud-event-starts-work"), "data": {"bytes": 3, "kind": "even"}}
    with behind("opener", {"carrier": endpoint.url}, tmp_path) as opener:
        works = {opener(event)["work"] for _ in range(2)}
    assert len(works) == 1, "the same event started two works"
    assert {sent["subject"] for sent in endpoint.taken} == works
