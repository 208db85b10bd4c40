"""`memory.py DATA CASE`: by how much decoding 1 MB raises the peak of this process, in bytes. Linux only."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cases import decoders


def status(field: str) -> int:
    """A size from the kernel's account of this process."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * 1024


def main(data: Path, case: str) -> None:
    """One case in one process: what others left behind would hide it."""
    decode = decoders(data)[case]
    decode((data / "600B.author.json").read_bytes())
    text = (data / "1MB.author.json").read_bytes()
    before = status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    value = decode(text)
    peak = status("VmHWM") - before
    print(json.dumps({"group": "python-memory", "size": "1 MB", "bytes": len(text), "samples": {case: peak}}))
    del value


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
