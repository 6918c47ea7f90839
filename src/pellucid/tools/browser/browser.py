"""The web as turns have it: the owner's index, a provider of search, and pages through one door."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from urllib.parse import urlsplit

from pellucid.core.browsing import Hit
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.core.pages import Page
from pellucid.core.turn import Web
from pellucid.tools.browser.index import LocalIndex
from pellucid.tools.browser.searching import Search
from pellucid.tools.browser.tool import BrowserTool

Opening = Callable[[str, tuple[str, ...]], Awaitable[Page]]
"""The page at an address, redirected to these hosts only (none: to any)."""

FILES = "file:"
"""How addresses of documents begin that the owner added: they are only ever in the index."""


class Browser:
    """Search and pages for turns; each turn gets a tool of its own."""

    def __init__(self, index: LocalIndex, search: Search, own: Search, visit: Opening) -> None:
        """`own` searches the index alone, `search` also what is configured."""
        self.index = index
        self._search, self._own, self._visit = search, own, visit

    def tool(self, web: Web, given: Iterable[str] = ()) -> BrowserTool:
        """The browser of a turn that may use the web so; `given` are the addresses in the user's
        words."""
        return BrowserTool(partial(self.search, web), partial(self.visit, web), given)

    async def search(self, web: Web, terms: str, most: int) -> list[Hit]:
        """Hits for some terms, of the hosts that the turn may see."""
        found = await (self._search if web.live else self._own).search(terms, most)
        return [hit for hit in found if _allowed(hit.url, web.hosts)]

    async def visit(self, web: Web, url: str) -> Page:
        """A page: as it is now, or as it was kept where it cannot be fetched, or must not be."""
        if not _allowed(url, web.hosts):
            raise FetchRefused(f"{url} is not opened: only {', '.join(web.hosts)} may be")
        kept = await asyncio.to_thread(self.index.get, url)
        if kept and (not web.live or url.startswith(FILES)):
            return kept
        if not web.live:
            raise FetchError(f"{url} is not kept here, and nothing is fetched now")
        try:
            return await self._visit(url, web.hosts)
        except FetchRefused:
            raise
        except FetchError:
            if kept is None:
                raise
            return kept


def _allowed(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether an address is of one of some hosts, or below one; any is where there are none."""
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    return not hosts or any(host == one or host.endswith(f".{one}") for one in map(_bare, hosts))


def _bare(host: str) -> str:
    return host.lower().strip(".")
