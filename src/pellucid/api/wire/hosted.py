"""Hosted tools that look something up, as items of a response."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.api.wire import file_search, web_search
from pellucid.api.wire.responses_request import ResponsesRequest
from pellucid.core.browsing import BROWSER
from pellucid.core.items import Item, ToolCall, ToolResult
from pellucid.core.reading import READER

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A lookup as an item: how ids of its kind begin, the kind, what is there of it at first and
    in the end, and how it ended."""

    prefix: str
    kind: str
    begun: Json
    ended: Json
    status: str


def call_of(item: Item, items: Sequence[Item], request: ResponsesRequest) -> ToolCall | None:
    """The call that looks something up, of itself or of its result, where the request asked for
    the tool."""
    call: Item | None = item
    if isinstance(item, ToolResult):
        calls = (one for one in items if isinstance(one, ToolCall))
        call = next((one for one in calls if one.call_id == item.call_id), None)
    names = {READER} if request.searching else set[str]()
    names |= set(BROWSER) if request.browsing else set()
    return call if isinstance(call, ToolCall) and call.name in names else None


def looked_up(call: ToolCall, result: ToolResult, request: ResponsesRequest) -> LookedUp:
    """What a lookup that has ended is told as."""
    if call.name == READER and request.searching:
        told = file_search.found(call, result, request.turn.documents, request.searching)
        begun: Json = {"queries": [], "results": None}
        return LookedUp("fs", "file_search_call", begun, told, "completed")
    sources = request.browsing is not None and request.browsing.sources
    begun, told = ({"action": web_search.action(call, one, sources)} for one in (None, result))
    status = "failed" if result.failed else "completed"
    return LookedUp("ws", "web_search_call", begun, told, status)
