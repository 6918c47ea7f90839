"""Files inside requests: https://platform.openai.com/docs/guides/pdf-files and …/images-vision

What a part brings as bytes is taken out before anything else is read, and the part names it by an
id from then on: the same bytes under the same name have the same id, for the same owner.
"""

import binascii
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pellucid.api.wire.bodies import Loose, Model, named, parsed
from pellucid.api.wire.errors import WireError

Json = dict[str, Any]
FILE: Literal["input_file"] = "input_file"
IMAGE: Literal["input_image"] = "input_image"
"""The parts of a message that are files."""

CHAT_FILE, CHAT_IMAGE = "file", "image_url"
"""What Chat Completions calls them."""

_URL = re.compile(r"data:(?P<kind>[\w.+-]+/[\w.+-]+)?(?:;[\w-]+=[^;,]*)*(?P<coded>;base64)?,", re.I)
_ENDINGS = {
    "application/pdf": "pdf",
    "application/json": "json",
    "text/csv": "csv",
    "text/markdown": "md",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
}
"""How the name of a file ends that has none, by its media type."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that a part of a request names by its id, or brings (`content`, with its `name`);
    `param` is where the request does so."""

    file_id: str
    param: str
    name: str = ""
    content: bytes | None = None


class File(Loose):
    """A part of a message that is a document."""

    type: Literal["input_file"] = FILE
    file_id: str | None = None
    file_data: str | None = None
    file_url: str | None = None
    filename: str | None = None
    detail: Literal["auto", "low", "high"] | None = None
    prompt_cache_breakpoint: Json | None = None


class Image(Loose):
    """A part of a message that is a picture."""

    type: Literal["input_image"] = IMAGE
    file_id: str | None = None
    image_url: str | None = None
    detail: Literal["auto", "low", "high", "original"] | None = None
    prompt_cache_breakpoint: Json | None = None


class ChatFile(Loose):
    """A document in a message of Chat Completions."""

    file_id: str | None = None
    file_data: str | None = None
    filename: str | None = None


class ChatImage(Loose):
    """A picture in a message of Chat Completions."""

    url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


Taken = tuple[Json, Enclosed]
"""A part without the bytes it brought, and the file that it is."""


def of_response(body: Json, owner: str) -> tuple[Json, tuple[Enclosed, ...]]:
    """A request for a response without the bytes in it, and all files that it encloses; WireError
    for a part that is wrong. What is no list of items is as it was."""
    return _of_items(body, owner, "input")


def of_items(body: Json, owner: str) -> tuple[Json, tuple[Enclosed, ...]]:
    """The same for items of a conversation."""
    return _of_items(body, owner, "items")


def _of_items(body: Json, owner: str, where: str) -> tuple[Json, tuple[Enclosed, ...]]:
    def part(one: Json, param: str) -> Taken | None:
        match one.get("type"):
            case "input_file":
                return _file(_read(File, one, param), owner, param)
            case "input_image":
                return _image(_read(Image, one, param), owner, param)
            case _:
                return None

    return _taken_out(body, part, where)


def of_chat(body: Json, owner: str) -> tuple[Json, tuple[Enclosed, ...]]:
    """The same for a chat completion, in whose messages a picture is a file from then on."""

    def part(one: Json, param: str) -> Taken | None:
        match one:
            case {"type": "file", "file": dict(given)}:
                file = _read(ChatFile, given, f"{param}.file")
                there = File(file_id=file.file_id, file_data=file.file_data, filename=file.filename)
                return _nested(_file(there, owner, f"{param}.file"))
            case {"type": "image_url", "image_url": dict(given)}:
                shown = _read(ChatImage, given, f"{param}.image_url")
                picture = Image(image_url=shown.url)
                return _nested(_image(picture, owner, f"{param}.image_url", "url"))
            case {"type": "file" | "image_url" as kind}:
                raise _missing(f"{param}.{kind}")
            case _:
                return None

    return _taken_out(body, part, "messages")


def _nested(taken: Taken) -> Taken:
    """A part as Chat Completions has it."""
    enclosed = taken[1]
    name = {"filename": enclosed.name} if enclosed.name else {}
    return {"type": CHAT_FILE, "file": {"file_id": enclosed.file_id, **name}}, enclosed


def _taken_out(
    body: Json, part: Callable[[Json, str], Taken | None], where: str
) -> tuple[Json, tuple[Enclosed, ...]]:
    items, found = body.get(where), list[Enclosed]()
    if not isinstance(items, list):
        return body, ()

    def without(item: object, at: int) -> object:
        content = item.get("content") if isinstance(item, dict) else None
        if not isinstance(item, dict) or not isinstance(content, list):
            return item
        left = list[object]()
        for n, one in enumerate(content):
            taken = part(one, f"{where}[{at}].content[{n}]") if isinstance(one, dict) else None
            left.append(taken[0] if taken else one)
            found.extend((taken[1],) if taken else ())
        return {**item, "content": left}

    left = [without(item, at) for at, item in enumerate(items)]
    return {**body, where: left}, tuple(found)


def _file(part: File, owner: str, param: str) -> Taken:
    if part.file_url is not None:
        told = "no such address is opened here: send the file as 'file_data', or its id"
        raise _refused(f"{param}.file_url", told, "unsupported_parameter")
    data = part.file_data
    enclosed = _enclosed(owner, part.file_id, data, part.filename, f"{param}.file_data", "file")
    kept = part.model_dump(exclude_none=True, exclude={"file_data"})
    name = {"filename": enclosed.name} if enclosed.name else {}
    return {**kept, "file_id": enclosed.file_id, **name}, enclosed


def _image(part: Image, owner: str, param: str, field: str = "image_url") -> Taken:
    where, url = f"{param}.{field}", part.image_url
    if url is not None and url[:5].lower() != "data:":
        told = "no such address is opened here: send the image as a data URL (data:image/…)"
        raise _refused(where, told, "unsupported_parameter")
    enclosed = _enclosed(owner, part.file_id, url, None, where, "image")
    kept = part.model_dump(exclude_none=True, exclude={"image_url"})
    return {"detail": "auto", **kept, "file_id": enclosed.file_id}, enclosed


def _enclosed(
    owner: str, file_id: str | None, data: str | None, name: str | None, param: str, what: str
) -> Enclosed:
    """The file of a part, by its id or its data: one of them must be there."""
    by_id = f"{param.rpartition('.')[0]}.file_id"
    match named(file_id, by_id), data:
        case str(known), None:
            return Enclosed(known, by_id)
        case None, str(given):
            kind, content = decoded(given, param)
            name = plain(name) if name else f"{what}.{_ending(kind, content)}"
            return Enclosed(_named(owner, name, content), param, name, content)
        case None, _:
            raise _missing(by_id)
        case _:
            told = "its content is given as well; only one of both can be"
            raise _refused(by_id, told, "mutually_exclusive_parameters")


def decoded(data: str, param: str) -> tuple[str, bytes]:
    """Media type ("" where none is told) and bytes of a data URL, or of base64 alone (RFC 2397);
    WireError for what is neither, and for nothing."""
    head = _URL.match(data)
    if (head and not head["coded"]) or (not head and data[:5].lower() == "data:"):
        raise _refused(param, "a data URL must be base64 (data:application/pdf;base64,…)")
    try:
        text = "".join(data[head.end() if head else 0 :].split())
        content = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise _refused(param, f"this is no base64: {error}") from None
    if not content:
        raise _refused(param, "the file is empty")
    return (head["kind"] or "").lower() if head else "", content


def _ending(kind: str, content: bytes) -> str:
    return _ENDINGS.get(kind) or ("pdf" if content.startswith(b"%PDF-") else "txt")


def _named(owner: str, name: str, content: bytes) -> str:
    told = hashlib.sha256(repr((owner, name)).encode("utf-8", "surrogatepass"))
    told.update(content)
    return f"file-{told.hexdigest()[:32]}"


LONGEST = 200
"""Characters of a name."""


def plain(name: str) -> str:
    """The name of a file without the folders before it, and without what no name may hold."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(one if one.isprintable() else "_" for one in last)[-LONGEST:]
    return kept if kept.strip(". ") else "file"


def _read(model: type[Model], given: Json, param: str) -> Model:
    try:
        return parsed(model, given)
    except WireError as error:
        error.param = f"{param}.{error.param}" if error.param else param
        raise


def _missing(param: str) -> WireError:
    told = f"Missing required parameter: '{param}'."
    return WireError(400, told, "missing_required_parameter", param)


def _refused(param: str, told: str, code: str = "invalid_value") -> WireError:
    return WireError(400, f"Invalid value for '{param}': {told}.", code, param)
