"""Lines of a handler's log, with what says where they belong. Imported by the first handler that writes one."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import datetime, timezone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

    from ._work import Work

    _Adapter = logging.LoggerAdapter[logging.Logger]
else:
    _Adapter = logging.LoggerAdapter

#: What a record has that says nothing of its own.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

#: Names of Lambda where Python has others.
_LEVELS = {"CRITICAL": "FATAL", "WARNING": "WARN", "NOTSET": "TRACE"}


class WorkLog(_Adapter):
    """A logger of the standard library whose records carry the ids of work, message, request and trace.

    ``work.log.info("ranked %d", n, extra={"hits": n})``
    """

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        own = self.extra or {}
        fields = kwargs.get("extra") or {}
        kwargs["extra"] = {**own, **{f"{name}_" if _is_taken(name, own) else name: fields[name] for name in fields}}
        return msg, kwargs


def _is_taken(name: str, own: Any) -> bool:
    # The standard library refuses names of its own.
    return name in own or name in _USUAL or name in ("timestamp", "level")


class JsonFormatter(logging.Formatter):
    """A record as one JSON object, as Lambda's own JSON logs are."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, timezone.utc)
        line: dict[str, Any] = {
            "timestamp": f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03}Z",
            "level": _level(record),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        line.update((name, value) for name, value in vars(record).items() if name not in _USUAL)
        return json.dumps(line, ensure_ascii=False, default=_described)


class PlainFormatter(logging.Formatter):
    """A record as a line for people: what ``AWS_LAMBDA_LOG_FORMAT=Text`` asks for."""

    def format(self, record: logging.LogRecord) -> str:
        own = vars(record)
        where = f"{own.get('operation')} (work {own.get('work')}, hop {own.get('hop')})"
        fields = {
            name.removesuffix("_"): value for name, value in own.items() if name not in _USUAL and name not in _FACTS
        }
        text = f"{_level(record)} {where} {record.getMessage()}"
        if fields:
            text += f" {json.dumps(fields, ensure_ascii=False, separators=(',', ':'), default=_described)}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


_FACTS = ("work", "operation", "hop", "messageId", "requestId", "trace_id", "span_id")


def _level(record: logging.LogRecord) -> str:
    return _LEVELS.get(record.levelname, record.levelname)


def _described(value: object) -> str:
    return f"<{type(value).__name__}>"


def log_of(work: Work[Any]) -> WorkLog:
    """The log of a work's handler."""
    facts: dict[str, object] = {"work": work.id, "messageId": work.message_id, "hop": work.hop}
    if work.traceparent is not None:
        facts["operation"] = work._turn.target  # type: ignore[union-attr]
        facts["requestId"] = work._turn.request_id  # type: ignore[union-attr]
        _, facts["trace_id"], facts["span_id"], _ = work.traceparent.split("-")
    return WorkLog(_logger(), facts)


def _logger() -> logging.Logger:
    """The logger of all works. Where nobody set up logging, as on a laptop, it writes to standard output itself."""
    logger = logging.getLogger("peer_contract.work")
    if not logger.hasHandlers():
        handler = logging.StreamHandler(sys.stdout)
        is_plain = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").lower() == "text"
        handler.setFormatter(PlainFormatter() if is_plain else JsonFormatter())
        logger.addHandler(handler)
    if logger.level == logging.NOTSET:
        name = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
        named = {
            "TRACE": 5,
            "DEBUG": logging.DEBUG,
            "WARN": logging.WARNING,
            "ERROR": logging.ERROR,
            "FATAL": logging.FATAL,
        }
        logger.setLevel(named.get(name, logging.INFO))
    return logger
