"""Whether pages bear an answer out, and with which words: small weights say more than they read.

Told by rule, from the words alone: the passage has the names in the question, and most of its other
words; numbers of the answer stand in it, or in the question, and most of its other words too; and
one of its sentences speaks of what was asked, and says what the answer adds. Where it takes two
passages, for two names, both are told.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pellucid.agent.asking.web_cues import specials
from pellucid.agent.reading.prose import sentences
from pellucid.core.above import COLUMNS
from pellucid.core.reading import Found
from pellucid.tools.reader.index import STEM, beginning, words

ABOUT = 0.4
"""Share of the question's words that the page must have, those in the answer aside."""

SAID = 0.5
"""Share of the answer's words that the passage or the question must have."""

ADDED = 0.6
"""Share of what an answer adds to the question that one sentence must have."""

ALIKE = 0.75
"""Share of the question's words in a passage from which on it is told though no answer stands."""

SHORTEST = 3
"""Letters below which words must be the same."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"\w+")
_REFERENCE = re.compile(
    r"\b(?i:tables?|sections?|chapters?|figures?|appendix|examples?|part)\s+(?:[A-Z]\.)?\d[\d.]*"
    r"|^\W*(?:[A-Z]\.\d+|\d+\.)(?:\.?\d+)*\.? (?=[A-Z])",
    re.MULTILINE,
)
_PART = re.compile(r"[^\W_]+")
_PROPER = re.compile(r"(?<=[\w,;)/] )[A-Z][a-z]{2,}\w*")
_EMPTY = frozenset(
    ["yes", "no", "same", "different", "not", "it", "its", "is", "the", "a", "an", "there", "than"]
)


@dataclass(frozen=True, slots=True)
class Read:
    """A passage, what stands above it, and the address and text of its page."""

    passage: Found
    over: str
    page: str = ""

    @property
    def near(self) -> str:
        """The passage with what says what it is of."""
        return f"{self.page.partition(chr(10))[0]}\n{self.over}\n{self.passage.text}"


def borne_out(
    question: str, answer: str, there: Sequence[Read], pages: Sequence[str]
) -> list[tuple[str, Found]]:
    """The words that bear an answer out, each with its passage; none where they do not."""
    told = _parts(answer) - _EMPTY
    asked = _parts(question) - _EMPTY
    added = told - asked
    units = [
        (number, unit) for number, one in enumerate(there) for unit in _units(one.passage.text)
    ]
    had = Counter(part for _, unit in units for part in _parts(unit))
    rare = {part: 1 / had[part] for part in asked if had[part]}
    ranked = sorted(
        units,
        key=lambda one: one[0] / 20 - _says(added, one[1]) * 2 - _rarely(rare, one[1]),
    )
    if not ranked:
        return []
    first, unit = ranked[0]
    used = [(unit, there[first])]
    wanted = names(question, pages)
    lacking = [name for name in wanted if not _has(there[first].near, name)]
    for number, more in ranked:
        others = [name for name in lacking if _has(there[number].near, name)]
        if others and len(lacking) < len(wanted):
            used.append((more, there[number]))
            lacking = [name for name in lacking if name not in others]
    if not added:  # one of the things in the question is chosen: the words of the others count too
        other = {part: share for part, share in rare.items() if part not in _parts(unit)}
        beside = (one for one in ranked if there[one[0]].page != there[first].page)
        second = max(beside, key=lambda one: _rarely(other, one[1]), default=None)
        used += [(second[1], there[second[0]])] if second else []
    near = "\n".join([question, *(one.near for _, one in used)])
    passages = "\n".join(one.near for _, one in used)
    said = "\n".join(unit for unit, _ in used) if added else passages
    holds = (
        not lacking
        and _numbers(answer) <= _numbers(plain(near))
        and (not told or _share(told, _parts(near)) >= SAID)
        and _says(added or asked, said) >= ADDED
        and _speaks_of(question, said)
        and _had(question, "\n".join(f"{one.over}\n{one.page}" for _, one in used)) >= ABOUT
    )
    return [(unit, one.passage) for unit, one in used] if holds else []


def _speaks_of(question: str, said: str) -> bool:
    """Whether words that are quoted have one of the names in a question, or a word of it that is no
    part of a name: a number alone, of something else, bears nothing out."""
    named = specials(question)
    others = _parts(question) - _EMPTY - _parts(" ".join(named))
    return bool(others & _parts(said)) or any(_has(said, one) for one in named)


def closest(question: str, there: Sequence[Read], pages: Sequence[str]) -> tuple[str, Found] | None:
    """The words of the passage that speaks of all of a question, if one does."""
    for one in there:
        named = all(_has(one.near, name) for name in names(question, pages))
        if one.page and named and _had(question, one.near) >= ALIKE:
            best = max(_units(one.passage.text), key=lambda unit: overlap(question, unit))
            return best, one.passage
    return None


def names(question: str, pages: Sequence[str]) -> list[str]:
    """What a question is about by name, and a passage must speak of: options, functions, versions,
    products; but for those that most pages have, and names in capitals that one has."""
    asked = [one.removesuffix("()") for one in specials(question)]
    lax = [one for one in asked if one.isupper() and any(_has(page, one) for page in pages)]
    wanted = [one for one in asked if one not in lax] + _PROPER.findall(question)
    return [
        one
        for one in dict.fromkeys(wanted)
        if len(pages) < 2 or sum(_has(page, one) for page in pages) * 2 <= len(pages)
    ]


def overlap(question: str, text: str) -> float:
    """How many of the words that tell what a question is about a text has, of all, by their
    beginnings."""
    asked = words(question)
    there = {word[:STEM] for word in _WORD.findall(text.casefold())}
    return sum(word[:STEM] in there for word in asked) / max(1, len(asked))


def plain(text: str) -> str:
    """A text without the numbers that only say where something stands: of sections and tables."""
    return _REFERENCE.sub(" ", text)


def _has(text: str, name: str) -> bool:
    return name.casefold() in text.casefold()


def _units(text: str) -> Iterator[str]:
    """The sentences of a passage, and the rows of tables."""
    for start, end in sentences(text):
        whole = text[start:end]
        if COLUMNS not in whole:
            yield whole
            continue
        row = list[str]()
        for line in whole.splitlines():
            if row and COLUMNS in line:
                yield from _row(row)
                row = []
            row.append(line)
        yield from _row(row)


def _row(lines: Sequence[str]) -> Iterator[str]:
    """A row of a table, unless it is the heads of its columns."""
    if not all(cell[:1].isupper() for cell in lines[0].split(COLUMNS)):
        yield "\n".join(lines)


def _parts(text: str) -> set[str]:
    """What a text is made of, by beginnings of words and by whole numbers."""
    told = {word for word in words(text.replace("_", " ")) if not word.isdigit()}
    return {beginning(part) for word in told for part in _PART.findall(word)} | _numbers(text)


def _says(added: set[str], text: str) -> float:
    """How much of what an answer adds a text says: its numbers, if it has any, and its words."""
    there = _parts(text)
    numbers = {one for one in added if one[0].isdigit()}
    if numbers:
        return (_share(numbers, there) * 3 + _share(added - numbers, there)) / 4
    return _share(added, there)


def _rarely(rare: Mapping[str, float], text: str) -> float:
    """The share of some words that a text has, by how rare each is."""
    return sum(rare[part] for part in rare.keys() & _parts(text)) / (sum(rare.values()) or 1)


def _share(asked: set[str], there: set[str]) -> float:
    return len(asked & there) / max(1, len(asked))


def _had(question: str, text: str) -> float:
    """The share of words that a text has; longer forms of them count too."""
    asked, there = words(question), set(_PART.findall(text.casefold()))
    begun = [beginning(part) for word in asked for part in _PART.findall(word)]
    had = [
        one in there if len(one) < SHORTEST else any(word.startswith(one) for word in there)
        for one in begun
    ]
    return sum(had) / max(1, len(had))


def _numbers(text: str) -> set[str]:
    return {one.replace(",", "") for one in _NUMBER.findall(text)}
