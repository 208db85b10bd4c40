"""Slotted keyword-only dataclasses without the import and build cost of the standard ones.

Type checkers see ``dataclasses.dataclass``; what is built here behaves the same: ``repr``, ``==``,
``match`` by keyword, ``copy``, ``pickle``, and ``dataclasses.fields``, ``replace`` and ``asdict``,
for which the standard module is imported when it is asked for.
"""

from __future__ import annotations

from ._unset import UNSET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar

    from typing_extensions import Self

    from . import _native
    from ._types import AlternativeCodec, FirstCodec, Types


class Record:
    """What all classes generated from objects of a contract have in common."""

    __slots__ = ()

    _fields: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, object]] = {}
    _types: ClassVar[Types]
    #: What reads and writes the class.
    _codec: ClassVar[_native.Codec | AlternativeCodec | FirstCodec]

    @classmethod
    def from_json(cls, data: bytes | str, /) -> Self:
        """Reads strict JSON and checks all of it against the contract.

        Raises :class:`~peer_contract.ContractError` with the code and the place of what is wrong.
        """
        record: Any = cls._codec.read(data)
        return record if type(record) is cls else cls(**{name: getattr(record, name) for name in record._fields})

    def to_json(self) -> bytes:
        """Checks the value against the contract and writes it as JSON.

        Raises :class:`~peer_contract.ContractError` with the code and the place of what is wrong.
        """
        return self._codec.write(self)


class _Factory:
    """``field(default_factory=…)``."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], object]) -> Any:
    """A default made anew for each object."""
    return _Factory(default_factory)


def dataclass(*, slots: bool, kw_only: bool) -> Callable[[type], type]:
    """Builds a class from its annotations. Slots and keywords are the only kind there is."""
    return _build


def _build(cls: type) -> type:
    annotations = cls.__annotations__
    members = dict(cls.__dict__)
    for name in ("__dict__", "__weakref__"):
        members.pop(name, None)
    defaults = {name: members.pop(name) for name in annotations if name in members}
    members.update(
        __slots__=tuple(annotations),
        __match_args__=(),
        __eq__=_eq,
        __hash__=None,
        __repr__=_repr,
        __replace__=_replace,
        __init__=_first_init,
        __signature__=_Late(_signature),
        __dataclass_fields__=_Late(lambda cls: _standard(cls).__dataclass_fields__),
        __dataclass_params__=_Late(lambda cls: _standard(cls).__dataclass_params__),
        _fields=tuple(annotations),
        _defaults=defaults,
    )
    made: Any = type(cls)(cls.__name__, cls.__bases__, members)
    if isinstance(defaults.get("extra"), _Factory):
        made.extra = _Extra(made.extra)
    return made  # type: ignore[no-any-return]


class _Extra:
    """The slot of `extra`, filled when it is first asked for: most objects have no unknown fields."""

    __slots__ = ("slot",)

    def __init__(self, slot: Any) -> None:
        self.slot = slot

    def __get__(self, instance: object, cls: type) -> object:
        if instance is None:
            return self
        try:
            return self.slot.__get__(instance)
        except AttributeError:
            made: dict[str, object] = {}
            self.slot.__set__(instance, made)
            return made

    def __set__(self, instance: object, value: object) -> None:
        self.slot.__set__(instance, value)

    def __delete__(self, instance: object) -> None:
        self.slot.__delete__(instance)


class _Late:
    """A class attribute that is made when it is first asked for."""

    __slots__ = ("made", "make")

    def __init__(self, make: Callable[[Any], object]) -> None:
        self.make = make
        self.made: object = None

    def __get__(self, instance: object, cls: type) -> object:
        if self.made is None:
            self.made = self.make(_owner(cls))
        return self.made


def _owner(cls: type) -> Any:
    """The class that was built here: `cls` itself or the one it was derived from."""
    mro: tuple[Any, ...] = cls.__mro__
    return next(base for base in mro if "_fields" in base.__dict__)


def _first_init(self: Any, /, **values: object) -> None:
    """Makes the real ``__init__`` of a class when its first object is made."""
    cls = _owner(type(self))
    cls.__init__ = _init_of(cls)
    cls.__init__(self, **values)


_MISSING = object()


def _init_of(cls: Any) -> Callable[..., None]:
    names: dict[str, object] = {"_MISSING": _MISSING}
    parameters, body = [], []
    for name in cls._fields:
        default = cls._defaults.get(name, _MISSING)
        if default is _MISSING:
            parameters.append(name)
        elif isinstance(default, _Factory):
            names[f"_make_{name}"] = default.make
            parameters.append(f"{name}=_MISSING")
            if name == "extra":
                body.append(f" if {name} is not _MISSING: _self.{name} = {name}")
                continue
            body.append(f" if {name} is _MISSING: {name} = _make_{name}()")
        else:
            names[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        body.append(f" _self.{name} = {name}")
    star = "*, " if parameters else ""
    exec(f"def __init__(_self, {star}{', '.join(parameters)}):\n" + "\n".join(body or [" pass"]), names)
    init: Any = names["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    return init  # type: ignore[no-any-return]


def _signature(cls: Any) -> object:
    import inspect

    parameters = list(inspect.signature(_init_of(cls)).parameters.values())[1:]
    return inspect.Signature(
        [p.replace(default=_shown(cls, p), annotation=cls.__annotations__[p.name]) for p in parameters],
        return_annotation=None,
    )


def _shown(cls: Any, parameter: Any) -> object:
    default = cls._defaults.get(parameter.name, parameter.default)
    return default.make() if isinstance(default, _Factory) else default


def _standard(cls: Any) -> Any:
    """The same fields as the standard module would describe them."""
    import dataclasses

    def described(name: str) -> tuple[str, str, Any]:
        default = cls._defaults.get(name, dataclasses.MISSING)
        if isinstance(default, _Factory):
            return name, cls.__annotations__[name], dataclasses.field(default_factory=default.make)
        return name, cls.__annotations__[name], dataclasses.field(default=default)

    return dataclasses.make_dataclass(cls.__name__, map(described, cls._fields), kw_only=True)


def _eq(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return all(getattr(self, name) == getattr(other, name) for name in self._fields)


def _repr(self: Any) -> str:
    # `extra` is named only when there is some, so that what people write is what they read.
    shown = [(name, getattr(self, name, UNSET)) for name in self._fields]
    given = ", ".join(f"{name}={value!r}" for name, value in shown if name != "extra" or value)
    return f"{type(self).__qualname__}({given})"


def _replace(self: Any, /, **changes: object) -> Any:
    return type(self)(**{name: getattr(self, name) for name in self._fields} | changes)
