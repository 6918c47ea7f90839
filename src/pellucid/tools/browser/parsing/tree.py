"""A web page as a tree: its charset found, and no larger than what is read."""

import re
from typing import Any

import webencodings
from lxml import etree, html

from pellucid.tools.reader.parsing.bounds import Unreadable

Node = Any
"""An element of lxml."""

MOST_ELEMENTS = 150_000

_SAID = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})"""
)

_INVALID = re.compile("[\0-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def warm() -> None:
    """Load every charset, and what a first page takes: afterwards nothing can be opened."""
    for label in set(webencodings.LABELS):
        found = webencodings.lookup(label)
        assert found is not None  # noqa: S101 - a label of the list
        found.codec_info.decode(b"")
    parsed(b"<p>warm", "")


def parsed(raw: bytes, charset: str) -> Node:
    """The tree of a page; Unreadable where there is none, or too much of it."""
    text = decoded(raw, charset)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise Unreadable("has no text") from None
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise Unreadable(f"has more than {MOST_ELEMENTS:,} elements")
    return root


def decoded(raw: bytes, charset: str) -> str:
    """The text of a page: by its first bytes, else as its server says, else as it says itself,
    else UTF-8 where it is that, else as Windows writes."""
    said = _SAID.search(raw[:4096])
    named = (charset, said[1].decode("ascii", "replace") if said else "", _likely(raw))
    known = next(found for name in named if (found := webencodings.lookup(name)))
    text: str = webencodings.decode(raw, known)[0]
    return valid(text)


def valid(text: str) -> str:
    """A text without characters that no tree can hold."""
    return _INVALID.sub("\ufffd", text.replace("\f", " "))


def _likely(raw: bytes) -> str:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def tag(node: Node) -> str:
    """An element's name; "" for a comment."""
    return node.tag if isinstance(node.tag, str) else ""


def words(node: Node) -> str:
    """All the text in an element, its white space evened."""
    return " ".join("".join(node.itertext()).split())
