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
    """Reads and writes the types of one contract. The contract is parsed on first use; while its text still
    has ``hash``, it is the one that was checked when the package was generated.

    ``rows`` says of each type where its schema stands and which of its parts are types themselves:
    ``(pointer, {field: shape}, {field: name in JSON})`` for a class, with a second pointer where it is one
    alternative of what stands at the first, ``(pointer, shape)`` for another name of a type. Shapes are
    described at ``_native.Types``.
    """

    __slots__ = ("_codecs", "_contract", "_hash", "_namespace", "_native", "_rows", "_text")

    def __init__(self, namespace: dict[str, Any], text: bytes, hash: str, rows: Mapping[str, tuple[Any, ...]]) -> None:
        self._namespace = namespace
        self._text = text
        self._hash = hash
        self._rows = rows
        self._contract: _native.Contract | None = None
        self._native: _native.Types | None = None
        self._codecs: dict[str, _native.Codec | AlternativeCodec] = {}
        for name in rows:
            record = namespace[name]
            if isinstance(record, type):
                record._types = self  # type: ignore[attr-defined]
                record._codec = FirstCodec(self, name, record)  # type: ignore[attr-defined]

    @property
    def contract(self) -> _native.Contract:
        """The contract that the package was generated from."""
        if self._contract is None:
            from ._native import Contract

            self._contract = Contract.embedded(self._text, self._hash)
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
        return self.codec(name).read(data)

    def write(self, name: str, value: object) -> bytes:
        """A named type as JSON."""
        return self.codec(name).write(value)

    def codec(self, name: str) -> _native.Codec | AlternativeCodec:
        """What reads and writes a named type."""
        codec = self._codecs.get(name)
        if codec is None:
            codec = self.native.codec(name)
            if len(self._rows[name]) == 4:
                codec = AlternativeCodec(codec, self.contract.schema(self._rows[name][3]))
            self._codecs[name] = codec
        return codec

    def _definition(self, name: str) -> tuple[str, Any]:
        row = self._rows[name]
        cls = self._namespace[name]
        if not (isinstance(cls, type) and issubclass(cls, Record)):
            return row[0], row[1]
        pointer, shapes, names = row[:3]
        fields = [
            (field, names.get(field, field), shapes.get(field), _absent(cls, field))
            for field in cls._fields
            if field != "extra"
        ]
        extra = shapes.get("extra") if "extra" in cls._fields else ...
        return pointer, ("record", cls, fields, extra)


class AlternativeCodec:
    """Reads and writes one alternative of a schema, with what stands beside it there: held to both."""

    __slots__ = ("_alternative", "_whole")

    def __init__(self, whole: _native.Codec, alternative: _native.Schema) -> None:
        self._whole = whole
        self._alternative = alternative

    def read(self, data: bytes | str) -> Any:
        """As the codec of the whole, of the alternative alone."""
        self._alternative.read(data)
        return self._whole.read(data)

    def write(self, value: object) -> bytes:
        """As the codec of the whole, of the alternative alone."""
        text = self._whole.write(value)
        self._alternative.read(text)
        return text


class FirstCodec:
    """Stands in a class for its codec until that is needed."""

    __slots__ = ("_cls", "_name", "_types")

    def __init__(self, types: Types, name: str, cls: type) -> None:
        self._types = types
        self._name = name
        self._cls: Any = cls

    def read(self, data: bytes | str) -> Any:
        """As the codec does it, which is there from now on."""
        return self._real().read(data)

    def write(self, value: object) -> bytes:
        """As the codec does it, which is there from now on."""
        return self._real().write(value)

    def _real(self) -> _native.Codec | AlternativeCodec:
        from ._native import Reader

        codec = self._cls._codec = self._types.codec(self._name)
        self._cls.from_json = Reader(self._cls, codec.read, Record.__dict__["from_json"])
        return codec


def _absent(cls: type[Record], field: str) -> object:
    """What stands for a property that is not there; ``...`` where it always is."""
    default = cls._defaults.get(field, ...)
    return default if default is None or default is UNSET else ...
