"""A store in S3 with a table of DynamoDB, used by three languages at once, and looked at with boto3, which has read none of our code."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud import BUCKET, REGION, TABLE, client
from conftest import ROOT, peerc, run_work

THREE_MB = 3_000_000
STORE = f"s3://{BUCKET}/relay?table={TABLE}"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """ministack, and the environment that leads to it."""
    script = [sys.executable, str(ROOT / "tests" / "cloud.py"), "ministack"]
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stdin is not None
        url = server.stdout.readline().strip()
        assert url, "ministack did not start"
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_REGION", REGION)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield url
        server.stdin.close()


def objects(url: str) -> dict[str, bytes]:
    """All objects of the bucket."""
    s3 = client("s3", url)
    keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def records(url: str) -> list[dict[str, Any]]:
    """All items of the table."""
    items: list[dict[str, Any]] = client("dynamodb", url).scan(TableName=TABLE, ConsistentRead=True)["Items"]
    return items


def test_three_languages_share_a_store_in_s3_and_a_work_can_be_forgotten(cloud: str, relay: Path) -> None:
    run = run_work(relay, {"bytes": THREE_MB, "kind": "random"}, "--delivery", "event", "--store", STORE, timeout=120)
    assert run.code == 0, run.stderr
    (result,) = run.of_type("end")
    assert result["output"]["bytes"] == THREE_MB
    assert result["output"]["trail"] == ["opener", "carrier", "closer"]

    items = records(cloud)
    (work,) = {item["work"]["S"].removeprefix("relay/work/") for item in items}
    kinds = [item["key"]["S"].split("/")[0] for item in items]
    # Three handoffs, and the calls within them; one end.
    assert kinds.count("claim") == kinds.count("outcome") >= 3
    assert kinds.count("result") == 1 and len(set(kinds)) == 3
    stored = objects(cloud)
    blobs = [key for key in stored if "/blob/" in key]
    assert blobs and all(key.startswith(f"relay/work/{work}/") for key in blobs)
    parts = {key.rsplit("/", 1)[1]: bytes_ for key, bytes_ in stored.items() if "/part/" in key}
    assert all(hashlib.sha256(bytes_).hexdigest() == name for name, bytes_ in parts.items())
    assert any(key.startswith("relay/contract/") for key in stored)

    listed = peerc("store", "ls", work, "--store", STORE, "--format", "json", cwd=relay)
    assert listed.returncode == 0, listed.stderr
    keys = {entry["key"] for entry in json.loads(listed.stdout)}
    assert {key.removeprefix("relay/") for key in blobs} <= keys
    assert len(keys) == len(items) + len(blobs) + len(parts)

    forgotten = peerc("store", "forget", work, "--store", STORE, "--format", "json", cwd=relay)
    assert forgotten.returncode == 0, forgotten.stderr
    assert json.loads(forgotten.stdout)["works"] == 1
    assert records(cloud) == []
    assert [key for key in objects(cloud) if work in key] == []


@pytest.mark.parametrize(
    ("store", "words"),
    [
        ("s3://no-such-bucket/x", "there is no bucket `no-such-bucket`"),
        (f"s3://{BUCKET}/x?table=no-such-table", "there is no table `no-such-table`"),
    ],
)
def test_a_store_that_is_not_there_is_named(cloud: str, relay: Path, store: str, words: str) -> None:
    listed = peerc("store", "ls", "--store", store, cwd=relay)
    assert listed.returncode == 2
    assert "configuration_invalid" in listed.stderr and words in listed.stderr, listed.stderr
    run = run_work(relay, {"bytes": 10, "kind": "even"}, "--delivery", "event", "--store", store)
    assert run.code != 0
    assert words in json.dumps(run.records) + run.stderr
