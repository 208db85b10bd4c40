"""The zips of `peerc package` on another Lambda when nobody waits: by `event`, and behind a queue of its own SQS."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from cloud import TABLE, client
from test_cloud_stores import cloud  # noqa: F401
from test_package import AGENTS, make_function, relay_package, template_of  # noqa: F401
from test_whole_system import first_message

SECONDS = 60.0


def furnished(url: str, folder: Path) -> Any:
    """A Lambda with the functions of the template; gives a client of it."""
    for resource in template_of(folder)["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            make_function(url, folder, resource)
    return client("lambda", url)


def results(url: str, count: int) -> list[dict[str, Any]]:
    """What works came to, once there are so many results."""
    until = time.monotonic() + SECONDS
    while True:
        items = client("dynamodb", url).scan(TableName=TABLE, ConsistentRead=True)["Items"]
        found = [json.loads(item["bytes"]["B"]) for item in items if item["key"]["S"] == "result"]
        if len(found) >= count:
            return found
        assert time.monotonic() < until, f"{len(found)} of {count} works ended; {sorted(item['key']['S'] for item in items)}"
        time.sleep(0.2)


def test_the_zips_pass_work_along_by_event(cloud: str, relay_package: Path) -> None:  # noqa: F811
    aws = furnished(cloud, relay_package)
    message = {**json.loads(first_message({"bytes": 1000, "kind": "random"})), "delivery": "event"}
    answer = aws.invoke(FunctionName="relay-opener", InvocationType="Event", Payload=json.dumps(message).encode())
    assert answer["StatusCode"] == 202
    (reply,) = results(cloud, 1)
    assert (reply["subject"], reply["type"]) == (message["subject"], "relay.closer.close.reply")
    assert (reply["data"]["output"]["bytes"], reply["data"]["output"]["trail"]) == (1000, list(AGENTS))


def test_the_zips_gather_children_of_three_languages(cloud: str, relay_package: Path) -> None:  # noqa: F811
    aws = furnished(cloud, relay_package)
    message = {**json.loads(first_message({"bytes": 2, "kind": "even", "spread": 6})), "delivery": "event"}
    aws.invoke(FunctionName="relay-opener", InvocationType="Event", Payload=json.dumps(message).encode())
    (reply,) = results(cloud, 1)
    assert reply["type"] == "relay.closer.gather.reply", reply
    assert reply["data"]["output"]["parts"] == {"opener.look": 1, "carrier.weigh": 2, "closer.mark": 2}


def test_a_queue_starts_works_and_keeps_what_fails(cloud: str, relay_package: Path) -> None:  # noqa: F811
    aws, sqs = furnished(cloud, relay_package), client("sqs", cloud)

    def queue(name: str, **attributes: str) -> tuple[str, str]:
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return url, arn

    dead_url, dead = queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    # Longer than a cold start takes on a busy machine: what comes again while it is at work counts as received twice.
    url, jobs = queue("jobs", VisibilityTimeout="10", RedrivePolicy=redrive)
    bodies = ['{"bytes":5,"kind":"even"}', '{"bytes":-1,"kind":"even"}', '{"bytes":7,"kind":"even"}']
    entries = [{"Id": str(index), "MessageBody": body} for index, body in enumerate(bodies)]
    sent = sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]
    assert len(sent) == 3
    types = ["ReportBatchItemFailures"]
    aws.create_event_source_mapping(EventSourceArn=jobs, FunctionName="relay-opener", FunctionResponseTypes=types, BatchSize=10)

    assert sorted(reply["data"]["output"]["bytes"] for reply in results(cloud, 2)) == [5, 7]
    # The one that fails stays in the queue, alone, until that gives it up.
    until = time.monotonic() + SECONDS
    while not (dropped := sqs.receive_message(QueueUrl=dead_url, WaitTimeSeconds=1).get("Messages", [])):
        assert time.monotonic() < until, "the message that fails was taken for done"
    assert [message["Body"] for message in dropped] == [bodies[1]]
    assert len(results(cloud, 2)) == 2, "a message that came again started another work"
