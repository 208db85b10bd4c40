"""The native half: values across the border, no decisions."""

from collections.abc import Callable
from typing import Any, Literal, final

def contract_hash(text: bytes | str) -> str:
    """The hash of a contract's text."""

def drawn_uuid(key: str, number: int) -> str:
    """The draw of this number under a message's key, as a UUIDv8."""

def drawn_fraction(key: str, number: int) -> float:
    """The draw of this number under a message's key, from 0 to below 1."""

def read_json(text: bytes | str) -> Any:
    """Reads strict JSON."""

def rehearse(
    contract: Contract, agent: str, event: bytes | str, now_ms: int, deadline_ms: int | None, shared_store: bool
) -> tuple[str, str | None, int]:
    """Operation, phase and hop of an event for `agent`, as a sandbox that knows nothing else would see it."""

def rehearse_event(
    contract: Contract,
    agent: str,
    event: bytes | str,
    ends: bytes | str,
    now_ms: int,
    shared_store: bool,
    trace_header: str | None = None,
) -> Any:
    """What becomes of an event of a service whose messages end in turn as the JSON array `ends` says."""

def rehearse_requests(contract: Contract, operation: str, messages: bytes | str) -> Any:
    """What becomes of messages with keys, one after the other; `messages` is a JSON array."""

def fits(sends: Contract, accepts: Contract, operation: str) -> tuple[str, str | None, str | None]:
    """Whether an operation fits between sender and receiver: the verdict, and part and place of a break."""

@final
class Gathering:
    """A group of children, which are asked one after the other."""

    def __new__(cls, contract: Contract, message: bytes) -> Gathering: ...
    def ask(self) -> tuple[str, bytes] | None:
        """Agent and message of the next child; ``None`` when the group has ended."""

    def settle(self, answer: Answer) -> None:
        """What the child that was asked last gave. One that may do better is asked again."""

    def finish(self) -> bytes:
        """The message of the join."""

@final
class Contract:
    """A checked contract."""

    @staticmethod
    def parse(text: bytes | str) -> Contract:
        """Reads, checks and hashes a contract in strict JSON."""

    @staticmethod
    def embedded(text: bytes | str, hash: str) -> Contract:
        """The contract that generated code carries. Text that has the hash is not checked again."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str:
        """For people; machines go by the hash."""

    @property
    def hash(self) -> str:
        """`sha256:` and 64 hex digits."""

    @property
    def canonical(self) -> bytes:
        """The bytes that were hashed."""

    @property
    def agents(self) -> list[str]: ...
    @property
    def operations(self) -> list[str]:
        """`agent.operation` of all operations."""

    @property
    def entries(self) -> list[str]:
        """`agent.operation` of the operations that work may start at."""

    def start(self, entry: str, input: object, now_ms: int, random: bytes) -> tuple[str, bytes]:
        """Id and first message of a new work; `random` is ten bytes."""

    def first_message(
        self, entry: str, input: object, *, delivery: Literal["return", "event"] = "return", reply_to: str | None = None
    ) -> tuple[str, bytes]:
        """Id and first message of a new work that others deliver: by a queue, a topic, or an invocation.

        ``reply_to``, with ``delivery="event"``, names who else gets the reply that ends the work: an entry of the contract,
        `agent.operation`, or an address that the agents list under `reply-to` in `PEER_CONTRACT_PEERS`.
        """

    def operation_hash(self, target: str) -> str:
        """What callers and callee of `agent.operation` must agree on."""

    def schema(self, at: str) -> Schema:
        """The compiled schema at a JSON Pointer into the contract."""

@final
class Schema:
    """A compiled schema."""

    def read(self, text: bytes | str) -> Any:
        """Reads strict JSON and validates it."""

    def validate(self, object: object) -> None:
        """Raises with every way in which the object does not fit."""

    def write(self, object: object) -> bytes:
        """Validates the object and writes it as canonical JSON."""

@final
class Types:
    """The types of one generated package.

    A shape says where classes, integers and doubles are in a value: `None` (plain JSON), `int`,
    `float`, `"Name"`, `[shape]`, `{"": shape}`, `("record", class, fields, extra)`,
    `("tagged", property, {value: shape})`, `("untagged", [(pointer, shape)])`,
    `("kinds", object, array, number)` by what JSON has, `("tuple", [shape])`, or `("items", [shape], rest)`
    for a list whose first places have shapes of their own. A field is its name in Python, its name in
    JSON, its shape, and what stands for "not there" (`...` for nothing).
    """

    def __new__(cls, contract: Contract, definitions: dict[str, tuple[str, Any]]) -> Types: ...
    def codec(self, name: str) -> Codec:
        """What reads and writes a named type."""

    def build(self, shape: Any, object: object) -> Any:
        """A value that is valid already, with the classes of a shape in it."""

@final
class Codec:
    """Reads and writes one named type."""

    def read(self, text: bytes | str) -> Any:
        """Reads strict JSON, validates it and builds the type."""

    def write(self, object: object) -> bytes:
        """Validates a value of the type and writes it as canonical JSON."""

@final
class Reader:
    """`from_json` of a generated class; `of_record` serves the classes that were derived from it by hand."""

    def __new__(cls, class_: type, read: Callable[[bytes | str], Any], of_record: object) -> Reader: ...
    def __get__(self, instance: object, owner: type) -> Callable[[bytes | str], Any]: ...

@final
class Host:
    """One agent in one sandbox."""

    def __new__(cls, contract: Contract, agent: str, peers: Callable[[str, bytes], Answer] | None = None) -> Host: ...
    def config(self, types: Types, shape: Any) -> Any:
        """The configuration that the agent is made from, valid by its schema."""

    def begin(
        self, event: object, request_id: str, deadline_ms: int | None = None, trace_id: str | None = None
    ) -> Turn | Answer | Batch:
        """Takes an event to the point where the handler runs, to its answer, or to the messages in it."""

@final
class Batch:
    """The messages of an event of a service."""

    def next(self, answer: Answer | None = None) -> Turn | Answer:
        """The next one, once the one before has ended with `answer`; the answer to the event when all have."""

@final
class Answer:
    """What the platform gets: a payload or a function error."""

    @property
    def payload(self) -> bytes:
        """As it goes over the wire; empty for a function error."""

    def value(self) -> Any:
        """The payload as objects."""

    @property
    def fault(self) -> tuple[str, str, str] | None:
        """Code, sentence and place of a function error."""

    @property
    def fault_json(self) -> bytes | None:
        """The function error as the Runtime API takes it."""

@final
class Turn:
    """One run of a handler."""

    @property
    def operation(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def work(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def hop(self) -> int: ...
    @property
    def phase(self) -> str | None: ...
    @property
    def time_ms(self) -> int: ...
    @property
    def deadline_ms(self) -> int: ...
    @property
    def traceparent(self) -> str: ...
    @property
    def request_id(self) -> str: ...
    @property
    def tracestate(self) -> str | None: ...
    def input(self, types: Types, shape: Any) -> Any:
        """The valid input."""

    def state(self, types: Types, shape: Any) -> Any:
        """The valid state; `None` for a callable operation."""

    def call(self, types: Types, target: str, input: object) -> Called:
        """Asks a callable operation of a peer and waits; interrupts are seen."""

    def start_call(self, types: Types, target: str, input: object, done: Callable[[Called], object]) -> Pending:
        """The same without waiting: `done` gets a `Called`, in another thread."""

    def reply(self, types: Types, output: object, state: object) -> Answer:
        """Ends the turn with the operation's output."""

    def hand_over(self, types: Types, target: str, input: object, state: object) -> Answer:
        """Ends the turn by passing the work on."""

    def fan_out(self, types: Types, children: list[tuple[str, object]], state: object) -> Answer:
        """Ends the turn by spreading the work over children: target and input of each."""

    def error(self, types: Types, code: str, message: str, data: object, state: object) -> Answer:
        """Ends the turn with an error of the contract."""

    def fail(self, message: str) -> Answer:
        """Ends the turn after the handler raised something unexpected."""

    def time_out(self) -> Answer:
        """Ends the turn after the handler took longer than it may."""

@final
class Called:
    """What came of a call."""

    @property
    def declared(self) -> tuple[str, str] | None:
        """Name and sentence of an error of the contract, when the call ended in one."""

    def data(self, types: Types, shape: Any) -> Any:
        """What an error of the contract carries."""

    def output(self, types: Types, shape: Any) -> Any:
        """The output; raises when there is none."""

@final
class Pending:
    """A call that nobody waits for here."""

    def cancel(self) -> None:
        """Stops the call unless it is over."""
