"""What invokes packed functions, where they send, and what they may: settings of `peerc.toml` in the template."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, peerc
from test_package import packed, relay_package, template_of  # noqa: F401

ACCOUNT = "eu-west-1:123456789012"
QUEUE = f"arn:aws:sqs:{ACCOUNT}:done.fifo"
TOPIC = f"arn:aws:sns:{ACCOUNT}:told"
OTHER = f"arn:aws:lambda:{ACCOUNT}:function:other"
REPLIES = [QUEUE, TOPIC, OTHER, "https://hooks.example.org/done"]
CONTRACT = """
peerContract: "1"
name: shop
version: 1.0.0
state: {}
initialState: {}
phases: { start: a, end: [z] }
agents:
  front:
    operations:
      take:
        input: { type: object, required: [path], properties: { path: { type: string } } }
        from: [a]
        handsTo: { back.go: b, outside.go: c }
        calls: [near.ask]
        events: { s3: { on: [created, deleted], input: { path: key } } }
  back: { operations: { go: { input: {}, from: [b], output: { schema: {}, to: z } } } }
  outside: { operations: { go: { input: {}, from: [c], output: { schema: {}, to: z } } } }
  near: { operations: { ask: { input: {}, output: { schema: {} } } } }
"""
SETTINGS = f"""
contract = "shop.contract.yaml"
replyTo = ["{QUEUE}", "{TOPIC}", "{OTHER}", "https://hooks.example.org/done"]
[agents.front]
run = ["PROGRAM"]
onFailure = "back"
[agents.front.events]
queues = ["arn:aws:sqs:{ACCOUNT}:jobs"]
topics = ["arn:aws:sns:{ACCOUNT}:orders"]
buckets = ["uploads"]
sources = ["shop.orders"]
bus = "shop"
http = "/orders"
url = "iam"
[agents.back]
run = ["PROGRAM"]
address = "arn:aws:sqs:{ACCOUNT}:back.fifo"
[agents.outside]
run = ["PROGRAM"]
address = "https://agents.example.org/outside"
[agents.near]
run = ["PROGRAM"]
address = "arn:aws:lambda:{ACCOUNT}:function:near:live"
"""


def shop_in(folder: Path, settings: str = SETTINGS) -> Path:
    program = str(ROOT / "target" / "debug" / "relay-carrier")
    (folder / "shop.contract.yaml").write_text(CONTRACT)
    (folder / "peerc.toml").write_text(settings.replace("PROGRAM", program))
    return folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shop_in(tmp_path_factory.mktemp("shop"))
    packed(folder, "--out", str(folder))
    return folder


def function(folder: Path, name: str) -> dict[str, Any]:
    properties: dict[str, Any] = template_of(folder)["Resources"][name]["Properties"]
    return properties


def rights(folder: Path, name: str) -> dict[str, list[Any]]:
    """What a function may do beside its store."""
    statements = function(folder, name)["Policies"][0]["Statement"]
    found = {one["Action"][0]: one["Resource"] for one in statements}
    return {action: places for action, places in found.items() if not action.startswith(("s3:", "dynamodb:"))}


def peers_of(folder: Path, name: str) -> Any:
    """`PEER_CONTRACT_PEERS` of a function."""
    text = function(folder, name)["Environment"]["Variables"].get("PEER_CONTRACT_PEERS")
    return text and json.loads(text)


def lint(folder: Path) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [linter, "--regions", "eu-west-1", "--", str(folder / "template.yaml")]
    linted = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_a_function_may_send_where_its_peers_are_and_nowhere_else(shop: Path) -> None:
    queue, alias = f"arn:aws:sqs:{ACCOUNT}:back.fifo", f"arn:aws:lambda:{ACCOUNT}:function:near:live"
    front = {"lambda:InvokeFunction": [alias, OTHER], "sns:Publish": [TOPIC], "sqs:SendMessage": [queue, QUEUE]}
    assert rights(shop, "FrontFunction") == front
    peers = {"back": queue, "near": alias, "outside": "https://agents.example.org/outside", "reply-to": REPLIES}
    assert peers_of(shop, "FrontFunction") == peers


def test_whoever_ends_works_may_send_replies_where_the_settings_say(shop: Path) -> None:
    ends = {"lambda:InvokeFunction": [OTHER], "sns:Publish": [TOPIC], "sqs:SendMessage": [QUEUE]}
    for name in ("BackFunction", "OutsideFunction"):
        assert (rights(shop, name), peers_of(shop, name)) == (ends, {"reply-to": REPLIES})
    # It answers calls alone, and ends no work.
    assert (rights(shop, "NearFunction"), peers_of(shop, "NearFunction")) == ({}, None)


def test_the_url_of_a_function_needs_two_rights(tmp_path: Path) -> None:
    url = "https://abc.lambda-url.eu-west-1.on.aws/"
    settings = SETTINGS.replace(f'"arn:aws:lambda:{ACCOUNT}:function:near:live"', f'"{url}"')
    packed(shop_in(tmp_path, settings), "--only", "front", "--out", str(tmp_path))
    statements = [one for one in function(tmp_path, "FrontFunction")["Policies"][0]["Statement"] if one["Action"][0].startswith("lambda:")]
    near = {"Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:shop-near"}
    by_url = {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}}
    assert [(one["Action"], one["Resource"], one.get("Condition")) for one in statements] == [
        (["lambda:InvokeFunction"], [OTHER], None),
        (["lambda:InvokeFunctionUrl"], [near], None),
        (["lambda:InvokeFunction"], [near], by_url),
    ]
    lint(tmp_path)


def test_events_come_from_what_the_settings_name(shop: Path) -> None:
    front = function(shop, "FrontFunction")
    events = {event["Type"]: event["Properties"] for event in front["Events"].values() if event["Type"] != "EventBridgeRule"}
    failures = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
    assert events == {
        "SQS": {"Queue": f"arn:aws:sqs:{ACCOUNT}:jobs", **failures},
        "SNS": {"Topic": f"arn:aws:sns:{ACCOUNT}:orders"},
        "HttpApi": {"Method": "POST", "Path": "/orders", "PayloadFormatVersion": "2.0"},
    }
    rules = [event["Properties"] for event in front["Events"].values() if event["Type"] == "EventBridgeRule"]
    changes = ["Object Created", "Object Deleted"]
    assert rules == [
        {"Pattern": {"source": ["aws.s3"], "detail-type": changes, "detail": {"bucket": {"name": ["uploads"]}}}},
        {"EventBusName": "shop", "Pattern": {"source": ["shop.orders"]}},
    ]
    assert front["FunctionUrlConfig"] == {"AuthType": "AWS_IAM"}
    # A queue that peers send to is read by whom it leads to.
    (queue,) = function(shop, "BackFunction")["Events"].values()
    assert queue == {"Type": "SQS", "Properties": {"Queue": f"arn:aws:sqs:{ACCOUNT}:back.fifo", **failures}}


def test_an_event_that_is_given_up_is_told_to_whom_the_settings_name(shop: Path) -> None:
    destination = function(shop, "FrontFunction")["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
    assert destination["Type"] == "Lambda"
    assert destination["Destination"]["Fn::Sub"].endswith(":function:shop-back")
    assert "DestinationConfig" not in function(shop, "BackFunction")["EventInvokeConfig"]


def test_children_and_whoever_starts_the_next_one_may_reach_the_group(relay_package: Path) -> None:  # noqa: F811
    for name in ("Opener", "Carrier", "Closer"):
        (places,) = rights(relay_package, f"{name}Function").values()
        assert {place["Fn::Sub"].rsplit(":", 1)[1] for place in places} == {"relay-opener", "relay-carrier", "relay-closer"}


def test_the_linter_of_cloudformation_takes_every_source(shop: Path) -> None:
    lint(shop)


WRONG = {
    "a queue that is none": ('queues = ["arn:aws:sqs', 'queues = ["arn:aws:sns', "is no ARN of `sqs`"),
    "an address that is none": ('"https://agents', '"ftp://agents', "a URL of an agent is `http` or `https`"),
    "an unknown setting": ("topics =", "topcis =", "did you mean `topics`?"),
    "an unknown access": ('url = "iam"', 'url = "all"', "`public`"),
    "an address of replies that is none": (REPLIES[-1], "ftp://hooks.example.org/done", "gets no replies"),
    "an agent for replies": (REPLIES[-1], "back", "is an agent of the contract"),
    "an entry that takes no replies": (REPLIES[-1], "front.take", "no work ends with a reply that `front.take` accepts"),
    "an operation that is no entry": (REPLIES[-1], "back.go", "`back.go` is no entry of the contract `shop`"),
    "a path without its beginning": ('http = "/orders"', 'http = "orders"', "begins with `/`"),
}


@pytest.mark.parametrize(("right", "wrong", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_setting_that_is_wrong_is_shown_with_what_would_be_right(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    assert right in SETTINGS
    done = peerc("package", cwd=shop_in(tmp_path, SETTINGS.replace(right, wrong)))
    assert done.returncode == 2
    assert words in done.stderr and "peerc.toml:" in done.stderr, done.stderr


def test_buckets_need_an_operation_that_takes_objects(tmp_path: Path) -> None:
    folder = shop_in(tmp_path)
    (folder / "shop.contract.yaml").write_text("\n".join(line for line in CONTRACT.splitlines() if "events:" not in line))
    done = peerc("package", cwd=folder)
    assert done.returncode == 2 and "no operation of `front` says what input an object makes" in done.stderr, done.stderr


def test_a_python_agent_for_arm_takes_the_module_for_arm(relay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The zip alone: nothing here could run it. The module is the head of an ELF file for that processor."""
    package = tmp_path / "site" / "peer_contract"
    shutil.copytree(ROOT / "bindings-python" / "python" / "peer_contract", package, ignore=shutil.ignore_patterns("__pycache__"))
    head = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(44)
    (package / "_native.cpython-399-aarch64-linux-gnu.so").write_bytes(head)
    monkeypatch.setenv("PYTHONPATH", f"{package.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    for arch, module in (("arm64", "aarch64"), ("x86_64", "x86_64")):
        packed(relay, "--only", "opener", "--arch", arch, "--out", str(tmp_path / arch))
        with zipfile.ZipFile(tmp_path / arch / "opener.zip") as archive:
            natives = sorted(name for name in archive.namelist() if "_native" in name)
        # That of this machine has its TLS beside it.
        assert [name.split(".")[0] for name in natives] == ["peer_contract/_native-tls", "peer_contract/_native"][arch == "arm64" :]
        assert all(module in name for name in natives)


def test_a_module_that_leaves_tls_to_a_file_is_not_packed_without_it(relay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of each language as its head, and the text that such a module has in it."""
    package = tmp_path / "site" / "peer_contract"
    shutil.copytree(ROOT / "bindings-python" / "python" / "peer_contract", package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PYTHONPATH", f"{package.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    head = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\xb7\x00" + bytes(44)
    lean = head + b"this build has no TLS in itself: it lacks the feature `tls`"
    python = package / "_native.cpython-399-aarch64-linux-gnu.so"
    node = tmp_path / "node_modules" / "peer-contract"
    shutil.copytree(ROOT / "bindings-node" / "dist", node / "dist")
    shutil.copy(ROOT / "bindings-node" / "package.json", node)
    (relay / "node_modules").unlink()
    (relay / "node_modules").symlink_to(node.parent)
    addon = node / "peer-contract.linux-arm64-gnu.node"
    for agent, module, why in (("opener", python, "has no TLS for arm64"), ("closer", addon, "peer-contract-tls.linux-arm64-gnu.node`: No such file")):
        module.write_bytes(lean)
        arguments = ("--only", agent, "--arch", "arm64", "--out", str(tmp_path / "out"))
        done = peerc("package", *arguments, cwd=relay)
        assert done.returncode == 2 and why in done.stderr, done.stderr
        module.with_name(module.name.replace(".", "-tls.", 1)).write_bytes(head)
        packed(relay, *arguments)
        with zipfile.ZipFile(tmp_path / "out" / f"{agent}.zip") as archive:
            assert len([name for name in archive.namelist() if "-tls." in name]) == 1
