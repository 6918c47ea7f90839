"""Containers, and what the tool `code_interpreter` says of its own:
https://platform.openai.com/docs/api-reference/containers and …/container-files
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire import lists
from pellucid.api.wire.bodies import Body, named, parsed, unsupported
from pellucid.api.wire.errors import WireError
from pellucid.core.executions import Execution, FileRecord
from pellucid.core.items import LOADER, Item, ToolResult
from pellucid.core.turn import GivenFile

Json = dict[str, Any]
TOOL = "code_interpreter"
MEMORY = "1g"
"""The one `memory_limit` that is understood; programs have 2 GiB."""

LONGEST_LIFE = 1_440
"""Minutes without use that a container may be kept for, at most."""

MOST_IDS = 64
Ids = Annotated[list[str] | None, Field(max_length=MOST_IDS)]


class Idle(Body):
    """`expires_after`: for how many minutes without use a container is kept."""

    anchor: Literal["last_active_at"]
    minutes: Annotated[int, Field(ge=1, le=LONGEST_LIFE)]


class Policy(Body):
    """`network_policy`: programs have no network."""

    type: Literal["disabled"]


class _Room(Body):
    file_ids: Ids = None
    memory_limit: Literal["1g", "4g", "16g", "64g"] | None = None
    network_policy: Policy | None = None
    skills: Annotated[list[Json] | None, Field(max_length=0)] = None


class Made(_Room):
    """A container that is to be."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    expires_after: Idle | None = None


class Automatic(_Room):
    """A container that a response makes for itself, or goes on with."""

    type: Literal["auto"]


class Tool(Body):
    """The hosted Python; without a container, in one of its own."""

    type: Literal["code_interpreter"]
    container: str | Automatic | None = None


class Put(Body):
    """A file that is to be copied into a container."""

    file_id: Annotated[str, Field(min_length=1)]


class Listed(lists.Wanted):
    """Which part of the list of containers is wanted, and of which name."""

    name: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The container that a request asks for: one by its id (None: one of its own), with copies
    of some files."""

    container: str | None = None
    file_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the programs of a turn find their files, and leave them."""

    container: str
    files: tuple[GivenFile, ...]


def made(body: Json) -> Made:
    """What a container shall be; WireError for what is wrong with it."""
    asked = parsed(Made, body)
    _bounded(asked, "memory_limit")
    return asked


def tool(given: Json, at: int) -> Asked:
    """What a tool of a request asks for; WireError names what is wrong by its place."""
    try:
        asked = parsed(Tool, given)
    except WireError as error:
        error.param = f"tools[{at}].{error.param}"
        raise
    if not isinstance(asked.container, Automatic):
        return Asked(named(asked.container, f"tools[{at}].container"))
    _bounded(asked.container, f"tools[{at}].container.memory_limit")
    return Asked(None, tuple(asked.container.file_ids or ()))


def _bounded(asked: _Room, param: str) -> None:
    if asked.memory_limit not in (None, MEMORY):
        what = f"A 'memory_limit' of {asked.memory_limit} (programs have 2 GiB; ask for {MEMORY})"
        raise unsupported(what, param)


def asked(tools: Sequence[Json] | None) -> Asked | None:
    """The container that the tools of a request ask for, if they have the hosted Python."""
    found = (tool(one, at) for at, one in enumerate(tools or ()) if one.get("type") == TOOL)
    return next(found, None)


def before(listed: Sequence[Json], items: Sequence[Item]) -> str | None:
    """The container that a conversation used last, as clients send it or as it was kept."""
    calls = (one for one in reversed(listed) if one.get("type") == "code_interpreter_call")
    said = (one["container_id"] for one in calls if isinstance(one.get("container_id"), str))
    ran = (one.container for one in reversed(runs(items)) if one.container)
    return next(said, None) or next(ran, None)


def runs(items: Sequence[Item]) -> list[Execution]:
    """The programs that were run, in order; not what put the files of messages in place."""
    results = (item for item in items if isinstance(item, ToolResult))
    found = (item.execution for item in results if not item.call_id.endswith(LOADER))
    return [execution for execution in found if execution is not None]


def told(
    container_id: str, name: str, created_at: int, last_active_at: int, minutes: int, expired: bool
) -> Json:
    """A container as the API shows it."""
    return {
        "id": container_id,
        "object": "container",
        "created_at": created_at,
        "status": "expired" if expired else "running",
        "expires_after": {"anchor": "last_active_at", "minutes": minutes},
        "last_active_at": last_active_at,
        "memory_limit": MEMORY,
        "name": name,
        "network_policy": {"type": "disabled"},
    }


def told_file(
    file_id: str, container_id: str, created_at: int, size: int, path: str, source: str
) -> Json:
    """A file of a container as the API shows it."""
    return {
        "id": file_id,
        "object": "container.file",
        "created_at": created_at,
        "bytes": size,
        "container_id": container_id,
        "path": path,
        "source": source,
    }


def citations(text: str, items: Sequence[Item]) -> list[Json]:
    """Annotations of an answer: the files that programs left in their container, each at the
    place where the answer names it last, or at its end."""
    return [_cited(text, ran.container, file) for ran, file in kept(items)]


def kept(items: Sequence[Item]) -> list[tuple[Execution, FileRecord]]:
    """The files that programs which ended well left in their container: the last of each name."""
    found = {
        file.name: (ran, file)
        for ran in runs(items)
        if ran.outcome == "ok"
        for file in ran.files
        if file.file_id
    }
    return list(found.values())


def _cited(text: str, container: str, file: FileRecord) -> Json:
    at = text.rfind(file.name)
    start = len(text) if at < 0 else at
    return {
        "type": "container_file_citation",
        "container_id": container,
        "file_id": file.file_id,
        "filename": file.name,
        "start_index": start,
        "end_index": len(text) if at < 0 else at + len(file.name),
    }


IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")


def images(execution: Execution) -> list[Json]:
    """The pictures that a program left, as outputs of its call: their `url` is a path here."""
    return [
        {
            "type": "image",
            "url": f"/v1/containers/{execution.container}/files/{file.file_id}/content",
        }
        for file in execution.files
        if file.file_id and file.name.lower().endswith(IMAGES)
    ]


def lost(items: Sequence[Item]) -> Json:
    """What of the files of programs was not kept, and why; nothing where all of them were."""
    ran = [one for one in runs(items) if one.container]
    files = [{"filename": f.name, "why": f.lost} for one in ran for f in one.files if f.lost]
    unlisted = sum(one.unlisted for one in ran)
    told: Json = {"files_lost": files} if files else {}
    return told | ({"files_unlisted": unlisted} if unlisted else {})
