"""Downloads one package from the registry, pinned by its hash, and keeps a folder made from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def keep(into: Path, requirements: Path, make: Callable[[Path, Path], None], *options: str) -> None:
    """Lets `make` turn the archive that `requirements` names into a folder, and puts that in its place when it is whole."""
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into.parent) as folder:
        archives, whole = Path(folder, "archives"), Path(folder, "whole")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", *options]
        subprocess.run([*pip, "--dest", str(archives), "-r", str(requirements)], check=True)
        (archive,) = archives.iterdir()
        make(archive, whole)
        shutil.rmtree(into, ignore_errors=True)
        os.replace(whole, into)
