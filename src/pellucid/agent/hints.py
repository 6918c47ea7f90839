"""Hints for questions of a kind that small weights get wrong in a known way.

A hint is a fixed sentence behind the question, chosen by rule from its words alone, so
that it is the same whenever the conversation is rendered again.
"""

import re

_CLOCK = re.compile(r"\b\d{1,2}(?::\d{2}|\s?[ap]\.?m\b)", re.I)
CLOCK = "Compute with datetime objects of full dates. Print the resulting timedelta or time."


def hinted(question: str) -> str:
    """The question with the hint its kind needs, if it needs one."""
    return f"{question}\n\n{CLOCK}" if len(_CLOCK.findall(question)) >= 2 else question
