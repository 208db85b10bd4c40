"""A whole chain of agents in one process, for tests: no server, no network, no files.

result = local.run(research, {"reasoner": MyReasoner(), "ranker": MyRanker()}, Question(text="canals"))
assert result.handoff == formatter.render(...)      # nobody was given who could go on
"""

from __future__ import annotations

import json
import os
import time

from . import _native
from ._agent import Fault, Operation
from ._errors import ContractError
from ._handler import Served

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType
    from typing import Any

    from ._agent import Agent, AgentInfo


class Hop:
    """One message that an agent handled."""

    __slots__ = ("phase", "target")

    def __init__(self, target: str, phase: str | None) -> None:
        self.target = target
        self.phase = phase

    def __repr__(self) -> str:
        return f"{self.target} ({self.phase})"


class Run:
    """What became of a work: an output, an error, or a handoff to an agent that was not given."""

    __slots__ = ("error", "handoff", "hops", "output", "phase", "state", "work")

    def __init__(self, work: str) -> None:
        self.work = work
        #: The hops that were made, in order.
        self.hops: list[Hop] = []
        #: The phase and the state that the work was left in.
        self.phase: str | None = None
        self.state: Any = None
        #: What the last operation replied.
        self.output: Any = None
        #: The error of the contract that ended the work, or why a message was refused.
        self.error: Fault | ContractError | None = None
        #: Where the work would go on.
        self.handoff: Operation[Any] | None = None

    def __repr__(self) -> str:
        end = self.error or self.handoff or self.output
        return f"<Run {' -> '.join(map(repr, self.hops))}: {end!r}>"


def run(package: ModuleType, agents: Mapping[str, Agent], start: object) -> Run:
    """Runs a work from its start to its end, or to a handoff to an agent that is not in ``agents``.

    ``package`` is the generated package, ``start`` the input of the only entry, or an operation
    applied to its input. What a handler raises unexpectedly is raised here.
    """
    chain = _Chain(package, agents)
    return chain.follow(*chain.first(start))


class _Served(Served):
    """An agent of a chain. It keeps what its handler raised, to be raised again."""

    __slots__ = ("raised",)

    def __init__(self, agent: Agent, host: _native.Host) -> None:
        super().__init__(agent, host)
        self.raised: Exception | None = None

    def failed(self, turn: _native.Turn, error: Exception) -> _native.Answer:
        self.raised = error
        return super().failed(turn, error)


class _Chain:
    def __init__(self, package: ModuleType, agents: Mapping[str, Agent]) -> None:
        self.package = package
        self.contract: _native.Contract = package._types.contract
        unknown = set(agents) - set(self.contract.agents)
        if unknown:
            raise ContractError("operation_unknown", "", f"the contract has no agent {', '.join(sorted(unknown))}")
        self.served = {name: _Served(agent, self.host(name)) for name, agent in agents.items()}

    def host(self, agent: str) -> _native.Host:
        return _native.Host(self.contract, agent, self.invoke)

    def invoke(self, agent: str, payload: bytes) -> _native.Answer:
        """A call from one agent to another."""
        if agent not in self.served:
            raise LookupError(f"`{agent}` is not among the agents of this run")
        return self.served[agent].invoke(payload, "", None, None)

    def first(self, start: object) -> tuple[str, bytes]:
        if isinstance(start, Operation):
            target, start = start.target, start.input
        elif len(self.contract.entries) == 1:
            target = self.contract.entries[0]
        else:
            raise ContractError("entry_ambiguous", "", f"the entries are {', '.join(self.contract.entries)}; apply one")
        return self.contract.start(target, start, int(time.time() * 1000), os.urandom(10))

    def follow(self, work: str, message: bytes) -> Run:
        result = Run(work)
        while not (envelope := json.loads(message))["type"].endswith(".reply"):
            agent, operation = envelope["type"].split(".")[-2:]
            if "fanOut" in envelope["data"] or "fanOutRef" in envelope["data"]:
                try:
                    message = self.gather(message)
                except ContractError as error:
                    result.error = error
                    return result
                continue
            if agent not in self.served:
                self.stop_before(result, agent, operation, message)
                return result
            result.hops.append(Hop(f"{agent}.{operation}", envelope.get("phase")))
            message = self.step(self.served[agent], message)
        self.finish(result, envelope)
        return result

    def gather(self, message: bytes) -> bytes:
        """Runs the children of a fan-out, one after the other; gives the message of its join."""
        group = _native.Gathering(self.contract, message)
        while (child := group.ask()) is not None:
            group.settle(self.invoke(*child))
        return group.finish()

    def step(self, served: _Served, message: bytes) -> bytes:
        answer = served.invoke(message, "", None, None)
        if answer.fault is None:
            return answer.payload
        if served.raised is not None:
            raise served.raised
        code, text, at = answer.fault
        raise ContractError(code, at, text)

    def stop_before(self, result: Run, agent: str, operation: str, message: bytes) -> None:
        turn = self.host(agent).begin(message, "")
        if isinstance(turn, _native.Answer):
            self.finish(result, turn.value())
            return
        assert isinstance(turn, _native.Turn), "what an agent hands on is an envelope"
        info = self.info(agent)
        handoff, _, input, state = info.operations[operation]
        result.handoff = handoff(turn.input(info.types.native, input))
        result.state = turn.state(info.types.native, state)
        result.phase = turn.phase

    def finish(self, result: Run, envelope: Any) -> None:
        types = self.package._types.native
        operation = self.operation(envelope["type"].removesuffix(".reply"))
        data = envelope["data"]
        result.phase = envelope.get("phase")
        result.state = types.build(self.state_shape(), data.get("state"))
        error = data.get("error")
        if error is None:
            result.output = types.build(operation._output, _there(data, "output"))
        elif "at" in error:
            result.error = ContractError(error["code"], error["at"], error["message"])
        else:
            fault = operation._errors[error["code"]]
            result.error = fault(types.build(fault._data, error.get("data")), message=error["message"])

    def operation(self, type: str) -> type[Operation[Any]]:
        agent, operation = type.split(".")[-2:]
        return self.info(agent).operations[operation][0]

    def state_shape(self) -> Any:
        rows = [row for agent in self.contract.agents for row in self.info(agent).operations.values()]
        return next((state for _, _, _, state in rows if state is not ...), None)

    def info(self, agent: str) -> AgentInfo:
        from importlib import import_module
        from pkgutil import iter_modules

        for module in iter_modules(self.package.__path__):
            found = getattr(import_module(f"{self.package.__name__}.{module.name}"), "Agent", None)
            if found is not None and found.__peer_contract__.name == agent:
                info: AgentInfo = found.__peer_contract__
                return info
        raise ContractError("operation_unknown", "", f"the package has no module for the agent `{agent}`")


def _there(data: Any, part: str) -> Any:
    if f"{part}Ref" in data:
        raise ContractError("payload_too_large", f"/data/{part}", "a run in one process carries parts up to 5 MiB")
    return data[part]
