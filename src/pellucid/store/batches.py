"""Batches: many requests in one file, and what came of each, line by line as they end."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import msgspec
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from pellucid.core.usage import Usage
from pellucid.store.db import alone

Json = dict[str, Any]
Status = Literal[
    "validating",
    "failed",
    "in_progress",
    "finalizing",
    "completed",
    "expired",
    "cancelling",
    "cancelled",
]
DAY = 86_400
ENDED: tuple[Status, ...] = ("failed", "completed", "expired", "cancelled")

_SAVE = text(
    "INSERT INTO batches (id, owner, created_at, output, errors, ended, body) VALUES"
    " (:id, :owner, :created_at, :output, :errors, :ended, :body)"
    " ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, body = excluded.body"
)
_AGED = text("DELETE FROM batches WHERE ended = 1 AND created_at < :oldest")
_LINE = text(
    "INSERT INTO batch_lines (batch, position, failed, prompt, cached, reasoning, completion,"
    " body) VALUES (:batch, :position, :failed, :prompt, :cached, :reasoning, :completion, :body)"
    " ON CONFLICT (batch, position) DO NOTHING"
)
_COUNTS = text(
    "SELECT COUNT(*) AS lines, SUM(failed) AS failed, SUM(prompt) AS prompt, SUM(cached) AS cached,"
    " SUM(reasoning) AS reasoning, SUM(completion) AS completion"
    " FROM batch_lines WHERE batch = :batch"
)
"""Sums of nothing are NULL; PostgreSQL's are decimals."""
_OUTPUT = text(
    "SELECT body FROM batch_lines WHERE batch = :batch AND failed = :failed ORDER BY position"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many requests have ended, how many of them failed, and what all of them used."""

    ended: int = 0
    failed: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch. `times` are when it came to each status, `lifetime` is for how many seconds its
    files are kept (0: for ever), `output` and `errors` are the ids its files have or will have,
    `complaints` what was wrong with its input, `total` its requests, `late` whether its time was
    over before all were answered; `result` is its progress at its end."""

    id: str
    owner: str
    created_at: int
    endpoint: str
    input: str
    output: str
    errors: str
    expires_at: int
    lifetime: int = 0
    status: Status = "validating"
    total: int = 0
    model: str | None = None
    metadata: Mapping[str, str] | None = None
    times: Mapping[str, int] = field(default_factory=dict)
    complaints: tuple[Json, ...] = ()
    late: bool = False
    result: Progress | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What came of a request: `body` is its line in the output, or in the errors."""

    position: int
    failed: bool
    usage: Usage
    body: Json


class Batches:
    """All batches. Nobody sees another owner's. One that has ended is forgotten after `days`
    (0: never)."""

    def __init__(self, engine: AsyncEngine, clock: Callable[[], float], days: int) -> None:
        self._engine, self._clock, self._days = engine, clock, days

    async def save(self, batch: Batch) -> None:
        """Keep a batch as it is now; it is on disk when this returns."""
        async with self._engine.begin() as connection:
            if self._days:
                await alone(connection, "batches")
                oldest = int(self._clock()) - self._days * DAY
                await connection.execute(_AGED, {"oldest": oldest})
            await _save(connection, batch)

    async def end(self, batch: Batch) -> None:
        """Keep a batch that has ended; its lines, which are in its files, are let go."""
        progress = await self.progress(batch)
        async with self._engine.begin() as connection:
            query = text("DELETE FROM batch_lines WHERE batch = :batch")
            await connection.execute(query, {"batch": batch.id})
            await _save(connection, replace(batch, result=progress))

    async def find(self, batch_id: str, owner: str) -> Batch | None:
        """A batch by its id, if it is this owner's."""
        found = await self._found("id = :id AND owner = :owner", id=batch_id, owner=owner)
        return found[0] if found else None

    async def writing(self, file_id: str, owner: str) -> Batch | None:
        """The batch that a file will come of, if it is this owner's."""
        asked = "(output = :file OR errors = :file) AND owner = :owner AND ended = 0"
        found = await self._found(asked, file=file_id, owner=owner)
        return found[0] if found else None

    async def of(self, owner: str) -> tuple[Batch, ...]:
        """The batches of an owner, the oldest first."""
        return await self._found("owner = :owner", owner=owner)

    async def unfinished(self) -> tuple[Batch, ...]:
        """The batches that have not ended, the oldest first."""
        return await self._found("ended = 0")

    async def _found(self, where: str, **asked: str) -> tuple[Batch, ...]:
        query = text(f"SELECT body FROM batches WHERE {where} ORDER BY created_at, id")  # noqa: S608
        async with self._engine.connect() as connection:
            return tuple(
                msgspec.json.decode(body, type=Batch)
                for (body,) in await connection.execute(query, asked)
            )

    async def add(self, batch: Batch, line: Line) -> None:
        """Keep what came of a request, once: what was kept before stays."""
        row = {
            "batch": batch.id,
            "position": line.position,
            "failed": int(line.failed),
            "prompt": line.usage.prompt,
            "cached": line.usage.cached,
            "reasoning": line.usage.reasoning,
            "completion": line.usage.completion,
            "body": json.dumps(line.body),
        }
        async with self._engine.begin() as connection:
            await connection.execute(_LINE, row)

    async def done(self, batch: Batch) -> frozenset[int]:
        """The positions of the requests that have ended."""
        query = text("SELECT position FROM batch_lines WHERE batch = :batch")
        async with self._engine.connect() as connection:
            rows = await connection.execute(query, {"batch": batch.id})
            return frozenset(position for (position,) in rows)

    async def progress(self, batch: Batch) -> Progress:
        """How far a batch is."""
        if batch.result is not None:
            return batch.result
        async with self._engine.connect() as connection:
            found = await connection.execute(_COUNTS, {"batch": batch.id})
            return _progress(found.mappings().one())

    async def lines(self, batch: Batch, *, failed: bool) -> AsyncGenerator[bytes, None]:
        """The lines of the output, or of the errors, as far as they are there."""
        asked = {"batch": batch.id, "failed": int(failed)}
        async with self._engine.connect() as connection:
            rows = await connection.stream(_OUTPUT, asked)
            async for (body,) in rows:
                yield body.encode() + b"\n"


async def _save(connection: AsyncConnection, batch: Batch) -> None:
    row = {
        "id": batch.id,
        "owner": batch.owner,
        "created_at": batch.created_at,
        "output": batch.output,
        "errors": batch.errors,
        "ended": int(batch.status in ENDED),
        "body": msgspec.json.encode(batch).decode(),
    }
    await connection.execute(_SAVE, row)


def _progress(row: RowMapping) -> Progress:
    used = (int(row[name] or 0) for name in ("prompt", "cached", "reasoning", "completion"))
    return Progress(row["lines"], int(row["failed"] or 0), Usage(*used))
