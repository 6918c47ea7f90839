"""The database: opened once, brought up to date, closed at the end (SQLAlchemy 2, async).

SQLite in its write-ahead log, each change on disk before it is acknowledged
(https://www.sqlite.org/wal.html; `synchronous=FULL`), or PostgreSQL. Statements are written so that
both read them; where SQLite lets one transaction write at a time, `alone` does it for PostgreSQL.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pellucid.core.errors import BadRequest
from pellucid.store import postgresql

Database = AsyncEngine
"""What stores are kept in."""

FILE = "pellucid.db"
CACHE = "cache.db"
"""What may be lost with the machine's power, and is made anew."""

PRAGMAS = ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON")

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE replies (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, items TEXT NOT NULL, asked TEXT NOT NULL,"
        " body TEXT NOT NULL, events TEXT NOT NULL, request TEXT NOT NULL)",
        "CREATE INDEX replies_by_age ON replies (created_at, id)",
        "CREATE TABLE conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, metadata TEXT NOT NULL)",
        "CREATE TABLE conversation_items (conversation TEXT NOT NULL, position BIGINT NOT NULL,"
        " id TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (conversation, id))",
    ),
    (
        "CREATE TABLE files (id TEXT PRIMARY KEY, owner TEXT NOT NULL, created_at BIGINT NOT NULL,"
        " expires_at BIGINT NOT NULL, filename TEXT NOT NULL, purpose TEXT NOT NULL,"
        " bytes BIGINT NOT NULL)",
        "CREATE TABLE chunks (content TEXT NOT NULL, position BIGINT NOT NULL,"
        " body BYTEA NOT NULL, PRIMARY KEY (content, position))",
        "CREATE TABLE uploads (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, filename TEXT NOT NULL, purpose TEXT NOT NULL,"
        " bytes BIGINT NOT NULL, lifetime BIGINT NOT NULL, status TEXT NOT NULL,"
        " file TEXT NOT NULL)",
        "CREATE TABLE upload_parts (id TEXT PRIMARY KEY, upload TEXT NOT NULL,"
        " bytes BIGINT NOT NULL)",
        "CREATE TABLE batches (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, output TEXT NOT NULL, errors TEXT NOT NULL,"
        " ended BIGINT NOT NULL, body TEXT NOT NULL)",
        "CREATE TABLE batch_lines (batch TEXT NOT NULL, position BIGINT NOT NULL,"
        " failed BIGINT NOT NULL, prompt BIGINT NOT NULL, cached BIGINT NOT NULL,"
        " reasoning BIGINT NOT NULL, completion BIGINT NOT NULL, body TEXT NOT NULL,"
        " PRIMARY KEY (batch, position))",
    ),
    (
        "CREATE TABLE completions (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, model TEXT NOT NULL, metadata TEXT NOT NULL,"
        " messages TEXT NOT NULL, body TEXT NOT NULL)",
        "CREATE INDEX completions_by_age ON completions (created_at, id)",
        "CREATE INDEX completions_by_owner ON completions (owner, created_at, id)",
    ),
    (
        "CREATE TABLE keyed_replies (owner TEXT NOT NULL, name TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, request TEXT NOT NULL, status BIGINT NOT NULL,"
        " media_type TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (owner, name))",
        "CREATE INDEX keyed_replies_by_age ON keyed_replies (created_at)",
    ),
    (
        "CREATE TABLE remembered_turns (digest TEXT PRIMARY KEY, created_at BIGINT NOT NULL,"
        " turn_id TEXT NOT NULL, events TEXT NOT NULL, ended TEXT NOT NULL)",
        "CREATE INDEX remembered_turns_by_age ON remembered_turns (created_at)",
    ),
    (
        "CREATE TABLE remembered_as (turn_id TEXT PRIMARY KEY, digest TEXT NOT NULL"
        " REFERENCES remembered_turns (digest) ON DELETE CASCADE)",
        "CREATE INDEX remembered_as_by_digest ON remembered_as (digest)",
        "INSERT INTO remembered_as SELECT turn_id, digest FROM remembered_turns WHERE true"
        " ON CONFLICT (turn_id) DO NOTHING",
    ),
    (
        "CREATE TABLE containers (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, last_active_at BIGINT NOT NULL, minutes BIGINT NOT NULL,"
        " name TEXT NOT NULL, automatic BOOLEAN NOT NULL)",
        "CREATE INDEX containers_by_owner ON containers (owner, created_at, id)",
        "CREATE TABLE container_files (id TEXT PRIMARY KEY, container TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, path TEXT NOT NULL, bytes BIGINT NOT NULL,"
        " sha256 TEXT NOT NULL, head TEXT NOT NULL, source TEXT NOT NULL,"
        " UNIQUE (container, path))",
    ),
    (
        "CREATE TABLE enclosed_files (id TEXT PRIMARY KEY)",
        "CREATE TABLE file_uses (file TEXT NOT NULL, place TEXT NOT NULL, item TEXT NOT NULL,"
        " PRIMARY KEY (file, place, item))",
        "CREATE INDEX file_uses_by_place ON file_uses (place)",
    ),
    (
        "CREATE TABLE vector_stores (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, last_active_at BIGINT NOT NULL, days BIGINT NOT NULL,"
        " name TEXT NOT NULL, description TEXT NOT NULL, metadata TEXT NOT NULL)",
        "CREATE INDEX vector_stores_by_owner ON vector_stores (owner, created_at, id)",
        "CREATE TABLE vector_store_files (store TEXT NOT NULL, file TEXT NOT NULL,"
        " created_at BIGINT NOT NULL, attributes TEXT NOT NULL, error TEXT NOT NULL,"
        " bytes BIGINT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (store, file))",
        "CREATE INDEX vector_store_files_by_file ON vector_store_files (file)",
    ),
    (
        "ALTER TABLE vector_store_files ADD COLUMN batch TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE vector_store_files ADD COLUMN state TEXT NOT NULL DEFAULT 'ended'",
        "CREATE INDEX vector_store_files_by_batch ON vector_store_files (batch)",
        "CREATE TABLE vector_store_batches (id TEXT PRIMARY KEY, store TEXT NOT NULL,"
        " created_at BIGINT NOT NULL)",
    ),
    (
        "ALTER TABLE keyed_replies ADD COLUMN about TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX keyed_replies_by_about ON keyed_replies (owner, about)",
    ),
)
"""What each version changes, oldest first; a version that was released is never edited."""


class _Cursor(Protocol):
    def execute(self, statement: str) -> object: ...

    def close(self) -> None: ...


class _Raw(Protocol):
    def cursor(self) -> _Cursor: ...


@asynccontextmanager
async def opened(where: Path | str, *, durable: bool = True) -> AsyncGenerator[AsyncEngine, None]:
    """The database of a file, which is made where there is none, or of a PostgreSQL URL.

    BadRequest for one of a later version, and for one that cannot be reached. One that is not
    `durable` waits for no disk, and may lose its last changes.
    """
    beginning = _file(where, durable) if isinstance(where, Path) else _server(where, durable)
    async with beginning as engine:
        yield engine


@asynccontextmanager
async def _file(path: Path, durable: bool) -> AsyncGenerator[AsyncEngine, None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", hide_parameters=True)
    pragmas = (*PRAGMAS, f"synchronous={'FULL' if durable else 'NORMAL'}")
    event.listen(engine.sync_engine, "connect", partial(_prepared, pragmas))
    try:
        async with engine.begin() as connection:
            await _migrated(connection, str(path))
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def _server(url: str, durable: bool) -> AsyncGenerator[AsyncEngine, None]:
    engine, name = postgresql.connections(url, durable=durable), postgresql.named(url)
    try:
        with postgresql.opening(name):
            async with engine.begin() as connection:
                await postgresql.check(connection, name)
                await _migrated(connection, name)
        yield engine
    finally:
        await engine.dispose()


async def alone(connection: AsyncConnection, name: str) -> None:
    """Wait until no other transaction is alone with a name, and be it until this one ends.

    For what reads before it writes: PostgreSQL would let two read the same.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        await connection.execute(lock, {"name": name})


def _prepared(pragmas: Sequence[str], raw: _Raw, record: object) -> None:
    cursor = raw.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


async def _migrated(connection: AsyncConnection, name: str) -> None:
    """Bring the tables up to date, within one transaction."""
    await alone(connection, "versions")
    await connection.execute(text("CREATE TABLE IF NOT EXISTS versions (version BIGINT)"))
    found = await connection.scalar(text("SELECT COUNT(*) FROM versions"))
    version = int(found or 0)
    if version > len(MIGRATIONS):
        raise BadRequest(f"{name} was written by a later version of Pellucid")
    for number, statements in enumerate(MIGRATIONS[version:], start=version + 1):
        for statement in statements:
            await connection.execute(text(statement))
        await connection.execute(text("INSERT INTO versions VALUES (:n)"), {"n": number})
