"""Opens addresses as pages: once each, within the rules of whoever asks and of the hosts."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from pellucid.core.errors import FetchError, FetchRefused
from pellucid.core.pages import Page
from pellucid.tools.browser.fetch import Fetched, Fetcher, Limits, checked
from pellucid.tools.browser.keeping import Keep, Kept, briefly, lifetime, unchanged
from pellucid.tools.browser.page import TYPES, NeedsScripts, read_page
from pellucid.tools.browser.robots import Pace, Robots
from pellucid.tools.browser.sharing import Shared

LIMITS = Limits(types=TYPES)

AT_ONCE = 2
"""Pages that are read at the same time, by threads that others need too."""

Read = Callable[[str, Fetched, int], Page]
"""`page.read_page`, or `read_whole`: called aside from the event loop."""

Part = Callable[[str, str, int], Awaitable[Fetched]]
"""What a page needs (`scripts.rendering.Part`)."""

Render = Callable[[Fetched, Part], Awaitable[Fetched]]
"""A page as its scripts make it; FetchError says why it is not to be had."""

PART_SECONDS = 8.0
"""Seconds that one part of a page may take."""


@dataclass(frozen=True, slots=True)
class Domains:
    """Hosts that may be opened (none named: all), and that may not; each with its subdomains."""

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()

    def check(self, url: str, whose: str) -> None:
        """FetchRefused names the rule that an address is against."""
        host = checked(url).raw_host.decode("ascii")
        denied = next((rule for rule in self.deny if _within(host, rule)), None)
        if denied is not None:
            raise FetchRefused(f"{host} is not opened: {whose} rules deny {denied}")
        if self.allow and not any(_within(host, rule) for rule in self.allow):
            allowed = ", ".join(self.allow[:5]) + (", …" if len(self.allow) > 5 else "")
            raise FetchRefused(f"{host} is not opened: {whose} rules allow only {allowed}")


def _within(host: str, rule: str) -> bool:
    """Whether a host is the one of a rule, or below it."""
    bare = rule.strip().lower().removeprefix("*").strip(".")
    with suppress(UnicodeError):  # compared as it is written: no host is
        bare = bare.encode("idna").decode("ascii")
    host = host.lower().rstrip(".")
    return bool(bare) and (host == bare or host.endswith(f".{bare}"))


class Opener:
    """Opens pages. Whoever makes it closes the fetcher and the parser."""

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        robots: Robots | None = None,
        pace: Pace | None = None,
        keep: Keep | None = None,
        allowed: Domains = Domains(),
        read: Read = read_page,
        render: Render | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`allowed` are the rules of the server's owner. Without `robots` nobody asks hosts whether
        programs may read them. `read` is `read_page` with the `told` of a `Parser`, which need not
        be started for every page. `render` runs the scripts of pages that need them.
        `clock` tells Unix time."""
        self._fetcher, self._robots, self._owner = fetcher, robots, allowed
        self._pace, self._keep = pace or Pace(), keep or Keep()
        self._read, self._render, self._clock = read, render, clock
        self._shared, self._reading = Shared[Page](), asyncio.Semaphore(AT_ONCE)

    async def open(self, url: str, domains: Domains = Domains()) -> Page:
        """The page at an address. FetchRefused says why it must not be opened, FetchError why
        nothing can be read there."""
        bare = str(checked(url)).partition("#")[0]
        self._check(bare, domains)
        return await self._shared.get((bare, domains), lambda: self._page(bare, domains))

    def _check(self, url: str, domains: Domains) -> None:
        self._owner.check(url, "the owner's")
        domains.check(url, "the request's")

    async def _page(self, url: str, domains: Domains) -> Page:
        kept = self._keep.get(url)
        if kept is not None:
            for step in kept.fetched.way:
                self._check(step, domains)
            if self._clock() < kept.until:
                return kept.page
        fetched = await self._fetcher.get(
            url,
            LIMITS,
            kept.known if kept else None,
            lambda step: self._gate(step, domains),
        )
        now = self._clock()
        if kept is not None and fetched.status == 304:
            page, fetched = replace(kept.page, fetched=int(now)), unchanged(kept, fetched)
        else:
            page, fetched = await self._whole(url, fetched, domains, now)
        self._store(url, page, fetched, now)
        return page

    async def _whole(
        self, url: str, fetched: Fetched, domains: Domains, now: float
    ) -> tuple[Page, Fetched]:
        """What is read, and of what: the page as it came, or as its scripts make it. Where that is
        not to be had, the little that it shows without them."""
        try:
            return await self._aside(url, fetched, now), fetched
        except NeedsScripts as needs:
            little, error = needs.page, FetchError(str(needs))
        if self._render is not None:
            try:
                made = await self._render(fetched, partial(self._part, domains))
                page = await self._aside(url, made, now)
                return page, replace(made, headers=briefly(fetched, now))
            except FetchError as failed:
                error = failed
        if little is None:
            raise error
        return little, fetched

    async def _aside(self, url: str, fetched: Fetched, now: float) -> Page:
        async with self._reading:
            return await asyncio.to_thread(self._read, url, fetched, int(now))

    async def _part(self, domains: Domains, url: str, origin: str, most_bytes: int) -> Fetched:
        """What a page needs from elsewhere, by the rules for pages. Hosts are not paced for it: how
        many parts are asked for at once is the page's."""
        limits = Limits(most_bytes=most_bytes, seconds=PART_SECONDS)
        gate = partial(self._admit, domains)
        return await self._fetcher.get(url, limits, gate=gate, origin=origin)

    @asynccontextmanager
    async def _admit(self, domains: Domains, url: str) -> AsyncGenerator[None, None]:
        self._check(url, domains)
        if self._robots:
            await self._robots.admit(url)
        yield

    def _store(self, url: str, page: Page, fetched: Fetched, now: float) -> None:
        seconds = lifetime(fetched, now)
        if seconds is None:
            self._keep.drop(url)
        else:
            self._keep.put(url, Kept(page, replace(fetched, content=b""), now + seconds))

    @asynccontextmanager
    async def _gate(self, url: str, domains: Domains) -> AsyncGenerator[None, None]:
        """Whether and when an address on the way may be asked."""
        self._check(url, domains)
        wanted = await self._robots.admit(url) if self._robots else 0.0
        async with self._pace.turn(checked(url).host, wanted):
            yield
