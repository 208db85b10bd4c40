"""Stand-ins for what ``typing`` gives type checkers, because importing it costs milliseconds."""


class Generic:
    """Makes ``Class[anything]`` mean ``Class``."""

    __slots__ = ()

    def __class_getitem__(cls, item: object) -> type:
        return cls


S = O = None  # noqa: E741
