"""The files in messages: found, read, and told to the turn."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from pellucid.api.fetching import Json, brought
from pellucid.api.wire.enclosed import Enclosed, plain
from pellucid.api.wire.errors import WireError, sentence
from pellucid.core.errors import BadRequest
from pellucid.core.items import Item, Message
from pellucid.core.turn import Attachment, Turn, named_once
from pellucid.store.enclosed import Sent
from pellucid.store.files import File, Files
from pellucid.tools.browser.fetch import Fetcher
from pellucid.tools.reader import ingest, passages

MOST = 20
"""Files of a conversation."""

MOST_BYTES = 50_000_000
"""Of all of them together."""

AT_ONCE = 2
"""Files that are read at the same time, for everybody: a PDF file may take 1.5 GB."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A file of a conversation, before it is read: `kept` where its id leads to it."""

    given: Enclosed
    name: str
    content: bytes
    kept: bool


@dataclass(frozen=True, slots=True)
class Enclosures:
    """What requests enclose, and the files that their owners have; a conversation has `most` of
    them, which have so many bytes together (`largest`). Without a `fetcher` no address is
    opened."""

    files: Files
    most: int = MOST
    largest: int = MOST_BYTES
    fetcher: Fetcher | None = None
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def brought(self, body: Json) -> Json:
        """A request with the files in it that it names by their address."""
        return await brought(body, self.fetcher)

    async def attached(self, turn: Turn, given: Sequence[Enclosed], *, keep: bool) -> Turn:
        """A turn with the files of its conversation as what it can read: those `given` with the
        request, which are kept after it or not, and those of earlier messages.

        WireError names, by its place in the request, what is not there or cannot be read.
        """
        return replace(turn, attachments=await self.read(turn.items, turn.owner, given, keep=keep))

    async def read(
        self, items: Sequence[Item], owner: str, given: Sequence[Enclosed], *, keep: bool
    ) -> tuple[Attachment, ...]:
        """The files of a conversation, in order, under names that differ."""
        wanted = dict.fromkeys(
            one for item in items if isinstance(item, Message) for one in item.files
        )
        if not wanted:
            return ()
        if len(wanted) > self.most:
            told = f"The conversation has {len(wanted)} files; {self.most} are the most."
            raise WireError(400, told, "too_many_files", "input")
        by_content = sorted(given, key=lambda one: one.content is not None)
        brought = {one.file_id: one for one in by_content}
        found, size = list[_Found](), 0
        for file_id in wanted:
            one = brought.get(file_id) or Enclosed(file_id, "")
            found.append(await self._found(one, owner, size, keep=keep))
            size += len(found[-1].content)
        if keep:
            await self._room(found)
        read = [part for one in found for part in await self._read(one)]
        _bounded(read)
        return named_once(read)

    async def _found(self, given: Enclosed, owner: str, before: int, *, keep: bool) -> _Found:
        """A file with its content, after others of so many bytes."""
        if given.content is not None:
            self._small(given, len(given.content), before)
            return _Found(given, given.name, given.content, keep)
        file = await self.files.find(given.file_id, owner)
        if file is None:
            raise _absent(given)
        self._small(given, file.bytes, before)
        return _Found(given, plain(file.filename), await self._content(file), kept=True)

    def _small(self, given: Enclosed, size: int, before: int) -> None:
        if before + size > self.largest:
            told = f"The files of a conversation may have {self.largest:,} bytes together;"
            told += f" this one has {size:,}, those before it have {before:,}."
            raise WireError(400, told, "file_too_large", _where(given))

    async def _room(self, found: Sequence[_Found]) -> None:
        """WireError where there is no space to keep what was given."""
        try:
            await self.files.room(sum(len(one.given.content or b"") for one in found))
        except BadRequest as error:
            raise WireError(400, sentence(str(error)), None, "input") from None

    async def document(self, file: File) -> Attachment:
        """A file as what can be read; BadRequest where it cannot be."""
        if file.bytes > self.largest:
            raise BadRequest(f"{file.filename} has more than {self.largest:,} bytes")
        name = plain(file.filename)
        read = await self._text(name, await self._content(file))
        return read[0] if len(read) == 1 else _together(name, read)

    async def _content(self, file: File) -> bytes:
        async with aclosing(self.files.content(file.id)) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def _text(self, name: str, content: bytes) -> tuple[Attachment, ...]:
        async with self._places:
            return await asyncio.to_thread(ingest.read, name, content)

    async def _read(self, found: _Found) -> tuple[Attachment, ...]:
        try:
            read = await self._text(found.name, found.content)
        except BadRequest as error:
            told = sentence(f"the file {error}")
            raise WireError(400, told, "invalid_file", _where(found.given)) from None
        file_id = found.given.file_id if found.kept else ""
        return tuple(replace(one, file_id=file_id) for one in read)


def _together(name: str, read: Sequence[Attachment]) -> Attachment:
    """What came of one file (the sheets of a workbook) as the parts of one document."""
    parts, outline = list[str](), list[tuple[str, int]]()
    for one in read:
        titles = one.outline if one.unit == "file" else ((one.name, 1),)
        outline += [(title, number + len(parts)) for title, number in titles]
        parts += passages.pages(one)
    return Attachment(name, passages.PAGE.join(parts), tuple(outline), unit="file")


def sent(given: Sequence[Enclosed], owner: str, created_at: int) -> tuple[Sent, ...]:
    """What came inside a request, as files to keep."""
    return tuple(
        Sent(File(one.file_id, owner, created_at, one.name, "user_data"), one.content)
        for one in given
        if one.content is not None
    )


def _where(given: Enclosed) -> str:
    """The parameter that names a file; one of an earlier message is of the input too."""
    return given.param or "input"


def _absent(given: Enclosed) -> WireError:
    if given.param:
        return WireError(404, f"No such File object: {given.file_id}", "not_found", given.param)
    told = f"The file '{given.file_id}' of an earlier message is gone: it was deleted, has expired,"
    told += " or was never kept. Send it again, or go on without that message."
    return WireError(400, told, "file_not_found", "input")


def _bounded(read: Sequence[Attachment]) -> None:
    """WireError for more text than is asked about at once; pages are looked up, and are not."""
    size = sum(len(one.text.encode()) for one in read if passages.PAGE not in one.text)
    if size > ingest.MOST_BYTES:
        told = sentence(ingest.too_large("the text files of a conversation have", size))
        raise WireError(400, told, "file_too_large", "input")
