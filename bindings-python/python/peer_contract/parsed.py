"""Text with a format, as values that one can work with.

A value of a contract is its text. These functions read it when somebody asks, and import what they need then::

    from peer_contract import parsed

    if parsed.date_time(order.at) < deadline: ...

Each raises :class:`~peer_contract.ContractError`: ``format_mismatch`` when the text is not of the format,
``range_mismatch`` when the class cannot hold what it says. The way back is that of Python: ``at.isoformat()`` of a
``datetime`` with a time zone, ``str(uuid)``, ``parts.geturl()``.
"""

from __future__ import annotations

from ._errors import ContractError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from datetime import date as _date
    from datetime import datetime
    from urllib.parse import SplitResult
    from uuid import UUID

__all__ = ["date", "date_time", "uri", "uuid"]

_DATE = r"(\d{4})-(\d\d)-(\d\d)"
_TIME = r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.(\d+))?(?:[zZ]|([+-])([01]\d|2[0-3]):([0-5]\d))"
_UUID = r"[\da-fA-F]{8}-(?:[\da-fA-F]{4}-){3}[\da-fA-F]{12}"


def date_time(text: str, /) -> datetime:
    """The point in time, with its offset.

    A leap second is the first second of the next minute, as for all clocks of computers; what is smaller than a
    microsecond is in the text alone. A ``datetime`` cannot hold the year 0.
    """
    from datetime import datetime, timedelta, timezone

    year, month, day, *time, fraction, sign, hours, minutes = _match(f"{_DATE}[Tt]{_TIME}", text, "date-time").groups()
    hour, minute, second = map(int, time)
    ahead = int(f"{sign or '+'}1") * (int(hours or 0) * 60 + int(minutes or 0))
    _require_day(year, month, day, "date-time")
    # A leap second ends a day of UTC.
    if second == 60 and (hour * 60 + minute - ahead) % 1440 != 1439:
        raise _unfit("date-time")
    micros = int((fraction or "")[:6].ljust(6, "0"))
    zone = timezone(timedelta(minutes=ahead))
    try:
        start = datetime(int(year), int(month), int(day), hour, minute, tzinfo=zone)
        return start + timedelta(seconds=second, microseconds=micros)
    except (ValueError, OverflowError):
        raise _beyond("datetime") from None


def date(text: str, /) -> _date:
    """The day. A ``date`` cannot hold the year 0."""
    from datetime import date

    year, month, day = _match(_DATE, text, "date").groups()
    _require_day(year, month, day, "date")
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _beyond("date") from None


def uuid(text: str, /) -> UUID:
    """The UUID."""
    from uuid import UUID

    return UUID(_match(_UUID, text, "uuid").group())


def uri(text: str, /) -> SplitResult:
    """The parts of the URI: scheme, netloc, path, query, fragment. Nothing is decoded; the scheme is in lower case."""
    from urllib.parse import urlsplit

    _match(r"[a-zA-Z][a-zA-Z\d+.-]*:.*", text, "uri")
    try:
        return urlsplit(text)
    except ValueError:
        raise _beyond("SplitResult") from None


def _match(pattern: str, text: str, format: str) -> re.Match[str]:
    import re

    found = re.fullmatch(pattern, text, re.ASCII)
    if found is None:
        raise _unfit(format)
    return found


def _require_day(year: str, month: str, day: str, format: str) -> None:
    from calendar import monthrange

    # Leap years come again after 400 years; the year 0 is one that `calendar` does not know.
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= monthrange(int(year) + 400, int(month))[1]):
        raise _unfit(format)


def _unfit(format: str) -> ContractError:
    return ContractError("format_mismatch", "", f"expected a text of the format `{format}`")


def _beyond(name: str) -> ContractError:
    return ContractError("range_mismatch", "", f"the text is right, but `{name}` cannot hold it")
