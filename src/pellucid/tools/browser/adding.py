"""What the owner of this machine adds to its index: a page, part of a site, what a sitemap lists,
a folder or a file."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from itertools import islice
from pathlib import Path

from pellucid.core.errors import BadRequest
from pellucid.core.pages import Page
from pellucid.tools.browser import documents, sitemaps
from pellucid.tools.browser.crawl import Bounds, Crawl, Missed, Open, split
from pellucid.tools.browser.sitemaps import Fetch
from pellucid.tools.reader.cache import Cache

Found = AsyncGenerator[Page | Missed, None]


def source_of(what: str) -> str:
    """The name of a source: the address without its fragment, or the whole path of a file or
    folder. BadRequest for other addresses."""
    if split(what):
        return what.partition("#")[0]
    if re.match(r"[a-z][a-z0-9+.-]*://", what, re.IGNORECASE):
        raise BadRequest(f"{what} is not added: only http, https, files and folders are")
    return str(Path(what).expanduser().resolve())


class Adding:
    """The pages of one source, as they come."""

    def __init__(self, what: str, bounds: Bounds, clock: Callable[[], float]) -> None:
        """`clock` tells Unix time in seconds; nothing is opened yet."""
        self.source = source_of(what)
        self.left = 0
        """How many pages were known and not opened when it ended at its bounds."""
        self._bounds, self._clock = bounds, clock

    async def pages(self, opener: Open, fetch: Fetch, cache: Cache | None = None) -> Found:
        """Each page, and what nothing came of; BadRequest where there is no such thing at all.
        Files that were read before come from the `cache`."""
        if split(self.source) is None:
            found = self._files(Path(self.source), cache)
        else:
            found = self._web(opener, fetch)
        async with aclosing(found):
            async for one in found:
                yield one

    async def _web(self, opener: Open, fetch: Fetch) -> Found:
        crawl = Crawl(opener, self._bounds, self._clock)
        if sitemaps.is_sitemap(self.source):
            listed = await sitemaps.listed(self.source, fetch, self._bounds.most)
            for missed in listed.missed:
                yield missed
            found = crawl.listed(listed.pages)
        else:
            found = crawl.linked(self.source)
        async with aclosing(found):
            async for one in found:
                yield one
        self.left = crawl.left

    async def _files(self, place: Path, cache: Cache | None) -> Found:
        if not place.exists():
            raise BadRequest(f"there is no file or folder {place}")
        paths = await asyncio.to_thread(_listed, place)
        if not paths:
            raise BadRequest(f"{place} holds no document ({' '.join(documents.KINDS)})")
        ends = self._clock() + self._bounds.seconds
        for number, path in enumerate(islice(paths, self._bounds.most)):
            if self._clock() >= ends:
                self.left = len(paths) - number
                return
            try:
                now = int(self._clock())
                yield await asyncio.to_thread(documents.from_file, path, now, cache)
            except BadRequest as error:
                yield Missed(str(path), str(error))
        self.left = max(0, len(paths) - self._bounds.most)


def _listed(place: Path) -> list[Path]:
    """The documents of a folder, or the file itself."""
    try:
        return [place] if place.is_file() else list(documents.files(place))
    except OSError as error:
        raise BadRequest(f"{error.filename}: {error.strerror}") from None
