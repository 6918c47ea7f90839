"""Routes of vector stores, of the files in them, and of searches."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.collections import Collections
from pellucid.api.replies import JsonReply
from pellucid.api.wire import lists
from pellucid.api.wire import vector_stores as wire
from pellucid.api.wire.bodies import parsed, read
from pellucid.api.wire.errors import WireError
from pellucid.store.vector_stores import Member, VectorStore
from pellucid.tools.reader.passages import pages

Json = dict[str, Any]


def listed(request: Request, files: Sequence[Member]) -> Json:
    """The page of some files that a request asks for."""
    wanted = parsed(wire.ListedFiles, dict(request.query_params))
    told = [wire.told_file(asdict(file)) for file in files]
    return lists.page([one for one in told if wanted.filter in (None, one["status"])], wanted)


STORES = "/v1/vector_stores"


class VectorStoreRoutes:
    """One method for each route."""

    def __init__(
        self,
        collections: Collections,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
    ) -> None:
        self._collections, self._clock, self._new_id = collections, clock, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        one = f"{STORES}/{{id}}"
        files, file = f"{one}/files", f"{one}/files/{{file}}"
        return [
            Route(STORES, self.create, methods=["POST"]),
            Route(STORES, self.list_stores, methods=["GET"]),
            Route(one, self.find, methods=["GET"]),
            Route(one, self.change, methods=["POST"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/search", self.search, methods=["POST"]),
            Route(files, self.add_file, methods=["POST"]),
            Route(files, self.list_files, methods=["GET"]),
            Route(file, self.find_file, methods=["GET"]),
            Route(file, self.note_file, methods=["POST"]),
            Route(f"{file}/content", self.file_content, methods=["GET"]),
            Route(file, self.delete_file, methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> Response:
        """A new store, with files; without one of them, there is none."""
        body, owner, now = await request.body(), request.scope["owner"], int(self._clock())
        asked = parsed(wire.Made, read(body) if body else {})
        given = [
            await self._collections.file(one, owner, "file_ids") for one in asked.file_ids or ()
        ]
        days = asked.expires_after.days if asked.expires_after else 0
        made = VectorStore(
            self._new_id("vs"), owner, now, now, days,
            asked.name or "", asked.description or "", asked.metadata,
        )  # fmt: skip
        await self._collections.stores.make(made)
        try:
            for file in given:
                await self._collections.put(made, file, {})
        except BaseException:
            await self._collections.stores.delete(made)
            raise
        return JsonReply(await self._told(made))

    async def list_stores(self, request: Request) -> Response:
        """A page of the owner's stores."""
        wanted = lists.asked(request.query_params)
        found = await self._collections.stores.of(request.scope["owner"])
        return JsonReply(lists.page([await self._told(one) for one in found], wanted))

    async def find(self, request: Request) -> Response:
        """What is known of a store."""
        return JsonReply(await self._told(await self._found(request)))

    async def change(self, request: Request) -> Response:
        """Give a store another name, other metadata, or another end."""
        found, asked = await self._found(request), parsed(wire.Changed, read(await request.body()))
        given = asked.model_fields_set
        changed = replace(
            found,
            name=(asked.name or "") if "name" in given else found.name,
            metadata=asked.metadata if "metadata" in given else found.metadata,
            days=found.days if "expires_after" not in given
            else asked.expires_after.days if asked.expires_after else 0,
        )  # fmt: skip
        await self._collections.stores.save(changed)
        return JsonReply(await self._told(changed))

    async def delete(self, request: Request) -> Response:
        """Forget a store; its files stay."""
        found = await self._found(request)
        await self._collections.stores.delete(found)
        return JsonReply({"id": found.id, "object": "vector_store.deleted", "deleted": True})

    async def search(self, request: Request) -> Response:
        """The passages of a store that are most about a query."""
        asked = parsed(wire.Search, read(await request.body()))
        return JsonReply(await self._collections.search(await self._used(request), asked))

    async def add_file(self, request: Request) -> Response:
        """Put a file into a store; it has been read when this replies."""
        asked = parsed(wire.Put, read(await request.body()))
        store = await self._used(request)
        file = await self._collections.file(asked.file_id, store.owner, "file_id")
        member = await self._collections.put(store, file, dict(asked.attributes or {}))
        return JsonReply(wire.told_file(asdict(member)))

    async def list_files(self, request: Request) -> Response:
        """A page of the files of a store."""
        files = await self._collections.stores.files((await self._found(request)).id)
        return JsonReply(listed(request, files))

    async def find_file(self, request: Request) -> Response:
        """What is known of a file of a store."""
        return JsonReply(wire.told_file(asdict(await self._file(request))))

    async def note_file(self, request: Request) -> Response:
        """Note something else about a file of a store."""
        asked, file = parsed(wire.Noted, read(await request.body())), await self._file(request)
        noted = replace(file, attributes=dict(asked.attributes or {}))
        await self._collections.stores.note(noted)
        return JsonReply(wire.told_file(asdict(noted)))

    async def file_content(self, request: Request) -> Response:
        """What was read of a file of a store, page by page where it has any."""
        file = await self._file(request)
        found = await self._collections.stores.contents(file.store)
        texts = [pages(one) for member, one in found if member.file == file.file]
        return JsonReply(wire.content([part for parts in texts for part in parts]))

    async def delete_file(self, request: Request) -> Response:
        """Take a file out of a store; the file itself stays."""
        file = await self._file(request)
        await self._collections.stores.remove(file.store, file.file)
        return JsonReply({"id": file.file, "object": "vector_store.file.deleted", "deleted": True})

    async def _found(self, request: Request) -> VectorStore:
        return await self._collections.find(request.path_params["id"], request.scope["owner"])

    async def _used(self, request: Request) -> VectorStore:
        store_id, owner = request.path_params["id"], request.scope["owner"]
        return await self._collections.used(store_id, owner)

    async def _file(self, request: Request) -> Member:
        store, file_id = await self._found(request), request.path_params["file"]
        files = await self._collections.stores.files(store.id)
        found = next((one for one in files if one.file == file_id), None)
        if found is None:
            told = f"There is no file '{file_id}' in vector store '{store.id}'."
            raise WireError(404, told, "not_found", "file_id")
        return found

    async def _told(self, store: VectorStore) -> Json:
        files = await self._collections.stores.files(store.id)
        told = [wire.told_file(asdict(file)) for file in files]
        expired = self._collections.stores.expired(store)
        return wire.told(asdict(store), told, expired=expired)
