"""Pages are opened once, within the rules, and again only when they may have changed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from browser.sites import Site, fetching
from browser.test_robots import Clock
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.core.pages import Page
from pellucid.tools.browser.fetch import Fetched
from pellucid.tools.browser.keeping import FRESH, LONGEST, Keep, Kept, lifetime, unchanged
from pellucid.tools.browser.opener import Domains, Opener
from pellucid.tools.browser.page import read_page
from pellucid.tools.browser.parser import Parser
from pellucid.tools.browser.parsing import web
from pellucid.tools.browser.robots import Pace, Robots

HTML = "Content-Type: text/html; charset=utf-8"


def read(url: str, fetched: Fetched, when: int) -> Page:
    return read_page(url, fetched, when, web.told)


@asynccontextmanager
async def opening(
    site: Site, clock: Clock, hosts: dict[str, list[str]] | None = None, **more: Any
) -> AsyncGenerator[Opener, None]:
    async with fetching(site, **(hosts or {})) as fetcher:
        if more.pop("robots", False):
            more["robots"] = Robots(fetcher, clock)
        pace = Pace(gap=0.2, clock=clock, sleep=clock.sleep)
        yield Opener(fetcher, **{"pace": pace, "read": read, "clock": clock, **more})


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_an_address_is_opened_as_a_page(site: Site, clock: Clock) -> None:
    url = site.says("/a", "<title>T</title><p>Größe".encode(), HTML)
    async with opening(site, clock) as opener:
        found = await opener.open(f"{url}#part")
    assert found == Page(url, "T", "Größe", fetched=100)


async def test_a_page_is_asked_for_again_when_it_may_have_changed(site: Site, clock: Clock) -> None:
    url = site.says(
        "/a", b"<p>one", HTML, 'ETag: "1"', "Last-Modified: yesterday", "Cache-Control: max-age=50"
    )
    async with opening(site, clock) as opener:
        first = await opener.open(url)
        clock.now += 49
        assert await opener.open(url) is first
        assert len(site.asked) == 1
        assert clock.slept == []
        clock.now += 1
        site.says("/a", b"", "Cache-Control: max-age=10", status="304 Not Modified")
        again = await opener.open(url)
        assert (again.text, again.fetched) == ("one", 150)
        assert b'If-None-Match: "1"' in site.asked[1]
        assert b"If-Modified-Since: yesterday" in site.asked[1]
        clock.now += 9
        assert await opener.open(url) is again
        clock.now += 1
        site.says("/a", b"<p>two", HTML)
        assert (await opener.open(url)).text == "two"
        assert b'If-None-Match: "1"' in site.asked[2]
        clock.now += FRESH
        site.says("/a", b"", status="304 Not Modified")
        with pytest.raises(FetchError, match="status 304"):
            await opener.open(url)


async def test_what_is_known_is_asked_for_where_it_was(site: Site, clock: Clock) -> None:
    """A redirect's target has the validators, and is known no more when it leads elsewhere."""
    url = site.says("/old", b"", "Location: /new", status="302 Found")
    site.says("/new", b"<p>one", HTML, 'ETag: "1"', "Cache-Control: no-cache")
    async with opening(site, clock) as opener:
        assert (await opener.open(url)).url == site.url("/new")
        site.says("/new", b"", status="304 Not Modified")
        assert (await opener.open(url)).text == "one"
        assert b"If-None-Match" not in site.asked[2]
        assert b"If-None-Match" in site.asked[3]
        site.says("/old", b"", "Location: /other", status="302 Found")
        site.says("/other", b"<p>other", HTML)
        assert (await opener.open(url)).text == "other"
        assert b"If-None-Match" not in site.asked[5]


async def test_what_must_not_be_kept_is_not(site: Site, clock: Clock) -> None:
    url = site.says("/a", b"<p>one", HTML, "Cache-Control: no-store")
    async with opening(site, clock) as opener:
        for _ in range(2):
            await opener.open(url)
    assert len(site.asked) == 2
    assert clock.slept == [0.2]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, FRESH),
        ({"cache-control": "private, max-age=10"}, 10.0),
        ({"cache-control": "s-maxage=5"}, FRESH),
        ({"cache-control": "MAX-AGE=10", "age": "4"}, 6.0),
        ({"cache-control": "max-age=10", "age": "x"}, 10.0),
        ({"cache-control": "max-age=99999999"}, LONGEST),
        ({"cache-control": "no-cache, max-age=10"}, 0.0),
        ({"cache-control": "no-store"}, None),
        ({"expires": "Thu, 01 Jan 1970 00:02:00 GMT"}, 20.0),
        ({"expires": "0"}, 0.0),
    ],
)
def test_how_long_a_page_is_good_for(headers: dict[str, str], seconds: float | None) -> None:
    assert lifetime(Fetched("u", "", b"", headers=tuple(headers.items())), 100.0) == seconds


def test_an_answer_that_nothing_changed_goes_on_from_the_one_before() -> None:
    before = Fetched("u", "", b"", headers=(("age", "9"), ("etag", "1"), ("cache-control", "x")))
    now = Fetched("u", "", b"", status=304, headers=(("etag", "2"),))
    found = unchanged(Kept(Page("u", "", ""), before, 0.0), now)
    assert dict(found.headers) == {"etag": "2", "cache-control": "x"}


def test_little_is_kept() -> None:
    def one(text: str) -> Kept:
        return Kept(Page("u", "", text), Fetched("u", "", b""), 0.0)

    keep = Keep(most=2, most_characters=10)
    keep.put("a", one("a"))
    keep.put("b", one("b"))
    assert keep.get("a")
    keep.put("c", one("c"))
    assert keep.get("b") is None
    keep.put("a", one("a" * 10))
    assert keep.get("c") is None
    keep.put("d", one("d" * 11))
    assert keep.get("d") is keep.get("a") is None


async def test_who_asks_at_the_same_time_gets_one_answer(site: Site, clock: Clock) -> None:
    url = site.says("/a", b"<p>one", HTML)
    async with opening(site, clock) as opener:
        found = await asyncio.gather(*(opener.open(url) for _ in range(9)))
    assert len({id(page) for page in found}) == 1
    assert len(site.asked) == 1


async def test_a_fetch_goes_on_while_somebody_waits_and_ends_when_nobody_does(
    site: Site, clock: Clock
) -> None:
    async with opening(site, clock) as opener:
        tasks = [asyncio.create_task(opener.open(site.url("/silent"))) for _ in range(2)]
        await site.heard.wait()
        tasks[0].cancel()
        await asyncio.wait(tasks[:1])
        assert not tasks[1].done()
        assert opener._shared._running
        tasks[1].cancel()
        await asyncio.wait(tasks)
        assert not opener._shared._running
        url = site.says("/silent", b"<p>said", HTML)
        assert (await opener.open(url)).text == "said"


async def test_an_error_is_told_to_all_who_wait(site: Site, clock: Clock) -> None:
    url = site.says("/a", b"", status="404 Not Found")
    async with opening(site, clock) as opener:
        found = await asyncio.gather(*(opener.open(url) for _ in range(3)), return_exceptions=True)
    assert [str(error) for error in found] == [f"{url} answered with status 404"] * 3


@pytest.mark.parametrize(
    ("host", "domains", "why"),
    [
        ("site.test", Domains(deny=("site.test",)), "the request's rules deny site.test"),
        ("a.site.test", Domains(deny=("Site.Test.",)), "the request's rules deny Site.Test."),
        ("a.site.test", Domains(deny=("*.site.test",)), "deny"),
        ("site.test", Domains(("other.test",)), "the request's rules allow only other.test"),
        ("evilsite.test", Domains(("site.test",)), "allow only"),
        ("site.test.evil.test", Domains(("site.test",)), "allow only"),
        ("site.test", Domains(("a.site.test",)), "allow only"),
        ("site.test", Domains(("site.test",), ("site.test",)), "deny"),
        ("site.test", Domains(("",)), "allow only"),
        ("xn--bcher-kva.test", Domains(deny=("bücher.test",)), "deny bücher.test"),
        ("bücher.test", Domains(deny=("xn--bcher-kva.test",)), "deny"),
        ("owned.test", Domains(("owned.test",)), "the owner's rules deny owned.test"),
        ("site.test", Domains(tuple(f"{n}.test" for n in range(9))), r"4\.test, …"),
    ],
)
async def test_hosts_are_opened_by_the_rules_of_both(
    site: Site, clock: Clock, host: str, domains: Domains, why: str
) -> None:
    async with opening(site, clock, allowed=Domains(deny=("owned.test",))) as opener:
        with pytest.raises(FetchRefused, match=why):
            await opener.open(site.url("/", host), domains)
    assert site.asked == []


async def test_a_host_matches_itself_and_what_is_below(site: Site, clock: Clock) -> None:
    site.says("/", b"<p>one", HTML)
    hosts = {"a_site_test": ["127.0.0.1"]}
    async with opening(site, clock, hosts) as opener:
        for host in ("site.test", "a.site.test"):
            assert (await opener.open(site.url("/", host), Domains(("site.test",)))).text == "one"


async def test_a_redirect_and_a_kept_page_are_held_to_the_rules(site: Site, clock: Clock) -> None:
    site.says("/a", b"", f"Location: {site.url('/b', 'two.test')}", status="302 Found")
    site.says("/b", b"<p>there", HTML)
    async with opening(site, clock, {"two_test": ["127.0.0.1"]}) as opener:
        denies = Domains(deny=("two.test",))
        with pytest.raises(FetchRefused, match=r"deny two\.test"):
            await opener.open(site.url("/a"), denies)
        assert len(site.asked) == 1
        assert (await opener.open(site.url("/a"))).text == "there"
        with pytest.raises(FetchRefused, match=r"deny two\.test"):
            await opener.open(site.url("/a"), denies)
        assert len(site.asked) == 3


async def test_what_hosts_ask_of_programs_holds_on_all_of_the_way(site: Site, clock: Clock) -> None:
    site.says("/robots.txt", b"User-agent: *\nDisallow: /b\nCrawl-delay: 2")
    site.says("/a", b"", "Location: /b", status="302 Found")
    site.says("/c", b"<p>c", HTML)
    async with opening(site, clock, robots=True) as opener:
        with pytest.raises(FetchRefused, match=r"/b is not opened: .*/robots\.txt asks"):
            await opener.open(site.url("/a"))
        assert (await opener.open(site.url("/c"))).text == "c"
    assert [head.split(b" ")[1] for head in site.asked] == [b"/robots.txt", b"/a", b"/c"]
    assert clock.slept == [2.0]


async def test_what_is_no_page_is_not_loaded(site: Site, clock: Clock) -> None:
    url = site.says("/film", b"x", "Content-Type: video/mp4")
    async with opening(site, clock) as opener:
        with pytest.raises(FetchError, match="is video/mp4"):
            await opener.open(url)
        with pytest.raises(FetchRefused, match="no address"):
            await opener.open("http://[::1")


async def test_pages_are_read_aside_by_a_parser(site: Site, clock: Clock) -> None:
    """All of it together, as a server has it."""
    for n in range(4):
        site.says(f"/{n}", f"<p>page {n}<a href=/next>next</a><p hidden>zebra".encode(), HTML)
    with Parser() as parser:
        read = partial(read_page, parse=parser.told)
        async with opening(site, clock, robots=True, read=read) as opener:
            site.says("/robots.txt", b"", status="404 Not Found")
            found = await asyncio.gather(*(opener.open(site.url(f"/{n}")) for n in range(4)))
    assert [page.text for page in found] == [f"page {n}next" for n in range(4)]
    assert {page.hidden for page in found} == {('hidden: "zebra"',)}
    assert clock.slept == [0.2] * 3
