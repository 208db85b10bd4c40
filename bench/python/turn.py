"""`turn.py DATA ROUNDS`: what one turn of the Python agent costs, from the bytes of an event to the bytes of the answer.

`land` opens a message and gives a small reply; `toPython` opens one and passes it on. The difference is sending.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

from agent import handler
from rounds import measure


def main(data: Path, rounds: int) -> None:
    """All sizes."""
    for size in ("600 B", "20 KB", "1 MB"):
        first = (data / f"{size.replace(' ', '')}.start.python.toPython.json").read_bytes()
        second = handler(first)
        samples = measure({"pass": partial(handler, first), "land": partial(handler, second)}, rounds)
        print(json.dumps({"group": "turn-python", "size": size, "bytes": len(first), "samples": samples}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
