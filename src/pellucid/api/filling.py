"""Batches of files at work: each file is read and put into its vector store, one after the other.

What came of a file is on disk when it counts; a batch that a server left unfinished is taken up by
the next one, which reads only what is left.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from pellucid.api.collections import Collections
from pellucid.api.wire.errors import sentence
from pellucid.core.errors import BadRequest
from pellucid.store.vector_stores import FileBatch, Member

log = logging.getLogger("pellucid.api")


class Filling:
    """All batches that are worked on; entering takes up those that were left, leaving leaves them
    to the next."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections
        self._alone = asyncio.Lock()
        self._tasks = dict[asyncio.Task[None], str]()

    async def __aenter__(self) -> Self:
        for batch_id in await self._collections.stores.unfinished():
            self._begin(batch_id)
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def start(self, batch: FileBatch, members: Sequence[Member]) -> None:
        """Begin to work on a batch, once it is on disk; BadRequest where its files are too many."""
        await self._collections.stores.begin(batch, members)
        self._begin(batch.id)

    def _begin(self, batch_id: str) -> None:
        task = asyncio.create_task(self._work(batch_id))
        self._tasks[task] = batch_id
        task.add_done_callback(self._left)

    def _left(self, done: asyncio.Task[None]) -> None:
        batch_id = self._tasks.pop(done)
        if not done.cancelled() and (error := done.exception()):
            log.error("%s stopped", batch_id, exc_info=error)

    async def _work(self, batch_id: str) -> None:
        """Read what is left of a batch, a file of all batches at a time."""
        while await self._next(batch_id):
            pass

    async def _next(self, batch_id: str) -> bool:
        """Put the next file of a batch into its store; whether there was one."""
        async with self._alone:
            found = await self._collections.stores.next(batch_id)
            if found is not None:
                await self._put(*found)
        return found is not None

    async def _put(self, member: Member, owner: str) -> None:
        """A file, as it is read; one that cannot be is there, and says why."""
        stores, files = self._collections.stores, self._collections.enclosures.files
        try:
            file = await files.find(member.file, owner)
            if file is None:
                raise BadRequest("the file is gone")
            await stores.finish(*await self._collections.read(member, file))
        except BadRequest as error:
            await stores.finish(replace(member, error=sentence(str(error))), None)
