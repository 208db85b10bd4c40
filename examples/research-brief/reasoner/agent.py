"""The reasoner: plans the search for a question, and widens a plan that found too little."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from peer_contract import ContractError, Work, lambda_handler

# The files of this agent lie side by side, here as in its Lambda package.
sys.path.insert(0, str(Path(__file__).parent))

import planning  # noqa: E402
from research_brief import Brief, Plan, Question, Ranking, Reason, Term, ranker, reasoner  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


class Reasoner(reasoner.Agent):
    """Asks a model when ``MODEL_URL`` names one; otherwise, and when the model fails, plans by rules."""

    def plan(self, work: Work[Brief], question: Question, /) -> ranker.Rank:
        work.state.question = question.text
        terms = planning.first(question.text)
        if not (plan := _by_model(work, question.text, [], 1)):
            if not terms:
                raise _unanswerable("the question holds no word that can be searched for")
            plan = _by_rules(work, terms, 1)
        return ranker.rank(plan)

    def widen(self, work: Work[Brief], ranking: Ranking, /) -> ranker.Rank:
        terms = [(term.text, term.weight) for term in ranking.plan.terms]
        round = ranking.plan.round
        if not (plan := _by_model(work, work.state.question, [text for text, _ in terms], round + 1)):
            wide = planning.wider(terms, round + 1)
            if not ranking.passages and planning.is_hopeless(terms, wide, round):
                said = " or ".join(f"“{text}”" for text, _ in terms)
                raise _unanswerable(f"no president said {said} in an address, and there is no wider term to try")
            plan = _by_rules(work, wide, round + 1, known=len(terms))
        return ranker.rank(plan)


def _by_rules(work: Work[Brief], terms: list[planning.Weighted], round: int, known: int = 0) -> Plan:
    new, kind = len(terms) - known, "wider" if known else "search"
    what = f"{new} {kind} term{'s' * (new != 1)}" if new else "the same terms with a lower bar"
    _note(work, round, "rules", f"{what}, by rules")
    return Plan(terms=[Term(text=text, weight=weight) for text, weight in terms], limit=planning.LIMIT, round=round)


def _by_model(work: Work[Brief], question: str, tried: list[str], round: int) -> Plan | None:
    if not os.environ.get("MODEL_URL"):
        return None
    from model import ModelFailed, asked

    try:
        plan = asked(question, tried, round)
    except (ModelFailed, ContractError) as error:
        why = str(error) if isinstance(error, ModelFailed) else f"the model's terms are not valid, {error.code} at {error.at}"
        work.state.notes = [*(work.state.notes or []), f"reasoner: {why}; planned by rules instead"]
        return None
    if plan:
        _note(work, round, "model", f"{len(plan.terms)} search terms, by a language model")
    return plan


def _note(work: Work[Brief], round: int, planner: Literal["model", "rules"], what: str) -> None:
    work.state.rounds = round
    work.state.planner = planner
    work.state.notes = [*(work.state.notes or []), f"reasoner: {what} (round {round})"]


def _unanswerable(reason: str) -> reasoner.Unanswerable:
    # The words of the question stay in the data; a message may end up in a log.
    return reasoner.Unanswerable(Reason(reason=reason), message="there is nothing to search for")


handler = lambda_handler(Reasoner())
