"""Conversations: https://platform.openai.com/docs/api-reference/conversations"""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import Field

from pellucid.api.wire.bodies import Body, parsed
from pellucid.api.wire.common import Metadata
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.input_items import items_of, shown
from pellucid.api.wire.sealed import Restored
from pellucid.core.items import Item

Json = dict[str, Any]
Opened = Callable[[Sequence[Json]], Restored]
"""What the sealed items of a list hold."""

MOST = 20
"""Items that can be given at once."""


class Made(Body):
    """A new conversation, which may begin with items."""

    items: Annotated[list[Json] | None, Field(max_length=MOST)] = None
    metadata: Metadata | None = None


class Added(Body):
    """Items for a conversation."""

    items: Annotated[list[Json], Field(min_length=1, max_length=MOST)]


class Renamed(Body):
    """Other metadata for a conversation."""

    metadata: Metadata


def made(body: Json, new_id: Callable[[str], str], opened: Opened) -> tuple[Json, tuple[Json, ...]]:
    """Metadata and first items of a new conversation."""
    asked = parsed(Made, body)
    return asked.metadata or {}, _items(asked.items or [], new_id, opened)


def added(body: Json, new_id: Callable[[str], str], opened: Opened) -> tuple[Json, ...]:
    """The items to add to a conversation."""
    return _items(parsed(Added, body).items, new_id, opened)


def renamed(body: Json) -> Json:
    """The metadata that a conversation is given."""
    return parsed(Renamed, body).metadata


def understood(items: Sequence[Json], opened: Opened) -> tuple[Item, ...]:
    """What items mean."""
    return items_of(items, opened(items))


def _items(given: list[Json], new_id: Callable[[str], str], opened: Opened) -> tuple[Json, ...]:
    """Items as they are kept, once it is sure that they will be understood."""
    understood(given, opened)
    items = tuple(shown(one, new_id("in")) for one in given)
    if len({one["id"] for one in items}) < len(items):
        raise WireError(400, "Two items have the same id.", "invalid_value", "items")
    return items


def told(name: str, created_at: int, metadata: Json) -> Json:
    """A conversation as the API shows it."""
    return {
        "id": name,
        "object": "conversation",
        "created_at": created_at,
        "metadata": metadata,
    }
