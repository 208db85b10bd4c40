"""What generated agents, operations and errors are made of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, ClassVar, Generic, TypeVar

    from ._types import Types

    C = TypeVar("C")
    K = TypeVar("K", bound="CallableOperation[Any]", covariant=True)
    O = TypeVar("O", covariant=True)  # noqa: E741
else:
    from ._generic import Generic, O

    C = K = O


class Operation(Generic[O]):
    """An operation applied to its input. Return it from a handler, and it is a handoff."""

    __slots__ = ("input",)

    #: ``agent.operation``.
    target: ClassVar[str]
    _types: ClassVar[Types]
    #: Shape of the output, and the errors by code.
    _output: ClassVar[Any] = None
    _errors: ClassVar[Mapping[str, type[Fault]]] = {}

    def __init__(self, input: Any, /) -> None:
        self.input = input

    def __repr__(self) -> str:
        return f"{self.target}({self.input!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.input == other.input

    __hash__ = None  # type: ignore[assignment]


class CallableOperation(Operation[O]):
    """An operation that can also be called: give it to ``work.call``."""

    __slots__ = ()


class FanOut(Generic[K]):
    """Children of an operation, each an operation applied to its input.

    Return it from a handler, and they run side by side; the join of the contract goes on with what they give.
    """

    __slots__ = ("children",)

    def __init__(self, children: Iterable[K], /) -> None:
        self.children = tuple(children)

    def __repr__(self) -> str:
        return f"FanOut({list(self.children)!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.children == other.children

    __hash__ = None  # type: ignore[assignment]


class Fault(Exception):
    """An error of the contract. Raise it in a handler; a caller gets it raised."""

    #: The agent that declares it, and its name there.
    agent: ClassVar[str]
    code: ClassVar[str]
    #: Whether the same message may be tried again.
    retryable: ClassVar[bool] = False
    _data: ClassVar[Any] = None
    #: What it carries, as the contract says.
    data: Any

    def __init__(self, data: Any = None, /, *, message: str = "") -> None:
        super().__init__(*([] if data is None else [data]))
        self.data = data
        self.message = message or self.code

    def __str__(self) -> str:
        return self.message


class AgentInfo:
    """What the runtime knows of a generated agent.

    ``operations``: name to class, method, shape of the input, and shape of the state (``...`` for a
    callable operation, which gets none). ``config``: shape of the configuration, of agents that have one.
    """

    __slots__ = ("config", "name", "operations", "types")

    def __init__(
        self,
        name: str,
        types: Types,
        operations: Mapping[str, tuple[type[Operation[Any]], str, Any, Any]],
        config: Any = None,
    ) -> None:
        self.name = name
        self.types = types
        self.operations = operations
        self.config = config


class Agent:
    """The base of generated agents: derive from those, not from this."""

    __peer_contract__: ClassVar[AgentInfo]


class ConfiguredAgent(Agent, Generic[C]):
    """The base of generated agents that are made from a configuration: derive from those, not from this.

    ``lambda_handler`` takes the class and makes the agent when the sandbox starts; a test makes it itself.
    """

    #: What ``PEER_CONTRACT_CONFIG`` names, as the contract types it.
    config: C

    def __init__(self, config: C, /) -> None:
        self.config = config
