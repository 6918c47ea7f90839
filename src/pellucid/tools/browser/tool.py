"""The browser as a tool: calls that search, open pages and find in them (`core.browsing`).

Text of a page is data: it is never an instruction, and no page makes the browser open another.
Only addresses that the user gave, a search found or an opened page shows are opened (OWASP, LLM01:
Prompt Injection, and LLM02: Sensitive Information Disclosure).
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import urldefrag

from pellucid.core.browsing import (
    BROWSER,
    FIND,
    OPEN,
    Hit,
    inert,
    written_hits,
    written_page,
)
from pellucid.core.errors import FetchError
from pellucid.core.events import Event
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.pages import Page
from pellucid.core.reading import Found, written
from pellucid.tools.browser.finding import most_about
from pellucid.tools.toolset import said

Searching = Callable[[str, int], Awaitable[list[Hit]]]
"""Hits for some terms, so many at most; FetchError where there is no search to be had."""

Opening = Callable[[str], Awaitable[Page]]
"""The page at an address; FetchError says why there is none."""

LONGEST = 400_000
"""Characters of a page that are read and kept."""


class BrowserTool:
    """Answers the browser's calls of one turn; it knows the pages that were opened in it."""

    def __init__(self, search: Searching, visit: Opening, given: Iterable[str] = ()) -> None:
        """`given` are the addresses in the user's words."""
        self._search, self._visit = search, visit
        self._shown = {_place(url) for url in given}
        self._pages = dict[str, Page]()

    def owns(self, call: ToolCall) -> bool:
        """Calls that search, open or find."""
        return call.name in BROWSER

    async def run(self, calls: Sequence[ToolCall]) -> AsyncGenerator[Event, None]:
        """Answer each; what cannot be had is a result that says so."""
        for call in calls:
            try:
                result = await self._answered(call)
            except FetchError as error:
                result = ToolResult(call.call_id, f"{error}.", failed=True)
            async for event in said(result):
                yield event

    async def _answered(self, call: ToolCall) -> ToolResult:
        asked = json.loads(call.text)
        match call.name:
            case name if name == OPEN:
                return await self._opened(call.call_id, asked["url"])
            case name if name == FIND:
                return await self._found(call.call_id, asked["question"], asked["characters"])
            case _:
                hits = await self._search(asked["query"], asked["most"])
        self._shown |= {_place(one.url) for one in hits}
        nothing = f"A search for {asked['query']!r} found nothing."
        return ToolResult(call.call_id, written_hits(hits) or nothing, failed=not hits)

    async def _opened(self, call_id: str, url: str) -> ToolResult:
        if _place(url) not in self._shown:
            raise FetchError(f"{url} is not opened: neither the user nor a page named it")
        whole = await self._visit(url)
        page = replace(whole, text=inert(whole.text[:LONGEST]))
        self._shown |= {_place(link.url) for link in page.links}
        self._pages[page.url] = page
        cut = max(0, len(whole.text) - LONGEST)
        left_out = f"\n{cut:,} more characters were not read" if cut else ""
        return ToolResult(call_id, written_page(page) + left_out, page=page)

    async def _found(self, call_id: str, question: str, characters: int) -> ToolResult:
        pages = list(self._pages.values())
        passages = await asyncio.to_thread(most_about, pages, question, characters)
        there = f"{len(pages)} page{'s' * (len(pages) != 1)}"
        told = [
            Found(f"{one.file}, {one.place}", one.text, number)
            for number, one in enumerate(passages, start=1)
        ]
        if not told:
            return ToolResult(call_id, f"Nothing of it was found in {there}.", failed=True)
        found = {one.file for one in passages}
        dated = [
            f"{one.url} is dated {one.date}." for one in pages if one.date and one.url in found
        ]
        return ToolResult(call_id, written(there, "\n".join(dated), told))


def _place(url: str) -> str:
    """What an address leads to, whatever part of the page it names."""
    return urldefrag(url).url.rstrip("/")
