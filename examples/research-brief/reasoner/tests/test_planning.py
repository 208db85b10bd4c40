"""What questions become."""

from __future__ import annotations

import pytest
from planning import LAST_ROUND, MOST_TERMS, first, is_hopeless, wider
from question import phrases, subjects


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what was said about canals", ["canals"]),
        ("how did presidents speak about slavery", ["slavery"]),
        ("moon landing", ["moon", "landing"]),
        ("Inflation, and prices?", ["inflation", "prices"]),
        ("women's right to vote", ["women", "right", "vote"]),
        ("what did they say about it", []),
        ("???", []),
    ],
)
def test_a_question_is_about_its_words_that_say_something(question: str, expected: list[str]) -> None:
    assert subjects(question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("what was said about canals", []),
        ("the moon landing of 1969", ["moon landing"]),
        ("women's right to vote", ["right to vote"]),
        ('who said "a more perfect union"?', ["a more perfect union"]),
        ("inflation, prices", []),
        ("what did Lincoln say about slavery", []),
        ("steam boat inspection", ["steam boat inspection"]),
    ],
)
def test_words_that_belong_together_stay_together(question: str, expected: list[str]) -> None:
    assert phrases(question) == expected


def test_a_phrase_weighs_more_than_its_words() -> None:
    terms = dict(first("climate change"))
    assert terms["climate change"] > terms["climate"] >= 0.5


def test_the_name_of_a_president_is_not_what_a_question_is_about() -> None:
    assert dict(first("what did Lincoln say about slavery"))["lincoln"] < 0.5
    assert dict(first("Lincoln"))["lincoln"] >= 0.5


def test_a_wider_plan_keeps_the_terms_and_adds_lighter_ones() -> None:
    terms = first("railway subsidies")
    wide = wider(terms, 2)
    assert wide[: len(terms)] == terms
    assert {"railroad", "land grants", "subsidized"} <= {text for text, _ in wide}
    assert all(weight < 0.5 for _, weight in wide[len(terms) :])


def test_what_a_thing_belongs_to_comes_last() -> None:
    second = wider(first("railway subsidies"), 2)
    third = wider(second, LAST_ROUND)
    assert "transportation" not in dict(second)
    assert "transportation" in dict(third)
    assert wider(third, LAST_ROUND) == third


def test_a_word_beside_the_topic_weighs_less() -> None:
    terms = dict(first("moon landing"))
    assert terms["moon"] > terms["landing"] >= 0.5


def test_a_word_that_nobody_knows_cannot_be_widened() -> None:
    terms = first("xyzzy")
    assert wider(terms, 2) == terms
    assert is_hopeless(terms, wider(terms, 2), 1)


def test_two_words_that_nobody_knows_get_one_more_chance() -> None:
    terms = first("xyzzy plugh")
    assert not is_hopeless(terms, wider(terms, 2), 1)
    assert is_hopeless(terms, wider(terms, 3), 2)


def test_a_long_question_stays_within_the_contract() -> None:
    terms = first(" ".join(f"word{number}" for number in range(80)))
    assert len(terms) == MOST_TERMS
    assert len(wider(terms, 2)) == MOST_TERMS


def test_no_term_is_there_twice() -> None:
    wide = wider(first("inflation and prices and the cost of living"), LAST_ROUND)
    assert len({text for text, _ in wide}) == len(wide)
    assert not {"canal", "canals"} <= {text for text, _ in wider(first("canals"), 2)}
