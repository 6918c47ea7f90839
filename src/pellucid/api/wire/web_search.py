"""The tool `web_search`: https://platform.openai.com/docs/guides/tools-web-search"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire.bodies import Body, Loose, parsed
from pellucid.api.wire.errors import WireError
from pellucid.core.browsing import FIND, OPEN, SEARCH, hits
from pellucid.core.items import Item, ToolCall, ToolResult
from pellucid.core.reading import found, placed
from pellucid.core.turn import Web

Json = dict[str, Any]
TYPES = (
    *("web_search", "web_search_2025_08_26"),
    *("web_search_preview", "web_search_preview_2025_03_11"),
)
CHOSEN = TYPES[2:]
"""Those that a choice of a tool may name."""

SOURCES = "web_search_call.action.sources"
"""What `include` names to have the addresses told that a search found."""

MOST_HOSTS = 100
_HOST = r"^[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,20}$"


@dataclass(frozen=True, slots=True)
class Browsing:
    """How a request may use the web, and whether the addresses that a search found are told."""

    web: Web
    sources: bool


class _Filters(Body):
    allowed_domains: Annotated[
        list[Annotated[str, Field(pattern=_HOST)]] | None, Field(max_length=MOST_HOSTS)
    ] = None


class Tool(Loose):
    """How a request may use the web; where the user is, and how much is read, changes nothing:
    effort decides that."""

    type: Literal[
        "web_search",
        "web_search_2025_08_26",
        "web_search_preview",
        "web_search_preview_2025_03_11",
    ]
    filters: _Filters | None = None
    external_web_access: bool = True
    search_context_size: Literal["low", "medium", "high"] | None = None
    user_location: Json | None = None


def asked(tools: Sequence[Json] | None, include: Sequence[str] | None = None) -> Browsing | None:
    """How the first of these tools wants the web used, if there is one; WireError names what is
    wrong."""
    for at, tool in enumerate(tools or ()):
        if tool.get("type") in TYPES:
            try:
                told = parsed(Tool, tool)
            except WireError as error:
                error.param = f"tools[{at}].{error.param}"
                raise
            hosts = (told.filters.allowed_domains if told.filters else None) or ()
            web = Web(tuple(hosts), told.external_web_access)
            return Browsing(web, SOURCES in (include or ()))
    return None


def action(call: ToolCall, result: ToolResult | None, sources: bool) -> Json:
    """What a call did: searched, opened a page, or looked for something in the pages; `sources`
    tells that the addresses a search found are wanted."""
    told = json.loads(call.text)
    match call.name:
        case name if name == SEARCH:
            query = told["query"]
            searched: Json = {"type": "search", "query": query, "queries": [query]}
            listed = hits(result.text) if result and not result.failed else ()
            wanted = {"sources": [{"type": "url", "url": one.url} for one in listed]}
            return searched | (wanted if sources else {})
        case name if name == OPEN:
            return {"type": "open_page", "url": told["url"]}
        case _:
            first = next(iter(found(result.text)), None) if result else None
            url = first.where.partition(", ")[0] if first else ""
            return {"type": "find_in_page", "url": url, "pattern": told["question"]}


def citations(text: str, items: Sequence[Item]) -> list[Json]:
    """Annotations of an answer: each place of a page that was read, and that it names."""
    titles = dict(_opened(items))
    cited = {
        span: url
        for where in _read(items)
        if (there := placed(where, titles)) and (span := _named(text, where))
        for url in there[:1]
    }
    return [
        {"type": "url_citation", "start_index": start, "end_index": end, "url": url,
         "title": titles[url]}
        for (start, end), url in sorted(cited.items())
    ]  # fmt: skip


def _opened(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    """Addresses and titles of the pages that were opened."""
    for item in items:
        if isinstance(item, ToolResult) and item.page is not None:
            yield item.page.url, item.page.title


def _read(items: Sequence[Item]) -> Iterator[str]:
    """The places of all passages of pages that were read."""
    calls = {one.call_id for one in items if isinstance(one, ToolCall) and one.name == FIND}
    for item in items:
        if isinstance(item, ToolResult) and item.call_id in calls:
            yield from (one.where for one in found(item.text))


def _named(text: str, where: str) -> tuple[int, int] | None:
    """Where a text names a place."""
    there = re.search(rf"(?<!\w){re.escape(where)}(?![\w-])", text)
    return there.span() if there else None
