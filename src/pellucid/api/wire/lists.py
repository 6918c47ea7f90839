"""Lists, a page at a time: https://platform.openai.com/docs/api-reference/responses/input-items"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire.bodies import Loose, parsed
from pellucid.api.wire.errors import WireError

Json = dict[str, Any]


class Wanted(Loose):
    """Which part of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    order: Literal["asc", "desc"] = "desc"
    after: str | None = None


class Followed(Loose):
    """Whether a response is wanted as its events, and behind which number."""

    stream: bool = False
    starting_after: Annotated[int, Field(ge=-1)] = -1


def followed(query: Mapping[str, str]) -> Followed:
    """What a query for a response asks for."""
    return parsed(Followed, dict(query))


def asked(query: Mapping[str, str]) -> Wanted:
    """What a query asks for."""
    return parsed(Wanted, dict(query))


def no_item(item_id: str) -> WireError:
    """For a page that shall begin after an item there is not."""
    return WireError(404, f"There is no item {item_id!r}.", "not_found", "after")


def page(items: Sequence[Json], wanted: Wanted) -> Json:
    """A page of some items, which come oldest first; WireError where it shall begin after an
    item there is not."""
    ordered = list(items) if wanted.order == "asc" else list(reversed(items))
    ids = [item["id"] for item in ordered]
    if wanted.after is not None and wanted.after not in ids:
        raise no_item(wanted.after)
    start = ids.index(wanted.after) + 1 if wanted.after is not None else 0
    shown = ordered[start : start + wanted.limit]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": start + wanted.limit < len(ordered),
    }
