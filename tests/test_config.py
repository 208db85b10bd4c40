"""Configurations with real processes: what an agent of each language is made from, and what is told when that cannot be."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Dev, Run, copy_of, peerc, run_work

TUNED = ROOT / "tests" / "tuned"
AGENTS = ("planner", "scaler", "writer")


@pytest.fixture
def tuned(tmp_path: Path) -> Path:
    """A copy of the project whose agents are made from configurations."""
    return copy_of(TUNED, tmp_path / "tuned")


def steps(run: Run) -> list[str]:
    """What the agents said they were made from."""
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    said: list[str] = result["output"]["steps"]
    return said


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replaces a part of a file, which must be there."""
    path = folder / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def stored(folder: Path, text: bytes) -> str:
    """Puts any bytes into the project's store under their hash, as only a broken tool would."""
    digest = hashlib.sha256(text).hexdigest()
    path = folder / ".peerc" / "store" / "config" / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    return f"sha256:{digest}"


def test_agents_of_three_languages_are_made_from_their_configurations(tuned: Path) -> None:
    assert steps(run_work(tuned, {})) == ["planner 3 2", "scaler 7 0", "writer 9007199254740991 0"]


def test_what_does_not_fit_is_shown_in_its_file_before_anything_runs(tuned: Path) -> None:
    change(tuned, "planner.config.yaml", "most: 3", "most: three")
    done = peerc("run", "{}", cwd=tuned)
    assert done.returncode == 2
    assert "type_mismatch" in done.stderr
    assert "planner.config.yaml:2:" in done.stderr


@pytest.mark.parametrize("agent", AGENTS)
def test_an_agent_without_its_configuration_says_so_to_its_caller(tuned: Path, agent: str) -> None:
    ending = "yaml" if agent == "planner" else "json"
    change(tuned, "peerc.toml", f'config = "{agent}.config.{ending}"\n', "")
    assert "`PEER_CONTRACT_CONFIG` names none" in refusal(tuned, agent)


@pytest.mark.parametrize("agent", AGENTS)
def test_a_configuration_for_another_schema_is_refused_at_its_place_without_its_values(tuned: Path, agent: str) -> None:
    name = stored(tuned, json.dumps({"label": 7531, "limits": {"most": 1}}, separators=(",", ":")).encode())
    ending = "yaml" if agent == "planner" else "json"
    change(tuned, "peerc.toml", f'config = "{agent}.config.{ending}"', f'env = {{ PEER_CONTRACT_CONFIG = "{name}" }}')
    told = refusal(tuned, agent).replace(name, "")
    assert "expected string, found integer (type_mismatch)" in told
    assert "/label" in told
    assert "7531" not in told


@pytest.mark.parametrize("agent", AGENTS)
def test_bytes_that_are_not_what_the_hash_says_are_never_used(tuned: Path, agent: str) -> None:
    assert steps(run_work(tuned, {}))
    done = peerc("config", "check", agent, "--format", "json", cwd=tuned)
    digest = json.loads(done.stdout)["hash"].removeprefix("sha256:")
    ending = "yaml" if agent == "planner" else "json"
    change(tuned, "peerc.toml", f'config = "{agent}.config.{ending}"', f'env = {{ PEER_CONTRACT_CONFIG = "sha256:{digest}" }}')
    for place in ("store", f"cache/{agent}"):
        (tuned / ".peerc" / place / "config" / digest).write_text('{"label":"x","limits":{"most":1}}')
    assert "moved aside" in refusal(tuned, agent)
    assert "has no configuration" in refusal(tuned, agent)


def refusal(folder: Path, agent: str) -> str:
    """What a run is told when an agent cannot start."""
    run = run_work(folder, {}, "--logs")
    assert run.code == 1, run
    (stopped,) = run.of_type("stopped")
    assert stopped["target"].startswith(agent), stopped
    log = "".join(record.get("text", "") + record.get("line", "") for record in run.records)
    return json.dumps(stopped, ensure_ascii=False) + log


def test_a_changed_configuration_makes_the_agents_of_a_running_dev_anew(tuned: Path, dev_of: Callable[[Path], Dev]) -> None:
    dev_of(tuned)
    assert steps(run_work(tuned, {}))[1] == "scaler 7 0"
    change(tuned, "scaler.config.json", "7.0", "8")
    until = time.monotonic() + 20
    while (said := steps(run_work(tuned, {}))[1]) != "scaler 8 0":
        assert time.monotonic() < until, said
        time.sleep(0.1)


def test_what_was_put_is_shown_and_named_by_the_variable(tuned: Path, tmp_path: Path) -> None:
    store = str(tmp_path / "store")
    put = peerc("config", "put", "scaler", "--store", store, cwd=tuned)
    variable, _, name = put.stdout.strip().partition("=")
    canonical = b'{"label":"scaler","limits":{"most":7},"more":{"x":1}}'
    assert (variable, name) == ("PEER_CONTRACT_CONFIG", f"sha256:{hashlib.sha256(canonical).hexdigest()}")
    shown = peerc("config", "show", name, "--store", store, cwd=tuned)
    assert json.loads(shown.stdout) == json.loads(canonical)
    missing = peerc("config", "show", f"sha256:{'0' * 64}", "--store", store, cwd=tuned)
    assert (missing.returncode, "has no configuration" in missing.stderr) == (2, True)


def test_the_manual_shows_what_these_agents_are() -> None:
    sources = "\n".join(path.read_text() for path in (TUNED / "planner/planner.py", TUNED / "writer/writer.mjs", TUNED / "scaler/src/main.rs", TUNED / "peerc.toml"))
    blocks = re.findall(r"```(?:python|js|rust|toml)\n(.*?)```", (ROOT / "docs" / "config.md").read_text(), re.DOTALL)
    assert len(blocks) == 4
    assert [block for block in blocks if block not in sources] == []
