"""The Runtime API of Lambda over one kept connection. ``http.client`` would cost 10 ms of import."""

from __future__ import annotations

import socket
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from io import BufferedReader

_PREFIX = "/2018-06-01/runtime"
_TOO_LARGE = b'{"errorType":"payload_too_large","errorMessage":"the platform refused the answer as too large","at":""}'


class ApiGone(Exception):
    """The Runtime API cannot be reached, or refused to go on."""


class Next:
    """One invocation, with the attributes of a Lambda context that handlers use most."""

    __slots__ = ("aws_request_id", "client_context", "deadline_ms", "event", "invoked_function_arn", "trace_id")

    def __init__(self, headers: dict[str, str], event: bytes) -> None:
        self.event = event
        self.aws_request_id = headers.get("lambda-runtime-aws-request-id", "")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn", "")
        self.client_context = headers.get("lambda-runtime-client-context")
        self.trace_id = headers.get("lambda-runtime-trace-id")
        deadline = headers.get("lambda-runtime-deadline-ms", "")
        self.deadline_ms = int(deadline) if deadline.isdigit() else None

    @property
    def request_id(self) -> str:
        """The same when Lambda itself tries again."""
        return self.aws_request_id

    def get_remaining_time_in_millis(self) -> int:
        """Until the platform ends the invocation."""
        return 0 if self.deadline_ms is None else max(0, self.deadline_ms - int(time.time() * 1000))


class RuntimeApi:
    """Asks for invocations and answers them."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._stream: BufferedReader | None = None

    def next(self) -> Next:
        """Waits for an invocation, as long as it takes."""
        status, headers, body = self._request("GET", "/invocation/next")
        if status != 200:
            raise ApiGone(f"`next` was answered with status {status}")
        return Next(headers, body)

    def respond(self, request_id: str, payload: bytes) -> None:
        """Answers an invocation."""
        status, _, _ = self._request("POST", f"/invocation/{request_id}/response", payload)
        if status == 413:
            self.fail(request_id, _TOO_LARGE, "payload_too_large")

    def fail(self, request_id: str, body: bytes, code: str) -> None:
        """Answers an invocation with a function error."""
        self._request("POST", f"/invocation/{request_id}/error", body, code)

    def init_error(self, body: bytes, code: str) -> None:
        """Says that there will be no handler."""
        self._request("POST", "/init/error", body, code)

    def _request(self, method: str, path: str, body: bytes = b"", code: str = "") -> tuple[int, dict[str, str], bytes]:
        head = f"{method} {_PREFIX}{path} HTTP/1.1\r\nHost: {self._address}\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/json\r\n" if body else ""
        head += f"Lambda-Runtime-Function-Error-Type: {code}\r\n" if code else ""
        message = head.encode("latin-1", "replace") + b"\r\n" + body
        kept = self._socket is not None
        try:
            return self._exchange(message)
        except OSError as error:
            self._close()
            if not kept:
                raise ApiGone(error) from error
        # The server may have closed the kept connection while nothing was on its way.
        try:
            return self._exchange(message)
        except OSError as error:
            self._close()
            raise ApiGone(error) from error

    def _exchange(self, message: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._socket is None or self._stream is None:
            host, _, port = self._address.rpartition(":")
            self._socket = socket.create_connection((host, int(port)) if host else (self._address, 80))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._stream = self._socket.makefile("rb")
        self._socket.sendall(message)
        status, headers = _head(self._stream)
        body = _body(self._stream, headers)
        if headers.get("connection", "").lower() == "close":
            self._close()
        return status, headers, body

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        if self._socket is not None:
            self._socket.close()
        self._stream = self._socket = None


def _head(stream: BufferedReader) -> tuple[int, dict[str, str]]:
    line = stream.readline(65_536)
    parts = line.split(None, 2)
    if len(parts) < 2 or not parts[1].isdigit():
        raise ConnectionError("the connection ended without an answer")
    headers = {}
    while line := stream.readline(65_536).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return int(parts[1]), headers


def _body(stream: BufferedReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return _exactly(stream, int(headers.get("content-length", 0)))
    chunks = []
    while size := int(stream.readline(65_536).split(b";")[0], 16):
        chunks.append(_exactly(stream, size))
        stream.readline(65_536)
    while stream.readline(65_536).strip():
        pass
    return b"".join(chunks)


def _exactly(stream: BufferedReader, size: int) -> bytes:
    body = stream.read(size)
    if len(body) != size:
        raise ConnectionError("the connection ended within an answer")
    return body
