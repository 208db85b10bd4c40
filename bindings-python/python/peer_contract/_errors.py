"""What goes wrong, as exceptions with a code and a place."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Self


class ContractError(Exception):
    """A rule was broken: of JSON, of the contract, or of the messages between agents.

    Branch on ``code``, a word of ``schemas/errors.json``; the text may change. ``at`` is a JSON
    Pointer into what was given, empty for all of it.
    """

    code: str
    at: str
    message: str
    #: What to do about it, or empty.
    help: str
    _others: tuple[ContractError, ...] = ()

    def __init__(self, code: str, at: str, message: str, help: str = "") -> None:
        super().__init__(code, at, message, help)
        self.code = code
        self.at = at
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message} (at `{self.at}`)" if self.at else self.message

    @property
    def problems(self) -> tuple[ContractError, ...]:
        """All that is wrong, in the order of their places; this error is the first."""
        return (self, *self._others)

    @classmethod
    def of(cls, problems: Sequence[tuple[str, str, str, str]]) -> Self:
        """One error for one or more problems."""
        first, *others = [cls(*problem) for problem in problems]
        first._others = tuple(others)
        return first


class CallError(ContractError):
    """A call to a peer gave no answer. ``target`` is the operation that was called."""

    target: str = ""


class HandlerTimeout(Exception):
    """An asynchronous handler was stopped because its time is over."""
