"""Web pages as they were when they were opened."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its text as people see it, and the whole address it leads to."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as people can read it.

    `url` is where it came from in the end, `text` its lines, of at most 80 columns as far as words
    allow (form feeds part the pages of a PDF), `links` those in it, in order, each address once.
    `date` is the day it says it was written or changed (ISO 8601; "" where it does not say),
    `fetched` when it came (Unix time, seconds). `hidden` tells what was left out because nobody
    sees it, a line each.
    """

    url: str
    title: str
    text: str
    links: tuple[Link, ...] = ()
    date: str = ""
    fetched: int = 0
    hidden: tuple[str, ...] = ()
    unit: str = "page"

    @property
    def sha256(self) -> str:
        """The hash of its text."""
        return hashlib.sha256(self.text.encode()).hexdigest()
