"""Threads that meet a class for the first time at the same moment: each reads and writes it, and none waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

#: Looking at a class runs code of Python, in which the interpreter may change to another thread, and does so all the time here.
PROGRAM = """
import sys, threading
import kinds, relay

sys.setswitchinterval(1e-7)
values = [
    kinds.Closed(n=1, x=-0.5), kinds.Four(a="", b=None), kinds.Tree(value=1, children=[kinds.Tree(value=2)]),
    kinds.Work(when="2026-01-01T00:00:00Z"), kinds.And(all=[kinds.Not(item=kinds.Term(text="x"))]),
    relay.Draft(text="x"), relay.Page(html="<p>", words=0), relay.Topic(text="a"),
]
begin = threading.Barrier(4)

def each():
    for value in values:
        begin.wait()
        assert type(value).from_json(value.to_json()) == value

threads = [threading.Thread(target=each) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_may_meet_a_class_at_once(packages: Path) -> None:
    path = os.pathsep.join([str(packages), *sys.path])
    for _ in range(5):
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, timeout=60
        )
        assert (ended.returncode, ended.stderr) == (0, "")
