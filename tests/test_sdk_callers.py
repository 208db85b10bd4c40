"""The official SDKs as callers of the local Lambda, unmodified: only the endpoint is named."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import ROOT, Dev
from test_whole_system import first_message

ORDER = {"bytes": 3, "kind": "even"}
MOST = 6_291_556


def by_boto3(dev: Dev, message: bytes) -> dict[str, Any]:
    """What the SDK for Python sees."""
    settings = {
        "endpoint_url": dev.endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "local",
        "aws_secret_access_key": "local",
        "config": Config(retries={"total_max_attempts": 1}),
    }
    aws = boto3.client("lambda", **settings)

    def ask(function: str, payload: bytes, **options: str) -> dict[str, Any]:
        try:
            answer = aws.invoke(FunctionName=function, Payload=payload, **options)
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            return {"error": error.response["Error"]["Code"], "status": status, "message": error.response["Error"]["Message"]}
        log = answer.get("LogResult")
        return {
            "status": answer["StatusCode"],
            "version": answer.get("ExecutedVersion"),
            "fault": answer.get("FunctionError"),
            "payload": answer["Payload"].read().decode(),
            "log": log and base64.b64decode(log).decode(),
        }

    answered = ask("relay-opener", message, LogType="Tail")
    logged = boto3.client("logs", **settings).filter_log_events(logGroupName="/aws/lambda/relay-opener")
    return {
        "answered": answered,
        "queued": ask("relay-opener", message, InvocationType="Event"),
        "tried": ask("relay-opener", message, InvocationType="DryRun"),
        "faulty": ask("relay-opener", b"[1]"),
        "missing": ask("relay-nobody", b"{}"),
        "noJson": ask("relay-opener", b"{"),
        "tooLarge": ask("relay-opener", json.dumps("x" * MOST).encode()),
        "logged": [event["message"] for event in logged["events"]],
    }


def by_the_javascript_sdk(dev: Dev, message: bytes) -> dict[str, Any]:
    """What the SDK for JavaScript sees."""
    program = ROOT / "tests" / "callers" / "call.mjs"
    command = ["node", str(program), dev.endpoint, message.decode()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, "NODE_NO_WARNINGS": "1"})
    assert done.returncode == 0, done.stderr
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


@pytest.mark.parametrize("sdk", [by_boto3, by_the_javascript_sdk])
def test_an_official_sdk_gets_what_the_service_would_give(
    relay: Path, dev_of: Callable[[Path], Dev], sdk: Callable[[Dev, bytes], dict[str, Any]]
) -> None:
    seen = sdk(dev_of(relay), first_message(ORDER))
    answered = seen["answered"]
    assert (answered["status"], answered["version"], answered.get("fault")) == (200, "$LATEST", None)
    assert json.loads(answered["payload"])["type"] == "relay.carrier.carry"
    assert answered["log"].startswith("START RequestId: ") and "\nREPORT RequestId: " in answered["log"]
    assert (seen["queued"]["status"], seen["queued"]["payload"]) == (202, "")
    assert seen["tried"]["status"] == 204
    refused = {name: (seen[name].get("error"), seen[name]["status"]) for name in ("missing", "noJson", "tooLarge")}
    assert refused == {
        "missing": ("ResourceNotFoundException", 404),
        "noJson": ("InvalidRequestContentException", 400),
        "tooLarge": ("RequestTooLargeException", 413),
    }
    assert seen["missing"]["message"] == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:relay-nobody"
    assert seen["logged"][0].startswith("START RequestId: ") and seen["logged"][-1].startswith("REPORT RequestId: ")


def test_a_call_and_its_error_come_back_as_such(relay: Path, dev_of: Callable[[Path], Dev]) -> None:
    faulty = by_boto3(dev_of(relay), first_message({"bytes": 1, "kind": "even"}))
    error = json.loads(faulty["answered"]["payload"])["data"]["error"]
    assert (error["code"], faulty["answered"]["fault"]) == ("refused", None), "an error of the contract is an answer"
