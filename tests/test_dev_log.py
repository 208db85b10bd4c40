"""What `peerc dev` and `peerc run` show of the lines that agents write: words on a terminal, the lines themselves elsewhere."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import PEERC, Dev, run_work
from test_dev_changes import edit, log_of, wait_for

LINE = re.compile(r"opener +\S{6} +1 +\d\d:\d\d:\d\d\.\d{3} INFO  opened 3  bytes=3")


@pytest.fixture
def telling(relay: Path) -> Path:
    """The relay, whose opener and closer write a line each."""
    opened = 'work.log.info("opened %d", order.bytes, extra={"bytes": order.bytes})\n        '
    edit(relay / "opener" / "opener.py", "work.state.blob =", f"{opened}work.state.blob =")
    edit(relay / "closer" / "closer.mjs", "const { blob,", "work.log.warn('closing\\nat last')\n    const { blob,")
    return relay


def seen_on_a_terminal(command: list[str], folder: Path, until: Callable[[str], bool]) -> str:
    """What a command shows on a terminal, which ends once enough was seen."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, env={**os.environ, "NO_COLOR": "1"})
    os.close(theirs)
    text, ends = "", time.monotonic() + 60
    try:
        while not until(text):
            assert time.monotonic() < ends, text
            if not select.select([ours], [], [], 0.2)[0]:
                continue
            try:
                more = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            text += more.decode().replace("\r\n", "\n")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        os.close(ours)
    return text


def test_a_person_reads_words(telling: Path) -> None:
    (telling / "order.json").write_text(json.dumps({"bytes": 3, "kind": "even"}))
    shown = seen_on_a_terminal([str(PEERC), "run", "order.json", "--logs"], telling, lambda text: "output:" in text or "error" in text)
    assert re.search(r"opener │ \d\d:\d\d:\d\d\.\d{3} INFO  opened 3  bytes=3", shown), shown
    assert re.search(r"closer │ \S+ WARN  closing\n +closer │   at last", shown), shown
    assert '"timestamp"' not in shown


def test_a_person_reads_words_of_all_agents_in_one_log(telling: Path) -> None:
    def enough(text: str) -> bool:
        if "Ctrl-C ends them" in text and not works:
            works.append(run_work(telling, {"bytes": 3, "kind": "even"}).code)
        return "at last" in text

    works: list[int] = []
    shown = seen_on_a_terminal([str(PEERC), "dev", "--no-watch"], telling, enough)
    assert works == [0] and LINE.search(shown), shown
    assert '"timestamp"' not in shown


def test_a_program_reads_the_lines_as_they_were_written(telling: Path, dev_of: Callable[..., Dev]) -> None:
    dev = dev_of(telling)
    assert run_work(telling, {"bytes": 3, "kind": "even"}).code == 0
    wait_for(dev, "at last")
    (line,) = [line for line in log_of(dev).splitlines() if '"opened 3"' in line]
    assert json.loads(line[line.index("{") :])["bytes"] == 3
