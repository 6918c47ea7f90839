"""Web pages as a turn knows them, and the calls that find, open and read them.

Calls are JSON: `SEARCH` has the `query` and how many hits are wanted at `most`, `OPEN` a `url`,
and `FIND` a `question` and how many `characters` of the pages opened so far may come back. What is
found in pages is told as the reader tells it (`core.reading`), with addresses as names. The names
have dots, so that no function of a caller has one of them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pellucid.core.pages import Page
from pellucid.core.turn import Attachment

SEARCH, OPEN, FIND = BROWSER = ("net.search", "net.open", "net.find")
_HIT = re.compile(r"\[\d+\] (?P<title>.*)\n(?P<url>\S+)(?:\n(?P<snippet>.*))?")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a search found: it may be opened, and is no source before it is."""

    url: str
    title: str
    snippet: str = ""


def written_hits(hits: Sequence[Hit]) -> str:
    """The result of a search."""
    told = (
        (f"[{number}] {_line(one.title)}", one.url, _line(one.snippet))
        for number, one in enumerate(hits, start=1)
    )
    return "\n\n".join("\n".join(filter(None, lines)) for lines in told)


def hits(result: str) -> list[Hit]:
    """What a search found, by its result."""
    found = (_HIT.fullmatch(one) for one in result.split("\n\n"))
    return [Hit(one["url"], one["title"], one["snippet"] or "") for one in found if one]


def inert(text: str) -> str:
    """A text whose pictures nobody's browser fetches: in Markdown they are links, in HTML text."""
    return _IMAGE.sub("&lt;img", text.replace("![", "["))


def document(page: Page) -> Attachment:
    """A page as something to look up in."""
    return Attachment(page.url, page.text, unit=page.unit)


def written_page(page: Page) -> str:
    """The result of opening a page: address, title, and what is known of it. Of what was hidden it
    says how much there was, and not what: models may read this."""
    told = f"{page.text.count(chr(10)) + 1:,} lines, sha256 {page.sha256}"
    dated = f", dated {page.date}" if page.date else ""
    hidden = f", left out because nobody sees it: {len(page.hidden)}" if page.hidden else ""
    return f"{page.url}\n{_line(page.title)}\n{told}{dated}{hidden}"


def _line(text: str) -> str:
    return " ".join(text.split())
