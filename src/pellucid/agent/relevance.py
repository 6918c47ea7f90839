"""Whether a request and a function have a word in common, endings aside."""

import re
from collections.abc import Iterable

from pellucid.agent.reading.prose import word_set
from pellucid.core.constraint import Function

_COMMON = word_set(
    """a an the of to in on for and or is are was were be been am do does did done has have had what
    which who whom whose how when where why will would can could shall should may might must please
    tell show give get let want need help me my we our us you your it its he she they them this that
    these those there here with from at by as if than then about into not no some any all one i s t
    type string object integer number boolean array properties required description default enum
    items name value given provided specific list based title true false"""
)
"""Words that any request and any function may hold."""

_ENDINGS = ("ations", "ation", "ing", "ies", "ers", "er", "ed", "es", "s", "ly", "al", "y")
SHORTEST_STEM = 3


def related(question: str, functions: Iterable[Function]) -> bool:
    """Whether a word of the question is in the name, description or parameters of a function."""
    asked = _stems(question)
    return any(
        asked & _stems(f"{one.name} {one.description} {one.parameters}") for one in functions
    )


def _stems(text: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text)
    words = re.findall(r"[^\W\d_]{2,}", apart.lower())
    return {_stem(word) for word in words if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
