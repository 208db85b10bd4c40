"""A work that is spread over children in three languages, with real processes: many at once, killed, in both deliveries."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import Dev, Run, peerc, run_work

LOOK, WEIGH, MARK = "opener.look", "carrier.weigh", "closer.mark"


def expected(children: int) -> dict[str, Any]:
    """What the join replies: the child with the empty text ends with an error of the contract."""
    sizes = range(children)
    parts = {name: sum(size % 3 == rest for size in sizes) for rest, name in enumerate((LOOK, WEIGH, MARK))}
    parts[LOOK] -= 1
    parts = {name: count for name, count in parts.items() if count}
    return {"bytes": sum(min(size, 9) for size in sizes), "parts": parts, "failed": ["empty"], "trail": ["opener", "gather"]}


def output_of(run: Run) -> dict[str, Any]:
    assert run.code == 0, run.stderr
    (end,) = run.of_type("end")
    output: dict[str, Any] = end["output"]
    return output


def order(children: int) -> dict[str, Any]:
    return {"bytes": 10, "kind": "even", "spread": children}


@pytest.mark.parametrize("delivery", ["return", "event"])
def test_children_in_three_languages_are_joined(relay: Path, delivery: str) -> None:
    run = run_work(relay, order(30), "--delivery", delivery)
    assert output_of(run) == expected(30)
    assert [hop["target"] for hop in run.of_type("hop")] == ["opener.open", "closer.gather"]
    (group,) = run.of_type("children")
    assert (group["join"], group["children"], group["outputs"], group["failures"]) == ("closer.gather", 30, 29, 1)
    ends = group["ends"]
    assert [child["index"] for child in ends] == list(range(30))
    assert [child["target"] for child in ends] == targets(30)
    assert [child["error"] for child in ends if child["end"] != "reply"] == ["empty"]
    assert all(call["target"] not in (LOOK, WEIGH, MARK) for hop in run.of_type("hop") for call in hop["calls"])


@pytest.mark.parametrize("delivery", ["return", "event"])
def test_children_have_a_line_each_or_one_for_each_operation(relay: Path, delivery: str) -> None:
    few, many = lines_of_children(relay, 4, delivery), lines_of_children(relay, 40, delivery)
    assert [line.split()[1:3] for line in few[:-1]] == [[str(index), target] for index, target in enumerate(targets(4))]
    assert "✗ empty" in few[3] and few[-1].startswith("└ 4 children, 3 outputs, 1 failure, in ")
    assert [line.split()[1:4] for line in many[:-1]] == [["13", "×", WEIGH], ["13", "×", MARK], ["14", "×", LOOK]]
    assert "13 outputs, 1 empty" in many[2] and many[-1].startswith("└ 40 children, 39 outputs, 1 failure, in ")


def targets(children: int) -> list[str]:
    """What each child is: the opener goes from the longest text to the empty one."""
    return [(LOOK, WEIGH, MARK)[size % 3] for size in reversed(range(children))]


def lines_of_children(relay: Path, children: int, delivery: str) -> list[str]:
    """What `peerc run` prints for people about the children."""
    source = relay / "order.json"
    source.write_text(json.dumps(order(children)))
    done = peerc("run", str(source), "--delivery", delivery, cwd=relay)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.strip() for line in done.stdout.splitlines() if line.strip()[:1] in ("├", "└")]


@pytest.mark.parametrize("delivery", ["return", "event"])
def test_a_thousand_children_are_joined(relay: Path, delivery: str) -> None:
    run = run_work(relay, order(1000), "--delivery", delivery, timeout=110)
    assert output_of(run) == expected(1000)


def test_children_whose_processes_are_killed_run_again(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev = dev_of(relay)
    runs: list[Run] = []
    work = threading.Thread(target=lambda: runs.append(run_work(relay, order(200), "--delivery", "event")))
    work.start()
    draws = random.Random(7)
    for _ in range(6):
        time.sleep(0.3)
        if not work.is_alive():
            break
        if sandboxes := dev.children():
            os.kill(draws.choice(sandboxes), signal.SIGKILL)
    work.join()
    output = output_of(runs[0])
    # A child that is killed three times has failed, which the rule of this fan-out tolerates.
    assert len(output["failed"]) + sum(output["parts"].values()) == 200
    assert output["failed"].count("empty") == 1
