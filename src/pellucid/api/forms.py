"""Multipart forms with one file in them (RFC 7578)."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from pellucid.api.wire.errors import WireError
from pellucid.store.files import CHUNK

FIELDS = 16
"""The most fields of a form."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its file, and its other fields by name."""

    file: UploadFile
    fields: dict[str, str]

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The file, a chunk at a time."""
        while chunk := await self.file.read(CHUNK):
            yield chunk


def is_form(request: Request) -> bool:
    """Whether the body of a request says that it is a form."""
    return request.headers.get("content-type", "").startswith("multipart/form-data")


@asynccontextmanager
async def form(request: Request, name: str) -> AsyncGenerator[Form, None]:
    """The form of a request whose file is under a name; WireError where it is none."""
    if not is_form(request):
        told = "The body must be a form ('multipart/form-data') with a file."
        raise WireError(400, told, "invalid_content_type")
    try:
        async with request.form(max_files=1, max_fields=FIELDS) as given:
            file = given.get(name)
            if not isinstance(file, UploadFile):
                told = f"Missing required parameter: '{name}' (a file)."
                raise WireError(400, told, "missing_required_parameter", name)
            fields = {key: value for key, value in given.items() if isinstance(value, str)}
            yield Form(file, fields)
    except HTTPException as error:  # what Starlette makes of a form that cannot be read
        raise WireError(400, f"The form cannot be read: {error.detail}.") from None
