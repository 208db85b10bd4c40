"""The agents of the benchmark behind the local Lambda."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prepare import OUT


@contextmanager
def running(folder: Path, concurrency: int | None = None) -> Iterator[str]:
    """`peerc dev` over a copy of the project; gives the URL of its Invoke API."""
    project = _copy(folder, concurrency)
    log = project / "dev.log"
    note = project / ".peerc" / "dev.json"
    with log.open("w") as out:
        dev = subprocess.Popen([str(OUT / "peerc"), "dev"], cwd=project, stdout=out, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + 60
            while not note.exists():
                if dev.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"`peerc dev` did not come up:\n{log.read_text()}")
                time.sleep(0.02)
            yield json.loads(note.read_text())["endpoint"]
        finally:
            dev.send_signal(signal.SIGINT)
            dev.wait(timeout=20)


def _copy(folder: Path, concurrency: int | None) -> Path:
    """A project of its own, so that nothing of an earlier run is in its store."""
    project = OUT / "project"
    shutil.rmtree(project, ignore_errors=True)
    project.mkdir()
    for part in ("python", "node", "bench.contract.json"):
        (project / part).symlink_to(folder / part)
    toml = (folder / "peerc.toml").read_text().replace("../target/bench", str(OUT))
    if concurrency:
        toml = toml.replace('language = "', f'concurrency = {concurrency}\nlanguage = "')
    (project / "peerc.toml").write_text(toml)
    return project


__all__ = ["running"]
