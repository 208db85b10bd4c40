"""From a question to weighted search terms, and from terms that found too little to wider ones. By rules alone."""

from __future__ import annotations

from question import PRESIDENTS, phrases, singular, subjects
from topics import broader, is_known, near, variants

#: A word or phrase, and how much it counts.
Weighted = tuple[str, float]

#: After this round the ranker goes on with what there is.
LAST_ROUND = 3
#: How many passages a report quotes at most.
LIMIT = 12
MOST_TERMS = 40

# From 0.5 on a term is what the question is about; lighter ones only help a passage.
PHRASE, WORD, SIDE_WORD, VARIANT, NEAR, BROADER, NAME = 1.0, 0.8, 0.5, 0.45, 0.45, 0.25, 0.4


def first(question: str) -> list[Weighted]:
    """The terms that the question itself holds; empty when there is nothing to search for."""
    about = subjects(question)
    terms = [(phrase, PHRASE) for phrase in phrases(question)]
    names = [word for word in about if word in PRESIDENTS]
    known = [word for word in about if is_known(word)]
    for word in about:
        if word in names and len(names) < len(about):
            terms.append((word, NAME))
        else:
            # Beside a word that names a topic, one that does not is less surely the subject: `moon` and `landing`.
            terms.append((word, WORD if word in known or not known else SIDE_WORD))
    return terms[:MOST_TERMS]


def wider(terms: list[Weighted], round: int) -> list[Weighted]:
    """``terms`` and more: other forms and synonyms for round 2, what they belong to for round 3.

    The same list comes back when nothing is left to add.
    """
    asked = [text for text, weight in terms if weight >= 0.5]
    added = _new(terms, _related(asked))
    if round >= LAST_ROUND or not added:
        added = _new(terms, [*_related(asked), *((word, BROADER) for text in asked for word in broader(text))])
    return [*terms, *added][:MOST_TERMS]


def is_hopeless(terms: list[Weighted], wide: list[Weighted], round: int) -> bool:
    """Whether another search after one that found nothing in ``round`` can only find nothing again.

    The ranker asks for less of a question in each round, which helps a question of several words.
    """
    return wide == terms and (len(terms) == 1 or round > 1)


def _related(asked: list[str]) -> list[Weighted]:
    forms = [(form, VARIANT) for text in asked if " " not in text for form in variants(text)]
    return forms + [(word, NEAR) for text in asked for word in near(text)]


def _new(terms: list[Weighted], added: list[Weighted]) -> list[Weighted]:
    """What of ``added`` is not there yet, each once: a plural is the same word to the ranker."""
    known = {singular(text) for text, _ in terms}
    fresh: dict[str, Weighted] = {}
    for text, weight in added:
        if singular(text) not in known:
            fresh.setdefault(singular(text), (text, weight))
    return list(fresh.values())
