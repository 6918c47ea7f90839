"""Which blocks of a page are its own: what trafilatura finds, and all else that reads like text.

What trafilatura takes for the article of a page leaves out lists, definitions and tables of pages
that are no articles. So its judgement decides only about what does not read like text: menus,
lines of links, short fragments.
"""

import logging
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import trafilatura

from pellucid.tools.browser.parsing.blocks import Block
from pellucid.tools.browser.parsing.tree import Node, parsed

MOST_ELEMENTS = 12_000
"""Of a page about which trafilatura is asked: it takes about a second for so many."""

LITTLE = 0.2
"""The part of a page below which an article is none: then all of the page is."""

NOISE = 0.03
"""The part of a page that may be menus and fragments without anybody being asked about them."""

PROSE = 40
"""Characters from which a block that is no link reads like text, wherever it stands."""

_SIGNS = re.compile(r"[\W_]+")


class _Late(BaseException):
    """Time is up; nothing in between may swallow it."""


def own(root: Node, found: list[Block], seconds: float | None = None) -> list[Block]:
    """The blocks that are the page's own; all but menus where no article can be told, or not within
    so many seconds of processor time (which only the main thread can count)."""
    whole = [block for block in found if not block.menu]
    doubtful = _size(block for block in whole if not _reads(block))
    if doubtful <= NOISE * _size(whole):
        return whole
    told = {_bare(line) for line in _article(root, seconds).splitlines()}
    kept = [block for block in whole if _reads(block) or _bare(block.text) in told]
    little = min(sum(map(len, told)), _size(kept)) < LITTLE * _size(whole)
    return (whole or found) if little else kept


def _size(found: Iterable[Block]) -> int:
    return sum(len(block.text) for block in found)


def _reads(block: Block) -> bool:
    """Whether a block that is in no menu reads like text."""
    if block.kind in ("code", "paragraph", "row"):
        return True
    if 2 * block.linked > len("".join(block.text.split())):
        return False
    return block.kind in ("heading", "item") or len(block.text) >= PROSE


def _bare(text: str) -> str:
    """A text without all that differs from writing to writing."""
    return _SIGNS.sub("", text).lower()


def _article(root: Node, seconds: float | None) -> str:
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        return ""
    try:
        with _within(seconds):
            found = trafilatura.bare_extraction(
                root, fast=True, include_comments=False, include_tables=True
            )
    except _Late:
        return ""
    return (found.text or "") if isinstance(found, trafilatura.settings.Document) else ""


@contextmanager
def _within(seconds: float | None) -> Iterator[None]:
    """Raise `_Late` after so much processor time."""
    if seconds is None:
        yield
        return

    def late(*_: object) -> None:
        raise _Late

    before = signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def warm() -> None:
    """What a first page takes."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    own(parsed(b"<p>" + b"warm words " * 40, ""), [])
