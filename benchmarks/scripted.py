"""Pages that need scripts, one after the other: seconds for each, and what is left behind.

    python benchmarks/scripted.py [--pages 200] [--store]

A site on loopback has an empty page with a script of 200 KB and a sheet; the script asks for data
and makes 60 paragraphs of it. Each page is fetched, run, and read; nothing of it is kept. Memory is
what all processes of Chromium have of their own, and what this process has.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from machine import describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.tools.browser.fetch import Fetcher, Guard
from pellucid.tools.browser.opener import Opener
from pellucid.tools.browser.page import read_whole
from pellucid.tools.browser.parser import Parser
from pellucid.tools.browser.robots import Pace
from pellucid.tools.browser.scripts import box
from pellucid.tools.browser.scripts.chromium import Chromium
from pellucid.tools.browser.scripts.rendering import rendered

MB = 1_000_000
SHELL = (
    "<!doctype html><title>Tides</title><link rel=stylesheet href=/a.css><div id=a></div>"
    "<script src=/a.js></script><noscript>You need to enable JavaScript.</noscript>"
)
SCRIPT = "fetch('/a.json').then(r => r.json()).then(all => all.forEach(t => {"
SCRIPT += " document.getElementById('a').append(Object.assign(document.createElement('p'),"
SCRIPT += " {textContent: t})) }));" + "var unused = () => 'words that nobody reads';\n" * 4_500
DATA = [f"Day {n}: high tide in the harbour is at {n % 24}:{n % 60:02}." for n in range(60)]
FILES = {
    "/a.css": ("text/css", "p { margin: 1em }\n" * 500),
    "/a.js": ("text/javascript", SCRIPT),
    "/a.json": ("application/json", json.dumps(DATA)),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of a page (the first one starts Chromium), MB after the tenth page and at most, and
    what is there when all is done."""

    pages: int
    first: float
    median: float
    most_of: float
    chromium: tuple[int, int]
    ours: tuple[int, int]
    processes: int
    files: int


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one who asks, until it goes."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            kind, text = FILES.get(head.split(b" ")[1].decode(), ("text/html", SHELL))
            told = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nCache-Control: no-store\r\n"
            writer.write(f"{told}Content-Length: {len(text)}\r\n\r\n{text}".encode())
            await writer.drain()
    except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
        writer.close()


@asynccontextmanager
async def opening(chromium: Chromium) -> AsyncGenerator[tuple[Opener, str], None]:
    """What opens pages, and the address of one."""
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    guard = Guard(open_to=frozenset({("127.0.0.1", port)}))
    async with Fetcher(guard) as fetcher:
        with Parser() as parser:
            read, render = partial(read_whole, parse=parser.told), partial(rendered, chromium)
            opener = Opener(fetcher, pace=Pace(gap=0.0), read=read, render=render)
            yield opener, f"http://127.0.0.1:{port}/"
    server.close()


async def measured(pages: int) -> Figures:
    """Read so many pages."""
    seconds, sizes = list[float](), list[tuple[int, int]]()
    before = _files()
    async with Chromium() as chromium, opening(chromium) as (opener, url):
        for n in range(pages):
            began = time.perf_counter()
            page = await opener.open(f"{url}{n}")
            seconds.append(time.perf_counter() - began)
            assert page.text.count("high tide") == len(DATA), page.text
            sizes.append((box.memory() // MB, _ours() // MB))
    early, late = sizes[min(9, pages - 1)], tuple(map(max, zip(*sizes, strict=True)))
    return Figures(
        pages,
        round(seconds[0], 2),
        round(median(seconds[1:]), 2),
        round(quantiles(seconds[1:], n=20)[-1], 2),
        (early[0], late[0]),
        (early[1], late[1]),
        len(box.processes()),
        sum("playwright" in name or "chrom" in name for name in _files() - before),
    )


def _files() -> set[str]:
    return set(os.listdir(tempfile.gettempdir()))


def _ours() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmRSS"))


def shown(found: Figures) -> Table:
    """The figures as a table."""
    table = Table("pages", "first", "median", "95 %", "Chromium MB", "ours MB", "left behind")
    chromium, ours = (f"{early} → {late}" for early, late in (found.chromium, found.ours))
    left = f"{found.processes} processes, {found.files} files"
    seconds = (f"{value:.2f} s" for value in (found.first, found.median, found.most_of))
    table.add_row(str(found.pages), *seconds, chromium, ours, left)
    return table


def main() -> None:
    """Measure, show, and end with a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--store", action="store_true", help="keep the result")
    asked = parser.parse_args()
    if why := box.missing():
        raise SystemExit(why)
    found = asyncio.run(measured(asked.pages))
    Console().print(shown(found))
    result = {"benchmark": "scripted", **describe(), "figures": asdict(found)}
    if asked.store:
        stored("scripted", result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
