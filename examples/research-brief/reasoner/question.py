"""What a question in plain English asks for: its words that can be searched, and its phrases."""

from __future__ import annotations

import re

from topics import PHRASES

# Words that a question is built with, and words that every address has.
STOP_WORDS = frozenset(
    """
    a about across after again against ago all also am among an and any anyone anything are around as asked at be became
    because become been before being between both but by call called came can come concerning could describe described
    did discuss discussed do does during each either every ever explain find first for from gave get give given had has
    have he her his how i if in into is it its just kind last later least let like long made make many mention mentioned
    might more most much must my nor not of on one only or other our out over own per position regarding said same saw say
    says saying see sent shall she should show since so some speak speaking spoke stand such talk talked tell than that
    the their them then there these they think this those thought through time times to told toward towards under until
    up upon us use used using very view views was way we well went were what when where whether which while who whom
    whose why will with without would year years yet you your
    address addresses america american americans congress president presidential presidents sotu speech speeches union
    """.split()
)

# A name says who spoke; in the addresses themselves it is rarely the subject.
PRESIDENTS = frozenset(
    """
    adams arthur biden buchanan bush carter clinton coolidge eisenhower fillmore ford garfield grant harding harrison
    hayes hoover jackson jefferson johnson kennedy lincoln madison mckinley monroe nixon obama pierce polk reagan
    roosevelt taft taylor truman trump tyler washington wilson
    """.split()
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_QUOTED = re.compile(r'["“]([^"“”]+)["”]')


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, without possessives."""
    return [re.sub(r"['’].*", "", word) for word in _WORD.findall(text.lower())]


def subjects(question: str) -> list[str]:
    """The words that say what the question is about, each once, in order."""
    return list(dict.fromkeys(word for word in words(question) if len(word) > 1 and word not in STOP_WORDS))


def singular(word: str) -> str:
    """The form by which two spellings are the same word to the ranker; phrases by their last word."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def phrases(question: str) -> list[str]:
    """What belongs together: text in quotes, known phrases, and subjects that stand side by side.

    >>> phrases("what was said about the moon landing")
    ['moon landing']
    """
    quoted = [" ".join(words(text)) for text in _QUOTED.findall(question)]
    plain = " ".join(words(question))
    known = [phrase for phrase in PHRASES if f" {phrase} " in f" {plain} "]
    # A known phrase is whole: `women's right to vote` holds no phrase `women right`.
    rest = re.sub("|".join(rf"\b{re.escape(phrase)}\b" for phrase in known), ",", question.lower()) if known else question
    found = dict.fromkeys([*quoted, *known, *_neighbours(rest)])
    return [phrase for phrase in found if " " in phrase]


def _neighbours(question: str) -> list[str]:
    """Runs of two or three subjects with nothing between them."""
    runs: list[list[str]] = [[]]
    for part in re.split(r"[^\w\s'’-]", question):
        for word in words(part):
            if len(word) < 2 or word in STOP_WORDS or word in PRESIDENTS:
                runs.append([])
            else:
                runs[-1].append(word)
        runs.append([])
    return [" ".join(run) for run in runs if 2 <= len(run) <= 3]
