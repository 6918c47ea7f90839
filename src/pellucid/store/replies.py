"""Replies that clients come back to: each with its conversation, by owner, for a while."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.core.items import Item, Message
from pellucid.store import conversations, enclosed, items
from pellucid.store.enclosed import Sent
from pellucid.store.lifetime import DAY, Lifetime

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was given: `items` are the whole conversation up to its end, `asked` the
    input items of its request as the API shows them, `body` the object that was sent, `events`
    what was streamed, or would have been.

    One that is still to be made has its `request`, and in `items` the conversation before it.
    """

    id: str
    owner: str
    created_at: int
    items: tuple[Item, ...]
    asked: tuple[Json, ...]
    body: Json
    events: tuple[Json, ...] = ()
    request: Json | None = None


class Replies:
    """All replies that are kept. Nobody sees another owner's: for them it does not exist."""

    def __init__(
        self, engine: AsyncEngine, clock: Callable[[], float], days: int, most: int
    ) -> None:
        self._engine = engine
        self._lifetime = Lifetime(engine, "replies", clock, days * DAY, most)

    async def save(
        self,
        reply: Reply,
        conversation: str | None = None,
        added: Sequence[Json] = (),
        sent: Sequence[Sent] = (),
    ) -> None:
        """Keep a reply, in the place of what was kept under its id, add items to its
        conversation, and keep the files that were sent with them: all of it or, if this process
        dies, nothing. It is on disk when this returns."""
        row = {
            "id": reply.id,
            "owner": reply.owner,
            "created_at": reply.created_at,
            "items": items.written(reply.items),
            "asked": json.dumps(reply.asked),
            "body": json.dumps(reply.body),
            "events": json.dumps(reply.events),
            "request": json.dumps(reply.request),
        }
        names = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        anew = ", ".join(f"{name} = excluded.{name}" for name in row)
        query = text(
            f"INSERT INTO replies ({names}) VALUES ({values})"  # noqa: S608 - our own names
            f" ON CONFLICT (id) DO UPDATE SET {anew}"
        )
        async with self._engine.begin() as connection:
            await connection.execute(query, row)
            await enclosed.keep(connection, sent)
            await enclosed.use(connection, _files(reply), reply.id)
            if conversation is not None:
                await conversations.add(connection, conversation, added)
        await self._lifetime.saved()

    async def find(self, reply_id: str, owner: str) -> Reply | None:
        """A reply by its id, if it is this owner's."""
        query = text("SELECT * FROM replies WHERE id = :id AND owner = :owner")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": reply_id, "owner": owner})
            row = found.mappings().first()
        return None if row is None else _reply(row)

    async def unfinished(self) -> tuple[Reply, ...]:
        """The replies that are still to be made, the oldest first."""
        query = text("SELECT * FROM replies WHERE request <> 'null' ORDER BY created_at, id")
        async with self._engine.connect() as connection:
            return tuple(_reply(row) for row in (await connection.execute(query)).mappings())

    async def delete(self, reply_id: str, owner: str) -> bool:
        """Forget a reply, and the files that only it has; whether there was one."""
        query = text("DELETE FROM replies WHERE id = :id AND owner = :owner")
        async with self._engine.begin() as connection:
            done = await connection.execute(query, {"id": reply_id, "owner": owner})
            await enclosed.left(connection, reply_id)
            return bool(done.rowcount)

    async def tidy(self) -> None:
        """Forget what is too old, then the oldest of what is too much."""
        await self._lifetime.tidy()


def _files(reply: Reply) -> set[str]:
    """The files of its conversation."""
    messages = (item for item in reply.items if isinstance(item, Message))
    return {*(one for item in messages for one in item.files), *items.files(reply.asked)}


def _reply(row: RowMapping) -> Reply:
    asked, events = json.loads(row["asked"]), json.loads(row["events"])
    return Reply(
        row["id"],
        row["owner"],
        row["created_at"],
        items.read(row["items"]),
        tuple(asked),
        json.loads(row["body"]),
        tuple(events),
        json.loads(row["request"]),
    )
