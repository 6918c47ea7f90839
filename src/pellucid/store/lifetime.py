"""How long rows of a table are kept, and how many of them: what is too old is forgotten."""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.store import enclosed
from pellucid.store.db import alone

DAY = 86_400
TIDIED_EVERY = 256
"""Rows saved between two looks for those that are too old or too many."""


class Lifetime:
    """Keeps a table within its bounds; its rows have `created_at` in seconds, and `key` are the
    columns of its primary key.

    `seconds` is how long a row is kept (0: for ever), `most` how many are, the newest.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        table: str,
        clock: Callable[[], float],
        seconds: int,
        most: int,
        key: str = "id",
    ) -> None:
        self._engine, self._table, self._key, self._clock = engine, table, key, clock
        self._seconds, self._most, self._saved = seconds, most, 0

    def oldest(self) -> int:
        """What was made at this time or before it is no longer kept."""
        return int(self._clock()) - self._seconds

    async def saved(self) -> None:
        """Count one more row, and tidy now and then."""
        if self._saved % TIDIED_EVERY == 0:
            await self.tidy()
        self._saved += 1

    async def tidy(self) -> None:
        """Forget what is too old, then the oldest of what is too much; and files that nothing that
        is left names."""
        table, key = self._table, self._key
        newest = f"SELECT {key} FROM {table} ORDER BY created_at DESC, {key} DESC"  # noqa: S608 - our own names
        too_many = text(
            f"DELETE FROM {table} WHERE ({key}) IN ({newest} LIMIT 1000000000 OFFSET :most)"  # noqa: S608
        )
        async with self._engine.begin() as connection:
            await alone(connection, table)
            if self._seconds:
                aged = text(f"DELETE FROM {table} WHERE created_at <= :oldest")  # noqa: S608
                await connection.execute(aged, {"oldest": self.oldest()})
            await connection.execute(too_many, {"most": self._most})
            await enclosed.tidy(connection)
