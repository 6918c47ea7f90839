"""Providers of search, each behind the same door: SearXNG, Brave, Tavily, DuckDuckGo.

They are asked through `asking.Client`: they are the owner's choice, and SearXNG may be on a private
address. What they answer is bounded, and taken only in the shape their documentation has.
"""

import asyncio
import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import msgspec

from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest, FetchError
from pellucid.tools.browser.asking import Answer, Client
from pellucid.tools.browser.fetch import Limits
from pellucid.tools.reader.opening import parsed

BRAVE = "https://api.search.brave.com"
TAVILY = "https://api.tavily.com"
DUCKDUCKGO = "https://html.duckduckgo.com"

LIMITS = Limits(most_bytes=4_000_000, seconds=15.0)
"""What one search may take."""

LONGEST_TERMS = 400
"""Characters; Brave and Tavily take no more."""

LONGEST_TITLE, LONGEST_SNIPPET, LONGEST_URL = 200, 600, 2_000
MOST = 20
"""Hits of one search: no provider here gives more at once."""

ROBOT = 202
"""DuckDuckGo's status for riddles."""

KEY = "PELLUCID_SEARCH_KEY"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


T = TypeVar("T")


class Provider(Protocol):
    """Somebody who searches the web."""

    @property
    def name(self) -> str:
        """What people call it."""
        ...

    async def search(self, terms: str, most: int) -> list[Hit]:
        """What is found, the best first; FetchError says why nothing came."""
        ...


class _Item(msgspec.Struct):
    """A hit as providers write it: Brave's words are a `description`, the others' `content`.
    SearXNG has some without an address, which lead nowhere."""

    url: str | None = None
    title: str | None = None
    content: str | None = None
    description: str | None = None


class _Web(msgspec.Struct):
    results: list[_Item] = []


class _Brave(msgspec.Struct):
    web: _Web | None = None


class _Searx(msgspec.Struct):
    results: list[_Item]
    unresponsive_engines: list[list[str]] = []


class _Tavily(msgspec.Struct):
    results: list[_Item]


class _Found(msgspec.Struct):
    """DuckDuckGo's page, as `reader.parsing.web.hits` reads it."""

    hits: list[dict[str, str]]
    robot: bool


@dataclass(frozen=True, slots=True)
class SearXNG:
    """An instance of SearXNG (https://docs.searxng.org/dev/search_api.html)."""

    client: Client
    base: str
    name: str = "SearXNG"
    limits: Limits = LIMITS

    async def search(self, terms: str, most: int) -> list[Hit]:
        """Its first page."""
        query = urlencode({"q": _asked(terms), "format": "json"})
        reply = await self.client.ask(f"{self.base}/search?{query}", {}, limits=self.limits)
        if reply.status == 403:
            raise FetchError(
                f"{self.name} refuses to answer in JSON (status 403): its settings.yml has to name"
                " json among search.formats"
            )
        found = _json(self.name, reply, _Searx)
        if not found.results and found.unresponsive_engines:
            silent = ", ".join(": ".join(one) for one in found.unresponsive_engines[:5])
            raise FetchError(f"none of the engines that {self.name} asks answered: {silent[:300]}")
        return _hits(found.results, most)


@dataclass(frozen=True, slots=True)
class Brave:
    """The Brave Search API (https://api-dashboard.search.brave.com/documentation)."""

    client: Client
    key: str = field(repr=False)
    base: str = BRAVE
    name: str = "Brave Search"
    limits: Limits = LIMITS

    async def search(self, terms: str, most: int) -> list[Hit]:
        """Its results of the web."""
        query = urlencode({"q": _asked(terms), "count": min(most, MOST)})
        url = f"{self.base}/res/v1/web/search?{query}"
        headers = {"Accept": "application/json", "X-Subscription-Token": self.key}
        reply = await self.client.ask(url, headers, limits=self.limits)
        web = _json(self.name, reply, _Brave, keyed=True).web
        return _hits(web.results if web else (), most)


@dataclass(frozen=True, slots=True)
class Tavily:
    """The Tavily API (https://docs.tavily.com/documentation/api-reference/endpoint/search)."""

    client: Client
    key: str = field(repr=False)
    base: str = TAVILY
    name: str = "Tavily"
    limits: Limits = LIMITS

    async def search(self, terms: str, most: int) -> list[Hit]:
        """Its results, without the answer it would make of them."""
        asked = {"query": _asked(terms), "max_results": min(most, MOST)}
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        body = msgspec.json.encode(asked)
        reply = await self.client.ask(f"{self.base}/search", headers, body, self.limits)
        return _hits(_json(self.name, reply, _Tavily, keyed=True).results, most)


@dataclass(frozen=True, slots=True)
class DuckDuckGo:
    """DuckDuckGo's page for browsers without scripts; it has no interface for programs, and shows
    a riddle instead of hits to whom it takes for a robot."""

    client: Client
    base: str = DUCKDUCKGO
    name: str = "DuckDuckGo"
    limits: Limits = LIMITS

    async def search(self, terms: str, most: int) -> list[Hit]:
        """The hits of its first page, without advertisements."""
        body = urlencode({"q": _asked(terms)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        reply = await self.client.ask(f"{self.base}/html/", headers, body, self.limits)
        if reply.status != ROBOT:
            _check(self.name, reply)
        what = f"what {self.name} says"
        try:
            told = await asyncio.to_thread(parsed, "hits", what, reply.content)
        except BadRequest as error:
            raise FetchError(str(error)) from None
        found = msgspec.convert(told[0], _Found)
        if reply.status == ROBOT or found.robot:
            raise FetchError(
                f"{self.name} takes this machine for a robot: it shows no hits for now"
            )
        items = (_Item(_led_to(one["url"]), one["title"], one["snippet"]) for one in found.hits)
        return _hits(items, most)


def _asked(terms: str) -> str:
    """The terms as they are sent: one line, in UTF-8, as long as it may be."""
    return " ".join(terms.encode("utf-8", "replace").decode().split())[:LONGEST_TERMS]


def _led_to(url: str) -> str:
    """The address behind one of DuckDuckGo's own that leads on; "" where it is none."""
    try:
        whole = urljoin("https://duckduckgo.com/", url)
        parts = urlsplit(whole)
    except ValueError:
        return ""
    return parse_qs(parts.query).get("uddg", [whole])[0] if parts.path == "/l/" else whole


def _hits(items: Iterable[_Item], most: int) -> list[Hit]:
    """Hits of the web, each address once, as plain text in one line."""
    found = dict[str, Hit]()
    for item in items:
        if item.url and _opens(item.url):
            snippet = _plain(item.content or item.description or "", LONGEST_SNIPPET)
            title = _plain(item.title or "", LONGEST_TITLE)
            found.setdefault(item.url, Hit(item.url, title, snippet))
    return list(found.values())[:most]


def _opens(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return bool(plain) and len(url) <= LONGEST_URL and not re.search(r"\s", url)


def _plain(text: str, most: int) -> str:
    """Without tags (Brave marks the words that were asked for) and white space."""
    line = " ".join(html.unescape(_TAG.sub("", text)).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _json(name: str, reply: Answer, shape: type[T], *, keyed: bool = False) -> T:
    _check(name, reply, keyed=keyed)
    try:
        return msgspec.json.decode(reply.content, type=shape)
    except (msgspec.DecodeError, RecursionError):
        raise FetchError(f"{name} answered with something else than results") from None


def _check(name: str, reply: Answer, *, keyed: bool = False) -> None:
    """FetchError says what a status means that is not 200."""
    match reply.status:
        case 200:
            return
        case 429:
            raise FetchError(f"{name} has been asked too often (status 429){_again(reply.headers)}")
        case 401 | 403 | 422 if keyed:
            raise FetchError(f"{name} refuses the key (status {reply.status}): see {KEY}")
        case 432 | 433:  # Tavily's
            raise FetchError(f"the plan with {name} is used up (status {reply.status})")
        case status:
            raise FetchError(f"{name} answered with status {status}")


def _again(headers: Mapping[str, str]) -> str:
    """When to come back, as a reply tells it: by Retry-After (RFC 9110), in seconds or as a date,
    or by Brave's X-RateLimit-Reset, whose first number is the shortest limit's."""
    told = headers.get("retry-after") or headers.get("x-ratelimit-reset", "").partition(",")[0]
    if re.fullmatch(r"\s*\d{1,9}(?:\.\d+)?\s*", told):
        return f"; it may be asked again in {float(told):g} seconds"
    try:
        when = parsedate_to_datetime(told).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return ""
    return f"; it may be asked again at {datetime.isoformat(when, ' ', 'seconds')[:19]} UTC"
