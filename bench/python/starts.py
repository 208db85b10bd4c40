"""`starts.py DATA`: the first message of a work for each agent and size, as a client would send it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from parcels import _types


def main(data: Path) -> None:
    """All agents, all sizes. They expire with the deadline of the contract, an hour after they were made."""
    for name in ("600B", "20KB", "1MB"):
        message = json.loads((data / f"{name}.canonical.json").read_bytes())
        for target in ("rust.toRust", "python.toPython", "node.toNode"):
            _, text = _types.contract.start(target, message, time.time_ns() // 1_000_000, os.urandom(10))
            (data / f"{name}.start.{target}.json").write_bytes(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
