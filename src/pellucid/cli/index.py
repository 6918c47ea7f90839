"""`pellucid index`: what the owner of this machine wants to be found, beside the web or without."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial

import msgspec

from pellucid.cli import lifetime
from pellucid.cli.ask import Desk
from pellucid.cli.exits import Exit
from pellucid.cli.text import count, plain
from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest
from pellucid.settings import load
from pellucid.tools.browser.adding import Adding, source_of
from pellucid.tools.browser.crawl import Bounds, Missed, Open
from pellucid.tools.browser.fetch import Fetcher, Limits
from pellucid.tools.browser.index import FILE, LocalIndex, Source
from pellucid.tools.browser.opener import Opener, Render
from pellucid.tools.browser.page import read_whole
from pellucid.tools.browser.parser import Parser
from pellucid.tools.browser.robots import Robots
from pellucid.tools.browser.scripts.chromium import Chromium
from pellucid.tools.browser.scripts.rendering import rendered, switched_off
from pellucid.tools.browser.sitemaps import MOST_BYTES, Fetch
from pellucid.tools.reader.cache import Cache


def add(what: str, depth: int, most: int, *, as_json: bool) -> int:
    """Add a page, part of a site, what a sitemap lists, a folder or a file; the exit code."""
    return lifetime.run(lambda _: _add(what, Bounds(depth, most), as_json))


async def _add(what: str, bounds: Bounds, json: bool) -> int:
    desk, adding = Desk.set_up(), Adding(what, bounds, time.time)
    async with opening() as (opener, fetch), desk.progress.moving():
        return await put(desk, adding, opener, fetch, json=json)


async def put(desk: Desk, adding: Adding, opener: Open, fetch: Fetch, *, json: bool) -> int:
    """Put what comes into the index, tell of it, and at the end of what did not come. Where
    everything came, what the source had before and has no more goes."""
    index, cache = LocalIndex(desk.settings.home / FILE), Cache(desk.settings.home / "documents")
    added, failed = list[str](), list[Missed]()
    async with aclosing(adding.pages(opener, fetch, cache)) as pages:
        async for page in pages:
            if isinstance(page, Missed):
                failed.append(page)
                continue
            await asyncio.to_thread(index.put, page, adding.source)
            added.append(page.url)
            desk.screen.say(f"added {plain(page.url)}")
    for missed in failed:
        desk.screen.say(f"not added: {plain(missed.url)}: {plain(missed.why)}")
    whole = bool(added) and not failed and not adding.left
    gone = await asyncio.to_thread(index.keep_only, adding.source, added) if whole else 0
    told = {"source": adding.source, "added": added, "failed": failed, "left": adding.left}
    if json:
        _print({**told, "removed": gone})
    else:
        desk.screen.line(_sum(adding, len(added), len(failed), gone), wrap=False)
    return Exit.OK if added and not failed else Exit.FAILED


def _sum(adding: Adding, added: int, failed: int, gone: int) -> str:
    """`https://a.example/: 12 pages added, 1 not; 30 more were known (--most)`."""
    missing = f", {failed:,} not" if failed else ""
    removed = f", {count(gone, 'page')} of before removed" if gone else ""
    more = f"; {adding.left:,} more were known (--most)" if adding.left else ""
    return f"{plain(adding.source)}: {count(added, 'page')} added{missing}{removed}{more}"


def listed(*, as_json: bool) -> int:
    """What was added, when, and how many pages came of it."""
    sources = _index().sources()
    if as_json:
        _print({"sources": sources})
        return Exit.OK
    for source in sources:
        sys.stdout.write(f"{line(source)}\n")
    return Exit.OK


def line(source: Source) -> str:
    """`https://a.example/  12 pages  2026-11-28`."""
    day = datetime.fromtimestamp(source.added, UTC).date().isoformat()
    return f"{plain(source.name)}  {count(source.pages, 'page')}  {day}"


def remove(what: str, *, as_json: bool) -> int:
    """Forget what was added under a name."""
    index = _index()
    known = {source.name for source in index.sources()}
    name = what if what in known else source_of(what)
    gone = index.remove(name)
    if as_json:
        _print({"source": name, "removed": gone})
    else:
        sys.stdout.write(f"{plain(name)}: {count(gone, 'page')} removed\n")
    return Exit.OK


def search(terms: str, most: int, *, as_json: bool) -> int:
    """What of the index is found by these words."""
    index = _index()
    if not index.sources():
        raise BadRequest("the index is empty: pellucid index add fills it")
    hits = index.search(terms, most)
    if as_json:
        _print({"hits": hits})
        return Exit.OK
    for hit in hits:
        sys.stdout.write(shown(hit))
    if not hits:
        sys.stderr.write("nothing in the index has these words\n")
    return Exit.OK


def shown(hit: Hit) -> str:
    """A hit in three lines: its title, its address, and the words around."""
    return f"{plain(hit.title)}\n  {plain(hit.url)}\n  {plain(hit.snippet)}\n"


def _index() -> LocalIndex:
    return LocalIndex(load().home / FILE)


def _print(value: dict[str, object]) -> None:
    sys.stdout.write(msgspec.json.encode({"version": 1, **value}).decode() + "\n")


@asynccontextmanager
async def opening() -> AsyncGenerator[tuple[Open, Fetch], None]:
    """What opens pages, and what fetches sitemaps."""
    async with Fetcher() as fetcher, Chromium() as chromium:
        runs = load().web_scripts
        with doors(fetcher, partial(rendered, chromium) if runs else switched_off) as through:
            yield through


@contextmanager
def doors(fetcher: Fetcher, render: Render | None = None) -> Generator[tuple[Open, Fetch]]:
    """The same through a fetcher."""
    with Parser() as parser:
        read = partial(read_whole, parse=parser.told)
        opener = Opener(fetcher, robots=Robots(fetcher), read=read, render=render)
        yield opener.open, partial(fetched, fetcher)


async def fetched(fetcher: Fetcher, url: str) -> bytes:
    """The bytes behind an address."""
    return (await fetcher.get(url, Limits(most_bytes=MOST_BYTES, seconds=60.0))).content
