"""Conversations that the server keeps for its clients, item by item, by owner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.store import enclosed
from pellucid.store.db import alone
from pellucid.store.enclosed import Sent
from pellucid.store.items import files

Json = dict[str, Any]

_ADD = text(
    "INSERT INTO conversation_items (conversation, position, id, body)"
    " SELECT :conversation, COALESCE(MAX(position), 0) + 1, :id, :body"
    " FROM conversation_items WHERE conversation = :conversation ON CONFLICT DO NOTHING"
)
"""Clients send items again that a conversation has: they are the same."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is known of a conversation beside its items."""

    id: str
    owner: str
    created_at: int
    metadata: Json


class Conversations:
    """All conversations. Nobody sees another owner's: for them it does not exist."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(
        self, made: Conversation, items: Sequence[Json], sent: Sequence[Sent] = ()
    ) -> None:
        """Keep a new conversation with its first items, as the API shows them, and the files that
        were sent with them."""
        query = text("INSERT INTO conversations VALUES (:id, :owner, :created_at, :metadata)")
        row = {
            "id": made.id,
            "owner": made.owner,
            "created_at": made.created_at,
            "metadata": json.dumps(made.metadata),
        }
        async with self._engine.begin() as connection:
            await connection.execute(query, row)
            await enclosed.keep(connection, sent)
            await add(connection, made.id, items)

    async def find(self, name: str, owner: str) -> Conversation | None:
        """A conversation by its id, if it is this owner's."""
        query = text("SELECT * FROM conversations WHERE id = :id AND owner = :owner")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": name, "owner": owner})
            row = found.mappings().first()
        if row is None:
            return None
        return Conversation(row["id"], row["owner"], row["created_at"], json.loads(row["metadata"]))

    async def rename(self, name: str, metadata: Json) -> None:
        """Give a conversation other metadata."""
        query = text("UPDATE conversations SET metadata = :metadata WHERE id = :id")
        async with self._engine.begin() as connection:
            await connection.execute(query, {"id": name, "metadata": json.dumps(metadata)})

    async def delete(self, name: str) -> None:
        """Forget a conversation, all its items, and the files that only these have."""
        async with self._engine.begin() as connection:
            for query in (
                "DELETE FROM conversation_items WHERE conversation = :id",
                "DELETE FROM conversations WHERE id = :id",
            ):
                await connection.execute(text(query), {"id": name})
            await enclosed.left(connection, name)

    async def items(self, name: str) -> tuple[Json, ...]:
        """The items of a conversation, the oldest first."""
        query = text(
            "SELECT body FROM conversation_items WHERE conversation = :id ORDER BY position"
        )
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, {"id": name})
            return tuple(json.loads(body) for (body,) in rows)

    async def append(self, name: str, items: Sequence[Json], sent: Sequence[Sent] = ()) -> None:
        """Add items behind those there are, each under its id, with the files that were sent with
        them; one that is there stays as it is."""
        async with self._engine.begin() as connection:
            await enclosed.keep(connection, sent)
            await add(connection, name, items)

    async def remove(self, name: str, item_id: str) -> bool:
        """Forget an item, and the files that only it has; whether there was one."""
        query = text("DELETE FROM conversation_items WHERE conversation = :id AND id = :item")
        async with self._engine.begin() as connection:
            done = await connection.execute(query, {"id": name, "item": item_id})
            await enclosed.left(connection, name)
            return bool(done.rowcount)


async def add(connection: AsyncConnection, name: str, items: Sequence[Json]) -> None:
    """Add items behind those there are, within a transaction; nobody else's come in between."""
    await alone(connection, name)
    for item in items:
        row = {"conversation": name, "id": item["id"], "body": json.dumps(item)}
        await connection.execute(_ADD, row)
        await enclosed.use(connection, files([item]), name, item["id"])
