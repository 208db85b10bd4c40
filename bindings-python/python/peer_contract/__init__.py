"""Agents under one contract: typed stubs, validated messages, handoffs between languages.

Generated code brings the types, the agents and their operations; this module brings what runs them::

    from peer_contract import Work, lambda_handler
    from research import Brief, Plan, Question, ranker, reasoner

    class MyReasoner(reasoner.Agent):
        async def plan(self, work: Work[Brief], question: Question, /) -> ranker.Rank:
            return ranker.rank(Plan(terms=question.text.split(), limit=20))

    handler = lambda_handler(MyReasoner())
"""

from __future__ import annotations

from ._agent import Agent, AgentInfo, CallableOperation, ConfiguredAgent, FanOut, Fault, Operation
from ._errors import CallError, ContractError
from ._handler import lambda_handler
from ._load import load
from ._native import Contract, Schema, contract_hash
from ._record import Record
from ._types import Types
from ._unset import UNSET, Unset
from ._work import Work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
else:
    Json = object

__all__ = [
    "UNSET",
    "Agent",
    "AgentInfo",
    "CallError",
    "CallableOperation",
    "ConfiguredAgent",
    "Contract",
    "ContractError",
    "FanOut",
    "Fault",
    "Json",
    "Operation",
    "Record",
    "Schema",
    "Types",
    "Unset",
    "Work",
    "contract_hash",
    "lambda_handler",
    "load",
]
