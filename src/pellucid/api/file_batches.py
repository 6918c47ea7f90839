"""Routes of batches of files, which are put into a vector store while nobody waits."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.collections import Collections
from pellucid.api.filling import Filling
from pellucid.api.replies import JsonReply
from pellucid.api.vector_stores import STORES, listed
from pellucid.api.wire import vector_stores as wire
from pellucid.api.wire.bodies import parsed, read
from pellucid.api.wire.errors import WireError
from pellucid.store.vector_stores import FileBatch, Member

Json = dict[str, Any]


class FileBatchRoutes:
    """One method for each route."""

    def __init__(
        self,
        collections: Collections,
        filling: Filling,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
    ) -> None:
        self._collections, self._filling = collections, filling
        self._clock, self._new_id = clock, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        every = f"{STORES}/{{id}}/file_batches"
        one = f"{every}/{{batch}}"
        return [
            Route(every, self.create, methods=["POST"]),
            Route(one, self.find, methods=["GET"]),
            Route(f"{one}/cancel", self.cancel, methods=["POST"]),
            Route(f"{one}/files", self.list_files, methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        """Put files into a store; they are read when this has replied."""
        asked, owner = parsed(wire.Several, read(await request.body())), request.scope["owner"]
        each = asked.each()
        store = await self._collections.used(request.path_params["id"], owner)
        for file_id, (param, _) in each.items():
            await self._collections.file(file_id, owner, param)
        batch = FileBatch(self._new_id("vsfb"), store.id, int(self._clock()))
        members = [
            Member(store.id, file_id, batch.created_at, noted, batch=batch.id, state="waiting")
            for file_id, (_, noted) in each.items()
        ]
        await self._filling.start(batch, members)
        return JsonReply(await self._told(batch))

    async def find(self, request: Request) -> Response:
        """How far a batch is."""
        return JsonReply(await self._told(await self._found(request)))

    async def cancel(self, request: Request) -> Response:
        """Read no more of the files of a batch; those that were read stay."""
        batch = await self._found(request)
        await self._collections.stores.cancel(batch)
        return JsonReply(await self._told(batch))

    async def list_files(self, request: Request) -> Response:
        """A page of the files of a batch."""
        return JsonReply(listed(request, await self._files(await self._found(request))))

    async def _found(self, request: Request) -> FileBatch:
        owner, batch_id = request.scope["owner"], request.path_params["batch"]
        store = await self._collections.find(request.path_params["id"], owner)
        found = await self._collections.stores.batch(batch_id, store.id)
        if found is None:
            told = f"There is no batch of files '{batch_id}' in vector store '{store.id}'."
            raise WireError(404, told, "not_found", "batch_id")
        return found

    async def _files(self, batch: FileBatch) -> list[Member]:
        files = await self._collections.stores.files(batch.store)
        return [one for one in files if one.batch == batch.id]

    async def _told(self, batch: FileBatch) -> Json:
        files = [wire.told_file(asdict(one)) for one in await self._files(batch)]
        return wire.told_batch(asdict(batch), files)
