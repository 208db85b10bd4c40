"""What a person may not read or write is told with a code, and what was worked out is not lost."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import PEERC

#: Of Linux: what a program gives up for those it starts, and two rights of root to pass by those of files.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@pytest.fixture
def theirs(relay: Path) -> Path:
    (relay / "order.json").write_text(json.dumps({"bytes": 3, "kind": "even"}))
    return relay


def bound_by_files() -> None:
    """Even root is: rights of files hold for the program that comes next."""
    libc = ctypes.CDLL(None)
    for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, right, 0, 0, 0)


def asked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, held to the rights of files."""
    command = [str(PEERC), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, preexec_fn=bound_by_files)


def test_an_output_that_cannot_be_written_is_shown(theirs: Path) -> None:
    sealed = theirs / "sealed"
    sealed.mkdir(mode=0o555)
    done = asked(theirs, "run", "order.json", "-o", str(sealed / "out.json"))
    assert done.returncode == 2
    assert "error[configuration_invalid]" in done.stderr and "Permission denied" in done.stderr, done.stderr
    assert '"trail": [' in done.stdout


@pytest.mark.parametrize("command", ["run", "dev"])
def test_a_folder_for_notes_that_cannot_be_made_is_told(theirs: Path, command: str) -> None:
    shutil.rmtree(theirs / ".peerc", ignore_errors=True)
    theirs.chmod(0o555)
    done = asked(theirs, *([command, "order.json"] if command == "run" else [command]))
    theirs.chmod(0o755)
    assert done.returncode == 2
    assert "error[configuration_invalid]" in done.stderr and ".peerc" in done.stderr, done.stderr
    assert "peerc.toml:1" not in done.stderr, "no line there is wrong"


def test_a_store_without_rights_ends_a_work_with_its_code(theirs: Path) -> None:
    store = theirs / "store"
    store.mkdir(mode=0o555)
    done = asked(theirs, "run", "order.json", "--delivery", "event", "--store", str(store), "--format", "json")
    assert done.returncode != 0
    assert "store_failed" in done.stdout and "Permission denied" in done.stdout, done.stdout
    assert list(store.iterdir()) == []
