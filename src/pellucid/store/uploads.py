"""Uploads: files that come in parts (https://platform.openai.com/docs/api-reference/uploads)."""

import hashlib
from collections.abc import AsyncIterable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.store.db import alone
from pellucid.store.files import NEVER, File, Files, chunks, record

LIFETIME = 3_600
"""Seconds in which an upload has to be completed."""

_PART = text("INSERT INTO upload_parts (id, upload, bytes) VALUES (:id, :upload, :bytes)")

Status = Literal["pending", "completed", "cancelled", "expired"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is to come: `bytes` are announced, `lifetime` is for how many seconds the file
    will be kept (NEVER: until it is deleted), `file` its id ("" until it is there)."""

    id: str
    owner: str
    created_at: int
    filename: str
    purpose: str
    bytes: int
    lifetime: int = NEVER
    status: Status = "pending"
    file: str = ""


class Uploads:
    """All uploads. Nobody sees another owner's."""

    def __init__(self, engine: AsyncEngine, files: Files, clock: Callable[[], float]) -> None:
        self._engine, self._files, self._clock = engine, files, clock

    async def create(self, upload: Upload) -> None:
        """Keep a new upload; those whose time is over lose their parts."""
        names = Upload.__slots__
        values = ", ".join(f":{name}" for name in names)
        query = f"INSERT INTO uploads ({', '.join(names)}) VALUES ({values})"  # noqa: S608 - our own
        async with self._engine.begin() as connection:
            await self._tidy(connection)
            await connection.execute(text(query), {name: getattr(upload, name) for name in names})

    async def find(self, upload_id: str, owner: str) -> Upload | None:
        """An upload by its id, if it is this owner's."""
        query = text("SELECT * FROM uploads WHERE id = :id AND owner = :owner")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": upload_id, "owner": owner})
            row = found.mappings().first()
        if row is None:
            return None
        upload = Upload(**{name: row[name] for name in Upload.__slots__})
        late = upload.created_at + LIFETIME <= self._clock()
        return replace(upload, status="expired") if late and upload.status == "pending" else upload

    async def add_part(self, upload: Upload, part_id: str, content: AsyncIterable[bytes]) -> None:
        """Keep a part; BadRequest where the upload is closed, or its announced size exceeded."""
        async with self._engine.begin() as connection:
            await self._open(connection, upload)
            size = await self._files.add(connection, part_id, content)
            row = {"id": part_id, "upload": upload.id, "bytes": size}
            await connection.execute(_PART, row)
            there = sum((await _parts(connection, upload.id)).values())
            if there > upload.bytes:
                told = f"the upload has {there:,} bytes with this part"
                raise BadRequest(f"{told}; {upload.bytes:,} were announced")

    async def complete(
        self, upload: Upload, part_ids: Sequence[str], file_id: str, md5: str | None
    ) -> File:
        """Make a file of parts in this order; BadRequest where they are not what was announced."""
        now = int(self._clock())
        expires = now + upload.lifetime if upload.lifetime else NEVER
        file = File(
            file_id, upload.owner, now, upload.filename, upload.purpose, expires, upload.bytes
        )
        async with self._engine.begin() as connection:
            await self._open(connection, upload)
            _check(upload, part_ids, await _parts(connection, upload.id))
            if md5 is not None:
                await _compare(connection, part_ids, md5.lower())
            await _join(connection, part_ids, file_id)
            await _close(connection, upload.id, "completed", file_id)
            await record(connection, file)
        return file

    async def cancel(self, upload: Upload) -> None:
        """Close an upload and forget its parts; BadRequest where it is closed."""
        async with self._engine.begin() as connection:
            await self._open(connection, upload)
            await _close(connection, upload.id, "cancelled")

    async def _open(self, connection: AsyncConnection, upload: Upload) -> None:
        """BadRequest where an upload takes no more parts, though it may have when it was found."""
        await alone(connection, upload.id)
        query = text("SELECT status FROM uploads WHERE id = :id")
        status = await connection.scalar(query, {"id": upload.id})
        if upload.status != "pending" or status != "pending":
            ended = upload.status if status == "pending" else status
            raise BadRequest(f"upload '{upload.id}' is {ended}")

    async def _tidy(self, connection: AsyncConnection) -> None:
        """Forget the parts of uploads that were never completed."""
        query = text(
            "SELECT id FROM uploads WHERE status = 'pending' AND created_at <= :then ORDER BY id"
        )
        late = await connection.execute(query, {"then": int(self._clock()) - LIFETIME})
        for (upload_id,) in late.all():
            await alone(connection, upload_id)
            await _close(connection, upload_id, "expired")


async def _parts(connection: AsyncConnection, upload_id: str) -> dict[str, int]:
    """The parts of an upload with their bytes."""
    query = text("SELECT id, bytes FROM upload_parts WHERE upload = :upload")
    rows = await connection.execute(query, {"upload": upload_id})
    return {name: size for name, size in rows}


def _check(upload: Upload, part_ids: Sequence[str], parts: dict[str, int]) -> None:
    lost = next((name for name in part_ids if name not in parts), None)
    if lost is not None:
        raise BadRequest(f"part '{lost}' is not one of this upload's")
    if len({*part_ids}) < len(part_ids):
        raise BadRequest("a part is named twice")
    size = sum(parts[name] for name in part_ids)
    if size != upload.bytes:
        raise BadRequest(f"the parts have {size:,} bytes; {upload.bytes:,} were announced")


async def _compare(connection: AsyncConnection, part_ids: Sequence[str], wanted: str) -> None:
    """BadRequest where the content is not what the client sent."""
    digest = hashlib.md5(usedforsecurity=False)
    for part_id in part_ids:
        async with aclosing(chunks(connection, part_id)) as content:
            async for chunk in content:
                digest.update(chunk)
    if digest.hexdigest() != wanted:
        raise BadRequest(f"the MD5 of the parts is {digest.hexdigest()}, not {wanted}")


async def _join(connection: AsyncConnection, part_ids: Sequence[str], file_id: str) -> None:
    """Give the chunks of parts to a file, one part behind the other."""
    last = text("SELECT COUNT(*) FROM chunks WHERE content = :file")
    move = text(
        "UPDATE chunks SET content = :file, position = position + :behind WHERE content = :part"
    )
    for part_id in part_ids:
        behind = int(await connection.scalar(last, {"file": file_id}) or 0)
        await connection.execute(move, {"file": file_id, "behind": behind, "part": part_id})


async def _close(
    connection: AsyncConnection, upload_id: str, status: Status, file_id: str = ""
) -> None:
    """End an upload; what is left of its parts is removed."""
    left = "(SELECT id FROM upload_parts WHERE upload = :id)"
    for query in (
        f"DELETE FROM chunks WHERE content IN {left}",  # noqa: S608 - a constant
        "DELETE FROM upload_parts WHERE upload = :id",
        "UPDATE uploads SET status = :status, file = :file WHERE id = :id",
    ):
        bound = {"id": upload_id, "status": status, "file": file_id}
        used = {name: value for name, value in bound.items() if f":{name}" in query}
        await connection.execute(text(query), used)
