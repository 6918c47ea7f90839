"""The tool `file_search`: https://platform.openai.com/docs/guides/tools-file-search"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire.bodies import Body, Loose, parsed
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
    score_threshold: Annotated[float | None, Field(ge=0, le=1)] = None


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
    told at most (None: all), whether they are told at all, the least score of those that are
    read, and what is noted about each of the files (by its id), once they are known."""

    stores: tuple[str, ...]
    filters: Json | None
    most: int | None
    results: bool
    least: float = 0.0
    noted: Mapping[str, Json] = field(default_factory=dict)


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
        wanted = RESULTS in (include or ())
        stores = tuple(dict.fromkeys(found.vector_store_ids))
        least = found.ranking_options.score_threshold if found.ranking_options else None
        return Searching(stores, found.filters, found.max_num_results, wanted, least or 0.0)
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
    results = list[Json]()
    for one, score in zip_longest(reading.found(result.text), result.scores):
        there = reading.placed(one.where, ids)
        if there and (file_id := ids[there[0]]):
            told = {"file_id": file_id, "filename": there[0], "text": one.text}
            told |= {"attributes": wanted.noted.get(file_id, {})}
            results.append(told | ({} if score is None else {"score": score}))
    return {"queries": queries, "results": results[: wanted.most]}
