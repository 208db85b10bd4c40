"""A Lambda runtime for one handler, where messages stay bytes from end to end."""

from __future__ import annotations

import os
import sys

from ._api import ApiGone, Next, RuntimeApi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

_USAGE = "usage: python -m peer_contract <file.py or module>.<handler>, with AWS_LAMBDA_RUNTIME_API set"

_OF_SETTINGS = ("address_refused", "configuration_invalid", "store_failed")


def main(arguments: Sequence[str]) -> int:
    """Serves the handler that the one argument names until the platform ends the process."""
    address = os.environ.get("AWS_LAMBDA_RUNTIME_API")
    if len(arguments) != 1 or not address:
        print(_USAGE, file=sys.stderr)
        return 2
    _prepare_process()
    api = RuntimeApi(address)
    try:
        handler = _load(arguments[0])
    except Exception as error:
        _report_init_error(api, error)
        return 1
    try:
        while True:
            _serve(api, handler, api.next())
    except ApiGone as error:
        print(f"the Runtime API is gone: {error}", file=sys.stderr)
        return 1


def _prepare_process() -> None:
    import signal

    def end(number: int, frame: object) -> NoReturn:
        sys.stdout.flush()
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(line_buffering=True)


def _load(target: str) -> Any:
    module, _, name = target.rpartition(".")
    if not module:
        raise ImportError(f"`{target}` is no `<file.py or module>.<handler>`")
    if module.endswith(".py") or "/" in module:
        folder, module = os.path.split(os.path.abspath(module.removesuffix(".py")))
        sys.path.insert(0, folder)
    else:
        sys.path.insert(0, os.getcwd())
    __import__(module)
    return getattr(sys.modules[module], name)


def _report_init_error(api: RuntimeApi, error: Exception) -> None:
    import contextlib
    import json
    import traceback

    code = getattr(error, "code", None)
    if code in _OF_SETTINGS:
        # Somebody's settings are wrong, and no line of code is.
        print(f"{code}: {error}", *filter(None, [getattr(error, "help", "")]), sep="\n", file=sys.stderr)
    else:
        traceback.print_exc()
    kind = code if isinstance(code, str) else type(error).__name__
    body = {"errorType": kind, "errorMessage": f"the handler could not be loaded: {error}", "at": getattr(error, "at", "")}
    with contextlib.suppress(ApiGone):
        api.init_error(json.dumps(body).encode(), kind)


def _serve(api: RuntimeApi, handler: Any, invocation: Next) -> None:
    """One invocation. Its trace id is in the environment, where libraries look for it."""
    if invocation.trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    served = getattr(handler, "served", None)
    if served is None:
        _serve_function(api, handler, invocation)
        return
    answer = served.invoke(invocation.event, invocation.request_id, invocation.deadline_ms, invocation.trace_id)
    sys.stdout.flush()
    if answer.fault is None:
        api.respond(invocation.request_id, answer.payload)
    else:
        api.fail(invocation.request_id, answer.fault_json, answer.fault[0])


def _serve_function(api: RuntimeApi, handler: Any, invocation: Next) -> None:
    """A handler that is not ours, or one of ours that somebody wrapped: objects in, objects out."""
    import json

    try:
        payload = json.dumps(handler(json.loads(invocation.event), invocation)).encode()
    except Exception as error:
        import traceback

        traceback.print_exc()
        kind = type(error).__name__
        body = {"errorType": kind, "errorMessage": str(error), "at": getattr(error, "at", "")}
        api.fail(invocation.request_id, json.dumps(body).encode(), kind)
        return
    sys.stdout.flush()
    api.respond(invocation.request_id, payload)
