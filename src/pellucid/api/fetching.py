"""Files and images that a request names by their address: fetched, and put in their place."""

import copy
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from pellucid.api.wire.errors import WireError, sentence
from pellucid.core.errors import FetchError
from pellucid.tools.browser.fetch import Fetched, Fetcher, Limits

Json = dict[str, Any]
MOST, MOST_BYTES = 20, 50_000_000
"""Files that are fetched for one request, and bytes of all of them together."""

WEB = ("http://", "https://")
PLACES = ("input", "items", "messages")
"""Where a request has messages: a response, a conversation, a chat completion."""


@dataclass(frozen=True, slots=True)
class Named:
    """A part of a request that names a file by its address: the object that does, under which key,
    and where that is in the request."""

    holder: Json
    key: str
    param: str

    @property
    def url(self) -> str:
        """The address."""
        return str(self.holder[self.key])

    def put(self, found: Fetched) -> None:
        """What was fetched, as if the request had brought it."""
        data = f"data:{found.type};base64,{b64encode(found.content).decode()}"
        if self.key == "file_url":
            del self.holder[self.key]
            self.holder.setdefault("filename", _file_name(found.url))
            self.holder["file_data"] = data
        else:
            self.holder[self.key] = data


async def brought(body: Json, fetcher: Fetcher | None) -> Json:
    """A request with what it names by address in it, as data; as it was where nothing is fetched
    here (None) or named so. WireError names the part whose address leads to nothing usable."""
    if fetcher is None or not any(named(body)):
        return body
    body, left = copy.deepcopy(body), MOST_BYTES
    for number, one in enumerate(named(body), start=1):
        if number > MOST:
            raise WireError(400, f"At most {MOST} files are fetched.", "too_many_files", one.param)
        try:
            found = await fetcher.get(one.url, Limits(most_bytes=left))
        except FetchError as error:
            raise WireError(400, sentence(str(error)), error.code, one.param) from None
        left -= len(found.content)
        one.put(found)
    return body


def named(body: Json) -> Iterator[Named]:
    """The parts of a request's messages that name a file by its address."""
    for place in PLACES:
        items = body.get(place)
        for at, item in enumerate(items if isinstance(items, list) else ()):
            content = item.get("content") if isinstance(item, dict) else None
            for number, part in enumerate(content if isinstance(content, list) else ()):
                if isinstance(part, dict):
                    yield from _named(part, f"{place}[{at}].content[{number}]")


def _named(part: Json, param: str) -> Iterator[Named]:
    match part:
        case {"type": "input_file", "file_url": str()}:
            found = Named(part, "file_url", f"{param}.file_url")
        case {"type": "input_image", "image_url": str()}:
            found = Named(part, "image_url", f"{param}.image_url")
        case {"type": "image_url", "image_url": {"url": str()} as holder}:
            found = Named(holder, "url", f"{param}.image_url.url")
        case _:
            return
    if found.url.lower().startswith(WEB):
        yield found


def _file_name(url: str) -> str:
    """What a file is called that comes from an address."""
    return unquote(urlsplit(url).path).rpartition("/")[2] or "file"
