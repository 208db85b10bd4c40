"""A runtime of a few lines that does what the event says, for the tests of the local Lambda.

The event is an object; `do` names one of the functions below, everything else is its argument.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.parse

PATH = "/2018-06-01/runtime"
invocations = 0


class Failure(Exception):
    """Answers with a function error."""


def echo(event, headers):
    return event


def headers_of(event, headers):
    return {name.lower(): value for name, value in headers.items()}


def environment(event, headers):
    return dict(os.environ)


def count(event, headers):
    return {"pid": os.getpid(), "invocations": invocations}


def sleep(event, headers):
    time.sleep(event["seconds"])
    return {"pid": os.getpid()}


def say(event, headers):
    print(event["line"])
    print(event["line"], file=sys.stderr)
    return None


def fail(event, headers):
    raise Failure(event.get("message", "asked for"))


def fail_until(event, headers):
    """Fails until the file has `times` lines."""
    with open(event["file"], "a+") as tries:
        tries.write("x\n")
        tries.seek(0)
        if len(tries.readlines()) <= event["times"]:
            raise Failure("not yet")


def leave(event, headers):
    print("last words", file=sys.stderr)
    sys.stderr.flush()
    os._exit(event["status"])


def die(event, headers):
    os.kill(os.getpid(), signal.SIGKILL)


def large(event, headers):
    return "x" * (event["bytes"] - 2)


def spawn(event, headers):
    """Starts a process of its own that would live for long."""
    child = subprocess.Popen(["sleep", "300"])
    if event.get("then") == "hang":
        with open(event["file"], "w") as file:
            file.write(f"{child.pid}")
        time.sleep(300)
    return {"pid": os.getpid(), "child": child.pid}


def again(event, headers):
    """Queues the same event for a function, with the trace header it came with, as SDKs do."""
    address = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_LAMBDA"])
    connection = http.client.HTTPConnection(address.netloc, timeout=20)
    path = f"/2015-03-31/functions/{event['function']}/invocations"
    trace = next(value for name, value in headers.items() if name.lower() == "lambda-runtime-trace-id")
    kind = event.get("kind", "Event")
    connection.request("POST", path, json.dumps(event), {"X-Amzn-Trace-Id": trace, "X-Amz-Invocation-Type": kind})
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    return json.loads(answer) if answer else response.status


def ask_twice(event, headers):
    """Asks for more work before answering."""
    return request("GET", "/invocation/next")[0]


def answer_other(event, headers):
    """Answers an invocation that it was never given."""
    return request("POST", "/invocation/00000000-0000-4000-8000-000000000000/response", b"{}")[0]


def request(method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=3600)
    connection.request(method, PATH + path, body, headers or {})
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response.status, dict(response.getheaders()), data


def start():
    how = os.environ.get("START", "")
    if how == "fail":
        request("POST", "/init/error", json.dumps({"errorType": "NoIndex", "errorMessage": "no index"}).encode())
        sys.exit(1)
    if how == "hang":
        time.sleep(300)
    if how == "leave":
        print("cannot start", file=sys.stderr)
        sys.exit(3)
    if how == "slow":
        time.sleep(0.3)


def main():
    global invocations
    start()
    while True:
        _, headers, payload = request("GET", "/invocation/next")
        request_id = next(value for name, value in headers.items() if name.lower() == "lambda-runtime-aws-request-id")
        invocations += 1
        event = json.loads(payload)
        try:
            answer = globals()[event.get("do", "echo")](event, headers) if isinstance(event, dict) else event
            request("POST", f"/invocation/{request_id}/response", json.dumps(answer).encode())
        except Failure as failure:
            print("failing", file=sys.stderr)
            body = json.dumps({"errorType": "Failure", "errorMessage": str(failure)}).encode()
            request("POST", f"/invocation/{request_id}/error", body)


main()
