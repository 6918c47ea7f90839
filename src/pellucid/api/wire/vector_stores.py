"""Vector stores: https://platform.openai.com/docs/api-reference/vector-stores"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire import lists
from pellucid.api.wire.bodies import Body, parsed
from pellucid.api.wire.common import Metadata
from pellucid.api.wire.errors import WireError

Json = dict[str, Any]
Value = Annotated[str, Field(max_length=512)] | bool | float
MOST_FILES = 100
"""Files that a new store may begin with."""

MOST_AT_ONCE = 2_000
"""Files of a batch; a store may have fewer."""

STATUSES = {"waiting": "in_progress", "cancelled": "cancelled"}
"""How what is not read of a file is told."""

Id = Annotated[str, Field(min_length=1)]
Ids = Annotated[list[Id] | None, Field(max_length=MOST_FILES)]
Name = Annotated[str | None, Field(max_length=255)]
Attributes = Annotated[dict[Annotated[str, Field(max_length=64)], Value], Field(max_length=16)]


class Idle(Body):
    """`expires_after`: for how many days without use a store is kept."""

    anchor: Literal["last_active_at"]
    days: Annotated[int, Field(ge=1, le=365)]


class Automatic(Body):
    """`chunking_strategy`: passages are as long as looking something up needs them."""

    type: Literal["auto"]


class Made(Body):
    """A store that is to be."""

    name: Name = None
    description: Annotated[str | None, Field(max_length=1_000)] = None
    file_ids: Ids = None
    metadata: Metadata | None = None
    expires_after: Idle | None = None
    chunking_strategy: Automatic | None = None


class Changed(Body):
    """What a store is to be from now on."""

    name: Name = None
    metadata: Metadata | None = None
    expires_after: Idle | None = None


class Put(Body):
    """A file that is to be in a store."""

    file_id: Id
    attributes: Attributes | None = None
    chunking_strategy: Automatic | None = None


class Noted(Body):
    """What is to be noted about a file from now on."""

    attributes: Attributes | None


class Several(Body):
    """Files that are to be in a store, all with the same attributes or each with its own."""

    file_ids: Annotated[list[Id] | None, Field(min_length=1, max_length=MOST_AT_ONCE)] = None
    files: Annotated[list[Put] | None, Field(min_length=1, max_length=MOST_AT_ONCE)] = None
    attributes: Attributes | None = None
    chunking_strategy: Automatic | None = None

    def each(self) -> dict[str, tuple[str, Json]]:
        """What is to be noted about each file, and where the request names it; WireError unless
        files are named in one way."""
        if (self.file_ids is None) == (self.files is None):
            told = "Exactly one of 'file_ids' and 'files' has to be given."
            raise WireError(400, told, "mutually_exclusive_parameters", "files")
        noted = dict(self.attributes or {})
        named = {one: (f"file_ids[{at}]", noted) for at, one in enumerate(self.file_ids or ())}
        for at, one in enumerate(self.files or ()):
            named[one.file_id] = (f"files[{at}].file_id", dict(one.attributes or {}))
        return named


class Ranking(Body):
    """`ranking_options`: there is one ranker."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | None = None
    score_threshold: Annotated[float | None, Field(ge=0, le=1)] = None


class Search(Body):
    """What is looked for in a store."""

    query: str | list[str]
    max_num_results: Annotated[int | None, Field(ge=1, le=50)] = None
    filters: Json | None = None
    ranking_options: Ranking | None = None
    rewrite_query: bool | None = None


class ListedFiles(lists.Wanted):
    """Which part of the files of a store is wanted."""

    filter: Literal["in_progress", "completed", "failed", "cancelled"] | None = None


class _Comparison(Body):
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: str
    value: Value | list[Value]


class _Compound(Body):
    type: Literal["and", "or"]
    filters: Annotated[list[Json], Field(min_length=1)]


def fits(filters: Json | None, attributes: Mapping[str, Value], param: str = "filters") -> bool:
    """Whether a file with these attributes is wanted; WireError for what is no filter."""
    if filters is None:
        return True
    try:
        if filters.get("type") not in ("and", "or"):
            return _compared(parsed(_Comparison, filters), attributes)
        both = parsed(_Compound, filters)
    except WireError as error:
        error.param = f"{param}.{error.param}"
        raise
    found = [fits(one, attributes, f"{param}.filters[{n}]") for n, one in enumerate(both.filters)]
    return all(found) if both.type == "and" else any(found)


def _compared(asked: _Comparison, attributes: Mapping[str, Value]) -> bool:
    """A comparison; what a file does not have is unequal to everything, and in no order."""
    value, there = asked.value, attributes.get(asked.key)
    several = value if isinstance(value, list) else [value]
    match asked.type:
        case "eq" | "in":
            return there in several
        case "ne" | "nin":
            return there not in several
        case order:
            pairs = [(there, one) for one in several if isinstance(one, str) == _is_text(there)]
            return there is not None and any(_ordered(order, *pair) for pair in pairs)


def _is_text(value: Value | None) -> bool:
    return isinstance(value, str)


def _ordered(order: str, one: Any, other: Any) -> bool:  # noqa: ANN401 - both texts or numbers
    return bool(
        {"gt": one > other, "gte": one >= other, "lt": one < other, "lte": one <= other}[order]
    )


def told(known: Mapping[str, Any], files: Sequence[Json], *, expired: bool) -> Json:
    """A store as the API shows it: what is `known` of it, and its files as the API shows those."""
    days, counts = known["days"], counted(files)
    ready = "in_progress" if counts["in_progress"] else "completed"
    return {
        "id": known["id"],
        "object": "vector_store",
        "created_at": known["created_at"],
        "last_active_at": known["last_active_at"],
        "name": known["name"],
        "description": known["description"],
        "metadata": known["metadata"] or {},
        "status": "expired" if expired else ready,
        "usage_bytes": sum(one["usage_bytes"] for one in files),
        "expires_after": {"anchor": "last_active_at", "days": days} if days else None,
        "expires_at": known["last_active_at"] + days * 86_400 if days else None,
        "file_counts": counts,
    }


def told_batch(known: Mapping[str, Any], files: Sequence[Json]) -> Json:
    """A batch of files as the API shows it: what is `known` of it, and those of its files that are
    still in the store, as the API shows them."""
    counts = counted(files)
    ended = "cancelled" if counts["cancelled"] else "completed"
    return {
        "id": known["id"],
        "object": "vector_store.files_batch",
        "created_at": known["created_at"],
        "vector_store_id": known["store"],
        "status": "in_progress" if counts["in_progress"] else ended,
        "file_counts": counts,
    }


def counted(files: Sequence[Json]) -> dict[str, int]:
    """How many files are how far."""
    found = Counter(one["status"] for one in files)
    names = ("cancelled", "completed", "failed", "in_progress")
    return {name: found[name] for name in names} | {"total": len(files)}


def content(parts: Sequence[str]) -> Json:
    """What was read of a file, part by part."""
    return {
        "object": "vector_store.file_content.page",
        "data": [{"type": "text", "text": one} for one in parts],
        "has_more": False,
        "next_page": None,
    }


def told_file(known: Mapping[str, Any]) -> Json:
    """A file of a store as the API shows it."""
    error = known["error"]
    return {
        "id": known["file"],
        "object": "vector_store.file",
        "created_at": known["created_at"],
        "vector_store_id": known["store"],
        "status": STATUSES.get(known["state"], "failed" if error else "completed"),
        "last_error": {"code": "unsupported_file", "message": error} if error else None,
        "usage_bytes": known["bytes"],
        "attributes": known["attributes"],
        "chunking_strategy": {"type": "other"},
    }


def results(queries: Sequence[str], found: Sequence[Json]) -> Json:
    """What was found, the best first."""
    return {
        "object": "vector_store.search_results.page",
        "search_query": list(queries),
        "data": list(found),
        "has_more": False,
        "next_page": None,
    }
