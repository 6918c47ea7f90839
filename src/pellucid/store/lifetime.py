"""How long rows of a table are kept, and how many of them: what is too old is forgotten."""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

DAY = 86_400
TIDIED_EVERY = 256
"""Rows saved between two looks for those that are too old or too many."""


class Lifetime:
    """Keeps a table within its bounds; its rows have an `id`, and `created_at` in seconds.

    `days` is how long a row is kept (0: for ever), `most` how many are, the newest.
    """

    def __init__(
        self, engine: AsyncEngine, table: str, clock: Callable[[], float], days: int, most: int
    ) -> None:
        self._engine, self._table, self._clock = engine, table, clock
        self._days, self._most, self._saved = days, most, 0

    async def saved(self) -> None:
        """Count one more row, and tidy now and then."""
        if self._saved % TIDIED_EVERY == 0:
            await self.tidy()
        self._saved += 1

    async def tidy(self) -> None:
        """Forget what is too old, then the oldest of what is too much."""
        oldest = int(self._clock()) - self._days * DAY
        newest = f"SELECT id FROM {self._table} ORDER BY created_at DESC, id DESC"  # noqa: S608 - our own name
        too_many = text(
            f"DELETE FROM {self._table} WHERE id IN ({newest} LIMIT 1000000000 OFFSET :most)"  # noqa: S608
        )
        async with self._engine.begin() as connection:
            if self._days:
                aged = text(f"DELETE FROM {self._table} WHERE created_at < :oldest")  # noqa: S608
                await connection.execute(aged, {"oldest": oldest})
            await connection.execute(too_many, {"most": self._most})
