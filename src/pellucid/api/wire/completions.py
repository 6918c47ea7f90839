"""Stored chat completions: https://platform.openai.com/docs/api-reference/chat/list"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire import lists
from pellucid.api.wire.bodies import Body, Loose, parsed
from pellucid.api.wire.common import Metadata

Json = dict[str, Any]

_PAIR = re.compile(r"metadata\[(?P<name>.*)\]", re.DOTALL)


class Listed(Loose):
    """Which completions are wanted: `metadata` are pairs that all of them have."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    order: Literal["asc", "desc"] = "asc"
    after: str | None = None
    model: str | None = None
    metadata: Metadata = Field(default_factory=dict)


class Messages(lists.Wanted):
    """Which part of the messages is wanted."""

    order: Literal["asc", "desc"] = "asc"


class Renamed(Body):
    """Other metadata for a completion."""

    metadata: Metadata | None


def listed(query: Mapping[str, str]) -> Listed:
    """What a query for completions asks for (`metadata[name]=value` for each pair)."""
    pairs = {m["name"]: value for name, value in query.items() if (m := _PAIR.fullmatch(name))}
    return parsed(Listed, {**query, "metadata": pairs})


def renamed(body: Json) -> dict[str, str]:
    """The metadata that a completion is given."""
    return parsed(Renamed, body).metadata or {}


def told(body: Json, metadata: Mapping[str, str]) -> Json:
    """A completion as it was sent, with the metadata that it has now."""
    return {**body, "metadata": dict(metadata)}


def page(found: Sequence[Json], limit: int) -> Json:
    """A page of completions, of which one more than `limit` was looked for."""
    shown = list(found[:limit])
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(found) > limit,
    }


def messages(given: Sequence[Json], completion_id: str) -> tuple[Json, ...]:
    """The messages of a request as they are listed: each with an id, its parts apart."""
    return tuple(_message(one, f"{completion_id}-{at}") for at, one in enumerate(given))


def _message(given: Json, message_id: str) -> Json:
    content = given.get("content")
    parts = content if isinstance(content, list) else None
    text = None if parts is not None else content
    return {"name": None, **given, "id": message_id, "content": text, "content_parts": parts}
