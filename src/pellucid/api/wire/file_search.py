"""The tool `file_search`: https://platform.openai.com/docs/guides/tools-file-search"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire.bodies import Body, Loose, parsed, unsupported
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.sealed import RESULTS
from pellucid.api.wire.vector_stores import fits
from pellucid.core import reading
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.turn import Attachment

Json = dict[str, Any]
TOOL = "file_search"

MOST_STORES = 5


class _Ranking(Loose):
    score_threshold: float | None = None


class Tool(Body):
    """What a request may have looked up in."""

    type: Literal["file_search"]
    vector_store_ids: Annotated[list[str], Field(min_length=1, max_length=MOST_STORES)]
    max_num_results: Annotated[int | None, Field(ge=1, le=50)] = None
    filters: Json | None = None
    ranking_options: _Ranking | None = None


@dataclass(frozen=True, slots=True)
class Searching:
    """The stores that a request may have looked up in, which of their files, how many passages are
    told at most (None: all), and whether they are told at all."""

    stores: tuple[str, ...]
    filters: Json | None
    most: int | None
    results: bool


def asked(tools: Sequence[Json] | None, include: Sequence[str] | None = None) -> Searching | None:
    """What the first of these tools asks for, if there is one; WireError names what is wrong."""
    for at, tool in enumerate(tools or ()):
        if tool.get("type") != TOOL:
            continue
        try:
            found = parsed(Tool, tool)
            fits(found.filters, {})
        except WireError as error:
            error.param = f"tools[{at}].{error.param}"
            raise
        if found.ranking_options and found.ranking_options.score_threshold:
            where = f"tools[{at}].ranking_options.score_threshold"
            raise unsupported("A threshold for what is looked up", where)
        wanted = RESULTS in (include or ())
        stores = tuple(dict.fromkeys(found.vector_store_ids))
        return Searching(stores, found.filters, found.max_num_results, wanted)
    return None


def found(
    call: ToolCall, result: ToolResult, files: Sequence[Attachment], wanted: Searching
) -> Json:
    """What was asked of the documents, and what was found where that is to be told."""
    asked = json.loads(call.text)
    queries = [one for one in asked.values() if isinstance(one, str)]
    if not wanted.results:
        return {"queries": queries, "results": None}
    ids = {one.name: one.file_id for one in files}
    results: list[Json] = [
        {"file_id": ids[there[0]], "filename": there[0], "text": one.text}
        for one in reading.found(result.text)
        if (there := reading.placed(one.where, ids)) and ids[there[0]]
    ]
    return {"queries": queries, "results": results[: wanted.most]}
