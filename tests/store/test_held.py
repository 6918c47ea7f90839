"""Two servers on one database: the second is refused, until the first is gone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pellucid.core.errors import BadRequest
from pellucid.store.db import opened
from pellucid.store.held import held
from postgres_server import Server


@asynccontextmanager
async def server(where: Path | str) -> AsyncGenerator[None, None]:
    async with opened(where) as database, held(database, where):
        yield


async def refused(where: Path | str) -> str:
    with pytest.raises(BadRequest) as told:
        async with server(where):
            pass
    return str(told.value)


async def test_a_file_is_held_by_one_server(tmp_path: Path) -> None:
    where = tmp_path / "kept.db"
    async with server(where), server(tmp_path / "other.db"):
        assert await refused(where) == (
            f"another server uses the database {where}: end it, or give this one a database of its"
            " own (PELLUCID_HOME, PELLUCID_STORE_URL)"
        )
    async with server(where):
        pass


async def test_a_database_of_postgresql_is_held_by_one_server(
    postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pellucid.store.held.PATIENCE", "50ms")
    where = postgresql.database()
    async with server(where), server(postgresql.database()):
        told = await refused(where)
        assert told.startswith("another server uses the database postgresql://pellucid@/test_")
        assert "secret" not in told
    async with server(where):
        pass
