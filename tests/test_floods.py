"""Payloads that grow when they are opened: each is refused with its code at the limit, and costs the agent little memory."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from conftest import Dev, relay_in, start_dev, stop
from test_whole_system import first_message

MIB = 1 << 20
PART = 16 * MIB
"""What any part may have after inflating (`Limits::json_bytes`)."""
STATE = 8 * MIB
"""What the relay's contract lets a state have."""
AGENTS = ["opener", "carrier", "closer"]
Message = dict[str, Any]


def frame(blocks: list[tuple[bytes, int]], size: int | None = None) -> bytes:
    """A frame of zstd of blocks that repeat one byte each (RFC 8878, 3.1.1): four bytes stand for up to 128 KiB."""
    head = b"\x28\xb5\x2f\xfd" + (b"\x00\x68" if size is None else b"\xc0\x68" + size.to_bytes(8, "little"))
    body = b""
    for at, (byte, count) in enumerate(blocks):
        last = at == len(blocks) - 1
        body += (count << 3 | 1 << 1 | last).to_bytes(3, "little") + byte
    return head + body


def bomb(bytes_after: int, byte: bytes = b" ") -> bytes:
    """So many bytes after inflating, from 32,768 times fewer."""
    block = 128 << 10
    return frame([(byte, block)] * (bytes_after // block))


def reference(encoded: bytes, announced: int, **more: Any) -> Message:
    """What a large part is sent as; the hash is of spaces, as many as announced, up to the limit."""
    digest = hashlib.sha256(b" " * min(announced, PART)).hexdigest()
    return {"sha256": digest, "bytes": announced, "encoding": "zstd", "inline": base64.b64encode(encoded).decode(), **more}


def with_state(message: Message, state: str) -> bytes:
    """The message with this text as its state."""
    data = {name: value for name, value in message["data"].items() if name != "state"}
    return f'{json.dumps({**message, "data": {**data, "state": "here"}})}'.replace('"here"', state).encode()


def with_reference(message: Message, part: Message) -> bytes:
    """The message with its state as a reference."""
    data = {name: value for name, value in message["data"].items() if name != "state"}
    return json.dumps({**message, "data": {**data, "stateRef": part}}).encode()


def with_contract(message: Message, encoded: bytes) -> bytes:
    """The message from a sender with another contract, which it brings along."""
    data = {**message["data"], "contract": base64.b64encode(encoded).decode()}
    strange = {**message, "data": data, "dataschema": f"urn:peer-contract:sha256:{'0' * 64}", "operation": f"sha256:{'0' * 64}"}
    return json.dumps(strange).encode()


Flood = tuple[str, Callable[[Message], bytes], str]
FLOODS: list[Flood] = [
    ("a GiB behind a small number", lambda m: with_reference(m, reference(bomb(1 << 30), 1000)), "inflate_limit"),
    ("a GiB that is announced", lambda m: with_reference(m, reference(bomb(1 << 30), 1 << 30)), "state_too_large"),
    ("8 MiB from 256 bytes", lambda m: with_reference(m, reference(bomb(STATE), STATE)), "inflate_limit"),
    ("a bomb within a bomb", lambda m: with_reference(m, reference(frame([(b"\x28", 1000)] * 64), 64_000)), "reference_invalid"),
    ("a bomb of gzip", lambda m: with_reference(m, reference(gzip.compress(b" " * STATE), STATE)), "reference_invalid"),
    ("a bomb called plain", lambda m: with_reference(m, reference(bomb(STATE), STATE, encoding="identity")), "reference_invalid"),
    ("a frame that promises 2^60 bytes", lambda m: with_reference(m, reference(frame([(b" ", 8)], 1 << 60), 8)), "reference_invalid"),
    ("a contract of a GiB", lambda m: with_contract(m, bomb(1 << 30)), "inflate_limit"),
    ("values beyond the limit", lambda m: with_state(m, f'{{"blob":"","trail":[{",".join(["0"] * 200_001)}]}}'), "json_too_many_values"),
    ("keys beyond the limit", lambda m: with_state(m, json.dumps({f"k{n}": 0 for n in range(10_001)})), "json_too_many_keys"),
    ("a million brackets", lambda m: with_state(m, "[" * 1_000_000 + "]" * 1_000_000), "json_depth"),
    ("five megabytes of escapes, then a mistake", lambda m: with_state(m, f'{{"blob":"{chr(92) + "u0001"}' + f"{chr(92)}u0001" * 800_000 + '"}'), "required_missing"),
]


@dataclass
class Relay:
    """The running relay, and a message within all rules for each of its agents."""

    dev: Dev
    messages: dict[str, Message]

    def refusal(self, agent: str, payload: bytes) -> str:
        """The code that an agent refuses a payload with."""
        status, _, body = self.dev.invoke(f"relay-{agent}", payload)
        assert status == 200, body[:500]
        answer = json.loads(body)
        return str(answer.get("errorType") or answer["data"]["error"]["code"])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """One relay for all floods: an agent that one of them broke would fail at the next."""
    dev = start_dev(relay_in(tmp_path_factory.mktemp("floods")))
    try:
        messages, payload = {}, first_message({"bytes": 10, "kind": "even"})
        for agent in AGENTS:
            messages[agent] = json.loads(payload)
            payload = dev.invoke(f"relay-{agent}", payload)[2]
        yield Relay(dev, messages)
    finally:
        stop(dev)


def forget_peaks(dev: Dev) -> dict[int, int]:
    """The memory of each sandbox now, in bytes; from here on its peak is measured anew (proc(5), `clear_refs`)."""
    for pid in dev.children():
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    return {pid: memory(pid, "VmRSS") for pid in dev.children()}


def grown_since(before: dict[int, int]) -> list[int]:
    """By how many bytes each sandbox was larger at its peak than it was before."""
    return [memory(pid, "VmHWM") - rss for pid, rss in before.items()]


def memory(pid: int, which: str) -> int:
    """A line of a process's status, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith(f"{which}:"))


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(("make", "code"), [flood[1:] for flood in FLOODS], ids=[flood[0] for flood in FLOODS])
def test_a_flood_is_refused_and_stays_small(running: Relay, agent: str, make: Callable[[Message], bytes], code: str) -> None:
    payload = make(running.messages[agent])
    before = forget_peaks(running.dev)
    assert running.refusal(agent, payload) == code
    assert max(grown_since(before)) < 2 * PART


NAMES = [("as what it claims to be", hashlib.sha256(b" " * 1000), "store_failed"), ("as what it is", hashlib.sha256(bomb(1 << 30)), "inflate_limit")]


@pytest.mark.parametrize("agent", AGENTS)
@pytest.mark.parametrize(("name", "code"), [(name.hexdigest(), code) for _, name, code in NAMES], ids=[case[0] for case in NAMES])
def test_a_bomb_in_the_store_is_refused_and_stays_small(running: Relay, agent: str, name: str, code: str) -> None:
    message = running.messages[agent]
    place = running.dev.folder / ".peerc" / "store" / "work" / message["subject"] / "blob" / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bomb(1 << 30))
    before = forget_peaks(running.dev)
    assert running.refusal(agent, with_reference(message, {"sha256": name, "bytes": 1000, "encoding": "zstd"})) == code
    assert max(grown_since(before)) < 2 * PART


@pytest.mark.parametrize("agent", AGENTS)
def test_after_all_floods_the_agent_still_answers(running: Relay, agent: str) -> None:
    status, headers, body = running.dev.invoke(f"relay-{agent}", json.dumps(running.messages[agent]).encode())
    assert (status, headers.get("X-Amz-Function-Error")) == (200, None), body[:500]
