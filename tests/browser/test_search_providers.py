"""Providers of search: what they are asked, what is taken of their answers, what goes wrong."""

import gzip
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, replace

import pytest

from browser.sites import Site
from pellucid.core.browsing import Hit
from pellucid.core.errors import FetchError
from pellucid.tools.browser.asking import Client
from pellucid.tools.browser.fetch import Limits
from pellucid.tools.browser.providers import Brave, DuckDuckGo, SearXNG, Tavily

Adapter = SearXNG | Brave | Tavily | DuckDuckGo
KEY = "key-nobody-may-see"
SHORT = Limits(most_bytes=100_000, seconds=5.0)

PATHS = {
    "SearXNG": "/search?q=storms&format=json",
    "Brave Search": "/res/v1/web/search?q=storms&count=5",
    "Tavily": "/search",
    "DuckDuckGo": "/html/",
}
FIRST, SECOND = "https://weather.example/storms", "http://winds.example/?a=1&b=2"


@dataclass
class Bench:
    """A site in the place of every provider."""

    site: Site
    client: Client

    def adapter(self, name: str, path: str = "", limits: Limits = SHORT) -> Adapter:
        base = self.site.url(path, host="127.0.0.1").rstrip("/")
        made: dict[str, Callable[[], Adapter]] = {
            "SearXNG": lambda: SearXNG(self.client, base, limits=limits),
            "Brave Search": lambda: Brave(self.client, KEY, base, limits=limits),
            "Tavily": lambda: Tavily(self.client, KEY, base, limits=limits),
            "DuckDuckGo": lambda: DuckDuckGo(self.client, base, limits=limits),
        }
        return made[name]()

    def says(self, name: str, body: bytes | object, *headers: str, status: str = "200 OK") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.site.says(PATHS[name], raw, *headers, status=status)


@pytest.fixture
async def bench(site: Site) -> AsyncGenerator[Bench, None]:
    async with Client() as client:
        yield Bench(site, client)


def item(url: str, title: str, text: str, under: str = "content") -> dict[str, object]:
    return {"url": url, "title": title, under: text, "score": 0.5, "engine": "x", "more": [1]}


ITEMS = [item(FIRST, "Storms", "Wind &amp; rain\n at sea"), item(SECOND, "Winds", "")]
DUCK = f"""<html><body><div class="result results_links result--ad ">
<a class="result__a" href="https://duckduckgo.com/y.js?ad_domain=x">Buy storms</a>
<a class="result__snippet" href="x">cheap</a></div>
<div class="result web-result"><h2 class="result__title"><a rel="nofollow" class="result__a"
href="//duckduckgo.com/l/?uddg=https%3A%2F%2Fweather.example%2Fstorms&amp;rut=1">Storms</a></h2>
<a class="result__snippet" href="x"><b>Wind</b> &amp; rain
at sea</a></div><div class="result"><a class="result__a" href="{SECOND}">Winds</a></div>
<div class="result"><a class="result__a" href="http://[::1">broken</a></div></body></html>"""

ANSWERS: dict[str, object] = {
    "SearXNG": {"query": "storms", "results": ITEMS, "unresponsive_engines": [["bing", "timeout"]]},
    "Brave Search": {
        "type": "search",
        "web": {"results": [item(FIRST, "Storms", "<strong>Wind</strong> &amp; rain at sea",
                                 "description"), ITEMS[1]]},
    },
    "Tavily": {"query": "storms", "answer": None, "results": ITEMS},
    "DuckDuckGo": DUCK.encode(),
}  # fmt: skip
NOTHING: dict[str, object] = {
    "SearXNG": {"results": [], "unresponsive_engines": []},
    "Brave Search": {"type": "search"},
    "Tavily": {"results": []},
    "DuckDuckGo": b'<html><div class="no-results">No results.</div></html>',
}


@pytest.mark.parametrize("name", PATHS)
async def test_hits_are_addresses_with_plain_words(bench: Bench, name: str) -> None:
    bench.says(name, ANSWERS[name])
    adapter = bench.adapter(name)
    assert await adapter.search("storms", 5) == [
        Hit(FIRST, "Storms", "Wind & rain at sea"),
        Hit(SECOND, "Winds", ""),
    ]
    assert adapter.name == name
    assert KEY not in repr(adapter)


@pytest.mark.parametrize("name", PATHS)
async def test_no_more_hits_come_than_are_wanted(bench: Bench, name: str) -> None:
    bench.says(name, ANSWERS[name])
    bench.site.answers["/res/v1/web/search?q=storms&count=1"] = bench.site.answers[PATHS[name]]
    assert [hit.url for hit in await bench.adapter(name).search("storms", 1)] == [FIRST]


@pytest.mark.parametrize("name", PATHS)
async def test_nothing_found_is_no_error(bench: Bench, name: str) -> None:
    bench.says(name, NOTHING[name])
    assert await bench.adapter(name).search("storms", 5) == []


async def test_what_is_asked(bench: Bench) -> None:
    for name in PATHS:
        bench.says(name, NOTHING[name])
        await bench.adapter(name).search(" storms\n", 5)
    searx, brave, tavily, duck = bench.site.asked
    assert KEY.encode() not in searx + duck
    assert f"X-Subscription-Token: {KEY}\r\n".encode() in brave
    assert f"Authorization: Bearer {KEY}\r\n".encode() in tavily
    assert json.loads(tavily.partition(b"\r\n\r\n")[2]) == {"query": "storms", "max_results": 5}
    assert duck.startswith(b"POST /html/ HTTP/1.1\r\n")
    assert duck.endswith(b"\r\n\r\nq=storms")
    for head in bench.site.asked:
        assert f"Host: 127.0.0.1:{bench.site.port}\r\n".encode() in head


async def test_terms_are_sent_as_they_may_be(bench: Bench) -> None:
    bench.site.says("/html/", b"<p>none")
    await bench.adapter("DuckDuckGo").search('"a&b" ü \ud800 ' + "x" * 9_999, 5)
    (asked,) = bench.site.asked
    assert asked.endswith(b"q=%22a%26b%22+%C3%BC+%3F+" + b"x" * 390)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize(
    ("status", "headers", "why"),
    [
        ("429 Too Many Requests", ("Retry-After: 30",), "too often .* again in 30 seconds"),
        ("429 Too Many Requests", ("X-RateLimit-Reset: 1, 1419704",), "again in 1 seconds"),
        (
            "429 Too Many Requests",
            ("Retry-After: Sat, 28 Nov 2026 12:00:00 GMT",),
            r"again at 2026-11-28 12:00:00 UTC$",
        ),
        ("429 Too Many Requests", ("Retry-After: soon",), r"\(status 429\)$"),
        ("429 Too Many Requests", (), r"\(status 429\)$"),
        ("432 Over", (), "the plan with .* is used up"),
        ("500 Oh", (), "answered with status 500"),
        ("302 Found", ("Location: http://127.0.0.1:1/",), "answered with status 302"),
    ],
)
async def test_what_a_status_means_is_told(
    bench: Bench, name: str, status: str, headers: tuple[str, ...], why: str
) -> None:
    bench.says(name, f"no {KEY}".encode(), *headers, status=status)
    with pytest.raises(FetchError, match=why) as told:
        await bench.adapter(name).search("storms", 5)
    assert name in str(told.value)
    assert KEY not in str(told.value)
    assert len(bench.site.asked) == 1


@pytest.mark.parametrize(
    ("name", "status", "why"),
    [
        ("SearXNG", "403 Forbidden", "json among search.formats"),
        ("SearXNG", "401 Unauthorized", "answered with status 401"),
        ("Brave Search", "401 Unauthorized", "refuses the key .* see PELLUCID_SEARCH_KEY"),
        ("Brave Search", "422 Unprocessable", "refuses the key .* see PELLUCID_SEARCH_KEY"),
        ("Tavily", "401 Unauthorized", "refuses the key .* see PELLUCID_SEARCH_KEY"),
        ("DuckDuckGo", "403 Forbidden", "answered with status 403"),
    ],
)
async def test_who_is_not_let_in_is_told_what_to_do(
    bench: Bench, name: str, status: str, why: str
) -> None:
    bench.says(name, b"{}", status=status)
    with pytest.raises(FetchError, match=why):
        await bench.adapter(name).search("storms", 5)


@pytest.mark.parametrize("name", ["SearXNG", "Brave Search", "Tavily"])
@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"results": [', b'{"results": {}, "web": 3}', b"[]", b"\xff", b"[" * 50_000,
     b'{"results": [{"url": 5}], "web": {"results": [{"url": 5}]}}'],
    ids=range(8),
)  # fmt: skip
async def test_what_is_no_answer_is_none(bench: Bench, name: str, body: bytes) -> None:
    bench.says(name, body)
    with pytest.raises(FetchError, match="something else than results"):
        await bench.adapter(name).search("storms", 5)


@pytest.mark.parametrize("name", PATHS)
async def test_what_never_ends_ends(bench: Bench, name: str) -> None:
    path = f"/endless{PATHS[name]}"
    bench.site.answers[path] = b"HTTP/1.1 200 OK\r\n\r\n"
    bench.site.endless = lambda: b" " * 65_536
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 answers with more than 100,000 bytes"):
        await bench.adapter(name, "/endless").search("storms", 5)
    quick = bench.adapter(name, "/silent", replace(SHORT, seconds=0.2))
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 took more than 0\.2 seconds"):
        await quick.search("storms", 5)


async def test_a_robot_is_told_that_it_is_taken_for_one(bench: Bench) -> None:
    adapter = bench.adapter("DuckDuckGo")
    bench.says("DuckDuckGo", b"<p>wait", status="202 Accepted")
    with pytest.raises(FetchError, match="for a robot"):
        await adapter.search("storms", 5)
    bench.says("DuckDuckGo", b'<div class="anomaly-modal__title">Select all ducks</div>')
    with pytest.raises(FetchError, match="for a robot"):
        await adapter.search("storms", 5)
    bench.says("DuckDuckGo", b"")
    with pytest.raises(FetchError, match="what DuckDuckGo says has nothing in it"):
        await adapter.search("storms", 5)


async def test_an_instance_whose_engines_are_silent_says_so(bench: Bench) -> None:
    silent = [["google", "access denied"], ["bing", "timeout"]]
    bench.says("SearXNG", {"results": [], "unresponsive_engines": silent})
    with pytest.raises(FetchError, match="google: access denied, bing: timeout"):
        await bench.adapter("SearXNG").search("storms", 5)


async def test_only_addresses_of_the_web_are_hits(bench: Bench) -> None:
    urls = ["javascript:alert(1)", "ftp://a.example/", "file:///etc/passwd", "//a.example/", "",
            "http://", "https://me:secret@a.example/", "http://a.example/a b", "http://[::1",
            "https://a.example/" + "x" * 2_000, FIRST, FIRST, "HTTPS://b.example/"]  # fmt: skip
    items: list[object] = [item(url, "t" * 999, "s" * 999) for url in urls]
    bench.says("Tavily", {"results": [*items, {"title": "leads nowhere", "url": None}]})
    hits = await bench.adapter("Tavily").search("storms", 5)
    assert [hit.url for hit in hits] == [FIRST, "HTTPS://b.example/"]
    assert {(len(hit.title), len(hit.snippet)) for hit in hits} == {(200, 600)}


async def test_nobody_there_is_told_without_the_question(bench: Bench) -> None:
    adapter = Brave(bench.client, KEY, "http://127.0.0.1:9", limits=SHORT)
    with pytest.raises(FetchError, match=r"^127\.0\.0\.1 could not be asked") as told:
        await adapter.search("storms", 5)
    assert "storms" not in str(told.value)


async def test_an_address_that_is_none_is_told(bench: Bench) -> None:
    with pytest.raises(FetchError, match="is configured is none"):
        await SearXNG(bench.client, "http://[::1").search("storms", 5)


async def test_what_was_not_asked_for_is_not_unpacked(bench: Bench) -> None:
    bench.says("Tavily", gzip.compress(b"{}"), "Content-Encoding: gzip")
    with pytest.raises(FetchError, match="compressed by 'gzip', which was not asked for"):
        await bench.adapter("Tavily").search("storms", 5)


async def test_a_key_that_cannot_be_sent_is_not_shown(bench: Bench) -> None:
    adapter = Brave(bench.client, f"{KEY}\nX-Evil: 1", bench.site.url("", "127.0.0.1"))
    with pytest.raises(FetchError, match="cannot be sent over HTTP") as told:
        await adapter.search("storms", 5)
    assert KEY not in str(told.value)
    assert bench.site.asked == []
