"""A program may end while other threads are at work in the module: nothing crashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Three threads that nobody waits for do `work` again and again; the program ends in the midst of it.
PROGRAM = """
import json, sys, threading, time
from peer_contract import ContractError, _native, local

broken = json.dumps([{"a": index, "b": ["x" * 20] * 3} for index in range(4000)]).encode()[:-1]

def refused():
    try:
        _native.read_json(broken)
    except ContractError:
        pass

def peers():
    import agents, relay
    every = {"writer": agents.MyWriter(), "editor": agents.MyEditor(), "counter": agents.MyCounter()}
    local.run(relay, every, relay.Topic(text="a b"))

def again(work):
    while True:
        work()
        began.set()

began = threading.Event()
for _ in range(3):
    threading.Thread(target=again, args=(globals()[sys.argv[1]],), daemon=True).start()
assert began.wait(20)
time.sleep(float(sys.argv[2]))
"""


@pytest.mark.parametrize("work", ["refused", "peers"])
@pytest.mark.parametrize("moment", ["0.001", "0.01", "0.02"])
def test_a_program_ends_in_peace_while_threads_are_inside(work: str, moment: str, packages: Path) -> None:
    path = os.pathsep.join([str(packages), *sys.path])
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, work, moment],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
