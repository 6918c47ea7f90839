"""What stands behind a question of a kind that small weights get wrong in a known way.

A hint is chosen by rule from the words of the question alone, so that it is the same
whenever the conversation is rendered again. It costs reading, not writing.
"""

import re

CLOCK = "Compute with datetime objects of full dates. Print the resulting timedelta or time."
AGAIN = "Read the question again: {}"
"""Word problems are given twice (Re-Reading, arXiv 2309.06275); what it brings is in LOG.md."""

LONGEST_READ_TWICE = 1000
"""Characters; a longer question costs more reading than it gains."""

_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}|\s?[ap]\.?m\b)", re.I)
_SENTENCES = re.compile(r"[.!?][\s\"')]+(?=[A-Z0-9$])")
_QUANTITY = re.compile(r"\bhow (?:many|much|long|old|far|tall|fast|often|big|heavy)\b", re.I)
_ASKS = re.compile(r"\?|\b(?:calculate|compute|determine|find)\b", re.I)
_NUMBER = re.compile(r"\d[\d,.]*")


def hinted(question: str) -> str:
    """The question with the hint its kind needs, if it needs one."""
    if len(_CLOCK.findall(question)) >= 2:
        return f"{question}\n\n{CLOCK}"
    if word_problem(question):
        return f"{question}\n\n{AGAIN.format(question)}"
    return question


def word_problem(question: str) -> bool:
    """Whether it is a short story in several sentences, with numbers, that asks for something."""
    short = len(question) <= LONGEST_READ_TWICE
    numbers = len(_NUMBER.findall(question)) >= 2 and _ASKS.search(question)
    asks = bool(_QUANTITY.search(question) or numbers)
    return short and asks and bool(_SENTENCES.search(question.strip()))
