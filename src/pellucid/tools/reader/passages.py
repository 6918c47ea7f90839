"""A document in passages: a few lines each, with the place where they stand.

Pages are parted by form feeds, as `pdftotext` and printers have it; a text without any is told
by its lines.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pellucid.core.turn import Attachment

PAGE = "\f"
LONGEST = 500
"""Characters of a passage, about."""

SHARED = 160
"""A passage's last line, where it is no longer than this, is also the first one of the next."""

CONTENTS = re.compile(r"(?:\. ?){4,}")
"""Dots that lead to a page number, in tables of contents and indexes."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines of a file; `place` says which ("page 12", "lines 3-9")."""

    file: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its page, or its own number where the file has no pages; from 1."""

    number: int
    text: str


def pages(file: Attachment) -> list[str]:
    """The pages of a file; one, where it has none."""
    return file.text.split(PAGE)


def passages(file: Attachment) -> Iterator[Passage]:
    """All passages of a file in order; none goes over the end of a page."""
    parted = pages(file)
    if len(parted) == 1:
        yield from _grouped(file.name, "lines", _lines(file.text))
        return
    for number, text in enumerate(parted, start=1):
        yield from _grouped(file.name, "page", (Line(number, line.text) for line in _lines(text)))


def _lines(text: str) -> Iterator[Line]:
    """Lines that say something; one of many sentences comes in pieces."""
    for number, line in enumerate(text.splitlines(), start=1):
        pieces = _SENTENCE.split(line) if len(line) > LONGEST else [line]
        for piece in pieces:
            for start in range(0, len(piece), LONGEST):  # no sentence is endless
                if piece[start : start + LONGEST].strip():
                    yield Line(number, piece[start : start + LONGEST].strip())


def _grouped(file: str, unit: str, lines: Iterator[Line]) -> Iterator[Passage]:
    group, size, new = list[Line](), 0, False
    for line in lines:
        if new and size + len(line.text) > LONGEST:
            yield _passage(file, unit, group)
            group = [one for one in group[-1:] if len(one.text) <= SHARED]
            size, new = sum(len(one.text) for one in group), False
        group.append(line)
        size, new = size + len(line.text), True
    if new:
        yield _passage(file, unit, group)


def _passage(file: str, unit: str, lines: list[Line]) -> Passage:
    first, last = lines[0].number, lines[-1].number
    place = f"{unit} {first}" if unit == "page" else f"{unit} {first}-{last}"
    return Passage(file, place, "\n".join(line.text for line in lines))


def lists_pages(passage: Passage) -> bool:
    """Whether a passage is of a table of contents or an index, which say nothing themselves."""
    lines = passage.text.splitlines()
    return 2 * sum(bool(CONTENTS.search(line)) for line in lines) >= len(lines)


class Flowing:
    """A document as one line of words, and the page that each of them is on.

    White space is one blank, words that a line's end has parted are whole again.
    """

    def __init__(self, file: Attachment) -> None:
        """Join all pages."""
        parts = [flowing(page) for page in pages(file)]
        self.text = " ".join(parts)
        ends = [0]
        for part in parts:
            ends.append(ends[-1] + len(part) + 1)
        self._spans = list(pairwise(ends))

    def page(self, at: int) -> int:
        """The page, from 1, of the character at a position of `text`."""
        return next(
            (number for number, (_, end) in enumerate(self._spans, start=1) if at < end),
            len(self._spans),
        )


def flowing(text: str) -> str:
    """A text in one line; words that a line's end has parted are whole again."""
    return " ".join(re.sub(r"(?<=[a-z])-\s*\n\s*(?=[a-z])", "", text).split())
