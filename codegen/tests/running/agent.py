"""An agent of a few lines, for tests of the command: speaks the Runtime API and answers envelopes by hand."""

import copy
import http.client
import json
import os
import signal
import sys
import time
import uuid

NAME = sys.argv[1]


def request(method, path, body=None):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=3600)
    connection.request(method, "/2018-06-01/runtime" + path, body)
    response = connection.getresponse()
    return dict((k.lower(), v) for k, v in response.getheaders()), response.read()


def answer(message, data, target=None, phase=None):
    """The envelope that follows `message`: a reply, or a handoff to `target`."""
    reply = copy.deepcopy(message)
    suffix = ".reply" if target is None else ""
    name = message["type"].split(".", 1)[0]
    reply.update(id=str(uuid.uuid4()), causationid=message["id"], source="/" + name + "/" + NAME)
    reply["type"] = name + "." + (target or message["type"].split(".", 1)[1]) + suffix
    if target:
        reply["hop"] = message["hop"] + 1
        reply["operation"] = OPERATIONS[target]
    if phase:
        reply["phase"] = phase
    reply["data"] = data
    return reply


OPERATIONS = json.loads(os.environ["OPERATIONS"])


def ask(message, data):
    text = data["input"]["text"]
    print("asked with", len(text), "characters", file=sys.stderr)
    if text == "refuse":
        error = {"code": "unanswerable", "message": "nothing to search for", "retryable": False}
        return answer(message, {"error": error, "state": data["state"]}, phase="declined")
    state = {"asked": data["state"]["asked"] + 1}
    if text.startswith("travel"):
        invoke("teller", answer(message, {"input": {"text": text}, "state": state}, "teller.tell", "asked"))
        return None
    return answer(message, {"input": {"text": text}, "state": state}, "teller.tell", "asked")


def invoke(agent, message):
    """Hands on by event."""
    endpoint = os.environ["AWS_ENDPOINT_URL_LAMBDA"].removeprefix("http://")
    connection = http.client.HTTPConnection(endpoint, timeout=60)
    path = "/2015-03-31/functions/chat-" + agent + "/invocations"
    connection.request("POST", path, json.dumps(message), {"X-Amz-Invocation-Type": "Event"})
    assert connection.getresponse().status == 202


def tell(message, data):
    text = data["input"]["text"]
    if text.endswith("crash"):
        print("about to crash", file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    if text == "crash once":
        marker = os.environ["PEER_CONTRACT_TMP"] + "-crashed"
        if not os.path.exists(marker):
            open(marker, "w").close()
            os.kill(os.getpid(), signal.SIGKILL)
    if text == "hang":
        time.sleep(300)
    output = {"html": "<p>" + text + "</p>"} if text == "page" else {"said": text}
    return answer(message, {"output": output, "state": data["state"]}, phase="told")


def count(message, data):
    return answer(message, {"output": {"length": len(data["input"]["text"])}})


while True:
    headers, payload = request("GET", "/invocation/next")
    envelope = json.loads(payload)
    operation = envelope["type"].rsplit(".", 1)[1]
    result = {"ask": ask, "tell": tell, "count": count}[operation](envelope, envelope["data"])
    request("POST", "/invocation/" + headers["lambda-runtime-aws-request-id"] + "/response", json.dumps(result))
