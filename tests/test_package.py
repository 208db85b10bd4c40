"""`peerc package`: its zips run as they are, on the official emulator and on another Lambda, and its templates are right."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from cloud import BUCKET, TABLE, client
from conftest import RELAY, ROOT, copy_of, peerc
from emulation import ask, emulated
from test_cloud_stores import cloud  # noqa: F401
from test_config import TUNED
from test_whole_system import first_message

AGENTS = ("opener", "carrier", "closer")
EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(project: Path, *arguments: str) -> dict[str, dict[str, Any]]:
    """Packs a project; gives what is told of each agent."""
    done = peerc("package", "--format", "json", *arguments, cwd=project, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout
    functions = json.loads(done.stdout)["functions"]
    return {function["agent"]: function for function in functions}


def template_of(folder: Path) -> dict[str, Any]:
    """The template, read as any YAML is."""
    read: dict[str, Any] = yaml.safe_load((folder / "template.yaml").read_text())
    return read


@pytest.fixture(scope="module")
def relay_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zips of the relay and their template."""
    folder = tmp_path_factory.mktemp("package")
    project = copy_of(RELAY, folder / "relay")
    packed(project, "--out", str(folder / "out"))
    return folder / "out"


@pytest.fixture(scope="module")
def tasks(relay_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Unpacks an agent as Lambda does below `/var/task`."""
    folder = tmp_path_factory.mktemp("task")

    def task(agent: str) -> Path:
        target = folder / agent
        if not target.exists():
            with zipfile.ZipFile(relay_package / f"{agent}.zip") as archive:
                archive.extractall(target)
                for entry in archive.infolist():
                    (target / entry.filename).chmod(entry.external_attr >> 16)
        return target

    return task


def test_the_same_files_give_the_same_zips(relay_package: Path, tmp_path: Path) -> None:
    again = packed(copy_of(RELAY, tmp_path / "relay"), "--out", str(tmp_path / "out"))
    assert set(again) == set(AGENTS)
    for agent in AGENTS:
        zipped = (relay_package / f"{agent}.zip").read_bytes()
        assert zipped == (tmp_path / "out" / f"{agent}.zip").read_bytes(), agent
        assert again[agent]["bytes"] == len(zipped) < 50 << 20
        with zipfile.ZipFile(relay_package / f"{agent}.zip") as archive:
            entries = archive.infolist()
        assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
        assert {entry.date_time for entry in entries} == {EPOCH}
        assert again[agent]["unpacked"] == sum(entry.file_size for entry in entries)
    assert (relay_package / "template.yaml").read_bytes() == (tmp_path / "out" / "template.yaml").read_bytes()


def test_a_zip_holds_what_its_agent_runs_and_nothing_else(tasks: Callable[[str], Path]) -> None:
    names = {agent: {str(path.relative_to(tasks(agent))) for path in tasks(agent).rglob("*") if path.is_file()} for agent in AGENTS}
    assert names["carrier"] == {"bootstrap"}
    assert os.access(tasks("carrier") / "bootstrap", os.X_OK)
    assert {"opener.py", "relay/__init__.py", "peer_contract/__init__.py"} < names["opener"]
    assert {"closer.mjs", "relay/index.mjs", "node_modules/peer-contract/dist/index.js"} < names["closer"]
    for agent, wrong in (("opener", r"\.mjs$|__pycache__|\.rs$|\.pyi$"), ("closer", r"\.py$|\.rs$|\.ts$|\.cts$|/test/")):
        assert [name for name in names[agent] if re.search(wrong, name)] == []


def test_the_zips_run_behind_the_official_emulator(tasks: Callable[[str], Path]) -> None:
    commands = {
        "opener": [sys.executable, "-m", "awslambdaric", "opener.handler"],
        "carrier": ["./bootstrap"],
        "closer": ["node", str(ROOT / "bindings-node" / "bin" / "runtime.mjs"), "closer.handler"],
    }
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PEER_CONTRACT_STORE")}
    found = [sys.executable, "-c", "import peer_contract; print(peer_contract.__file__)"]
    module = subprocess.run(found, cwd=tasks("opener"), env=plain, capture_output=True, text=True, check=True)
    assert Path(module.stdout.strip()).is_relative_to(tasks("opener"))

    def behind(agent: str, peers: dict[str, str]) -> Any:
        environment = {**plain, "PEER_CONTRACT_PEERS": json.dumps(peers), "AWS_LAMBDA_FUNCTION_NAME": f"relay-{agent}"}
        return emulated(commands[agent], tasks(agent), environment)

    with behind("carrier", {}) as carrier, behind("opener", {}) as opener, behind("closer", {"carrier": carrier}) as closer:
        message = first_message({"bytes": 1000, "kind": "even"})
        for url in (opener, carrier, closer):
            message = ask(url, message)
    output = json.loads(message)["data"]["output"]
    assert (output["bytes"], output["trail"]) == (1000, list(AGENTS))


def make_function(url: str, folder: Path, resource: dict[str, Any]) -> None:
    """Makes a function as the template says, with what CloudFormation would put in place of references."""
    said = resource["Properties"]
    store = said["Environment"]["Variables"]["PEER_CONTRACT_STORE"]["Fn::Sub"]
    variables = {
        "PEER_CONTRACT_STORE": store.replace("${StoreBucket}", BUCKET).replace("${StoreTable}", TABLE),
        # What stands in for AWS is on this machine.
        "AWS_ENDPOINT_URL": url,
    }
    client("lambda", url).create_function(
        FunctionName=said["FunctionName"],
        Runtime=said["Runtime"],
        Handler=said["Handler"],
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": (folder / said["CodeUri"]).read_bytes()},
        Timeout=said["Timeout"],
        MemorySize=said["MemorySize"],
        Environment={"Variables": variables},
    )


def test_the_zips_run_on_another_lambda_with_its_buckets_and_tables(cloud: str, relay_package: Path) -> None:  # noqa: F811
    aws = client("lambda", cloud)
    resources = template_of(relay_package)["Resources"].values()
    for resource in resources:
        if resource["Type"] == "AWS::Serverless::Function":
            make_function(cloud, relay_package, resource)
    message = first_message({"bytes": 1000, "kind": "random"})
    for agent in AGENTS:
        answer = aws.invoke(FunctionName=f"relay-{agent}", Payload=message)
        message = answer["Payload"].read()
        assert "FunctionError" not in answer, message
    output = json.loads(message)["data"]["output"]
    assert (output["bytes"], output["trail"]) == (1000, list(AGENTS))
    # Three handlers and the call of the last one.
    outcomes = client("dynamodb", cloud).scan(TableName=TABLE)["Items"]
    assert len([item for item in outcomes if item["key"]["S"].startswith("outcome/")]) == 4


ODD = """
peerContract: "1"
name: odd
version: 1.0.0
state: {{}}
initialState: {{}}
phases: {{ start: a, end: [z] }}
constraints: {{ deadline: {deadline} }}
agents:
  one_1: {{ operations: {{ go: {{ input: {{}}, from: [a], handsTo: {{ Two.go: b }}, constraints: {{ timeout: PT15M, attempts: 9, memoryMb: 128 }} }} }} }}
  Two: {{ config: {{ type: object }}, operations: {{ go: {{ input: {{}}, from: [b], handsTo: {{ one_1.back: c }}, calls: [alone.ask] }} }} }}
  alone: {{ operations: {{ ask: {{ input: {{}}, output: {{ schema: {{}} }} }} }} }}
"""
BACK = "  one_1: { operations: { "


@pytest.fixture(scope="module")
def odd_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Agents in a circle, one alone, limits beyond those of Lambda, one that nobody invokes."""
    folder = tmp_path_factory.mktemp("odd")
    back = "back: { input: {}, from: [c], output: { schema: {}, to: z } }, "
    text = ODD.format(deadline="PT24H").replace(BACK, BACK + back)
    (folder / "odd.contract.yaml").write_text(text)
    program = ROOT / "target" / "debug" / "relay-carrier"
    agents = "".join(f'[agents.{agent}]\nrun = ["{program}"]\n' for agent in ("one_1", "Two", "alone"))
    (folder / "peerc.toml").write_text(f'contract = "odd.contract.yaml"\n{agents}')
    packed(folder, "--out", str(folder))
    return folder


def test_templates_pass_the_linter_of_cloudformation(relay_package: Path, odd_package: Path, tmp_path: Path) -> None:
    demo = copy_of(ROOT / "examples" / "research-brief", tmp_path / "demo")
    settings = demo / "peerc.toml"
    settings.write_text(re.sub(r"build = .*\n", "", settings.read_text()))
    packed(demo, "--out", str(tmp_path / "demo-out"))
    packed(copy_of(TUNED, tmp_path / "tuned"), "--out", str(tmp_path / "tuned-out"))
    folders = (relay_package, odd_package, tmp_path / "demo-out", tmp_path / "tuned-out")
    templates = [str(folder / "template.yaml") for folder in folders]
    linter = Path(sys.executable).with_name("cfn-lint")
    # Lambda makes no new functions of Python 3.11, and the runtime is that of the interpreter that the tests run with.
    checks = ["--ignore-checks", "E2533"] if sys.version_info < (3, 12) else []
    command = [linter, "--regions", "eu-west-1", *checks, "--", *templates]
    linted = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def invokes(folder: Path) -> dict[str, set[str]]:
    """The functions that each function may invoke."""
    found = {}
    for name, resource in template_of(folder)["Resources"].items():
        if resource["Type"] != "AWS::Serverless::Function":
            continue
        statements = resource["Properties"]["Policies"][0]["Statement"]
        arns = [arn["Fn::Sub"] for one in statements if one["Action"] == ["lambda:InvokeFunction"] for arn in one["Resource"]]
        found[name] = {arn.rsplit(":", 1)[1] for arn in arns}
    return found


def test_a_function_may_invoke_those_it_hands_work_to_or_calls_and_no_other(odd_package: Path) -> None:
    # `one_1.go` takes anything, replies as well; nobody is allowed to invoke it for that.
    back = {"odd-one_1", "odd-alone"}
    assert invokes(odd_package) == {"One1Function": {"odd-Two"}, "TwoFunction": back, "AloneFunction": set()}


def test_an_entry_that_takes_anything_gets_replies_where_the_settings_say(odd_package: Path, tmp_path: Path) -> None:
    settings = (odd_package / "peerc.toml").read_text()
    (tmp_path / "odd.contract.yaml").write_text((odd_package / "odd.contract.yaml").read_text())
    (tmp_path / "peerc.toml").write_text(f'replyTo = ["one_1.go"]\n{settings}')
    packed(tmp_path, "--out", str(tmp_path))
    assert invokes(tmp_path)["One1Function"] == {"odd-Two", "odd-one_1"}


def test_limits_of_the_contract_become_those_of_lambda(odd_package: Path, relay_package: Path) -> None:
    def facts(folder: Path, name: str) -> tuple[Any, ...]:
        said = template_of(folder)["Resources"][name]["Properties"]
        events = said["EventInvokeConfig"]
        return said["Timeout"], said["MemorySize"], events["MaximumRetryAttempts"], events["MaximumEventAgeInSeconds"]

    assert facts(relay_package, "OpenerFunction") == (22, 512, 2, 120)
    assert facts(odd_package, "One1Function") == (900, 512, 2, 21_600)
    assert template_of(odd_package)["Parameters"]["TwoConfig"]["AllowedPattern"] == "^sha256:[0-9a-f]{64}$"


@pytest.mark.parametrize("agent", AGENTS)
def test_what_is_not_there_for_the_processor_is_said_at_its_setting(relay: Path, agent: str) -> None:
    done = peerc("package", "--arch", "arm64", "--only", agent, cwd=relay)
    assert done.returncode == 2
    assert "arm64" in done.stderr
    assert "peerc.toml:" in done.stderr
    assert not (relay / ".peerc" / "package").exists()


def test_requirements_of_others_are_installed_for_lambda(relay: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "only_here-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("only_here.py", "HERE = True\n")
        archive.writestr("only_here-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: only-here\nVersion: 1.0\n")
        archive.writestr("only_here-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("only_here-1.0.dist-info/RECORD", "")
    (relay / "opener" / "requirements.txt").write_text(f"peer-contract\n--no-index\n{wheel}\n")
    packed(relay, "--only", "opener", "--out", str(tmp_path / "out"))
    with zipfile.ZipFile(tmp_path / "out" / "opener.zip") as archive:
        assert archive.read("only_here.py") == b"HERE = True\n"
