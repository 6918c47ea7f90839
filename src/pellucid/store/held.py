"""One server uses a database at a time: it takes up what another left unfinished, and cannot know
whether that one is still at it.

What is held goes with its server, however that ends: a file is locked by a process (flock(2)), a
PostgreSQL database by a connection (advisory locks: section 13.3.5 of its manual). A connection
that breaks gives the database up, unseen; whoever comes then is let in.
"""

import fcntl
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.core.errors import BadRequest
from pellucid.store.postgresql import named

PATIENCE = "3s"
"""How long a server on PostgreSQL may still be about to end."""

_WAIT = text("SELECT set_config('lock_timeout', :patience, false)")
_HOLD = text("SELECT pg_advisory_lock(hashtextextended('the server of this database', 0))")


@asynccontextmanager
async def held(database: AsyncEngine, where: Path | str) -> AsyncGenerator[None, None]:
    """Hold a database that was opened, of a file or of a PostgreSQL URL; BadRequest where another
    server does."""
    if isinstance(where, Path):
        with _file(where):
            yield
        return
    async with database.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(_WAIT, {"patience": PATIENCE})
        try:
            await connection.execute(_HOLD)
        except DBAPIError as error:
            raise _taken(named(where)) from error
        try:
            yield
        finally:
            await connection.invalidate()  # closed, it holds nothing


@contextmanager
def _file(path: Path) -> Iterator[None]:
    with path.with_suffix(".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _taken(str(path)) from None
        yield


def _taken(name: str) -> BadRequest:
    return BadRequest(
        f"another server uses the database {name}: end it, or give this one a database of its own"
        " (PELLUCID_HOME, PELLUCID_STORE_URL)"
    )
