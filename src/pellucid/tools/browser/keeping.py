"""Pages that were opened not long ago, as long as their servers allow (RFC 9111)."""

import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

from pellucid.core.pages import Page
from pellucid.tools.browser.fetch import Fetched, Known

FRESH, LONGEST = 60.0, 86_400.0
"""Seconds that a page is good for where its server does not say, and at most."""

_AGE = re.compile(r'(?:\A|[\s,])max-age\s*=\s*"?(\d{1,10})')


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, what it was fetched as (without the bytes), and until when (Unix time) nobody needs
    to ask whether it has changed."""

    page: Page
    fetched: Fetched
    until: float

    @property
    def known(self) -> Known:
        """What tells whether it has changed."""
        told = self.fetched.header
        return Known(self.fetched.url, told("etag"), told("last-modified"))


class Keep:
    """Pages by the address that was asked for; those not asked for longest go first."""

    def __init__(self, most: int = 500, most_characters: int = 50_000_000) -> None:
        """At most so many pages, and characters of all of them."""
        self._most, self._most_characters = most, most_characters
        self._pages = OrderedDict[str, Kept]()
        self._characters = 0

    def get(self, url: str) -> Kept | None:
        """What is kept of an address."""
        found = self._pages.get(url)
        if found:
            self._pages.move_to_end(url)
        return found

    def put(self, url: str, one: Kept) -> None:
        """Keep a page in the place of what was kept of its address."""
        self.drop(url)
        self._pages[url] = one
        self._characters += _size(one)
        while len(self._pages) > self._most or self._characters > self._most_characters:
            self.drop(next(iter(self._pages)))

    def drop(self, url: str) -> None:
        """Keep nothing of an address."""
        if gone := self._pages.pop(url, None):
            self._characters -= _size(gone)


def _size(one: Kept) -> int:
    links = sum(len(link.text) + len(link.url) for link in one.page.links)
    return len(one.page.text) + links


def unchanged(kept: Kept, fetched: Fetched) -> Fetched:
    """An answer that says that nothing has changed, with what was said before and not now."""
    before = {name: value for name, value in kept.fetched.headers if name != "age"}
    return replace(fetched, headers=tuple((before | dict(fetched.headers)).items()))


def lifetime(fetched: Fetched, now: float) -> float | None:
    """Seconds that a page is good for; None where it must not be kept."""
    control = fetched.header("cache-control").lower()
    if "no-store" in control:
        return None
    if "no-cache" in control:
        return 0.0
    if age := _AGE.search(control):
        return min(float(age[1]) - _age(fetched), LONGEST)
    if expires := fetched.header("expires"):
        try:
            return min(parsedate_to_datetime(expires).timestamp() - now, LONGEST)
        except (ValueError, OverflowError):
            return 0.0
    return FRESH


def briefly(fetched: Fetched, now: float) -> tuple[tuple[str, str], ...]:
    """Headers of a page that scripts made: it is kept for no longer than one whose server does not
    say, and never taken to be unchanged, as what it was made of may have changed."""
    seconds = lifetime(fetched, now)
    if seconds is None:
        return (("cache-control", "no-store"),)
    return (("cache-control", f"max-age={max(0, int(min(seconds, FRESH)))}"),)


def _age(fetched: Fetched) -> float:
    """Seconds that an answer had lain in caches on the way."""
    told = fetched.header("age")
    return float(told) if told.isdecimal() and len(told) < 10 else 0.0
