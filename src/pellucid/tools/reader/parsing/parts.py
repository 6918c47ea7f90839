"""The text of a document as it comes: lines, parted where a page, a slide or a section begins."""

from typing import Any

from pellucid.tools.reader.parsing.bounds import MOST_CHARACTERS, MOST_PARTS, Unreadable

PAGE = "\f"
"""What parts the parts."""


class Parts:
    """Lines and headings of one document, within what a document may have."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._parts: list[list[str]] = [[]]
        self._outline: list[tuple[str, int]] = []
        self._size = 0

    @property
    def count(self) -> int:
        """How many parts have begun."""
        return len(self._parts)

    def line(self, text: str) -> None:
        """A line, its white space evened; one that says nothing is left out."""
        if text := " ".join(text.split()):
            self._add(text)

    def verbatim(self, text: str) -> None:
        """Lines as they are."""
        for line in text.replace(PAGE, " ").splitlines():
            self._add(line.rstrip())

    def heading(self, title: str) -> None:
        """A section with this title begins here, and a part with it."""
        if title := " ".join(title.split()):
            if self._parts[-1]:
                self.part()
            self.titled(title)
            self._add(title)

    def titled(self, title: str) -> None:
        """The part that has begun is called so."""
        self._outline.append((title, self.count))

    def part(self) -> None:
        """Another part begins."""
        self._parts.append([])
        if self.count > MOST_PARTS:
            raise Unreadable(f"has more than {MOST_PARTS:,} parts")

    def _add(self, text: str) -> None:
        self._parts[-1].append(text)
        self._size += len(text) + 1
        if self._size > MOST_CHARACTERS:
            raise Unreadable(f"has more than {MOST_CHARACTERS:,} characters")

    def document(self, unit: str) -> dict[str, Any]:
        """All of it; Unreadable where there is no text."""
        if not self._size:
            raise Unreadable("has no text")
        text = PAGE.join("\n".join(lines) for lines in self._parts)
        return {"text": text, "outline": self._outline, "unit": unit}
