"""S3 and DynamoDB on this machine, with a bucket and a table: `cloud.py ministack` or `cloud.py moto`.

Prints the URL when both answer, and ends the server when its standard input ends, so that nothing outlives a test.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

BUCKET, TABLE, REGION = "store-tests", "records", "us-east-1"
SECONDS_TO_START = 60.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(kind: str, port: int) -> subprocess.Popen[bytes]:
    """A server of this kind, which listens on this machine only and keeps nothing."""
    programs = Path(sys.executable).parent
    commands = {
        "ministack": [str(programs / "ministack")],
        "moto": [str(programs / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
    }
    settings = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "PERSIST_STATE": "0"}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(commands[kind], env={**os.environ, **settings}, stdin=quiet, stdout=quiet, stderr=quiet)


def client(service: str, url: str) -> Any:
    """A client of boto3, which has read none of our code."""
    config = Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=30)
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=url, region_name=REGION, config=config, **keys)


def furnish(url: str) -> None:
    """Makes the bucket and the table, as soon as the server answers."""
    until = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            client("s3", url).create_bucket(Bucket=BUCKET)
            break
        except (BotoCoreError, ClientError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    names = {"work": "HASH", "key": "RANGE"}
    client("dynamodb", url).create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in names.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
    )


def main() -> None:
    """Serves until standard input ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = start(sys.argv[1], port)
    try:
        furnish(url)
        print(url, flush=True)
        sys.stdin.read()
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    main()
