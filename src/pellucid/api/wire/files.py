"""Files and uploads: https://platform.openai.com/docs/api-reference/files and …/uploads"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire import lists
from pellucid.api.wire.bodies import Body, parsed

Json = dict[str, Any]
NEVER = 0
BATCH_LIFETIME = 30 * 86_400
"""Seconds for which files of batches are kept where nothing else is said."""

LARGEST = 8 * 2**30
"""Bytes of the largest file that may come in parts."""

Purpose = Literal["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]


class Lifetime(Body):
    """`expires_after`: for how many seconds a file is kept."""

    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=3_600, le=2_592_000)]


class Form(Body):
    """What a form says of its file."""

    purpose: Purpose
    expires_after: Lifetime | None = None


class _Sent(Form):
    filename: Annotated[str, Field(min_length=1, max_length=255)]


class Coming(_Sent):
    """A file that is to come in parts."""

    bytes: Annotated[int, Field(ge=1, le=LARGEST)]
    mime_type: str


class Parts(Body):
    """The parts of an upload in their order, and the MD5 they should have together."""

    part_ids: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    md5: str | None = None


class Listed(lists.Wanted):
    """Which part of a list of files is wanted, and of which purpose."""

    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What is said of a file: its name, what it is for, and for how many seconds it is kept."""

    filename: str
    purpose: str
    lifetime: int


@dataclass(frozen=True, slots=True)
class Begun:
    """What is said of a file that is to come in parts, and its size in bytes."""

    sent: Sent
    bytes: int


def sent(fields: Mapping[str, str], filename: str) -> Sent:
    """The fields of a form beside its file: `expires_after[seconds]` is written flat there."""
    flat: Json = {"filename": filename}
    nested: dict[str, Json] = {}
    for name, value in fields.items():
        outer, bracket, inner = name.removesuffix("]").partition("[")
        if bracket:
            nested.setdefault(outer, {})[inner] = int(value) if value.isdecimal() else value
        else:
            flat[name] = value
    return _sent(parsed(_Sent, flat | nested))


def begun(body: Json) -> Begun:
    """What an upload is to become."""
    asked = parsed(Coming, body)
    return Begun(_sent(asked), asked.bytes)


def completed(body: Json) -> tuple[list[str], str | None]:
    """The parts of an upload in their order, and the MD5 they should have."""
    asked = parsed(Parts, body)
    return asked.part_ids, asked.md5


def _sent(asked: _Sent) -> Sent:
    usual = BATCH_LIFETIME if asked.purpose == "batch" else NEVER
    lifetime = asked.expires_after.seconds if asked.expires_after else usual
    return Sent(asked.filename, asked.purpose, lifetime)


def told(
    file_id: str, size: int, created_at: int, expires_at: int, filename: str, purpose: str
) -> Json:
    """A file as the API shows it."""
    return {
        "id": file_id,
        "object": "file",
        "bytes": size,
        "created_at": created_at,
        "expires_at": expires_at or None,
        "filename": filename,
        "purpose": purpose,
        "status": "processed",
        "status_details": None,
    }
