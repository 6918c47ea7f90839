"""Search as a turn knows it: the owner's index first, then the provider that is configured."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest, FetchError, SearchUnavailable
from pellucid.tools.browser.asking import Client
from pellucid.tools.browser.index import LocalIndex
from pellucid.tools.browser.providers import (
    BRAVE,
    DUCKDUCKGO,
    TAVILY,
    Brave,
    DuckDuckGo,
    Provider,
    SearXNG,
    Tavily,
)

OWN = "the index of this machine"
ENOUGH = 0.5
"""Share of the words; a page of the index with more goes before what a provider finds."""

UNAVAILABLE = (
    "search is not available here: no provider is configured and the index is empty;"
    " set PELLUCID_SEARCH (searxng, brave, tavily or duckduckgo), or fill the index with"
    " pellucid index add"
)


class Secret(Protocol):
    """What is not shown by accident."""

    def get_secret_value(self) -> str:
        """It."""
        ...


class Configured(Protocol):
    """The settings of search: the provider's name ("": none), its address where it is not the
    usual one, its key."""

    @property
    def search(self) -> str:
        """PELLUCID_SEARCH."""
        ...

    @property
    def search_url(self) -> str:
        """PELLUCID_SEARCH_URL."""
        ...

    @property
    def search_key(self) -> Secret | None:
        """PELLUCID_SEARCH_KEY."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `asked` are those who answered, by name; `failed` says why a provider
    did not ("": it did, or was not needed)."""

    hits: tuple[Hit, ...]
    asked: tuple[str, ...]
    failed: str = ""


class Search:
    """Searches the owner's index and the web. `async with` closes connections."""

    def __init__(self, index: LocalIndex, provider: Provider | None, client: Client) -> None:
        """`client` is what the provider asks through."""
        self._index, self._provider, self._client = index, provider, client

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.__aexit__(*error)

    async def search(self, terms: str, most: int) -> list[Hit]:
        """As `found` has them; FetchError where there are none because the provider failed."""
        found = await self.found(terms, most)
        if found.failed and not found.hits:
            raise FetchError(found.failed)
        return list(found.hits)

    async def found(self, terms: str, most: int, *, live: bool = True) -> Found:
        """Pages of the index that have more than half of the words, then hits of the provider, then
        the other pages; each address once. Where it is not to be `live`, nobody else is asked.
        SearchUnavailable where nothing can be searched."""
        provider = self._provider if live else None
        own = await asyncio.to_thread(self._index.search, terms, most, ENOUGH)
        weak = await asyncio.to_thread(self._index.search, terms, most)
        filled = bool(weak) or bool(await asyncio.to_thread(self._index.sources))
        if provider is None and not filled:
            raise SearchUnavailable(UNAVAILABLE)
        asked = (OWN,) if filled else ()
        if provider is None or len(own) >= most:
            return Found(_joined((*own, *weak), most), asked)
        try:
            further = await provider.search(terms, most)
        except FetchError as error:
            return Found(_joined((*own, *weak), most), asked, str(error))
        return Found(_joined((*own, *further, *weak), most), (*asked, provider.name))


def searcher(settings: Configured, index: LocalIndex) -> Search:
    """Search as it is configured; nothing is asked yet."""
    client = Client()
    return Search(index, provider(settings, client), client)


def provider(settings: Configured, client: Client) -> Provider | None:
    """The provider that is configured, if one is."""
    key = settings.search_key.get_secret_value() if settings.search_key else ""
    base = settings.search_url.rstrip("/")
    match settings.search:
        case "":
            return None
        case "searxng":
            return SearXNG(client, base)
        case "brave":
            return Brave(client, key, base or BRAVE)
        case "tavily":
            return Tavily(client, key, base or TAVILY)
        case "duckduckgo":
            return DuckDuckGo(client, base or DUCKDUCKGO)
        case name:
            raise BadRequest(f"there is no provider of search named {name!r}")


def _joined(hits: Iterable[Hit], most: int) -> tuple[Hit, ...]:
    """The first ones, each address once, wherever on its page it leads to."""
    once = dict[str, Hit]()
    for hit in hits:
        once.setdefault(hit.url.partition("#")[0].rstrip("/"), hit)
    return tuple(once.values())[:most]
