"""Text of a contract never becomes code: payloads in every place, generated in three languages, parsed, searched and loaded.

`PEER_CONTRACT_HOSTILE=all` takes every payload in every place instead of a sample.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conftest import PEERC, ROOT
from hostile import judge
from hostile.corpus import DRAWN, Case, everywhere, one_by_one
from hostile.payloads import IMPORTS, PAYLOADS, QUOTES
from hostile.places import FREE, PROSE, STRICT, contract, record

HERE = ROOT / "tests" / "hostile"
OLD_GENERATOR = ROOT / "target" / "old-generator" / "bin" / "python"
ALL = os.environ.get("PEER_CONTRACT_HOSTILE") == "all"
# What reads or runs thousands of files in one process.
SLOW_SECONDS = 3600 if ALL else 600
LANGUAGES = ["rust", "python", "javascript"]
CODED = re.compile(r'"code":\s*"[a-z_]+"')

Corpus = dict[Path, Case]


def generate(folder: Path, case: Case) -> str | None:
    """Runs the command; gives what is wrong with how it ended."""
    folder.mkdir()
    (folder / "c.json").write_text(json.dumps(case.contract))
    flags = [part for language in LANGUAGES for part in (f"--{language}", language)]
    done = subprocess.run([PEERC, "generate", "c.json", *flags, "--format", "json"], cwd=folder, capture_output=True, timeout=60)
    if done.returncode == 0:
        return None
    told = (done.stdout + done.stderr).decode()
    is_refused = done.returncode in (1, 2) and CODED.search(told) and "generated_unsafe" not in told and "panicked" not in told
    return None if is_refused and not case.is_free else f"{case}: {done.returncode} {told:.600}"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """The cases that were not refused, each in a folder with its generated code."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "node_modules").mkdir()
    (root / "node_modules" / "peer-contract").symlink_to(ROOT / "bindings-node")
    cases = {root / f"c{index}": case for index, case in enumerate([Case({}), *everywhere(), *one_by_one(None if ALL else DRAWN)])}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [failure for failure in pool.map(generate, cases, cases.values()) if failure]
    assert not wrong, f"{len(wrong)}: " + "\n".join(wrong[:9])
    assert sorted(path.name for path in root.iterdir()) == sorted(["node_modules", *(folder.name for folder in cases)])
    return {folder: case for folder, case in cases.items() if (folder / "python").exists()}


def files(corpus: Iterable[Path], pattern: str) -> list[Path]:
    """Files of this kind, once for each text that no other has but for the contract's hash."""
    seen: dict[str, Path] = {}
    for folder in corpus:
        for path in sorted(folder.glob(pattern)):
            seen.setdefault(re.sub(r"sha256:\w+", "", path.read_text()), path)
    return list(seen.values())


def in_all(program: list[str], root: Path, paths: list[str]) -> int:
    """Runs a loader over paths; gives how many it loaded."""
    environment = {**os.environ, "NODE_OPTIONS": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(program, cwd=root, input="\n".join(paths), capture_output=True, text=True, timeout=SLOW_SECONDS, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (root / "injected").exists(), "text of a contract was run"
    return int(done.stdout)


def test_there_are_several_hundred_contracts_with_a_payload_in_each_place(corpus: Corpus) -> None:
    alone = {next(iter(case.texts)) for case in corpus.values() if len(case.texts) == 1}
    assert len(corpus) > 500 and len(PAYLOADS) > 200
    assert alone >= set(FREE) and alone & set(STRICT)


def test_no_generated_file_hides_a_character(corpus: Corpus) -> None:
    texts = ((path, path.read_text()) for path in files(corpus, "*/*.*"))
    assert not [f"{path}: {found}" for path, text in texts if (found := judge.hidden(text))]


def test_python_parses_and_holds_the_text_in_constants_only(corpus: Corpus) -> None:
    flaws = [f"{path}: {flaw}" for path in files(corpus, "python/*.py") for flaw in judge.python_flaws(path.read_text())]
    assert not flaws, "\n".join(flaws[:9])


def test_prose_changes_no_code_of_python(corpus: Corpus) -> None:
    plain = next(folder for folder, case in corpus.items() if not case.texts)
    expected = {path.name: judge.python_code(path.read_text()) for path in plain.glob("python/*.py")}
    for folder, case in corpus.items():
        # Text that is blank documents nothing, so there is no docstring.
        if case.is_prose and all(text.strip() for text in case.texts.values()):
            for name, code in expected.items():
                assert judge.python_code((folder / "python" / name).read_text()) == code, f"{case}: {name}"


def test_python_runs_nothing_of_the_contract(corpus: Corpus) -> None:
    root = next(iter(corpus)).parent
    packages = sorted({f"{path.parent.parent.name}/python" for path in files(corpus, "python/*.py")})
    assert in_all([sys.executable, str(HERE / "load.py")], root, packages) == len(packages)


def test_javascript_parses_and_holds_the_text_in_literals_only(corpus: Corpus) -> None:
    paths = "\n".join(str(path) for path in files(corpus, "javascript/*.*"))
    command = ["node", str(HERE / "read.mjs"), str(ROOT / "bindings-node" / "node_modules")]
    done = subprocess.run(command, input=paths, capture_output=True, text=True, timeout=SLOW_SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout) == []


def test_javascript_runs_nothing_of_the_contract(corpus: Corpus) -> None:
    root = next(iter(corpus)).parent
    paths = [str(path.resolve()) for path in files(corpus, "javascript/*.?js")]
    assert in_all(["node", str(HERE / "load.mjs")], root, paths) == len(paths)


def test_rust_parses_and_holds_the_text_in_literals_only(corpus: Corpus) -> None:
    # An operation may be called as the canary is; its handler is called then, rightly.
    others = [folder for folder, case in corpus.items() if "canary" not in case.texts.values()]
    # `mod.rs` names the others, which rustfmt would read once more.
    paths = [path for path in files(others, "rust/*.rs") if path.name != "mod.rs"]
    flaws = [f"{path}: {flaw}" for path in paths for flaw in judge.rust_flaws(path.read_text())]
    assert not flaws, "\n".join(flaws[:9])
    for start in range(0, len(paths), 500):
        command = ["rustfmt", "--edition", "2024", "--emit", "stdout", "--quiet", *map(str, paths[start : start + 500])]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]


def test_the_corpus_finds_the_published_holes_of_an_old_generator(tmp_path: Path) -> None:
    """What never finds anything proves nothing: the same payloads and the same judge, over datamodel-code-generator 0.28.5."""
    places = [place for place in [*FREE, *STRICT] if schema_of({place: "x"}) != schema_of({})]
    cases = [Case({place: payload}) for place in places for payload in PAYLOADS]
    # The places of the published holes with what closes quotes and imports, the others with some of all payloads.
    known = {"record.description", "record.customBasePath", "field.customTypePath"}
    sharp = [*QUOTES, *IMPORTS]
    close = [case for case in cases if known & set(case.texts) and set(case.texts.values()) & set(sharp)]
    taken = cases if ALL else [*close[::2], *cases[::97]]
    schemas = json.dumps([schema_of(case.texts) for case in taken])
    done = subprocess.run([OLD_GENERATOR, HERE / "old_generator.py"], input=schemas, capture_output=True, text=True, timeout=SLOW_SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]
    texts = zip(taken, json.loads(done.stdout), strict=True)
    injected = [(case, text) for case, text in texts if text and any("calls" in flaw for flaw in judge.python_flaws(text))]
    assert {place for case, _ in injected for place in case.texts} >= known, [str(case) for case, _ in injected]
    assert any(runs(text, tmp_path) for case, text in injected if "record.description" in case.texts)


def schema_of(texts: dict[str, str]) -> dict[str, object]:
    """The schema in which most places are, for a generator that knows no contracts."""
    return record(lambda place, plain="plain words": texts.get(place, plain))


def runs(text: str, folder: Path) -> bool:
    """Whether the module calls the canary when it is imported by the old generator's Python."""
    (folder / "model.py").write_text(text)
    script = "import builtins, pathlib; builtins.canary = lambda *_: pathlib.Path('injected').touch(); import model"
    subprocess.run([OLD_GENERATOR, "-c", script], cwd=folder, capture_output=True, timeout=60)
    return (folder / "injected").exists()


def test_the_places_are_those_of_the_contract() -> None:
    plain = json.dumps(contract({}))
    unused = [place for place in [*FREE, *STRICT] if json.dumps(contract({place: "x"})) == plain]
    assert not unused and not set(PROSE) & set(STRICT)
