"""The containers that requests name, or get: found, filled, and told to the turn."""

from collections.abc import AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from pellucid.api.wire.containers import Asked, Place
from pellucid.api.wire.enclosed import plain
from pellucid.api.wire.errors import WireError
from pellucid.core.turn import GivenFile
from pellucid.store.containers import AUTOMATIC, Container, ContainerFile, Containers
from pellucid.store.files import File, Files

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rooms:
    """All containers, and the files that may be copied into them."""

    containers: Containers
    files: Files

    async def place(
        self, asked: Asked, owner: str, turn_id: str, before: str | None, *, make: bool
    ) -> Place:
        """Where the programs of a turn find their files: the container that is asked for, else
        the one used before, else one of its own. Unless it shall be made, nothing is changed."""
        copied = [await self.file(file_id, owner, "tools") for file_id in asked.file_ids]
        container = await self._container(asked, owner, before)
        if container is None and (not copied or not make):
            return Place(own(turn_id), tuple(GivenFile(f.filename, f.bytes, "") for f in copied))
        if container is None:
            name = own(turn_id)
            container = await self.containers.make(name, owner, AUTOMATIC, automatic=True)
        if make:
            container = await self.containers.use(container)
            for file in copied:
                await self.copy(container, file)
        there = await self.containers.files(container)
        return Place(container.id, tuple(file.given for file in there))

    async def _container(self, asked: Asked, owner: str, before: str | None) -> Container | None:
        if asked.container is not None:
            return await self.active(asked.container, owner, "tools")
        found = await self.containers.find(before, owner) if before else None
        return None if found is None or self.containers.expired(found) else found

    async def find(self, container_id: str, owner: str, param: str = "id") -> Container:
        """A container of this owner; WireError 404 where there is none."""
        found = await self.containers.find(container_id, owner)
        if found is None:
            told = f"Container with id '{container_id}' not found."
            raise WireError(404, told, "not_found", param)
        return found

    async def active(self, container_id: str, owner: str, param: str = "id") -> Container:
        """A container that can be used; WireError says that it has expired."""
        found = await self.find(container_id, owner, param)
        if self.containers.expired(found):
            idle = f"nobody used it for {found.minutes} minutes"
            told = f"Container '{container_id}' is expired: {idle}."
            raise WireError(400, told, "container_expired", param)
        return found

    async def file(self, file_id: str, owner: str, param: str) -> File:
        """A file of this owner; WireError 404 where there is none."""
        found = await self.files.find(file_id, owner)
        if found is None:
            raise WireError(404, f"No such File object: {file_id}", "not_found", param)
        return found

    async def copy(self, container: Container, file: File) -> ContainerFile:
        """Copy a file into a container."""
        async with aclosing(self.files.content(file.id)) as content:
            return await self.add(container, file.filename, content)

    async def add(
        self, container: Container, name: str, content: AsyncIterable[bytes]
    ) -> ContainerFile:
        """Keep what somebody sends, under a name that programs can use."""
        return await self.containers.add(container, plain(name), "user", content)


def own(turn_id: str) -> str:
    """The id of the container that a turn gets of its own."""
    return f"cntr_{turn_id.partition('_')[2]}"
