"""Turns whose events are given again to equal ones, for a while."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.core.events import Event, TurnFinished
from pellucid.store import events
from pellucid.store.lifetime import Lifetime

LIFETIME = 86_400
"""Seconds that a turn is remembered."""

MOST = 10_000
"""Turns that are remembered, of all owners; the oldest are forgotten first."""

LARGEST = 256 * 1024
"""Characters of the largest turn that is remembered."""

_SAVE = text(
    "INSERT INTO remembered_turns (digest, created_at, turn_id, events, ended)"
    " VALUES (:digest, :created_at, :turn_id, :events, :ended)"
    " ON CONFLICT (digest) DO UPDATE SET created_at = excluded.created_at,"
    " turn_id = excluded.turn_id, events = excluded.events, ended = excluded.ended"
)


_USE = text(
    "INSERT INTO remembered_as (turn_id, digest)"
    " SELECT :turn_id, digest FROM remembered_turns WHERE digest = :digest"
    " ON CONFLICT (turn_id) DO UPDATE SET digest = excluded.digest"
)
_FORGET = text(
    "DELETE FROM remembered_turns WHERE digest IN"
    " (SELECT digest FROM remembered_as WHERE turn_id = :turn_id)"
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A turn that ended well: its id, the events of its items, and how it ended."""

    turn_id: str
    events: tuple[Event, ...]
    end: TurnFinished


class RememberedTurns:
    """All of them, each under the digest of what was asked, of whom and by whom; and the ids of
    all turns that were answered so."""

    def __init__(
        self,
        engine: AsyncEngine,
        clock: Callable[[], float],
        lifetime: int = LIFETIME,
        most: int = MOST,
    ) -> None:
        self._engine, self._clock = engine, clock
        self._lifetime = Lifetime(engine, "remembered_turns", clock, lifetime, most, "digest")

    async def find(self, digest: str) -> Remembered | None:
        """The turn of a digest, while it is remembered."""
        query = text(
            "SELECT turn_id, events, ended FROM remembered_turns"
            " WHERE digest = :digest AND created_at > :oldest"
        )
        async with self._engine.connect() as connection:
            asked = {"digest": digest, "oldest": self._lifetime.oldest()}
            row = (await connection.execute(query, asked)).first()
        if row is None:
            return None
        turn_id, told, ended = row
        end = msgspec.json.decode(ended, type=TurnFinished)
        return Remembered(turn_id, events.read(told), end)

    async def use(self, digest: str, turn_id: str) -> None:
        """Note that another turn was given what is remembered under a digest."""
        async with self._engine.begin() as connection:
            await connection.execute(_USE, {"digest": digest, "turn_id": turn_id})

    async def forget(self, turn_ids: Iterable[str]) -> None:
        """Forget what some turns did, or were given."""
        async with self._engine.begin() as connection:
            for turn_id in turn_ids:
                await connection.execute(_FORGET, {"turn_id": turn_id})

    async def save(self, digest: str, turn: Remembered) -> None:
        """Remember a turn, in the place of what was remembered; not one that is too large."""
        told = events.written(turn.events)
        if len(told) > LARGEST:
            return
        row = {
            "digest": digest,
            "created_at": int(self._clock()),
            "turn_id": turn.turn_id,
            "events": told,
            "ended": msgspec.json.encode(turn.end).decode(),
        }
        async with self._engine.begin() as connection:
            await connection.execute(_SAVE, row)
            await connection.execute(_USE, {"digest": digest, "turn_id": turn.turn_id})
        await self._lifetime.saved()

    async def tidy(self) -> None:
        """Forget what is too old, then the oldest of what is too much."""
        await self._lifetime.tidy()
