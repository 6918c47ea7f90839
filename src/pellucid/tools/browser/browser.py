"""The web as turns have it: the owner's index, a provider of search, and pages through one door."""

import asyncio
from collections.abc import Iterable
from functools import partial

from pellucid.core.browsing import Hit
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.core.pages import Page
from pellucid.core.turn import Web
from pellucid.tools.browser.index import LocalIndex
from pellucid.tools.browser.opener import Domains, Opener
from pellucid.tools.browser.searching import Search
from pellucid.tools.browser.tool import BrowserTool

FILES = "file:"
"""How addresses of documents begin that the owner added: they are only ever in the index."""


class Browser:
    """Search and pages for turns; each turn gets a tool of its own."""

    def __init__(self, index: LocalIndex, search: Search, opener: Opener) -> None:
        """Nothing is asked yet."""
        self.index, self._search, self._opener = index, search, opener

    def tool(self, web: Web, given: Iterable[str] = ()) -> BrowserTool:
        """The browser of a turn that may use the web so; `given` are the addresses in the user's
        words."""
        return BrowserTool(partial(self.search, web), partial(self.visit, web), given)

    async def search(self, web: Web, terms: str, most: int) -> list[Hit]:
        """Hits for some terms, of the hosts that the turn may see; only of the index where it may
        not go to the web now. FetchError where there are none because nobody answered."""
        found = await self._search.found(terms, most, live=web.live)
        hits = [hit for hit in found.hits if _allowed(hit.url, web)]
        if found.failed and not hits:
            raise FetchError(found.failed)
        return hits

    async def visit(self, web: Web, url: str) -> Page:
        """A page: as it is now, or as it was kept where it cannot be fetched, or must not be."""
        domains = Domains(web.hosts)
        kept = await asyncio.to_thread(self.index.get, url)
        if kept and url.startswith(FILES):
            return kept
        domains.check(url, "the request's")
        if not web.live:
            if kept is None:
                raise FetchError(f"{url} is not kept here, and nothing is fetched now")
            return kept
        try:
            return await self._opener.open(url, domains)
        except FetchRefused:
            raise
        except FetchError:
            if kept is None:
                raise
            return kept


def _allowed(url: str, web: Web) -> bool:
    """Whether a hit may be opened: documents of the owner, where no hosts are named, and pages of
    those that are."""
    if url.startswith(FILES):
        return not web.hosts
    try:
        Domains(web.hosts).check(url, "the request's")
    except FetchRefused:
        return False
    return True
