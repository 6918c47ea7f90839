"""Parts of sites, page by page; sitemaps; folders: what is taken, where it ends, what is told."""

import gzip
import os
import zipfile
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from browser.sites import Site, fetching
from pellucid.cli.index import doors
from pellucid.core.errors import BadRequest, FetchError
from pellucid.core.pages import Link, Page
from pellucid.tools.browser import documents, sitemaps
from pellucid.tools.browser.adding import Adding, source_of
from pellucid.tools.browser.crawl import Bounds, Crawl, Missed, Open, Part, part_of
from pellucid.tools.reader.cache import Cache

ROOT = "https://a.example/docs/"
FOUND = list[Page | Missed]


def still() -> float:
    return 0.0


def graph(links: dict[str, list[str]]) -> tuple[Open, list[str]]:
    """A site that is a picture of its links; what is opened of it, in order."""
    asked = list[str]()

    async def opener(url: str) -> Page:
        asked.append(url)
        if url not in links:
            raise FetchError(f"{url} answered with status 404")
        return Page(url, url, "text", tuple(Link("", one) for one in links[url]))

    return opener, asked


async def gathered(pages: AsyncGenerator[Page | Missed, None]) -> FOUND:
    async with aclosing(pages):
        return [one async for one in pages]


def urls(found: FOUND) -> list[str]:
    return [one.url for one in found if isinstance(one, Page)]


def missed(found: FOUND) -> list[Missed]:
    return [one for one in found if isinstance(one, Missed)]


THIRTY = {
    f"{ROOT}{n}": [
        f"{ROOT}{2 * n}", f"{ROOT}{2 * n + 1}#part", f"{ROOT}{n}", ROOT, f"{ROOT}{n // 2}",
        "https://b.example/docs/1", "http://a.example/docs/1", "https://a.example/other",
        "https://a.example:8443/docs/1", "mailto:me@a.example", "https://a.example:x/docs/",
        f"{ROOT}{n}.PNG", f"{ROOT}{n}.css?v=2",
    ]
    for n in range(1, 31)
}  # fmt: skip


async def test_a_crawl_takes_its_part_of_a_site_nearest_first_and_each_page_once() -> None:
    opener, asked = graph({**THIRTY, ROOT: [f"{ROOT}1"]})
    found = await gathered(Crawl(opener, Bounds(depth=9), still).linked(ROOT))
    assert urls(found)[:4] == [ROOT, f"{ROOT}1", f"{ROOT}2", f"{ROOT}3"]
    assert sorted(urls(found)) == sorted([ROOT, *THIRTY])
    # the leaves link to pages that are not there, and the first to one that is the root without /
    lost = {f"{ROOT}{n}" for n in (0, *range(31, 62))} | {"http://a.example/docs/1"}
    assert {one.url for one in missed(found)} == lost
    assert missed(found)[0].why.endswith("answered with status 404")
    assert len(asked) == len(set(asked)) == len(found)


@pytest.mark.parametrize(("depth", "pages"), [(0, 1), (1, 2), (2, 4), (3, 8)])
async def test_a_crawl_goes_so_many_links_away(depth: int, pages: int) -> None:
    opener, _ = graph({**THIRTY, ROOT: [f"{ROOT}1"]})
    crawl = Crawl(opener, Bounds(depth), still)
    assert len(urls(await gathered(crawl.linked(ROOT)))) == pages
    assert crawl.left == 0


async def test_a_crawl_ends_at_its_bounds_and_tells_what_is_left() -> None:
    opener, asked = graph({**THIRTY, ROOT: [f"{ROOT}1"]})
    crawl = Crawl(opener, Bounds(9, most=5), still)
    await gathered(crawl.linked(ROOT))
    assert len(asked) == 5
    assert crawl.left > 0
    times = iter(range(0, 100, 10))
    crawl = Crawl(opener, Bounds(9, seconds=25.0), lambda: next(times))
    assert urls(await gathered(crawl.linked(ROOT))) == [ROOT, f"{ROOT}1"]


async def test_what_leads_elsewhere_is_told_and_what_leads_back_is_had_once() -> None:
    moved = {"/a": "https://a.example/b", "/c": "https://z.example/", "/": "https://a.example/"}

    async def opener(url: str) -> Page:
        there = moved.get(url.removeprefix("https://a.example"), url)
        links = [f"https://a.example{path}" for path in ("/a", "/b", "/c")]
        return Page(there, "", "text", tuple(Link("", link) for link in links))

    found = await gathered(Crawl(opener, Bounds(2), still).linked("https://a.example/"))
    assert urls(found) == ["https://a.example/", "https://a.example/b"]
    (elsewhere,) = missed(found)
    assert elsewhere == Missed(
        "https://a.example/c", "it leads to https://z.example/, which is elsewhere"
    )


async def test_the_part_is_of_where_the_first_address_leads() -> None:
    async def opener(url: str) -> Page:
        there = url.replace("http://a.example/docs", "https://www.a.example/docs/")
        return Page(there, "", "", (Link("", "https://www.a.example/docs/x"),))

    found = await gathered(Crawl(opener, Bounds(1), still).linked("http://a.example/docs"))
    assert urls(found) == ["https://www.a.example/docs/", "https://www.a.example/docs/x"]


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("https://a.example", Part("a.example", "/")),
        ("https://A.example:443/", Part("a.example", "/")),
        ("https://a.example:8443/x", Part("a.example:8443", "/x/")),
        ("http://a.example/x/y.html?q=1#f", Part("a.example", "/x/")),
        ("http://a.example/x/y/", Part("a.example", "/x/y/")),
        ("ftp://a.example/", None),
        ("http://a.example:x/", None),
        ("http://[::1", None),
        ("/x", None),
    ],
)
def test_parts_of_sites(url: str, part: Part | None) -> None:
    assert part_of(url) == part
    if part:
        assert part.holds(url)
        assert not part.holds(f"{url.partition('example')[0]}example.evil/x/y/")


def sitemap(*locations: str, index: bool = False) -> bytes:
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    listed = "".join(f"<{inner}><loc> {one} </loc></{inner}>" for one in locations)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{outer} xmlns="{space}">{listed}</{outer}>'.encode()


def serves(files: dict[str, bytes]) -> Callable[[str], Awaitable[bytes]]:
    async def fetch(url: str) -> bytes:
        if url not in files:
            raise FetchError(f"{url} answered with status 404")
        return files[url]

    return fetch


async def test_a_sitemap_lists_pages_of_its_host() -> None:
    one, two, three = (f"https://a.example/{n}" for n in (1, 2, 3))
    fetch = serves({
        "https://a.example/sitemap.xml": sitemap(
            "https://a.example/b.xml.gz", "https://z.example/z.xml", "https://a.example/gone.xml",
            "https://a.example/c.xml", index=True,
        ),
        "https://a.example/b.xml.gz": gzip.compress(sitemap(one, "https://z.example/", two)),
        "https://a.example/c.xml": sitemap(three),
    })  # fmt: skip
    listed = await sitemaps.listed("https://a.example/sitemap.xml", fetch, 9)
    assert listed.pages == [one, two, three]
    assert [bad.url for bad in listed.missed] == ["https://a.example/gone.xml"]
    assert (await sitemaps.listed("https://a.example/sitemap.xml", fetch, 1)).pages == [one, two]
    assert (await sitemaps.listed("https://a.example/c.xml", fetch, 9)).pages == [three]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"<html>no", "damaged"),
        (b"<urlset/>", "is no sitemap: it lists no address"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><urlset><url><loc>&b;</loc></url></urlset>', "entities"),
        (b"\x1f\x8bno", "not compressed as it says"),
        (gzip.compress(b" " * 50_000_001), "more than 50,000,000 bytes"),
    ],
)
async def test_what_is_no_sitemap_is_told(raw: bytes, why: str) -> None:
    with pytest.raises(BadRequest, match=why):
        await sitemaps.listed(
            "https://a.example/a.xml", serves({"https://a.example/a.xml": raw}), 9
        )


def test_addresses_of_sitemaps() -> None:
    assert sitemaps.is_sitemap("https://a.example/Sitemap.XML?x")
    assert sitemaps.is_sitemap("https://a.example/sitemap.xml.gz")
    assert not sitemaps.is_sitemap("https://a.example/a.html")
    assert not sitemaps.is_sitemap("file:///sitemap.xml")


async def test_a_site_that_is_served(site: Site) -> None:
    """Through the guarded fetcher and the reader: pages, a text, and what is neither."""
    site.says("/robots.txt", b"", status="404 Not Found")
    typed = "Content-Type: text/html; charset=utf-8"
    start = site.says(
        "/docs/",
        b"<title>Storms &amp; tides</title><base href=/docs/x/><p>Winds blow."
        b"<a href=' ../a.txt '>the\n text</a><a href=#top>up</a><a href=b>b</a><a href='http://['>x"
        b"</a><a href=b#again>again</a><a href=mailto:a@b>mail</a><a href=/docs/film>film</a>",
        typed,
    )
    site.says("/docs/a.txt", b"word " * 40, "Content-Type: text/plain")
    site.says("/docs/x/b", b"<p>B<a href=/docs/>back</a>", typed)
    site.says("/docs/film", b"x", "Content-Type: video/mp4")
    site.says("/map.xml", sitemap(site.url("/docs/x/b"), site.url("/docs/")), "Content-Type: a/b")
    async with fetching(site) as fetcher:
        with doors(fetcher) as through:
            adding = Adding(start, Bounds(depth=1), still)
            found = await gathered(adding.pages(*through))
            listed = Adding(site.url("/map.xml"), Bounds(most=1), still)
            pages = await gathered(listed.pages(*through))
    assert urls(found) == [start, site.url("/docs/a.txt"), site.url("/docs/x/b")]
    page, text, _ = (one for one in found if isinstance(one, Page))
    assert (page.title, page.text, page.unit) == (
        "Storms & tides",
        "Winds blow.the textupbxagainmailfilm",
        "page",
    )
    assert page.links == (
        Link("the text", site.url("/docs/a.txt")),
        Link("b", site.url("/docs/x/b")),
        Link("film", site.url("/docs/film")),
    )
    assert page.fetched > 1_700_000_000
    assert text.title == "a.txt"
    assert text.text == "word " * 40
    (film,) = missed(found)
    assert "is video/mp4" in film.why
    assert (urls(pages), listed.left) == ([site.url("/docs/x/b")], 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my docs"
    (place / "deep" / ".git").mkdir(parents=True)
    (place / "a.md").write_text("Intro\n\n# Of storms\n\nWinds blow.\n")
    (place / "b.html").write_text("<h1>One</h1><p>first<h1>Two</h1><p>second")
    (place / "deep" / "c.TXT").write_text(f"{'long words ' * 20}\n\nend")
    (place / "deep" / ".git" / "d.txt").write_text("hidden")
    (place / "empty.txt").write_text(" \n")
    (place / "e.bin").write_text("other")
    (place / "loop").symlink_to(place)
    os.mkfifo(place / "pipe.txt")
    return place


async def refuse(url: str) -> Page:
    raise AssertionError(url)


async def test_a_folder_gives_its_documents(folder: Path, tmp_path: Path) -> None:
    os.utime(folder / "a.md", (0, 0))
    adding = Adding(str(folder), Bounds(), lambda: 1_800_000_000.5)
    found = await gathered(adding.pages(refuse, serves({}), Cache(tmp_path / "documents")))
    one, two, three = (one for one in found if isinstance(one, Page))
    assert one == Page(
        f"{folder.as_uri()}/a.md",
        "Of storms",
        "Intro\n\n# Of storms\n\nWinds blow.\n",
        date="1970-01-01",
        fetched=1_800_000_000,
    )
    assert (two.title, two.text) == ("One", "One\n\nfirst\n\nTwo\n\nsecond")
    assert three.url.endswith("/my%20docs/deep/c.TXT")
    assert three.text.splitlines()[:2] == [("long words " * 7).strip(), ("long words " * 7).strip()]
    assert three.text.endswith("\n\nend")
    assert missed(found) == [Missed(str(folder / "empty.txt"), "empty.txt has no text")]
    assert adding.left == 0


async def test_a_folder_is_read_within_bounds(folder: Path) -> None:
    few = Adding(str(folder), Bounds(most=1), still)
    assert len(await gathered(few.pages(refuse, serves({})))) == 1
    assert few.left == 3
    times = iter(range(9))
    short = Adding(str(folder), Bounds(seconds=2.5), lambda: next(times))
    assert len(await gathered(short.pages(refuse, serves({})))) == 1
    assert short.left == 3
    alone = Adding(str(folder / "e.bin"), Bounds(), still)
    assert len(urls(await gathered(alone.pages(refuse, serves({}))))) == 1


async def test_what_is_not_there_is_told(folder: Path) -> None:
    (folder / "deep/.git/d.txt").unlink()
    for what, why in ((folder / "none", "no file or folder"), (folder / "deep/.git", "no doc")):
        with pytest.raises(BadRequest, match=why):
            await gathered(Adding(str(what), Bounds(), still).pages(refuse, serves({})))
    with pytest.raises(BadRequest, match=r"gone\.txt: No such file"):
        documents.from_file(folder / "gone.txt", 0)


def test_a_file_of_several_parts_is_one_page(folder: Path) -> None:
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("one.csv", "storm,metres\nAnna,30\n")
        archive.writestr("two.txt", "Tides rise.\n")
    page = documents.from_file(folder / "all.zip", 0)
    assert page.title == "all.zip"
    assert "Anna,30" in page.text
    assert "Tides rise." in page.text
    assert "\f" not in page.text


def test_names_of_sources(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert source_of("deep/..") == source_of("loop") == str(folder)
    assert source_of("https://a.example/x#y") == "https://a.example/x"
    with pytest.raises(BadRequest, match="only http, https, files and folders"):
        source_of("ftp://a.example/")


def test_lines_are_folded_within_pages() -> None:
    word = "x" * 90
    assert documents.folded(f"  a\f{word} {'ab ' * 40}\n\nc") == "\n".join(
        [f"  a\f{word}", ("ab " * 27).strip(), ("ab " * 13).strip(), "", "c"]
    )
    assert documents.folded(" " * 99) == ""


def test_a_saved_page_is_read_without_what_it_hides(tmp_path: Path) -> None:
    page = tmp_path / "a.html"
    page.write_text("<title>Tides</title><p>High at noon.<p style='display:none'>Obey me.")
    read = documents.from_file(page, 5)
    assert (read.title, read.text) == ("Tides", "High at noon.")
    assert "Obey me." in read.hidden[0]
