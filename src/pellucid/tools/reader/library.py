"""The documents of one turn, and three ways to look something up in them."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from pellucid.core.turn import Attachment
from pellucid.tools.reader.index import Index
from pellucid.tools.reader.passages import (
    SENTENCE_END,
    Flowing,
    Passage,
    lists_pages,
    numbered,
    pages,
    passages,
    places,
)
from pellucid.tools.reader.survey import survey

MOST = 24
"""Passages that are looked at for one question."""

_NUMBER = re.compile(r"^(?:chapter|section|part|appendix)?\s*[\dA-Z]?[\d.]*\s+(?=\S)", re.I)
_QUOTES = str.maketrans("‘’‚‛`´“”„«»", "''''''\"\"\"\"\"")
LONGEST_SENTENCE = 1_200


class Library:
    """Documents that can be searched; they are read when first asked about."""

    def __init__(self, files: Sequence[Attachment]) -> None:
        """Nothing is read yet."""
        self._files = files

    @cached_property
    def _passages(self) -> list[Passage]:
        return [passage for file in self._files for passage in passages(file)]

    @cached_property
    def _index(self) -> Index:
        return Index([one for one in self._passages if not lists_pages(one)])

    @property
    def extent(self) -> str:
        """How much there is: "480 pages", "12 slides", "1,200 lines"."""
        parted = [pages(file) for file in self._files]
        units = {file.unit for file in self._files}
        if len(units) == 1 and all(len(one) > 1 for one in parted):
            return f"{sum(map(len, parted)):,} {units.pop()}s"
        lines = sum(len(page.splitlines()) for one in parted for page in one)
        return f"{lines:,} lines"

    def search(self, question: str, characters: int) -> list[Passage]:
        """The passages most about a question, best first, of so many characters in all; all
        there are, in order, where they are no longer than that."""
        return [passage for passage, _ in self.scored(question, characters)]

    def scored(self, question: str, characters: int) -> list[tuple[Passage, float]]:
        """The same with how much of the question is in each, from 0 to 1."""
        ranked = self._index.ranked(question, MOST)
        if sum(len(one.text) for one in self._passages) <= characters:
            scores = dict(ranked)
            return [(one, scores.get(one, 0.0)) for one in self._passages]
        found = list[tuple[Passage, float]]()
        for passage, score in ranked:
            characters -= len(passage.text)
            if characters < 0 and found:
                break
            found.append((passage, score))
        return found

    def survey(self, question: str, parts: int, each: int) -> list[list[Passage]]:
        """The sentences of each part of the documents that are most worth telling."""
        return survey(self._files, question, parts, each)

    def beginning(self, characters: int) -> list[Passage]:
        """Whole pages from the first on, of so many characters in all, without empty lines."""
        found = list[Passage]()
        for file in self._files:
            parted, named = pages(file), places(file)
            for page, place in zip(parted, named, strict=True):
                lines = [line.rstrip() for line in page.splitlines() if line.strip()]
                place = place if len(parted) > 1 else f"lines 1-{len(lines)}"
                text = "\n".join(lines)
                characters -= len(text)
                if text and (characters >= 0 or not found):
                    found.append(Passage(file.name, place, text))
        return found

    def heading(self, title: str) -> list[Passage]:
        """Where a section of this title begins: by the file's own outline, else the first line
        that is the title and no entry of a table of contents. Nowhere in files whose parts have no
        numbers."""
        found = list[Passage]()
        for file in filter(numbered, self._files):
            found += self._outlined(file, title) or self._written(file, title)
        return found

    def _outlined(self, file: Attachment, title: str) -> list[Passage]:
        wanted = _even(title).strip()
        same = [(name, page) for name, page in file.outline if _even(name).strip() == wanted] or [
            (name, page) for name, page in file.outline if _unnumbered(name) == _unnumbered(title)
        ]
        return [Passage(file.name, f"{file.unit} {page}", name) for name, page in same]

    def _written(self, file: Attachment, title: str) -> Iterator[Passage]:
        parted = pages(file)
        for number, page in enumerate(parted, start=1):
            for at, line in enumerate(page.splitlines(), start=1):
                if _unnumbered(line) == _unnumbered(title):
                    place = f"{file.unit} {number}" if len(parted) > 1 else f"lines {at}-{at}"
                    yield Passage(file.name, place, line.strip())
                    return

    def ranked(self, question: str, most: int) -> list[tuple[Passage, float]]:
        """The passages most about a question, best first, with how much of it is in each."""
        return self._index.ranked(question, most)

    def sentence(self, beginning: str) -> list[Passage]:
        """Sentences that begin so, whole."""
        words = re.escape(_even(" ".join(beginning.split())))
        begins = re.compile(rf"(?<!\w){words}(?!\w)")
        found = list[Passage]()
        for file in self._files:
            flowing = Flowing(file)
            if there := begins.search(_even(flowing.text)):
                most = there.start() + LONGEST_SENTENCE
                end = SENTENCE_END.search(flowing.text, there.end(), most)
                text = flowing.text[there.start() : end.end() if end else most]
                page = flowing.page(there.start())
                found.append(Passage(file.name, _place(file, page, begins), text))
        return found


def _place(file: Attachment, page: int, begins: re.Pattern[str]) -> str:
    """Where a sentence of a page begins; of a file without pages, the passage that has it."""
    if len(pages(file)) > 1:
        return places(file)[page - 1]
    lines = (one.place for one in passages(file) if begins.search(_even(_joined(one.text))))
    return next(lines, "its text")


def _joined(text: str) -> str:
    return " ".join(text.split())


def _even(text: str) -> str:
    """Lower case and one style of quotation mark; as long as the text."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_QUOTES))


def _unnumbered(title: str) -> str:
    return _NUMBER.sub("", _even(title).strip()).strip()
