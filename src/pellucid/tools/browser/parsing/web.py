"""A web page from bytes to what people would see."""

from datetime import UTC, datetime
from typing import Any

from pellucid.tools.browser.invisible import Cleaner
from pellucid.tools.browser.parsing import article, blocks, facts, hidden, needs, tree

JUDGED = 0.8
"""Seconds of processor time in which it must be told what of a page is its own."""


def warm() -> None:
    """Load what is loaded when first needed."""
    tree.warm()
    article.warm()
    told(b"<style>p { color: red }</style><p style='top: 0'>warm<time>2020-01-01", "http://x/", "")


def told(raw: bytes, url: str, charset: str, seconds: float | None = None) -> dict[str, Any]:
    """Title, text, links, date, what was hidden, and whether scripts may show more; Unreadable
    where nothing can be read."""
    root = tree.parsed(raw, charset)
    date = facts.day(root, datetime.now(UTC))
    start = facts.start(root, url)
    title = Cleaner().clean(facts.title(root))
    scripts, asks = needs.scripts(root), needs.asks(root)
    gone = hidden.without(root)
    found, links = blocks.blocks(root), facts.links(root, url, start)
    text = blocks.lines(article.own(root, found, seconds))
    return {
        "title": title,
        "text": text,
        "links": links,
        "date": date,
        "hidden": gone,
        "scripts": scripts and needs.more(text, asks),
    }
