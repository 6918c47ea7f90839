"""A part of a site, page by page: what a page links to, nearest first, or what a list names.

A crawl of links stays on the host, and under the path, that it began with. It opens each address
once, one at a time, and ends at its bounds; what cannot be opened is told and left out.
"""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from pellucid.core.errors import BadRequest
from pellucid.core.pages import Page

Open = Callable[[str], Awaitable[Page]]
"""Opens an address; BadRequest (as which FetchError comes, too) says why it cannot."""

MOST_KNOWN = 100_000
"""Addresses that one crawl remembers."""

_NO_TEXT = """
.7z .avi .bmp .bz2 .css .deb .dmg .exe .flac .gif .gz .ico .iso .jar .jpeg .jpg .js .json .m4a .mkv
.mov .mp3 .mp4 .ogg .otf .png .rar .rpm .svg .tar .tgz .ttf .wav .webm .webp .woff .woff2 .xml .xz
.zip
"""
NO_TEXT = tuple(_NO_TEXT.split())
"""How paths end, in lower case, that lead to nothing people read."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a crawl goes: links away from where it begins, addresses opened, seconds in all."""

    depth: int = 0
    most: int = 1_000
    seconds: float = 3_600.0


@dataclass(frozen=True, slots=True)
class Missed:
    """An address that nothing came of, and why."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a site: a host, with its port, and the path that all of it is under."""

    host: str
    path: str

    def holds(self, url: str) -> bool:
        """Whether an address is of this part."""
        place = split(url)
        if place is None or host(place) != self.host:
            return False
        return f"{place.path or '/'}".startswith(self.path) or f"{place.path}/" == self.path


def part_of(url: str) -> Part | None:
    """The part that an address begins: /a/ of /a/b.html and of /a/, /a/b/ of /a/b. None where it
    is no address of the web."""
    place = split(url)
    if place is None:
        return None
    folder, _, last = place.path.rpartition("/")
    return Part(host(place), f"{folder}/" if not last or "." in last else f"{folder}/{last}/")


def split(url: str) -> SplitResult | None:
    """The parts of an address of the web; None where it is none."""
    try:
        place = urlsplit(url)
        return place if place.scheme in ("http", "https") and host(place) else None
    except ValueError:
        return None


def host(place: SplitResult) -> str:
    """Its host, with the port where it is not the usual one; "" where it has none."""
    name, port = place.hostname or "", place.port
    return name if port in (None, {"http": 80, "https": 443}[place.scheme]) else f"{name}:{port}"


class Crawl:
    """One crawl. `clock` tells seconds."""

    def __init__(self, opener: Open, bounds: Bounds, clock: Callable[[], float]) -> None:
        """Nothing is opened yet."""
        self._open, self._bounds, self._clock = opener, bounds, clock
        self._ends = clock() + bounds.seconds
        self._known, self._had = set[str](), set[str]()
        self._waiting = deque[tuple[str, int]]()
        self._opened = 0

    @property
    def left(self) -> int:
        """How many addresses were known and not opened when a crawl ended at its bounds."""
        return len(self._waiting)

    async def linked(self, start: str) -> AsyncGenerator[Page | Missed, None]:
        """A page, and those of the same part of its site that are so many links away."""
        self._add(start, 0)
        part: Part | None = None
        while self._goes_on():
            url, depth = self._waiting.popleft()
            found = await self._page(url, part)
            if isinstance(found, Page):
                part = part or part_of(found.url)
                if part and depth < self._bounds.depth:
                    self._follow(found, part, depth + 1)
            if found is not None:
                yield found

    async def listed(self, urls: Iterable[str]) -> AsyncGenerator[Page | Missed, None]:
        """The pages of a list."""
        for url in urls:
            self._add(url, 0)
        while self._goes_on():
            url, _ = self._waiting.popleft()
            if (found := await self._page(url, None)) is not None:
                yield found

    def _goes_on(self) -> bool:
        within = self._opened < self._bounds.most and self._clock() < self._ends
        return bool(self._waiting) and within

    def _follow(self, page: Page, part: Part, depth: int) -> None:
        for link in page.links:
            if part.holds(link.url) and not urlsplit(link.url).path.lower().endswith(NO_TEXT):
                self._add(link.url, depth)

    def _add(self, url: str, depth: int) -> None:
        bare = _bare(url)
        if bare not in self._known and len(self._known) < MOST_KNOWN:
            self._known.add(bare)
            self._waiting.append((bare, depth))

    async def _page(self, url: str, part: Part | None) -> Page | Missed | None:
        """What an address leads to; None where that was had before, by another address."""
        self._opened += 1
        try:
            page = await self._open(url)
        except BadRequest as error:
            return Missed(url, str(error))
        if part and not part.holds(page.url):
            return Missed(url, f"it leads to {page.url}, which is elsewhere")
        if (bare := _bare(page.url)) in self._had:
            return None
        self._had.add(bare)
        self._known.add(bare)
        return page


def _bare(url: str) -> str:
    """An address without its fragment: the page is the same."""
    return url.partition("#")[0]
