"""How rules look at a question: small predicates, and ways to put them together."""

import re
from collections.abc import Callable

from pellucid.agent.asking.asked import Asked
from pellucid.agent.reading.patterns import finder

Cue = Callable[[Asked], bool]


def says(*patterns: str) -> Cue:
    """Whether one of these is anywhere in the text."""
    found = finder(*patterns)
    return lambda question: found(question.text)


def begins(*patterns: str) -> Cue:
    """Whether the text begins with one of these, courtesies aside."""
    match = re.compile("|".join(f"(?:{pattern})" for pattern in patterns)).match
    return lambda question: match(question.lead) is not None


def every(*cues: Cue) -> Cue:
    """Whether all of them are there."""
    return lambda question: all(cue(question) for cue in cues)


def some(*cues: Cue) -> Cue:
    """Whether one of them is there."""
    return lambda question: any(cue(question) for cue in cues)


def without(cue: Cue) -> Cue:
    """Whether it is not there."""
    return lambda question: not cue(question)


def numbers(least: int) -> Cue:
    """Whether there are so many amounts to compute with."""
    return lambda question: question.amounts >= least


def dense(question: Asked) -> bool:
    """Whether much of the text is amounts."""
    return question.dense


def has_code(question: Asked) -> bool:
    """Whether program text came along."""
    return question.code


def has_table(question: Asked) -> bool:
    """Whether rows of values came along."""
    return question.table
