"""Vector stores: collections of files that are searched together, each file as it was read.

The name is OpenAI's; files are found by their words (`tools/reader/index`). The text of a file is
kept, so that it is read once; a file that is deleted is in no collection any more.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.store.db import alone
from pellucid.store.lifetime import DAY

Json = dict[str, Any]
State = Literal["waiting", "ended", "cancelled"]

_SAVE = text(
    "INSERT INTO vector_stores"
    " (id, owner, created_at, last_active_at, days, name, description, metadata) VALUES"
    " (:id, :owner, :created_at, :last_active_at, :days, :name, :description, :metadata)"
    " ON CONFLICT (id) DO UPDATE SET last_active_at = excluded.last_active_at,"
    " days = excluded.days, name = excluded.name, metadata = excluded.metadata"
)
_PUT = text(
    "INSERT INTO vector_store_files"
    " (store, file, created_at, attributes, error, bytes, batch, state, content)"
    " VALUES (:store, :file, :created_at, :attributes, :error, :bytes, :batch, :state, :content)"
    " ON CONFLICT (store, file) DO UPDATE SET attributes = excluded.attributes,"
    " error = excluded.error, bytes = excluded.bytes, batch = excluded.batch,"
    " state = excluded.state, content = excluded.content"
)
_FILES = "store, file, created_at, attributes, error, bytes, batch, state"


_BEGIN = text(
    "INSERT INTO vector_store_batches (id, store, created_at) VALUES (:id, :store, :created_at)"
)
_FINISH = text(
    "UPDATE vector_store_files SET state = 'ended', error = :error, bytes = :bytes,"
    " content = :content WHERE store = :store AND file = :file AND batch = :batch"
    " AND state = 'waiting'"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many stores an owner may have, how many files a store, and bytes of text in them."""

    stores: int = 100
    files: int = 200
    bytes: int = 20_000_000


@dataclass(frozen=True, slots=True)
class VectorStore:
    """A collection; it expires after so many `days` without use (0: never)."""

    id: str
    owner: str
    created_at: int
    last_active_at: int
    days: int = 0
    name: str = ""
    description: str = ""
    metadata: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a collection: what its owner notes about it, why it could not be read ("" where it
    was), how many bytes its text has, the batch that it came with ("": alone), and whether it is
    still to be read ("waiting"), or never will be ("cancelled")."""

    store: str
    file: str
    created_at: int
    attributes: Json
    error: str = ""
    bytes: int = 0
    batch: str = ""
    state: State = "ended"


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Files that are put into a collection one after the other, while nobody waits."""

    id: str
    store: str
    created_at: int


class VectorStores:
    """All collections. Nobody sees another owner's: for them it does not exist."""

    def __init__(
        self, engine: AsyncEngine, clock: Callable[[], float], bounds: Bounds | None = None
    ) -> None:
        self._engine, self._clock, self._bounds = engine, clock, bounds or Bounds()

    def expired(self, store: VectorStore) -> bool:
        """Whether nobody used it for too long."""
        ends = store.last_active_at + store.days * DAY
        return bool(store.days) and ends <= self._clock()

    async def make(self, store: VectorStore) -> None:
        """Keep a new collection; BadRequest where its owner has too many."""
        most, owner = self._bounds.stores, {"owner": store.owner}
        async with self._engine.begin() as connection:
            await alone(connection, f"vector stores of {store.owner}")
            query = text("SELECT COUNT(*) FROM vector_stores WHERE owner = :owner")
            if int(await connection.scalar(query, owner) or 0) >= most:
                raise BadRequest(f"an owner may have {most} vector stores; delete some")
            await connection.execute(_SAVE, _row(store))

    async def save(self, store: VectorStore) -> None:
        """Keep what has changed of a collection."""
        async with self._engine.begin() as connection:
            await connection.execute(_SAVE, _row(store))

    async def use(self, store: VectorStore) -> VectorStore:
        """A collection that is used now."""
        now = int(self._clock())
        query = text("UPDATE vector_stores SET last_active_at = :now WHERE id = :id")
        async with self._engine.begin() as connection:
            await connection.execute(query, {"now": now, "id": store.id})
        return replace(store, last_active_at=now)

    async def find(self, store_id: str, owner: str) -> VectorStore | None:
        """A collection by its id, if it is this owner's."""
        query = text("SELECT * FROM vector_stores WHERE id = :id AND owner = :owner")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": store_id, "owner": owner})
            row = found.mappings().first()
        return None if row is None else _store(row)

    async def of(self, owner: str) -> tuple[VectorStore, ...]:
        """The collections of an owner, the oldest first."""
        query = text("SELECT * FROM vector_stores WHERE owner = :owner ORDER BY created_at, id")
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, {"owner": owner})
            return tuple(_store(row) for row in rows.mappings())

    async def delete(self, store: VectorStore) -> None:
        """Forget a collection; the files themselves stay."""
        async with self._engine.begin() as connection:
            for query in (
                "DELETE FROM vector_store_files WHERE store = :id",
                "DELETE FROM vector_store_batches WHERE store = :id",
                "DELETE FROM vector_stores WHERE id = :id",
            ):
                await connection.execute(text(query), {"id": store.id})

    async def put(self, member: Member, read: Attachment | None) -> None:
        """Put a file in, in the place of what it was before; BadRequest where it is too much."""
        async with self._engine.begin() as connection:
            await alone(connection, member.store)
            await connection.execute(_PUT, _member_row(member, read))
            await self._bounded(connection, member.store)

    async def note(self, member: Member) -> None:
        """Keep what the owner of a file notes about it."""
        query = text(
            "UPDATE vector_store_files SET attributes = :attributes"
            " WHERE store = :store AND file = :file"
        )
        async with self._engine.begin() as connection:
            await connection.execute(query, _member_row(member, None))

    async def _bounded(self, connection: AsyncConnection, store_id: str) -> None:
        query = text("SELECT COUNT(*), SUM(bytes) FROM vector_store_files WHERE store = :id")
        count, size = (await connection.execute(query, {"id": store_id})).one()
        most = self._bounds
        if count > most.files or size > most.bytes:
            told = f"{most.files} files, with {most.bytes:,} bytes of text"
            raise BadRequest(f"a vector store may have {told}; this would be more")

    async def begin(self, batch: FileBatch, members: Sequence[Member]) -> None:
        """Keep a batch, and its files as what is to be read; BadRequest where they are too many."""
        row = {name: getattr(batch, name) for name in FileBatch.__slots__}
        async with self._engine.begin() as connection:
            await alone(connection, batch.store)
            await connection.execute(_BEGIN, row)
            for member in members:
                await connection.execute(_PUT, _member_row(member, None))
            await self._bounded(connection, batch.store)

    async def batch(self, batch_id: str, store_id: str) -> FileBatch | None:
        """A batch of a collection."""
        query = text("SELECT * FROM vector_store_batches WHERE id = :id AND store = :store")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": batch_id, "store": store_id})
            row = found.mappings().first()
        return None if row is None else FileBatch(**row)

    async def unfinished(self) -> tuple[str, ...]:
        """The batches of which files are to be read, the oldest first."""
        query = text(
            "SELECT id FROM vector_store_batches WHERE id IN"
            " (SELECT batch FROM vector_store_files WHERE state = 'waiting')"
            " ORDER BY created_at, id"
        )
        async with self._engine.connect() as connection:
            return tuple((await connection.scalars(query)).all())

    async def next(self, batch_id: str) -> tuple[Member, str] | None:
        """The next file of a batch that is to be read, and its owner."""
        query = text(
            f"SELECT {_FILES}, (SELECT owner FROM vector_stores WHERE id = store) AS owner"  # noqa: S608 - our own names
            " FROM vector_store_files WHERE batch = :id AND state = 'waiting' ORDER BY file LIMIT 1"
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(query, {"id": batch_id})).mappings().first()
        return None if row is None else (_member(row), row["owner"])

    async def finish(self, member: Member, read: Attachment | None) -> None:
        """Keep what came of reading a file of a batch, unless that is not wanted any more;
        BadRequest where it is too much."""
        async with self._engine.begin() as connection:
            await alone(connection, member.store)
            await connection.execute(_FINISH, _member_row(member, read))
            await self._bounded(connection, member.store)

    async def cancel(self, batch: FileBatch) -> None:
        """Read no more of the files of a batch."""
        query = text(
            "UPDATE vector_store_files SET state = 'cancelled'"
            " WHERE batch = :id AND state = 'waiting'"
        )
        async with self._engine.begin() as connection:
            await connection.execute(query, {"id": batch.id})

    async def files(self, store_id: str) -> tuple[Member, ...]:
        """The files of a collection, the oldest first."""
        query = (
            f"SELECT {_FILES} FROM vector_store_files WHERE store = :id ORDER BY created_at, file"  # noqa: S608 - our own names
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(query), {"id": store_id})
            return tuple(_member(row) for row in rows.mappings())

    async def contents(self, store_id: str) -> tuple[tuple[Member, Attachment], ...]:
        """The files of a collection that could be read, with their text."""
        query = text(
            "SELECT * FROM vector_store_files WHERE store = :id AND error = ''"
            " AND state = 'ended' ORDER BY created_at, file"
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, {"id": store_id})
            return tuple(
                (_member(row), msgspec.json.decode(row["content"], type=Attachment))
                for row in rows.mappings()
            )

    async def remove(self, store_id: str, file_id: str) -> bool:
        """Take a file out; whether it was in."""
        query = text("DELETE FROM vector_store_files WHERE store = :store AND file = :file")
        async with self._engine.begin() as connection:
            done = await connection.execute(query, {"store": store_id, "file": file_id})
            return bool(done.rowcount)


def _row(store: VectorStore) -> Json:
    row = {name: getattr(store, name) for name in VectorStore.__slots__}
    return row | {"metadata": json.dumps(store.metadata)}


def _store(row: RowMapping) -> VectorStore:
    known = {name: row[name] for name in VectorStore.__slots__}
    return VectorStore(**known | {"metadata": json.loads(row["metadata"])})


def _member_row(member: Member, read: Attachment | None) -> Json:
    content = "" if read is None else msgspec.json.encode(read).decode()
    row = {name: getattr(member, name) for name in Member.__slots__}
    return row | {"attributes": json.dumps(member.attributes), "content": content}


def _member(row: RowMapping) -> Member:
    known = {name: row[name] for name in Member.__slots__}
    return Member(**known | {"attributes": json.loads(row["attributes"])})
