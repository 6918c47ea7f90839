"""Files that clients hand in or get: kept in the database, so that a file and what is known of
it come and go together.
"""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.store.db import alone

CHUNK = 1_000_000
"""Bytes of a file that are read or written at once."""

NEVER = 0
"""When something ends that does not end by itself."""

_TAKEN = text(
    "SELECT (SELECT COALESCE(SUM(bytes), 0) FROM files)"
    " + (SELECT COALESCE(SUM(bytes), 0) FROM upload_parts)"
    " + (SELECT COALESCE(SUM(bytes), 0) FROM container_files)"
    " + (SELECT COALESCE(SUM(bytes), 0) FROM vector_store_files)"
)
_ADD = text("INSERT INTO chunks (content, position, body) VALUES (:content, :position, :body)")
_SAVE = text(
    "INSERT INTO files (id, owner, created_at, expires_at, filename, purpose, bytes) VALUES"
    " (:id, :owner, :created_at, :expires_at, :filename, :purpose, :bytes)"
)
_FOUND = "owner = :owner AND (expires_at = 0 OR expires_at > :now)"


@dataclass(frozen=True, slots=True)
class File:
    """What is known of a file; from `expires_at` on (Unix seconds; NEVER) it is gone."""

    id: str
    owner: str
    created_at: int
    filename: str
    purpose: str
    expires_at: int = NEVER
    bytes: int = 0


class Files:
    """All files. Nobody sees another owner's: for them it does not exist. Together, parts of
    uploads and files of containers included, they take no more than `space` bytes."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float], space: int) -> None:
        self._engine, self._clock, self._space = engine, clock, space

    async def save(
        self, file: File, content: AsyncIterable[bytes], *, anyway: bool = False
    ) -> File:
        """Keep a file in the place of what was kept under its id; as it is known from now on.

        BadRequest where there is no space for it, unless it is to be kept `anyway`.
        """
        async with self._engine.begin() as connection:
            await self._tidy(connection)
            await forget(connection, file.id)
            size = await self.add(connection, file.id, content, anyway=anyway)
            known = replace(file, bytes=size)
            await record(connection, known)
        return known

    async def add(
        self,
        connection: AsyncConnection,
        name: str,
        content: AsyncIterable[bytes],
        *,
        anyway: bool = False,
    ) -> int:
        """Write a content; its bytes. BadRequest where there is no space for it.

        Whether there is, is asked again at the end: others may have written meanwhile.
        """
        left = await self._left(connection)
        size = position = 0
        async for chunk in content:
            size += len(chunk)
            if size > left and not anyway:
                raise self._full(left)
            row = {"content": name, "position": position, "body": chunk}
            await connection.execute(_ADD, row)
            position += 1
        await alone(connection, "space")
        left = await self._left(connection)
        if size > left and not anyway:
            raise self._full(left)
        return size

    async def room(self, size: int) -> None:
        """BadRequest where there is no space for so many bytes more."""
        async with self._engine.connect() as connection:
            left = await self._left(connection)
        if size > left:
            raise self._full(left)

    async def _left(self, connection: AsyncConnection) -> int:
        """Bytes that nobody takes yet."""
        return self._space - int(await connection.scalar(_TAKEN) or 0)

    def _full(self, left: int) -> BadRequest:
        return BadRequest(
            f"all files may take {self._space:,} bytes, of which {max(left, 0):,} are"
            " left; delete some, or raise PELLUCID_STORE_SPACE"
        )

    async def find(self, file_id: str, owner: str) -> File | None:
        """A file by its id, if it is this owner's."""
        query = text(f"SELECT * FROM files WHERE id = :id AND {_FOUND}")  # noqa: S608 - a constant
        asked = {"id": file_id, "owner": owner, "now": int(self._clock())}
        async with self._engine.connect() as connection:
            row = (await connection.execute(query, asked)).mappings().first()
        return None if row is None else _file(row)

    async def of(self, owner: str) -> tuple[File, ...]:
        """The files of an owner, the oldest first."""
        query = text(f"SELECT * FROM files WHERE {_FOUND} ORDER BY created_at, id")  # noqa: S608
        asked = {"owner": owner, "now": int(self._clock())}
        async with self._engine.connect() as connection:
            return tuple(_file(row) for row in (await connection.execute(query, asked)).mappings())

    async def content(self, file_id: str) -> AsyncGenerator[bytes, None]:
        """The content of a file, a chunk at a time."""
        async with (
            self._engine.connect() as connection,
            aclosing(chunks(connection, file_id)) as found,
        ):
            async for chunk in found:
                yield chunk

    async def delete(self, file_id: str, owner: str) -> bool:
        """Forget a file; whether there was one."""
        if await self.find(file_id, owner) is None:
            return False
        async with self._engine.begin() as connection:
            await forget(connection, file_id)
        return True

    async def _tidy(self, connection: AsyncConnection) -> None:
        """Forget what has expired."""
        query = text(
            "SELECT id FROM files WHERE expires_at <> 0 AND expires_at <= :now ORDER BY id"
        )
        gone = await connection.execute(query, {"now": int(self._clock())})
        for (file_id,) in gone.all():
            await forget(connection, file_id)


async def record(connection: AsyncConnection, file: File) -> None:
    """Write what is known of a file whose content is there."""
    row = {name: getattr(file, name) for name in File.__slots__}
    await connection.execute(_SAVE, row)


async def write(connection: AsyncConnection, name: str, content: bytes) -> None:
    """Write a content that is whole."""
    for position, start in enumerate(range(0, len(content), CHUNK)):
        row = {"content": name, "position": position, "body": content[start : start + CHUNK]}
        await connection.execute(_ADD, row)


async def forget(connection: AsyncConnection, file_id: str) -> None:
    """Remove a file and its content, if there is one, also from vector stores."""
    for query in (
        "DELETE FROM chunks WHERE content = :id",
        "DELETE FROM vector_store_files WHERE file = :id",
        "DELETE FROM files WHERE id = :id",
    ):
        await connection.execute(text(query), {"id": file_id})


async def chunks(connection: AsyncConnection, name: str) -> AsyncGenerator[bytes, None]:
    """A content, chunk by chunk."""
    query = text("SELECT body FROM chunks WHERE content = :name AND position = :position")
    position = 0
    while body := await connection.scalar(query, {"name": name, "position": position}):
        yield bytes(body)
        position += 1


def _file(row: RowMapping) -> File:
    return File(**{name: row[name] for name in File.__slots__})
