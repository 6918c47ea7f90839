"""What is looked for on the web besides text: lists of a site's pages, hits.

Sitemaps are read as their protocol has them (https://www.sitemaps.org/protocol.html), hits as
DuckDuckGo's page without scripts has them (https://html.duckduckgo.com/html/).
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pellucid.tools.reader.parsing.bounds import Unreadable
from pellucid.tools.reader.parsing.markup import attribute, decoded, local, xml

MOST_LISTED = 50_000
"""Addresses of one sitemap, by its protocol."""

ROBOT = ("anomaly", "challenge-form")
"""Classes and names of what is shown instead of hits to whom is taken for a robot."""


def sitemap(raw: bytes) -> dict[str, Any]:
    """The addresses that a sitemap lists: `pages`, and further `sitemaps`."""
    found: dict[str, list[str]] = {"pages": [], "sitemaps": []}
    for node in xml(raw).iter():
        kind = {"url": "pages", "sitemap": "sitemaps"}.get(local(node))
        if kind:
            where = next((child for child in node if local(child) == "loc"), None)
            found[kind] += [] if where is None or not where.text else [where.text.strip()]
    if not any(found.values()):
        raise Unreadable("is no sitemap: it lists no address")
    return {kind: listed[:MOST_LISTED] for kind, listed in found.items()}


def hits(raw: bytes) -> dict[str, Any]:
    """The hits of a page of results, with address, title and snippet, without advertisements; and
    whether the page says that whoever asked is taken for a `robot`."""
    root = _html(raw)
    found = list[dict[str, str]]()
    for node in _elements(root):
        classes = _classes(node)
        if "result__a" in classes and not _advertises(node):
            found.append({"url": attribute(node, "href"), "title": _words(node), "snippet": ""})
        elif "result__snippet" in classes and found and not _advertises(node):
            found[-1]["snippet"] = _words(node)
    marks = " ".join(" ".join(_classes(node)) + attribute(node, "id") for node in _elements(root))
    return {"hits": found, "robot": not found and any(mark in marks for mark in ROBOT)}


def _html(raw: bytes) -> etree._Element:
    parser = etree.HTMLParser(no_network=True, remove_pis=True, encoding="utf-8")
    try:
        root = etree.fromstring(decoded(raw).encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Unreadable("has nothing in it")
    return root


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    return (node for node in root.iter() if isinstance(node.tag, str))


def _classes(node: etree._Element) -> list[str]:
    return attribute(node, "class").split()


def _advertises(node: etree._Element) -> bool:
    return any("result--ad" in _classes(above) for above in node.iterancestors())


def _words(node: etree._Element) -> str:
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip()
