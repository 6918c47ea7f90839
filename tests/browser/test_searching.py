"""Search as a turn knows it: the index first, then the provider; what is not there is told."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from browser.sites import Site
from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest, FetchError, SearchUnavailable
from pellucid.core.pages import Page
from pellucid.settings import Settings
from pellucid.tools.browser.index import LocalIndex
from pellucid.tools.browser.providers import Brave, DuckDuckGo, Tavily
from pellucid.tools.browser.searching import OWN, Found, Search, provider, searcher

STORMS = Page("https://own.example/storms", "Storms of Spain", "Every storm that Spain has seen.")
TIDES = Page("https://own.example/tides", "Tides", "Storm tides are high.")
PATH = "/search?q=storms+of+Spain&format=json"


@dataclass
class Given:
    """Settings, and a site in the place of the provider."""

    site: Site
    index: LocalIndex

    def search(self) -> Search:
        settings = Settings(search="searxng", search_url=self.site.url(host="127.0.0.1"))
        return searcher(settings, self.index)

    def says(self, *urls: str) -> None:
        results = ",".join(f'{{"url": "{url}", "title": "found"}}' for url in urls)
        self.site.says(PATH, f'{{"results": [{results}]}}'.encode())


@pytest.fixture
def given(site: Site, tmp_path: Path) -> Given:
    return Given(site, LocalIndex(tmp_path / "web-index.db"))


async def test_the_index_comes_first_and_each_address_once(given: Given) -> None:
    for page in (STORMS, TIDES):
        given.index.put(page)
    given.says("https://web.example/a", f"{STORMS.url}/#top", "https://web.example/b")
    async with given.search() as search:
        found = await search.found("storms of Spain", 9)
        hits = await search.search("storms of Spain", 3)
    assert [hit.url for hit in found.hits] == [
        STORMS.url,
        "https://web.example/a",
        "https://web.example/b",
        TIDES.url,
    ]
    assert (found.asked, found.failed) == ((OWN, "SearXNG"), "")
    assert hits == list(found.hits[:3])
    assert hits[0].snippet == STORMS.text
    assert hits[1] == Hit("https://web.example/a", "found")


async def test_nobody_is_asked_for_what_is_there(given: Given) -> None:
    for page in (STORMS, TIDES):
        given.index.put(page)
    async with given.search() as search:
        found = await search.found("storms", 2)
    assert {hit.url for hit in found.hits} == {STORMS.url, TIDES.url}
    assert found.asked == (OWN,)
    assert given.site.asked == []


async def test_a_provider_that_fails_is_told_of_and_the_index_still_answers(given: Given) -> None:
    given.index.put(STORMS)
    given.site.says(PATH, b"", status="500 Oh")
    async with given.search() as search:
        found = await search.found("storms of Spain", 5)
        assert await search.search("storms of Spain", 5) == list(found.hits)
        given.index.remove(STORMS.url)
        with pytest.raises(FetchError, match="SearXNG answered with status 500"):
            await search.search("storms of Spain", 5)
    assert [hit.url for hit in found.hits] == [STORMS.url]
    assert (found.asked, found.failed) == ((OWN,), "SearXNG answered with status 500")


async def test_search_that_is_not_there_says_how_to_have_it(given: Given) -> None:
    async with searcher(Settings(), given.index) as search:
        with pytest.raises(SearchUnavailable, match=r"set PELLUCID_SEARCH .* pellucid index add"):
            await search.search("storms", 5)
        given.index.put(STORMS)
        assert await search.found("tides", 5) == Found((), (OWN,))
        assert [hit.url for hit in await search.search("storms", 5)] == [STORMS.url]


async def test_an_index_that_cannot_be_used_is_no_empty_one(given: Given, tmp_path: Path) -> None:
    (tmp_path / "web-index.db").write_text("no database " * 100)
    async with given.search() as search:
        with pytest.raises(BadRequest, match="cannot be used"):
            await search.search("storms", 5)


def test_every_provider_can_be_configured(given: Given) -> None:
    search = given.search()
    keyed = {"search_key": "k", "search_url": "https://proxy.example/x/"}
    for settings, told in (
        (Settings(search="brave", **keyed), "Brave Search https://proxy.example/x"),
        (Settings(search="tavily", search_key="k"), "Tavily https://api.tavily.com"),
        (Settings(search="duckduckgo"), "DuckDuckGo https://html.duckduckgo.com"),
    ):
        made = provider(settings, search._client)
        assert isinstance(made, Brave | Tavily | DuckDuckGo)
        assert f"{made.name} {made.base}" == told
    assert provider(Settings(), search._client) is None
    with pytest.raises(BadRequest, match="no provider of search named 'google'"):
        provider(Settings.model_construct(search="google", search_url=""), search._client)
