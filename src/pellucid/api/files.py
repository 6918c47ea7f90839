"""Routes of files and of uploads in parts."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from pellucid.api.forms import form
from pellucid.api.replies import JsonReply
from pellucid.api.wire import files as wire
from pellucid.api.wire import lists
from pellucid.api.wire.bodies import parsed, read
from pellucid.api.wire.errors import WireError
from pellucid.store.batches import Batches
from pellucid.store.files import NEVER, File, Files
from pellucid.store.uploads import LIFETIME, Upload, Uploads

Json = dict[str, Any]
FILES, UPLOADS = "/v1/files", "/v1/uploads"
HEADERS = {"x-content-type-options": "nosniff", "content-disposition": "attachment"}
"""A file is bytes that somebody sent, never a page of this server."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where files are: whole ones, those that come in parts, those that batches write."""

    files: Files
    uploads: Uploads
    batches: Batches


class FileRoutes:
    """One method for each route."""

    def __init__(
        self,
        shelf: Shelf,
        forget: Callable[[str, str], Awaitable[bool]],
        clock: Callable[[], float],
        new_id: Callable[[str], str],
    ) -> None:
        """`forget` forgets a file, by its id, of an owner, and tells whether there was one."""
        self._shelf, self._forget = shelf, forget
        self._clock, self._new_id = clock, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        one, upload = f"{FILES}/{{id}}", f"{UPLOADS}/{{id}}"
        return [
            Route(FILES, self.create, methods=["POST"]),
            Route(FILES, self.list_files, methods=["GET"]),
            Route(one, self.find, methods=["GET"]),
            Route(one, self.delete, methods=["DELETE"]),
            Route(f"{one}/content", self.content, methods=["GET"]),
            Route(UPLOADS, self.begin, methods=["POST"]),
            Route(f"{upload}/parts", self.add_part, methods=["POST"]),
            Route(f"{upload}/complete", self.complete, methods=["POST"]),
            Route(f"{upload}/cancel", self.cancel, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        """A new file."""
        async with form(request, "file") as given:
            sent = wire.sent(given.fields, given.file.filename or "")
            now = int(self._clock())
            expires = now + sent.lifetime if sent.lifetime else NEVER
            owner, file_id = request.scope["owner"], self._new_id("file")
            file = File(file_id, owner, now, sent.filename, sent.purpose, expires)
            async with aclosing(given.chunks()) as chunks:
                return JsonReply(told(await self._shelf.files.save(file, chunks)))

    async def list_files(self, request: Request) -> Response:
        """A page of the owner's files."""
        wanted = parsed(wire.Listed, dict(request.query_params))
        files = await self._shelf.files.of(request.scope["owner"])
        shown = [told(file) for file in files if wanted.purpose in (None, file.purpose)]
        return JsonReply(lists.page(shown, wanted))

    async def find(self, request: Request) -> Response:
        """What is known of a file."""
        return JsonReply(told(await self._found(request)))

    async def delete(self, request: Request) -> Response:
        """Forget a file."""
        file_id = request.path_params["id"]
        if not await self._forget(file_id, request.scope["owner"]):
            raise no_file(file_id)
        return JsonReply({"id": file_id, "object": "file", "deleted": True})

    async def content(self, request: Request) -> Response:
        """The content of a file; of one that a batch still writes, what is there."""
        file_id, owner = request.path_params["id"], request.scope["owner"]
        batch = await self._shelf.batches.writing(file_id, owner)
        if batch is not None:
            return downloaded(self._shelf.batches.lines(batch, failed=file_id == batch.errors))
        found = await self._found(request)
        return downloaded(self._shelf.files.content(found.id))

    async def begin(self, request: Request) -> Response:
        """A new upload."""
        begun = wire.begun(read(await request.body()))
        upload = Upload(
            self._new_id("upload"),
            request.scope["owner"],
            int(self._clock()),
            begun.sent.filename,
            begun.sent.purpose,
            begun.bytes,
            begun.sent.lifetime,
        )
        await self._shelf.uploads.create(upload)
        return JsonReply(_upload(upload))

    async def add_part(self, request: Request) -> Response:
        """The next part of an upload."""
        upload, part_id = await self._upload(request), self._new_id("part")
        async with form(request, "data") as given, aclosing(given.chunks()) as chunks:
            await self._shelf.uploads.add_part(upload, part_id, chunks)
        part = {"id": part_id, "object": "upload.part", "upload_id": upload.id}
        return JsonReply({**part, "created_at": int(self._clock())})

    async def complete(self, request: Request) -> Response:
        """Make a file of the parts."""
        upload = await self._upload(request)
        part_ids, md5 = wire.completed(read(await request.body()))
        file_id = self._new_id("file")
        file = await self._shelf.uploads.complete(upload, part_ids, file_id, md5)
        return JsonReply(_upload(await self._upload(request)) | {"file": told(file)})

    async def cancel(self, request: Request) -> Response:
        """Give an upload up."""
        await self._shelf.uploads.cancel(await self._upload(request))
        return JsonReply(_upload(await self._upload(request)))

    async def _found(self, request: Request) -> File:
        file_id = request.path_params["id"]
        found = await self._shelf.files.find(file_id, request.scope["owner"])
        if found is None:
            raise no_file(file_id)
        return found

    async def _upload(self, request: Request) -> Upload:
        upload_id = request.path_params["id"]
        found = await self._shelf.uploads.find(upload_id, request.scope["owner"])
        if found is None:
            raise WireError(404, f"Upload with id '{upload_id}' not found.", "not_found", "id")
        return found


def no_file(file_id: str, param: str = "id") -> WireError:
    """For an id that is no file, or none of this owner's."""
    return WireError(404, f"No such File object: {file_id}", "not_found", param)


def told(file: File) -> Json:
    """A file as the API shows it."""
    return wire.told(
        file.id, file.bytes, file.created_at, file.expires_at, file.filename, file.purpose
    )


def _upload(upload: Upload) -> Json:
    return {
        "id": upload.id,
        "object": "upload",
        "bytes": upload.bytes,
        "created_at": upload.created_at,
        "expires_at": upload.created_at + LIFETIME,
        "filename": upload.filename,
        "purpose": upload.purpose,
        "status": upload.status,
        "file": None,
    }


def downloaded(content: AsyncGenerator[bytes, None]) -> Response:
    """Bytes, never shown as a page."""

    async def closed() -> AsyncGenerator[bytes, None]:
        async with aclosing(content) as chunks:
            async for chunk in chunks:
                yield chunk

    return StreamingResponse(closed(), headers=HEADERS, media_type="application/octet-stream")
