"""The native half keeps its promises: stub, interpreter lock, interrupts, time to import."""

from __future__ import annotations

import ast
import inspect
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType

import peer_contract
import pytest
from conftest import ROOT
from peer_contract import ContractError, _native

PACKAGE = Path(peer_contract.__file__).parent


def members(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    named = (ast.FunctionDef, ast.ClassDef)
    return {item.name: item.body for item in body if isinstance(item, named)}


def test_the_stub_says_what_the_module_has() -> None:
    stub = members(ast.parse((PACKAGE / "_native.pyi").read_text()).body)
    assert set(stub) == {name for name in dir(_native) if not name.startswith("__")}
    for name, body in stub.items():
        native = getattr(_native, name)
        if inspect.isclass(native):
            found = {member for member in vars(native) if not member.startswith("_")}
            assert {member for member in members(body) if not member.startswith("_")} == found, name


def test_parameters_have_the_names_of_the_stub() -> None:
    tree = ast.parse((PACKAGE / "_native.pyi").read_text())
    for function in (item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef)):
        owner = next((c for c in tree.body if isinstance(c, ast.ClassDef) and function in c.body), None)
        if function.name.startswith("__") or function.decorator_list:
            continue
        native = getattr(getattr(_native, owner.name) if owner else _native, function.name)
        stub = [argument.arg for argument in [*function.args.args, *function.args.kwonlyargs]]
        assert list(inspect.signature(native).parameters) == stub, function.name


def test_codes_are_those_of_the_shared_list() -> None:
    errors = json.loads((ROOT / "schemas" / "errors.json").read_text())
    words = {error["code"] for error in errors["errors"]} if isinstance(errors, dict) and "errors" in errors else errors
    text = "".join(path.read_text() for path in PACKAGE.glob("*.py"))
    for call in ast.walk(ast.parse(text.replace("from __future__ import annotations", ""))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"ContractError", "CallError"}:
            code = call.args[0]
            assert not isinstance(code, ast.Constant) or code.value in str(words), code


def test_importing_costs_a_few_milliseconds() -> None:
    script = "import time, sys; t = time.process_time(); import peer_contract; print(time.process_time() - t)"
    best = min(float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(5))
    # An unoptimised module on a shared machine; a release build takes about a third.
    assert best < 0.03, f"{best * 1000:.1f} ms"


def test_importing_drags_nothing_heavy_along(packages: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(packages)!r}); before = set(sys.modules); import relay, relay.writer;"
        "heavy = {'asyncio', 'dataclasses', 'typing', 'enum', 'inspect', 'json', 'http.client', 'socket', 're'};"
        "print(sorted((set(sys.modules) - before) & heavy))"
    )
    assert subprocess.check_output([sys.executable, "-I", "-S", "-c", preamble() + script], text=True).strip() == "[]"


def preamble() -> str:
    return f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r});"


def test_other_threads_run_while_a_large_text_is_read(relay: ModuleType) -> None:
    text = json.dumps({"text": "a", "rows": [{"n": n, "t": "x" * 40} for n in range(40_000)]}).encode()
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    ticker = threading.Thread(target=tick)
    ticker.start()
    with pytest.raises(ContractError):
        relay.Topic.from_json(text)
    done.set()
    ticker.join()
    assert ticks >= 3


INTERRUPTED = """
import agents, relay, signal
from peer_contract import local
# Whoever starts the tests in the background has told them to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Asks(agents.MyEditor):
    {define} review(self, work, draft, /):
        print("calling", flush=True)
        {wait}work.{call}(agents.counter.count("slow"))
every = {{"writer": agents.MyWriter(), "editor": Asks(), "counter": agents.MyCounter()}}
try:
    local.run(relay, every, relay.Topic(text="canals"))
except KeyboardInterrupt:
    print("interrupted", flush=True)
    import os; os._exit(0)
"""


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_an_interrupt_ends_a_long_call(packages: Path, kind: str) -> None:
    words = {"sync": ("def", "", "call_sync"), "async": ("async def", "await ", "call")}[kind]
    script = INTERRUPTED.format(define=words[0], wait=words[1], call=words[2])
    environment = {**os.environ, "PYTHONPATH": str(packages)}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "calling\n"
    time.sleep(0.2)
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == "interrupted\n"
    assert time.monotonic() - started < 1.5
    process.stdout.close()
    assert process.wait(10) == 0
