"""A document in passages: a few lines each, with the place where they stand.

Pages are parted by form feeds, as `pdftotext` and printers have it; a text without any is told
by its lines. Slides have their numbers, sections their titles, files of an archive their names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from pellucid.core.turn import Attachment
from pellucid.tools.reader.parsing import parts

PAGE = parts.PAGE
LONGEST = 500
"""Characters of a passage, about."""

SHARED = 160
"""A passage's last line, where it is no longer than this, is also the first one of the next."""

CONTENTS = re.compile(r"(?:\. ?){4,}")
"""Dots that lead to a page number, in tables of contents and indexes."""

NUMBERED = ("page", "slide")
LONGEST_TITLE = 80

SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)[.!?][\"'”’)\]]*(?=\s|$)")

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Some lines of a file; `place` says which ("page 12", "lines 3-9", `section "Of storms"`)."""

    file: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number on its page, from 1."""

    number: int
    text: str


def pages(file: Attachment) -> list[str]:
    """The pages of a file; one, where it has none."""
    return file.text.split(PAGE)


def numbered(file: Attachment) -> bool:
    """Whether people tell the parts of a file by their numbers: its pages, or slides."""
    return file.unit in NUMBERED


def places(file: Attachment) -> list[str]:
    """What each part of a file is called, in order: "page 12", `section "Of storms"`."""
    numbers = range(1, len(pages(file)) + 1)
    if numbered(file):
        return [f"{file.unit} {number}" for number in numbers]
    titles = {number: title for title, number in reversed(file.outline)}
    return [_titled(file.unit, titles.get(number, "")) for number in numbers]


def _titled(unit: str, title: str) -> str:
    if unit == "file":
        return title
    quoted = title[:LONGEST_TITLE].replace('"', "'")
    return f'{unit} "{quoted}"' if title else "the beginning"


def passages(file: Attachment) -> Iterator[Passage]:
    """All passages of a file in order; none goes over the end of a page."""
    parted = pages(file)
    if len(parted) == 1:
        yield from _grouped(file.name, "lines {}-{}", _lines(file.text))
        return
    lined = " lines {}-{}" if file.unit == "file" else ""
    for place, text in zip(places(file), parted, strict=True):
        yield from _grouped(file.name, _plain(place) + lined, _lines(text))


def _plain(place: str) -> str:
    """A place that is no pattern."""
    return place.replace("{", "{{").replace("}", "}}")


def _lines(text: str) -> Iterator[Line]:
    """Lines that say something; one of many sentences comes in pieces."""
    for number, line in enumerate(text.splitlines(), start=1):
        pieces = _SENTENCE.split(line) if len(line) > LONGEST else [line]
        for piece in pieces:
            for start in range(0, len(piece), LONGEST):  # no sentence is endless
                if piece[start : start + LONGEST].strip():
                    yield Line(number, piece[start : start + LONGEST].strip())


def _grouped(file: str, place: str, lines: Iterator[Line]) -> Iterator[Passage]:
    group, size, new = list[Line](), 0, False
    for line in lines:
        if new and size + len(line.text) > LONGEST:
            yield _passage(file, place, group)
            group = [one for one in group[-1:] if len(one.text) <= SHARED]
            size, new = sum(len(one.text) for one in group), False
        group.append(line)
        size, new = size + len(line.text), True
    if new:
        yield _passage(file, place, group)


def _passage(file: str, place: str, lines: list[Line]) -> Passage:
    told = place.format(lines[0].number, lines[-1].number)
    return Passage(file, told, "\n".join(line.text for line in lines))


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
