"""The documents of one turn, and three ways to look something up in them."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from pellucid.core.turn import Attachment
from pellucid.tools.reader.index import Index
from pellucid.tools.reader.passages import Flowing, Passage, lists_pages, pages, passages

MOST = 24
"""Passages that are looked at for one question."""

_NUMBER = re.compile(r"^(?:chapter|section|part|appendix)?\s*[\dA-Z]?[\d.]*\s+(?=\S)", re.I)
_QUOTES = str.maketrans("‘’‚‛`´“”„«»", "''''''\"\"\"\"\"")
_ENDS = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bcf)[.!?][\"')\]]*(?=\s|$)")
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
        """How much there is: "480 pages", "1,200 lines"."""
        parted = [pages(file) for file in self._files]
        if all(len(one) > 1 for one in parted):
            return f"{sum(map(len, parted)):,} pages"
        lines = sum(len(page.splitlines()) for one in parted for page in one)
        return f"{lines:,} lines"

    def search(self, question: str, characters: int) -> list[Passage]:
        """The passages most about a question, best first, of so many characters in all; all
        there are, in order, where they are no longer than that."""
        if sum(len(one.text) for one in self._passages) <= characters:
            return self._passages
        found = list[Passage]()
        for passage in self._index.search(question, MOST):
            characters -= len(passage.text)
            if characters < 0 and found:
                break
            found.append(passage)
        return found

    def heading(self, title: str) -> list[Passage]:
        """Where a section of this title begins: by the file's own outline, else the first line
        that is the title and no entry of a table of contents."""
        found = list[Passage]()
        for file in self._files:
            found += self._outlined(file, title) or self._written(file, title)
        return found

    def _outlined(self, file: Attachment, title: str) -> list[Passage]:
        wanted = _even(title).strip()
        same = [(name, page) for name, page in file.outline if _even(name).strip() == wanted] or [
            (name, page) for name, page in file.outline if _unnumbered(name) == _unnumbered(title)
        ]
        return [Passage(file.name, f"page {page}", name) for name, page in same]

    def _written(self, file: Attachment, title: str) -> Iterator[Passage]:
        parted = pages(file)
        for number, page in enumerate(parted, start=1):
            for at, line in enumerate(page.splitlines(), start=1):
                if _unnumbered(line) == _unnumbered(title):
                    place = f"page {number}" if len(parted) > 1 else f"lines {at}-{at}"
                    yield Passage(file.name, place, line.strip())
                    return

    def ranked(self, question: str, most: int) -> list[tuple[Passage, float]]:
        """The passages most about a question, best first, with how much they are."""
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
                end = _ENDS.search(flowing.text, there.end(), most)
                text = flowing.text[there.start() : end.end() if end else most]
                found.append(Passage(file.name, f"page {flowing.page(there.start())}", text))
        return found


def _even(text: str) -> str:
    """Lower case and one style of quotation mark; as long as the text."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text.translate(_QUOTES))


def _unnumbered(title: str) -> str:
    return _NUMBER.sub("", _even(title).strip()).strip()
