"""What the owners of hosts ask of programs that read them: robots.txt, and not too much at once.

RFC 9309: a host without a robots.txt may be read, one that cannot be asked for it may not. A page
is opened because somebody asked about it, yet by a program, so the same holds.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from pellucid.core.errors import FetchError, FetchRefused
from pellucid.tools.browser.fetch import Fetcher, Limits
from pellucid.tools.browser.sharing import Shared

NAME = "Pellucid"
"""What rules of a robots.txt call this program (RFC 9309, 2.2.1)."""

LIFETIME, RETRY = 3_600.0, 60.0
"""Seconds after which a robots.txt is fetched again: one that came, and one that did not."""

MOST_HOSTS = 1_000
_LIMITS = Limits(
    most_bytes=1_000_000,
    seconds=10.0,
    statuses=tuple(status for status in range(400, 500) if status != 429),
)


@dataclass(frozen=True, slots=True)
class _Told:
    """A host's robots.txt: none, what it says, or why it did not come."""

    rules: Protego | None
    failed: str
    until: float


class Robots:
    """What hosts ask for, each asked once in a while."""

    def __init__(self, fetcher: Fetcher, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells seconds."""
        self._fetcher, self._clock = fetcher, clock
        self._told = OrderedDict[str, _Told]()
        self._shared = Shared[_Told]()

    async def admit(self, url: str) -> float:
        """Seconds that the host of an address wants between two requests; FetchRefused where a
        program may not read the address, FetchError where that cannot be known."""
        parts = urlsplit(url)
        home = f"{parts.scheme}://{parts.netloc}"
        told = self._told.get(home)
        if told is None or told.until <= self._clock():
            told = await self._shared.get(home, lambda: self._fetched(home))
        if told.failed:
            raise FetchError(f"{url} is not opened: {told.failed}")
        if told.rules is None:
            return 0.0
        if not told.rules.can_fetch(url, NAME):
            raise FetchRefused(f"{url} is not opened: {home}/robots.txt asks programs not to")
        return float(told.rules.crawl_delay(NAME) or 0.0)

    async def _fetched(self, home: str) -> _Told:
        try:
            found = await self._fetcher.get(f"{home}/robots.txt", _LIMITS)
        except FetchRefused:
            raise
        except FetchError as error:
            told = _Told(
                None, f"its rules for programs are not known ({error})", self._later(RETRY)
            )
        else:
            text = found.content.decode("utf-8", "replace")
            rules = None if found.status != 200 else await asyncio.to_thread(Protego.parse, text)
            told = _Told(rules, "", self._later(LIFETIME))
        self._told[home] = told
        self._told.move_to_end(home)
        if len(self._told) > MOST_HOSTS:
            self._told.popitem(last=False)
        return told

    def _later(self, seconds: float) -> float:
        return self._clock() + seconds


@dataclass(slots=True)
class _Host:
    """Who is at a host, and when it may be asked next."""

    free: asyncio.Semaphore
    next: float = 0.0
    users: int = 0


@dataclass(slots=True)
class Pace:
    """Requests to one host: at most `at_once`, and `gap` seconds from one to the next, or as many
    as the host wants, up to `longest`."""

    gap: float = 0.2
    at_once: int = 2
    longest: float = 5.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _hosts: dict[str, _Host] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, host: str, wanted: float = 0.0) -> AsyncGenerator[None, None]:
        """Wait until the host may be asked, and be the one who asks."""
        self._forget()
        place = self._hosts.setdefault(host, _Host(asyncio.Semaphore(self.at_once)))
        place.users += 1
        try:
            async with place.free:
                now = self.clock()
                start = max(now, place.next)
                place.next = start + max(self.gap, min(wanted, self.longest))
                if start > now:
                    await self.sleep(start - now)
                yield
        finally:
            place.users -= 1

    def _forget(self) -> None:
        """Hosts that nobody is at and that may be asked are as if never asked."""
        if len(self._hosts) > MOST_HOSTS:
            now = self.clock()
            self._hosts = {
                name: one for name, one in self._hosts.items() if one.users or one.next > now
            }
