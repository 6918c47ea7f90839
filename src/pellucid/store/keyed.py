"""Replies under the keys that their clients gave them, so that asking again gives them again."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.store.lifetime import Lifetime

LIFETIME = 86_400
"""Seconds that a reply is kept."""

MOST = 10_000
"""Replies that are kept, of all owners; the oldest are forgotten first."""

_SAVE = text(
    "INSERT INTO keyed_replies (owner, name, created_at, request, status, media_type, body, about)"
    " VALUES (:owner, :name, :created_at, :request, :status, :media_type, :body, :about)"
    " ON CONFLICT (owner, name) DO UPDATE SET created_at = excluded.created_at,"
    " request = excluded.request, status = excluded.status, media_type = excluded.media_type,"
    " body = excluded.body, about = excluded.about"
)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A reply that was sent, the digest of the request it was the reply to, and the id of what it
    is about ("": nothing that could be deleted)."""

    request: str
    status: int
    media_type: str
    body: str
    about: str = ""


class KeyedReplies:
    """All of them. A key is its owner's: the same key of another owner is another one."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], float],
        lifetime: int = LIFETIME,
        most: int = MOST,
    ) -> None:
        self._engine, self._clock = engine, clock
        self._lifetime = Lifetime(engine, "keyed_replies", clock, lifetime, most, "owner, name")

    async def find(self, owner: str, key: str) -> Keyed | None:
        """The reply of a key, while it is kept."""
        query = text(
            "SELECT request, status, media_type, body, about FROM keyed_replies"
            " WHERE owner = :owner AND name = :name AND created_at > :oldest"
        )
        asked = {"owner": owner, "name": key, "oldest": self._lifetime.oldest()}
        async with self._engine.connect() as connection:
            row = (await connection.execute(query, asked)).first()
        return None if row is None else Keyed(*row)

    async def save(self, owner: str, key: str, reply: Keyed) -> None:
        """Keep a reply, in the place of one that is too old; it is on disk when this returns."""
        row = {
            "owner": owner,
            "name": key,
            "created_at": int(self._clock()),
            "request": reply.request,
            "status": reply.status,
            "media_type": reply.media_type,
            "body": reply.body,
            "about": reply.about,
        }
        async with self._engine.begin() as connection:
            await connection.execute(_SAVE, row)
        await self._lifetime.saved()

    async def forget(self, owner: str, about: str) -> None:
        """Forget the replies about something of an owner."""
        query = text("DELETE FROM keyed_replies WHERE owner = :owner AND about = :about")
        async with self._engine.begin() as connection:
            await connection.execute(query, {"owner": owner, "about": about})

    async def forget_naming(self, owner: str, name: str) -> None:
        """Forget the replies to an owner that have a name (the id of a file) as a text of their
        own: they may have what is in it."""
        query = text("DELETE FROM keyed_replies WHERE owner = :owner AND body LIKE :naming")
        async with self._engine.begin() as connection:
            await connection.execute(query, {"owner": owner, "naming": f'%"{name}"%'})

    async def tidy(self) -> None:
        """Forget what is too old, then the oldest of what is too much."""
        await self._lifetime.tidy()
