"""PostgreSQL as the database: connections, and what is told of those that fail."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from pellucid.core.errors import BadRequest

PATIENCE = 10
"""Seconds that a server may take to let us in."""

REPLACED = "\N{REPLACEMENT CHARACTER}"


def connections(url: str, *, durable: bool) -> AsyncEngine:
    """Connections to the database of a URL as libpq reads them (section 34.1.1.2 of PostgreSQL's
    manual). One that broke since it was used last is replaced before it is used again."""
    lax = {} if durable else {"synchronous_commit": "off"}
    connect = partial(asyncpg.connect, url, timeout=PATIENCE, server_settings=lax)
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, pool_pre_ping=True, hide_parameters=True
    )
    event.listen(engine.sync_engine, "before_cursor_execute", _storable, retval=True)
    return engine


def named(url: str) -> str:
    """A URL as it may be shown: without its password, and of its parameters only the host."""
    parts = urlsplit(url)
    user, at, where = parts.netloc.rpartition("@")
    sockets = "".join(f"?host={host}" for host in parse_qs(parts.query).get("host", [])[:1])
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{where}{parts.path}{sockets}"


@contextmanager
def opening(name: str) -> Iterator[None]:
    """BadRequest, with what the server said, where a database cannot be reached or used."""
    try:
        yield
    except DBAPIError as error:
        raise BadRequest(f"the database {name} cannot be used: {_first_line(error.orig)}") from None
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or _first_line(error) or "no answer"
        raise BadRequest(f"the database {name} cannot be reached: {told}") from None


async def check(connection: AsyncConnection, name: str) -> None:
    """BadRequest for a database that cannot hold every text."""
    encoding = await connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise BadRequest(f"the database {name} is in {encoding}; it has to be in UTF8")


def _first_line(error: object) -> str:
    return str(error).partition("\n")[0]


def _storable(
    connection: object,
    cursor: object,
    statement: str,
    parameters: tuple[Any, ...],
    context: object,
    many: bool,
) -> tuple[str, tuple[Any, ...]]:
    """A statement's values, without the one character (NUL) that PostgreSQL has no place for."""
    kept = (one.replace("\0", REPLACED) if isinstance(one, str) else one for one in parameters)
    return statement, tuple(kept)
