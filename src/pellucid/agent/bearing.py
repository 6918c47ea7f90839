"""Whether a page bears an answer out: small weights copy words, and then say something else.

Told by rule, from the words alone: numbers of the answer stand in the passage or the question, most
of its other words too, and the page speaks of what was asked, with the options, functions and
versions that the question names.
"""

import re

from pellucid.agent.asking.web_cues import specials
from pellucid.core.items import ToolResult
from pellucid.core.reading import Found
from pellucid.core.turn import Turn
from pellucid.tools.reader.index import words

ABOUT = 0.6
"""Share of the question's words that the page must have."""

SAID = 0.6
"""Share of the answer's words that the passage or the question must have."""

STEM, SHORT = 5, 4
"""Letters by which words are compared, and below which they must be the same."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")


def bears(turn: Turn, results: list[ToolResult], answer: str, passage: Found) -> bool:
    """Whether the passage, and the page it is of, one of those opened, bear an answer out."""
    pages = (one.page for one in results if one.page)
    page = next((one for one in pages if passage.where.startswith(f"{one.url}, ")), None)
    whole = f"{page.url} {page.title}\n{page.text}" if page else passage.text
    near = f"{turn.question}\n{passage.text}"
    return (
        _numbers(answer) <= _numbers(near)
        and _had(answer, near) >= SAID
        and _had(turn.question, whole) >= ABOUT
        and named(turn.question, whole)
    )


def named(question: str, text: str) -> bool:
    """Whether a text has the options, functions and versions that a question names; of names in
    capitals it may use others."""
    there = text.casefold()
    names = (one for one in specials(question) if not one.isalpha())
    return all(one.removesuffix("()").casefold() in there for one in names)


def overlap(question: str, text: str) -> float:
    """How many of the words that tell what a question is about a text has, of all, by their
    beginnings."""
    asked = words(question)
    there = {word[:STEM] for word in _WORD.findall(text.casefold())}
    return sum(word[:STEM] in there for word in asked) / max(1, len(asked))


def _had(question: str, text: str) -> float:
    """The same, of a whole page: longer forms of its words count too."""
    asked, there = words(question), set(_WORD.findall(text.casefold()))
    begun = [word if len(word) < SHORT else word[:STEM] for word in asked]
    had = [
        one in there if len(one) < SHORT else any(word.startswith(one) for word in there)
        for one in begun
    ]
    return sum(had) / max(1, len(had))


def _numbers(text: str) -> set[str]:
    return {one.replace(",", "") for one in _NUMBER.findall(text)}
