"""The mark for a property that is neither there nor ``null``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import enum
    from typing import Final, Literal

    # Type checkers narrow `x is UNSET` only for members of an enum.
    class Unset(enum.Enum):
        """The type of :data:`UNSET`."""

        UNSET = "UNSET"

        def __bool__(self) -> Literal[False]: ...

    UNSET: Final = Unset.UNSET
else:

    class Unset:
        """The type of :data:`UNSET`. There is one object of it, also after copying and pickling."""

        __slots__ = ()

        def __new__(cls):
            return UNSET

        def __bool__(self):
            return False

        def __repr__(self):
            return "UNSET"

        def __reduce__(self):
            return "UNSET"

    UNSET = object.__new__(Unset)
