"""Routes of containers and of the files in them."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.files import downloaded
from pellucid.api.forms import form, is_form
from pellucid.api.replies import JsonReply
from pellucid.api.rooms import Rooms
from pellucid.api.wire import containers as wire
from pellucid.api.wire import lists
from pellucid.api.wire.bodies import parsed, read
from pellucid.api.wire.errors import WireError
from pellucid.store.containers import IDLE, Container, ContainerFile

Json = dict[str, Any]
CONTAINERS = "/v1/containers"


class ContainerRoutes:
    """One method for each route."""

    def __init__(self, rooms: Rooms, new_id: Callable[[str], str]) -> None:
        self._rooms, self._new_id = rooms, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        one = f"{CONTAINERS}/{{id}}"
        files, file = f"{one}/files", f"{one}/files/{{file}}"
        return [
            Route(CONTAINERS, self.create, methods=["POST"]),
            Route(CONTAINERS, self.list_containers, methods=["GET"]),
            Route(one, self.find, methods=["GET"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(files, self.add_file, methods=["POST"]),
            Route(files, self.list_files, methods=["GET"]),
            Route(file, self.find_file, methods=["GET"]),
            Route(file, self.delete_file, methods=["DELETE"]),
            Route(f"{file}/content", self.content, methods=["GET"]),
        ]

    async def create(self, request: Request) -> Response:
        """A new container, with copies of files; without one of them, there is none."""
        owner = request.scope["owner"]
        asked = wire.made(read(await request.body()))
        copied = [await self._rooms.file(one, owner, "file_ids") for one in asked.file_ids or ()]
        minutes = asked.expires_after.minutes if asked.expires_after else IDLE
        made = await self._rooms.containers.make(
            self._new_id("cntr"), owner, asked.name, minutes, automatic=False
        )
        try:
            for file in copied:
                await self._rooms.copy(made, file)
        except BaseException:
            await self._rooms.containers.delete(made)
            raise
        return JsonReply(self._told(made))

    async def list_containers(self, request: Request) -> Response:
        """A page of the owner's containers, expired ones left out."""
        wanted = parsed(wire.Listed, dict(request.query_params))
        found = await self._rooms.containers.of(request.scope["owner"])
        shown = [self._told(one) for one in found if wanted.name in (None, one.name)]
        return JsonReply(lists.page(shown, wanted))

    async def find(self, request: Request) -> Response:
        """What is known of a container."""
        return JsonReply(self._told(await self._found(request)))

    async def delete(self, request: Request) -> Response:
        """Forget a container and its files."""
        found = await self._found(request)
        await self._rooms.containers.delete(found)
        return JsonReply({"id": found.id, "object": "container.deleted", "deleted": True})

    async def add_file(self, request: Request) -> Response:
        """A file that is sent, or a copy of one that is there."""
        container = await self._active(request)
        if is_form(request):
            async with form(request, "file") as given, aclosing(given.chunks()) as chunks:
                name = given.file.filename or ""
                return JsonReply(_told(await self._rooms.add(container, name, chunks)))
        asked = parsed(wire.Put, read(await request.body()))
        file = await self._rooms.file(asked.file_id, container.owner, "file_id")
        return JsonReply(_told(await self._rooms.copy(container, file)))

    async def list_files(self, request: Request) -> Response:
        """A page of the files of a container."""
        wanted = lists.asked(request.query_params)
        files = await self._rooms.containers.files(await self._active(request))
        return JsonReply(lists.page([_told(file) for file in files], wanted))

    async def find_file(self, request: Request) -> Response:
        """What is known of a file of a container."""
        return JsonReply(_told(await self._file(request)))

    async def delete_file(self, request: Request) -> Response:
        """Forget a file of a container."""
        file = await self._file(request)
        await self._rooms.containers.delete_file(file)
        return JsonReply({"id": file.id, "object": "container.file.deleted", "deleted": True})

    async def content(self, request: Request) -> Response:
        """The content of a file of a container."""
        return downloaded(self._rooms.containers.content((await self._file(request)).id))

    async def _found(self, request: Request) -> Container:
        return await self._rooms.find(request.path_params["id"], request.scope["owner"])

    async def _active(self, request: Request) -> Container:
        found = await self._rooms.active(request.path_params["id"], request.scope["owner"])
        return await self._rooms.containers.use(found)

    async def _file(self, request: Request) -> ContainerFile:
        container, file_id = await self._active(request), request.path_params["file"]
        files = await self._rooms.containers.files(container)
        found = next((file for file in files if file.id == file_id), None)
        if found is None:
            told = f"There is no file '{file_id}' in container '{container.id}'."
            raise WireError(404, told, "not_found", "file_id")
        return found

    def _told(self, container: Container) -> Json:
        return wire.told(
            container.id,
            container.name,
            container.created_at,
            container.last_active_at,
            container.minutes,
            self._rooms.containers.expired(container),
        )


def _told(file: ContainerFile) -> Json:
    return wire.told_file(
        file.id, file.container, file.created_at, file.bytes, file.path, file.source
    )
