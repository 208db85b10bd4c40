"""Whose credentials `peerc` signs with: those of the environment, of a profile, or of a program that a profile names."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conftest import peerc

EMPTY = b'<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>'


class Bucket(ThreadingHTTPServer):
    """A bucket without anything in it, which remembers how it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.signed: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Request(BaseHTTPRequestHandler):
    server: Bucket

    def do_GET(self) -> None:
        self.server.signed.append(self.headers["authorization"])
        self.send_response(200)
        self.send_header("content-length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    server = Bucket()
    yield server
    server.shutdown()


@pytest.fixture
def home(tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with profiles and nothing in the environment."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "DEFAULT_REGION", "PROFILE", "DEFAULT_PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{bucket.server_port}")
    (tmp_path / ".aws").mkdir()
    answer = json.dumps({"Version": 1, "AccessKeyId": "OFPROGRAM", "SecretAccessKey": "s", "SessionToken": "t"})
    (tmp_path / "answer.json").write_text(answer)
    (tmp_path / ".aws" / "credentials").write_text("[default]\naws_access_key_id = OFDEFAULT\naws_secret_access_key = s\n")
    (tmp_path / ".aws" / "config").write_text(
        f"[default]\nregion = eu-west-1\n[profile night]\nregion = eu-north-1\ncredential_process = cat {tmp_path}/answer.json\n"
        "[profile away]\nsso_session = away\n[profile broken]\ncredential_process = exit 7\n"
    )
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "signed"),
    [
        ({}, "OFDEFAULT/eu-west-1"),
        ({"AWS_PROFILE": "night"}, "OFPROGRAM/eu-north-1"),
        ({"AWS_PROFILE": "night", "AWS_REGION": "us-east-1"}, "OFPROGRAM/us-east-1"),
        ({"AWS_PROFILE": "night", "AWS_ACCESS_KEY_ID": "OFENVIRONMENT", "AWS_SECRET_ACCESS_KEY": "s"}, "OFENVIRONMENT/eu-north-1"),
    ],
    ids=["default", "program", "region", "environment"],
)
def test_a_store_is_asked_as_the_person_of_the_profile(home: Path, bucket: Bucket, variables: dict[str, str], signed: str) -> None:
    listed = peerc("store", "ls", "--store", "s3://uploads/x", cwd=home, env=variables)
    assert listed.returncode == 0, listed.stderr
    assert bucket.signed
    key, region = signed.split("/")
    assert all(f"Credential={key}/" in text and f"/{region}/s3/" in text for text in bucket.signed), bucket.signed


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("nobody", "the profile `nobody` stands in none of your files"),
        ("away", "has `sso_session`, which peerc cannot follow"),
        ("broken", "ended with exit status: 7"),
    ],
)
def test_a_profile_that_gives_nothing_says_what_to_do(home: Path, bucket: Bucket, profile: str, words: str) -> None:
    listed = peerc("store", "ls", "--store", "s3://uploads/x", cwd=home, env={"AWS_PROFILE": profile})
    assert listed.returncode == 2
    assert "configuration_invalid" in listed.stderr and words in " ".join(listed.stderr.split()), listed.stderr
    assert bucket.signed == []
