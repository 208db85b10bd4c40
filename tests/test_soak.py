"""Agents that run for long: memory, descriptors, threads and files stay what they were after the first works.

`PEER_CONTRACT_SOAK` has the seconds; five minutes in the nightly run.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from conftest import Dev, peerc
from test_floods import AGENTS, memory
from test_whole_system import first_message

SECONDS = float(os.environ.get("PEER_CONTRACT_SOAK", "9"))
MIB = 1 << 20
SANDBOX_GROWTH = 12 * MIB
"""What garbage collectors leave lying about: the nightly run takes some gigabytes through."""
DEV_GROWTH = 16 * MIB
"""`peerc dev` keeps the newest 20,000 lines of each function's log."""
ORDERS = [{"bytes": 10, "kind": "even"}, {"bytes": 20_000, "kind": "even"}, {"bytes": 200_000, "kind": "random"}, {"bytes": 1, "kind": "even"}]
"""A small load, a middle one, a large one, and one that ends with an error of the contract."""


@dataclass(frozen=True)
class Process:
    """What one process holds."""

    memory: int
    descriptors: int
    threads: int


def look(dev: Dev) -> dict[str, Process]:
    """The largest process of each agent, and `peerc dev`, by their command lines; a second sandbox may be idle for long."""
    found: dict[str, Process] = {}
    for pid in [*dev.children(), dev.process.pid]:
        place = Path(f"/proc/{pid}")
        counts = [memory(pid, "VmRSS"), len(list((place / "fd").iterdir())), len(list((place / "task").iterdir()))]
        name = (place / "cmdline").read_text().replace("\0", " ").strip()
        largest = found.get(name, Process(0, 0, 0))
        found[name] = Process(*map(max, counts, (largest.memory, largest.descriptors, largest.threads)))
    return found


def work_for(dev: Dev, seconds: float) -> int:
    """Works through all agents, one after the other, until the time is over; how many there were."""
    until, works = time.monotonic() + seconds, 0
    while time.monotonic() < until or works % len(ORDERS):
        one_work(dev, ORDERS[works % len(ORDERS)])
        works += 1
    return works


def one_work(dev: Dev, order: dict[str, object]) -> None:
    """One order through the chain, forwarded as an entry client does; and a payload that is refused, once in a while."""
    payload = first_message(order)
    for agent in AGENTS if order["bytes"] != 1 else AGENTS[:1]:
        status, headers, payload = dev.invoke(f"relay-{agent}", payload)
        assert (status, headers.get("X-Amz-Function-Error")) == (200, None), payload[:500]
    data = json.loads(payload)["data"]
    assert ("error" in data) == (order["bytes"] == 1) and ("output" in data) == (order["bytes"] != 1), list(data)
    if order["bytes"] == 10:
        assert dev.invoke("relay-carrier", b'{"bytes":"none"}')[1]["X-Amz-Function-Error"] == "Unhandled"


def files(folder: Path) -> list[str]:
    """All files below, but for those that belong to a work, and the 256 locks at most that all works share."""
    return sorted(str(path) for path in folder.rglob("*") if path.is_file() and not {"work", ".lock"} & set(path.parts))


def test_nothing_grows(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    works = work_for(dev, SECONDS / 3)
    sandboxes, before, files_before = dev.children(), look(dev), files(relay / ".peerc")
    works += work_for(dev, SECONDS * 2 / 3)
    assert dev.children() == sandboxes, "a sandbox was replaced"
    for name, now in look(dev).items():
        was, room = before[name], DEV_GROWTH if name.endswith("dev") else SANDBOX_GROWTH
        what = f"{name} after {works} works: {was} became {now}"
        assert now.memory - was.memory < room, what
        assert now.descriptors <= was.descriptors and now.threads <= was.threads, what
    assert files(relay / ".peerc") == files_before


def test_what_the_works_left_in_the_store_can_go(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    work_for(dev_of(relay), 0.1)
    store = relay / ".peerc" / "store"
    assert any(path.is_file() for path in (store / "work").rglob("*"))
    done = peerc("store", "gc", "--store", str(store), "--works", "0s", "--orphans", "0s", cwd=relay)
    assert done.returncode == 0, done.stderr
    assert not [path for path in (store / "work").rglob("*") if path.is_file()]
