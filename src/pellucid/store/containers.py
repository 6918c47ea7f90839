"""Containers: where files of programs outlive the turn that ran them, until nobody used them for
some minutes (https://platform.openai.com/docs/api-reference/containers).

Contents are kept in the database like other files, and count among them. What runs has copies: a
container is no process.
"""

import codecs
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.core.ports import WorkFile
from pellucid.core.turn import GivenFile
from pellucid.store.files import CHUNK, Files
from pellucid.store.lifetime import DAY

IDLE = 20
"""Minutes without use after which a container expires, where nothing else is said."""

REMEMBERED = DAY
"""Seconds for which it can be told of a container that it has expired."""

HEAD_BYTES, HEAD_LINES = 1_000, 12
"""How much of a text is kept as its beginning, to be shown to a model."""

Source = Literal["user", "assistant"]

_INTO = "INSERT INTO container_files (id, container, created_at, path, bytes, sha256, head, source)"
_ADD = text(
    f"{_INTO} VALUES (:id, :container, :created_at, :path, :bytes, :sha256, :head, :source)"
)
_MAKE = text(
    "INSERT INTO containers (id, owner, created_at, last_active_at, minutes, name, automatic)"
    " VALUES (:id, :owner, :created_at, :last_active_at, :minutes, :name, :automatic)"
)


@dataclass(frozen=True, slots=True)
class Container:
    """A container; from `expires_at` on its files are gone. An `automatic` one was made for a
    response, and may have to make room for others."""

    id: str
    owner: str
    created_at: int
    last_active_at: int
    minutes: int = IDLE
    name: str = ""
    automatic: bool = False

    @property
    def expires_at(self) -> int:
        """When it expires, in Unix seconds, if nobody uses it any more."""
        return self.last_active_at + 60 * self.minutes


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """A file of a container; `head` is how it begins, where it is a text."""

    id: str
    container: str
    created_at: int
    path: str
    source: Source
    bytes: int = 0
    sha256: str = ""
    head: str = ""

    @property
    def given(self) -> GivenFile:
        """The file as a turn knows it."""
        return GivenFile(self.path, self.bytes, self.sha256, self.head)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many containers an owner may have, how many files one of them, and how many bytes a
    file and all files of a container."""

    containers: int = 1_000
    files: int = 64
    largest: int = 16_000_000
    bytes: int = 32_000_000


class Containers:
    """All containers. Nobody sees another owner's: for them it does not exist."""

    def __init__(
        self,
        engine: AsyncEngine,
        files: Files,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
        bounds: Bounds = Bounds(),
    ) -> None:
        self._engine, self._files, self._clock, self._new_id = engine, files, clock, new_id
        self.bounds = bounds

    def expired(self, container: Container) -> bool:
        """Whether nobody used it for too long."""
        return container.expires_at <= self._clock()

    async def make(
        self, container_id: str, owner: str, name: str, minutes: int = IDLE, *, automatic: bool
    ) -> Container:
        """A new container, or the one that is there under this id; BadRequest where there are too
        many. An automatic one that was used the longest ago makes room, if there is one."""
        now = int(self._clock())
        made = Container(container_id, owner, now, now, minutes, name, automatic)
        async with self._engine.begin() as connection:
            if (there := await _found(connection, container_id, owner)) is not None:
                return there
            await self._tidy(connection)
            await self._make_room(connection, owner)
            row = {name: getattr(made, name) for name in Container.__slots__}
            await connection.execute(_MAKE, row)
        return made

    async def find(self, container_id: str, owner: str) -> Container | None:
        """A container by its id, if it is this owner's; also one that has expired."""
        async with self._engine.connect() as connection:
            return await _found(connection, container_id, owner)

    async def of(self, owner: str) -> tuple[Container, ...]:
        """The containers of an owner that have not expired, the oldest first."""
        query = text("SELECT * FROM containers WHERE owner = :owner ORDER BY created_at, id")
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query, {"owner": owner})).mappings()
            return tuple(one for one in map(_container, rows) if not self.expired(one))

    async def use(self, container: Container) -> Container:
        """Count its minutes from now on."""
        async with self._engine.begin() as connection:
            return await self._used(connection, container)

    async def delete(self, container: Container) -> None:
        """Forget a container and its files."""
        async with self._engine.begin() as connection:
            await _empty(connection, container.id)
            await connection.execute(_FORGET, {"id": container.id})

    async def add(
        self, container: Container, path: str, source: Source, content: AsyncIterable[bytes]
    ) -> ContainerFile:
        """Keep a file, in the place of the one that has its path; BadRequest where it is too
        large, or there are too many."""
        file_id, now = self._new_id("cfile"), int(self._clock())
        async with self._engine.begin() as connection:
            await _remove(connection, "container = :container AND path = :path",
                          {"container": container.id, "path": path})  # fmt: skip
            left = await self._left(connection, container)
            counted = _Counted(content, min(left, self.bounds.largest))
            async with aclosing(counted.chunks()) as pieces:
                await self._files.add(connection, file_id, pieces)
            known = ContainerFile(file_id, container.id, now, path, source)
            known = replace(
                known, bytes=counted.size, sha256=counted.digest.hexdigest(), head=counted.head()
            )
            row = {name: getattr(known, name) for name in ContainerFile.__slots__}
            await connection.execute(_ADD, row)
            await self._used(connection, container)
        return known

    async def files(self, container: Container) -> tuple[ContainerFile, ...]:
        """The files of a container, the oldest first."""
        query = text("SELECT * FROM container_files WHERE container = :id ORDER BY created_at, id")
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query, {"id": container.id})).mappings()
            return tuple(_file(row) for row in rows)

    def content(self, file_id: str) -> AsyncGenerator[bytes, None]:
        """The content of a file, a chunk at a time."""
        return self._files.content(file_id)

    async def delete_file(self, file: ContainerFile) -> None:
        """Forget a file."""
        async with self._engine.begin() as connection:
            await _remove(connection, "id = :id", {"id": file.id})

    def folder(self, container_id: str, owner: str) -> "ContainerFolder":
        """A container as programs use it; it is made when they first do."""
        return ContainerFolder(self, container_id, owner)

    async def _left(self, connection: AsyncConnection, container: Container) -> int:
        """Bytes that a file more may have; BadRequest where there may be none."""
        query = (
            "SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM container_files WHERE container = :id"
        )
        there = (await connection.execute(text(query), {"id": container.id})).one()
        if there[0] >= self.bounds.files:
            raise BadRequest(f"a container may have {self.bounds.files} files; delete some")
        return self.bounds.bytes - int(there[1])

    async def _used(self, connection: AsyncConnection, container: Container) -> Container:
        now = int(self._clock())
        query = text("UPDATE containers SET last_active_at = :now WHERE id = :id")
        await connection.execute(query, {"now": now, "id": container.id})
        return replace(container, last_active_at=now)

    async def _make_room(self, connection: AsyncConnection, owner: str) -> None:
        query = text(
            "SELECT * FROM containers WHERE owner = :owner AND last_active_at + 60 * minutes > :now"
            " ORDER BY automatic DESC, last_active_at, id"
        )
        asked = {"owner": owner, "now": int(self._clock())}
        there = [_container(row) for row in (await connection.execute(query, asked)).mappings()]
        if len(there) < self.bounds.containers:
            return
        if not there[0].automatic:
            raise BadRequest(f"an owner may have {len(there):,} containers; delete some")
        await _empty(connection, there[0].id)
        await connection.execute(_FORGET, {"id": there[0].id})

    async def _tidy(self, connection: AsyncConnection) -> None:
        """Forget the files of what has expired, and in the end that it was there."""
        now = int(self._clock())
        query = text(
            "SELECT id, last_active_at + 60 * minutes AS ended FROM containers"
            " WHERE last_active_at + 60 * minutes <= :now"
        )
        for container_id, ended in (await connection.execute(query, {"now": now})).all():
            await _empty(connection, container_id)
            if ended <= now - REMEMBERED:
                await connection.execute(_FORGET, {"id": container_id})


class ContainerFolder:
    """A container as programs use it (core.ports.Folder)."""

    def __init__(self, containers: Containers, name: str, owner: str) -> None:
        self._containers, self._owner = containers, owner
        self.name, self.most = name, containers.bounds.largest

    async def contents(self) -> Sequence[WorkFile]:
        """What lies in it now."""
        found = []
        for file in await self._containers.files(await self._container()):
            async with aclosing(self._containers.content(file.id)) as pieces:
                found.append(WorkFile(file.path, b"".join([piece async for piece in pieces])))
        return found

    async def keep(self, file: WorkFile) -> str:
        """Keep a file in the place of what has its name; its id. BadRequest says why not."""
        container = await self._container()
        kept = await self._containers.add(
            container, file.name, "assistant", in_chunks(file.content)
        )
        return kept.id

    async def _container(self) -> Container:
        found = await self._containers.make(self.name, self._owner, AUTOMATIC, automatic=True)
        if self._containers.expired(found):
            raise BadRequest(f"container '{self.name}' is expired")
        return found


AUTOMATIC = "auto"
"""The name of containers that were made for a response."""


class _Counted:
    """A content of bounded size, and what is known of it once it went through."""

    def __init__(self, content: AsyncIterable[bytes], most: int) -> None:
        self._content, self._most = content, most
        self.size, self.digest, self._begin = 0, hashlib.sha256(), b""

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The content; BadRequest where there is too much of it."""
        async for chunk in self._content:
            self.size += len(chunk)
            if self.size > self._most:
                raise BadRequest(f"the file is too large: {self._most:,} bytes are left for it")
            self.digest.update(chunk)
            self._begin += chunk[: HEAD_BYTES - len(self._begin)]
            yield chunk

    def head(self) -> str:
        """How a text begins; "" for what is none."""
        whole = self.size == len(self._begin)
        try:
            begin = self._begin.decode() if whole else _cut(self._begin)
        except UnicodeDecodeError:
            return ""
        lines = begin.splitlines(keepends=True)[:HEAD_LINES]
        return "" if "\0" in begin else "".join(lines)


def _cut(begin: bytes) -> str:
    """A text whose last character may be cut in two, up to its last whole line, if it has one."""
    whole = codecs.getincrementaldecoder("utf-8")().decode(begin)
    return whole[: whole.rfind("\n") + 1] or whole


async def in_chunks(content: bytes) -> AsyncGenerator[bytes, None]:
    """A content that is there, a chunk at a time."""
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]


_FORGET = text("DELETE FROM containers WHERE id = :id")


async def _found(connection: AsyncConnection, container_id: str, owner: str) -> Container | None:
    query = text("SELECT * FROM containers WHERE id = :id AND owner = :owner")
    found = await connection.execute(query, {"id": container_id, "owner": owner})
    row = found.mappings().first()
    return None if row is None else _container(row)


async def _empty(connection: AsyncConnection, container_id: str) -> None:
    await _remove(connection, "container = :container", {"container": container_id})


async def _remove(connection: AsyncConnection, which: str, asked: dict[str, str]) -> None:
    """Forget some files and their contents."""
    for query in (
        f"DELETE FROM chunks WHERE content IN (SELECT id FROM container_files WHERE {which})",  # noqa: S608 - our own
        f"DELETE FROM container_files WHERE {which}",  # noqa: S608
    ):
        await connection.execute(text(query), asked)


def _container(row: RowMapping) -> Container:
    known = {name: row[name] for name in Container.__slots__}
    return Container(**known | {"automatic": bool(known["automatic"])})


def _file(row: RowMapping) -> ContainerFile:
    return ContainerFile(**{name: row[name] for name in ContainerFile.__slots__})
