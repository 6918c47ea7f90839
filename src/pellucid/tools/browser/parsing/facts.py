"""What a page says of itself: its title, the day it is of, and where it leads."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from pellucid.tools.browser.parsing.tree import Node, words

LONGEST_TITLE, LONGEST_ADDRESS, MOST_LINKS = 300, 2_000, 3_000

_WRITTEN = (
    "article:published_time og:published_time datepublished citation_publication_date "
    "citation_date dc.date.issued dcterms.issued dc.date.created dcterms.created dc.date "
    "dcterms.date pubdate publishdate publish_date publish-date date parsely-pub-date "
    "sailthru.date article.published"
)
_CHANGED = (
    "article:modified_time og:updated_time datemodified dcterms.modified dc.date.modified "
    "last-modified lastmod revised"
)
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[-/.](\d\d?)[-/.](\d\d?)(?!\d)|\A((?:19|20)\d\d)(\d\d)(\d\d)\Z"
)
_CONTROLS = re.compile("[\0-\x20\x7f-\x9f]")


def title(root: Node) -> str:
    """What a page is called: its title, else its first heading."""
    nodes = (*root.iterfind("head/title"), *root.iter("h1"))
    found = next(filter(None, map(words, nodes)), "")
    return found[:LONGEST_TITLE]


def day(root: Node, now: datetime) -> str:
    """The day a page says it was written, else changed (ISO 8601); "" where it does not say, or
    says one that has not come yet."""
    said = list(_said(root))
    order = {
        name: place for place, name in enumerate((*_WRITTEN.split(), *_CHANGED.split(), "time"))
    }
    for _, value in sorted(said, key=lambda one: order[one[0]]):
        if (found := _day(value)) and found <= now.date() + timedelta(days=1):
            return found.isoformat()
    return ""


def _said(root: Node) -> Iterator[tuple[str, str]]:
    """Days as a page tells them, with the name of each."""
    known = {*_WRITTEN.split(), *_CHANGED.split()}
    for node in root.iter("meta"):
        names = (
            node.get(one, "").lower() for one in ("property", "name", "itemprop", "http-equiv")
        )
        yield from ((name, node.get("content", "")) for name in names if name in known)
    for node in root.iter("script"):
        if node.get("type", "").lower() == "application/ld+json" and len(node.text or "") < 200_000:
            yield from _linked_data(node.text or "")
    for node in root.iter("time"):
        name = node.get("itemprop", "").lower()
        value = node.get("datetime") or words(node)
        yield (name if name in known else "time"), value


def _linked_data(text: str) -> Iterator[tuple[str, str]]:
    """Days in JSON-LD."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        match waiting.pop():
            case list(several):
                waiting += reversed(several)
            case dict(one):
                for name in ("datePublished", "dateModified"):
                    if isinstance(one.get(name), str):
                        yield name.lower(), one[name]
                waiting += [one[key] for key in ("@graph", "mainEntity") if key in one]


def _day(value: str) -> date | None:
    value = value.strip()[:80]
    try:
        if found := _DAY.search(value):
            return date(*(int(part) for part in found.groups() if part))
        return parsedate_to_datetime(value).astimezone(UTC).date()
    except (ValueError, TypeError, OverflowError):
        return None


def start(root: Node, url: str) -> str:
    """The address that those of a page's links begin with."""
    said = next((node.get("href", "") for node in root.iter("base") if node.get("href")), "")
    return _joined(url, said) or url


def links(root: Node, url: str, start: str) -> list[tuple[str, str]]:
    """Text and whole address of every link that has a text, each address once."""
    found = dict[str, str]()
    for node in root.iter("a"):
        href = _CONTROLS.sub("", node.get("href") or "")
        where = "" if href.startswith("#") else _joined(start, href)
        text = words(node)[:LONGEST_TITLE]
        if text and where and where != urldefrag(url).url:
            found.setdefault(where, text)
        if len(found) >= MOST_LINKS:
            break
    return [(text, where) for where, text in found.items()]


def _joined(url: str, where: str) -> str:
    """The whole address, without its fragment; "" where it is none of the web."""
    if not where or len(where) > LONGEST_ADDRESS:
        return ""
    try:
        whole = urldefrag(urljoin(url, where)).url
        parts = urlsplit(whole)
        port = parts.port
    except ValueError:
        return ""
    fits = parts.scheme in ("http", "https") and parts.hostname and port != 0
    return whole if fits and "@" not in parts.netloc else ""
