"""The types of a generated package: which class is which part of the contract."""

from __future__ import annotations

from ._record import Record
from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from . import _native


class Types:
    """Reads and writes the types of one contract. The contract is parsed on first use.

    ``rows`` says of each type where its schema stands and which of its parts are types themselves:
    ``(pointer, {field: shape}, {field: name in JSON})`` for a class, ``(pointer, shape)`` for another
    name of a type. Shapes are described at ``_native.Types``.
    """

    __slots__ = ("_contract", "_namespace", "_native", "_rows", "_text")

    def __init__(self, namespace: dict[str, Any], text: bytes, rows: Mapping[str, tuple[Any, ...]]) -> None:
        self._namespace = namespace
        self._text = text
        self._rows = rows
        self._contract: _native.Contract | None = None
        self._native: _native.Types | None = None
        for name in rows:
            record = namespace[name]
            if isinstance(record, type):
                record._types = self  # type: ignore[attr-defined]
                record._name = name  # type: ignore[attr-defined]

    @property
    def contract(self) -> _native.Contract:
        """The contract that the package was generated from."""
        if self._contract is None:
            from ._native import Contract

            self._contract = Contract.parse(self._text)
        return self._contract

    @property
    def native(self) -> _native.Types:
        """The compiled types."""
        if self._native is None:
            from ._native import Types as Compiled

            self._native = Compiled(self.contract, {name: self._definition(name) for name in self._rows})
        return self._native

    def read(self, name: str, data: bytes | str) -> Any:
        """A named type from strict JSON."""
        return self.native.read(name, data)

    def write(self, name: str, value: object) -> bytes:
        """A named type as JSON."""
        return self.native.write(name, value)

    def _definition(self, name: str) -> tuple[str, Any]:
        row = self._rows[name]
        cls = self._namespace[name]
        if not (isinstance(cls, type) and issubclass(cls, Record)):
            return row[0], row[1]
        pointer, shapes, names = row
        fields = [
            (field, names.get(field, field), shapes.get(field), _absent(cls, field))
            for field in cls._fields
            if field != "extra"
        ]
        extra = shapes.get("extra") if "extra" in cls._fields else ...
        return pointer, ("record", cls, fields, extra)


def _absent(cls: type[Record], field: str) -> object:
    """What stands for a property that is not there; ``...`` where it always is."""
    default = cls._defaults.get(field, ...)
    return default if default is None or default is UNSET else ...
