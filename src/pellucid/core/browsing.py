"""Web pages as a turn knows them, and calls of the tool named "browser".

A call's text is JSON with one of `search` (the terms, and the `most` hits that are wanted), `open`
(an address) and `find` (a question, and how many `characters` of the pages opened so far may come
back). What is found is told as the reader tells it (`core.reading`), with addresses as names.
"""

import hashlib
from dataclasses import dataclass

from pellucid.core.turn import Attachment

BROWSER = "browser"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its text as people see it, and the whole address it leads to."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: it may be opened, and is no source before it is."""

    url: str
    title: str
    snippet: str = ""


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

    def document(self) -> Attachment:
        """The page as something to look up in."""
        return Attachment(self.url, self.text, unit=self.unit)
