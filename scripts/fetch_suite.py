"""Fetches JSON-Schema-Test-Suite: the folder `json/` of a pinned source distribution, and nothing else of it."""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath

from download import keep
from steps import ROOT, SUITE

REQUIREMENTS = ROOT / "tests" / "oracle" / "requirements-suite.txt"


def unpack(archive: Path, into: Path) -> None:
    """Writes the files below `json/`; links and paths that lead elsewhere are left out."""
    with tarfile.open(archive) as opened:
        for member in opened:
            parts = PurePosixPath(member.name).parts
            wanted = member.isfile() and parts[1:2] == ("json",) and ".." not in parts
            content = opened.extractfile(member) if wanted else None
            if content is not None:
                path = into.joinpath(*parts[2:])
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


if __name__ == "__main__":
    keep(SUITE, REQUIREMENTS, unpack, "--no-binary", ":all:")
