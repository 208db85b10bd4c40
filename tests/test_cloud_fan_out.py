"""A fan-out whose group lies in S3, or in S3 and a table of DynamoDB: all children are joined, and late ones recorded.

`PEER_CONTRACT_CHILDREN` says how many children; a thousand every night.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cloud import BUCKET, TABLE, client
from conftest import Dev, peerc, run_work
from test_cloud_stores import cloud  # noqa: F401
from test_fan_out import expected, order, output_of

CHILDREN = int(os.environ.get("PEER_CONTRACT_CHILDREN", "30"))
STORES = {"s3": f"s3://{BUCKET}/fan", "table": f"s3://{BUCKET}/fan?table={TABLE}"}


def outcomes(url: str, store: str) -> int:
    """Outcomes of messages that are recorded."""
    if store == "table":
        pages = client("dynamodb", url).get_paginator("scan").paginate(TableName=TABLE, ConsistentRead=True)
        keys = [item["key"]["S"] for page in pages for item in page["Items"]]
    else:
        pages = client("s3", url).get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        keys = [entry["Key"].split("/", 3)[-1] for page in pages for entry in page.get("Contents", [])]
    return sum(key.startswith("outcome/") for key in keys)


@pytest.mark.parametrize("store", STORES)
def test_children_are_joined_through_a_store_in_the_cloud(cloud: str, relay: Path, store: str) -> None:  # noqa: F811
    if CHILDREN > 100:
        contract = relay / "relay.contract.yaml"
        contract.write_text(contract.read_text().replace("deadline: PT2M", "deadline: PT30M"))
        assert peerc("generate", cwd=relay).returncode == 0
    run = run_work(relay, order(CHILDREN), "--delivery", "event", "--store", STORES[store], timeout=60 + CHILDREN)
    assert output_of(run) == expected(CHILDREN)
    (group,) = run.of_type("children")
    assert (group["outputs"], group["failures"]) == (CHILDREN - 1, 1)
    # The parent, its children and the join.
    assert outcomes(cloud, store) == CHILDREN + 2


@pytest.mark.parametrize("store", STORES)
def test_children_that_end_late_are_recorded_and_change_nothing(
    cloud: str,  # noqa: F811
    relay: Path,
    dev_of: Callable[..., Dev],
    store: str,
) -> None:
    contract = relay / "relay.contract.yaml"
    text = contract.read_text()
    assert "complete: settled, concurrency: 8" in text
    contract.write_text(text.replace("complete: settled, concurrency: 8", "complete: { outputs: 5 }, concurrency: 8"))
    assert peerc("generate", cwd=relay).returncode == 0
    # The agents go on when the work has ended.
    dev_of(relay, "--store", STORES[store])
    run = run_work(relay, order(30), "--delivery", "event", "--store", STORES[store])
    output = output_of(run)
    assert (sum(output["parts"].values()), output["failed"]) == (5, [])
    (group,) = run.of_type("children")
    assert group["outputs"] == 5 and all(child["end"] == "reply" for child in group["ends"] if child["error"] is None)
    # Each child that ended before the last one that counts has started another: all of those end, and no more begin.
    started = 8 + 5 + group["failures"] - 1
    until = time.monotonic() + 30
    while (found := outcomes(cloud, store)) < started + 2:
        assert time.monotonic() < until, f"{found - 2} of {started} children are recorded"
        time.sleep(0.2)
    assert found == started + 2, json.dumps(run.records)
