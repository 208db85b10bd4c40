"""`speed.py DATA ROUNDS`: a line of JSON per size, in ns of thread CPU time."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path

from cases import compare, decoders, encoders
from rounds import measure


def main(data: Path, rounds: int) -> None:
    """All sizes."""
    for size in ("600 B", "20 KB", "1 MB"):
        name = size.replace(" ", "")
        compare(data, name)
        text = (data / f"{name}.author.json").read_bytes()
        cases = {case: functools.partial(decode, text) for case, decode in decoders(data).items()}
        samples = measure({**cases, **encoders(data, text)}, rounds)
        print(json.dumps({"group": "python", "size": size, "bytes": len(text), "samples": samples}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
