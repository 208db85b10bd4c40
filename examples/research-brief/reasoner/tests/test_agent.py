"""The agent on the generated types, without a server."""

from __future__ import annotations

import pytest
from agent import Reasoner
from peer_contract import Work
from research_brief import Brief, Hit, Plan, Question, Ranking, Term, reasoner
from test_model import Answer, completion, serving


@pytest.fixture(autouse=True)
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MODEL_URL", raising=False)


def work(question: str = "") -> Work[Brief]:
    return Work.new(Brief(question=question, rounds=0))


def ranking(*terms: tuple[str, float], round: int, found: int = 0) -> Ranking:
    plan = Plan(terms=[Term(text=text, weight=weight) for text, weight in terms], limit=12, round=round)
    hit = Hit(text="A light.", year=1825, speaker="A", score=1.0, matches=[])
    return Ranking(plan=plan, passages=[hit] * found, by_year=[], searched=9)


def test_a_question_becomes_a_plan_for_the_ranker() -> None:
    asked = work()
    handoff = Reasoner().plan(asked, Question(text="what was said about canals"))
    assert handoff.target == "ranker.rank"
    assert handoff.input == Plan(terms=[Term(text="canals", weight=0.8)], limit=12, round=1)
    assert asked.state.question == "what was said about canals"
    assert (asked.state.rounds, asked.state.planner) == (1, "rules")
    assert asked.state.notes == ["reasoner: 1 search term, by rules (round 1)"]


def test_a_question_without_a_subject_is_unanswerable() -> None:
    with pytest.raises(reasoner.Unanswerable) as caught:
        Reasoner().plan(work(), Question(text="what did they say?"))
    assert "no word" in caught.value.data.reason


def test_a_thin_ranking_becomes_a_wider_plan() -> None:
    thin = work("lighthouses")
    plan = Reasoner().widen(thin, ranking(("lighthouses", 0.8), round=1, found=2)).input
    assert plan.round == thin.state.rounds == 2
    assert {"lighthouses", "beacons", "buoys"} <= {term.text for term in plan.terms}


def test_what_nobody_said_is_unanswerable() -> None:
    with pytest.raises(reasoner.Unanswerable) as caught:
        Reasoner().widen(work("xyzzy"), ranking(("xyzzy", 0.8), round=1))
    assert "xyzzy" in caught.value.data.reason


def test_little_is_kept_when_nothing_wider_is_known() -> None:
    thin = work("xyzzy")
    assert Reasoner().widen(thin, ranking(("xyzzy", 0.8), round=2, found=1)).input.round == 3
    assert thin.state.notes == ["reasoner: the same terms with a lower bar, by rules (round 3)"]


@pytest.mark.parametrize(
    ("answer", "planner", "note"),
    [
        (completion('{"terms": [{"text": "waterway", "weight": 0.9}]}'), "model", "by a language model"),
        (completion('{"terms": [{"text": "waterway", "weight": 7}]}'), "rules", "not valid"),
        (completion('{"terms": "waterway"}'), "rules", "not valid"),
        (completion('{"terms": []}'), "rules", "by rules"),
        (lambda _: (500, b""), "rules", "status 500; planned by rules instead"),
    ],
)
def test_a_model_plans_and_rules_stand_in_when_it_fails(
    answer: Answer, planner: str, note: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(answer) as (_, model):
        monkeypatch.setenv("MODEL_URL", model.url)
        asked = work()
        plan = Reasoner().plan(asked, Question(text="canals")).input
    assert asked.state.planner == planner
    assert note in (asked.state.notes or [""])[0]
    assert plan.terms[0].text == ("waterway" if planner == "model" else "canals")
