"""Files that came inside requests: kept as files of their owner for as long as something that is
kept names them, and no longer.

A use is a place (a reply, a chat completion, a conversation) with, in conversations, an item of it.
Files that were handed in by themselves are no concern of this: they stay until they are deleted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from pellucid.store.db import alone
from pellucid.store.files import File, forget, record, write

_MARK = text("INSERT INTO enclosed_files (id) VALUES (:id) ON CONFLICT DO NOTHING")
_USE = text(
    "INSERT INTO file_uses (file, place, item) SELECT id, :place, :item FROM enclosed_files"
    " WHERE id = :id ON CONFLICT DO NOTHING"
)
_ENDED = (
    "DELETE FROM file_uses WHERE item = ''"
    " AND NOT EXISTS (SELECT 1 FROM replies WHERE replies.id = place)"
    " AND NOT EXISTS (SELECT 1 FROM completions WHERE completions.id = place)",
    "DELETE FROM file_uses WHERE item <> '' AND NOT EXISTS (SELECT 1 FROM conversation_items"
    " WHERE conversation_items.conversation = place AND conversation_items.id = item)",
)
_UNUSED = text(
    "SELECT id FROM enclosed_files"
    " WHERE NOT EXISTS (SELECT 1 FROM file_uses WHERE file_uses.file = enclosed_files.id)"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that came inside a request, whole."""

    file: File
    content: bytes


async def keep(connection: AsyncConnection, sent: Sequence[Sent]) -> None:
    """Keep files that are not kept yet, within a transaction; whoever uses them is told next."""
    if sent:
        await alone(connection, "enclosed")
    for one in sent:
        await connection.execute(_MARK, {"id": one.file.id})
        known = await connection.scalar(
            text("SELECT 1 FROM files WHERE id = :id"), {"id": one.file.id}
        )
        if not known:
            await write(connection, one.file.id, one.content)
            await record(connection, replace(one.file, bytes=len(one.content)))


async def use(
    connection: AsyncConnection, files: Iterable[str], place: str, item: str = ""
) -> None:
    """Note what names some files, those among them that came inside requests."""
    ids = sorted(set(files))
    if ids:
        await alone(connection, "enclosed")
    for file_id in ids:
        await connection.execute(_USE, {"id": file_id, "place": place, "item": item})


async def tidy(connection: AsyncConnection) -> None:
    """Forget what no place that is still there uses."""
    await alone(connection, "enclosed")
    for query in _ENDED:
        await connection.execute(text(query))
    unused = await connection.execute(_UNUSED)
    for (file_id,) in unused.all():
        await forget(connection, file_id)
        await connection.execute(text("DELETE FROM enclosed_files WHERE id = :id"), {"id": file_id})


async def left(connection: AsyncConnection, place: str) -> None:
    """Forget what only this place, or the part of it that is gone, has used."""
    used = text("SELECT 1 FROM file_uses WHERE place = :place LIMIT 1")
    if await connection.scalar(used, {"place": place}):
        await tidy(connection)
