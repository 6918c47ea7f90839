"""Chat completions that clients asked to keep: each with its messages, by owner, for a while."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncEngine

from pellucid.store import enclosed
from pellucid.store.enclosed import Sent
from pellucid.store.items import files
from pellucid.store.lifetime import DAY, Lifetime

Json = dict[str, Any]

_ADD = text(
    "INSERT INTO completions (id, owner, created_at, model, metadata, messages, body)"
    " VALUES (:id, :owner, :created_at, :model, :metadata, :messages, :body)"
)


@dataclass(frozen=True, slots=True)
class Completion:
    """A completion as it was given: `messages` are those of its request as the API shows them,
    `body` is the object that was sent, `metadata` what its owner notes about it."""

    id: str
    owner: str
    created_at: int
    model: str
    metadata: Mapping[str, str]
    messages: tuple[Json, ...]
    body: Json


@dataclass(frozen=True, slots=True)
class Search:
    """Which completions are looked for: those of a model (None: any) whose metadata holds all
    these pairs, at most `limit` of them, by age, beginning after `after`."""

    limit: int
    newest_first: bool = False
    after: Completion | None = None
    model: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


class Completions:
    """All completions that are kept. Nobody sees another owner's: for them it does not exist."""

    def __init__(
        self, engine: AsyncEngine, clock: Callable[[], float], days: int, most: int
    ) -> None:
        self._engine = engine
        self._lifetime = Lifetime(engine, "completions", clock, days * DAY, most)

    async def save(self, completion: Completion, sent: Sequence[Sent] = ()) -> None:
        """Keep a completion, with the files that were sent with it; it is on disk when this
        returns."""
        row = {
            "id": completion.id,
            "owner": completion.owner,
            "created_at": completion.created_at,
            "model": completion.model,
            "metadata": json.dumps(completion.metadata),
            "messages": json.dumps(completion.messages),
            "body": json.dumps(completion.body),
        }
        async with self._engine.begin() as connection:
            await connection.execute(_ADD, row)
            await enclosed.keep(connection, sent)
            await enclosed.use(connection, files(completion.messages), completion.id)
        await self._lifetime.saved()

    async def find(self, completion_id: str, owner: str) -> Completion | None:
        """A completion by its id, if it is this owner's."""
        query = text("SELECT * FROM completions WHERE id = :id AND owner = :owner")
        async with self._engine.connect() as connection:
            found = await connection.execute(query, {"id": completion_id, "owner": owner})
            row = found.mappings().first()
        return None if row is None else _completion(row)

    async def search(self, owner: str, wanted: Search) -> tuple[Completion, ...]:
        """The completions of an owner that are looked for."""
        query, values = _query(wanted)
        found: list[Completion] = []
        async with (
            self._engine.connect() as connection,
            connection.stream(text(query), {"owner": owner, **values}) as rows,
        ):
            async for row in rows.mappings():
                if wanted.metadata.items() <= json.loads(row["metadata"]).items():
                    found.append(_completion(row))
                if len(found) == wanted.limit:
                    break
        return tuple(found)

    async def rename(self, completion_id: str, metadata: Mapping[str, str]) -> None:
        """Give a completion other metadata."""
        query = text("UPDATE completions SET metadata = :metadata WHERE id = :id")
        row = {"id": completion_id, "metadata": json.dumps(metadata)}
        async with self._engine.begin() as connection:
            await connection.execute(query, row)

    async def delete(self, completion_id: str, owner: str) -> bool:
        """Forget a completion, and the files that only it has; whether there was one."""
        query = text("DELETE FROM completions WHERE id = :id AND owner = :owner")
        async with self._engine.begin() as connection:
            done = await connection.execute(query, {"id": completion_id, "owner": owner})
            await enclosed.left(connection, completion_id)
            return bool(done.rowcount)


def _query(wanted: Search) -> tuple[str, Json]:
    """A search as SQL, with the values of its parameters.

    Pairs are looked for in metadata as they are written there. Another text may hold the same
    characters, so what is found has still to be read.
    """
    conditions, values = ["owner = :owner"], Json()
    beyond, order = ("<", "DESC") if wanted.newest_first else (">", "ASC")
    if wanted.model is not None:
        conditions.append("model = :model")
        values["model"] = wanted.model
    for number, (name, value) in enumerate(wanted.metadata.items()):
        conditions.append(f"replace(metadata, :pair{number}, '') <> metadata")
        values[f"pair{number}"] = json.dumps({name: value})[1:-1]
    if wanted.after is not None:
        conditions.append(f"(created_at, id) {beyond} (:after, :after_id)")
        values |= {"after": wanted.after.created_at, "after_id": wanted.after.id}
    query = (
        f"SELECT * FROM completions WHERE {' AND '.join(conditions)}"  # noqa: S608 - our own words
        f" ORDER BY created_at {order}, id {order}"
    )
    return query, values


def _completion(row: RowMapping) -> Completion:
    return Completion(
        row["id"],
        row["owner"],
        row["created_at"],
        row["model"],
        json.loads(row["metadata"]),
        tuple(json.loads(row["messages"])),
        json.loads(row["body"]),
    )
