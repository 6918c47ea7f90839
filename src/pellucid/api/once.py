"""POSTs with an `Idempotency-Key`: what succeeded is not done again, its reply is given again, as
long as what it is about is there.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/. What is under way is
known in memory alone, so that nothing stays locked when a server dies.
"""

import hashlib
import json
import re
from collections.abc import AsyncGenerator

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.api.replies import JsonReply
from pellucid.api.sending import EventStream
from pellucid.api.wire.bodies import written
from pellucid.api.wire.errors import WireError
from pellucid.store.keyed import Keyed, KeyedReplies

HEADER, REPLAYED = "Idempotency-Key", "idempotent-replayed"
LARGEST = 8 * 2**20
"""Bytes of the largest reply that is kept."""

_KEY = re.compile(r"[\x20-\x7e]{1,255}")
_EVENTS = "text/event-stream"
_DATA = re.compile(r"^data: (.+)$", re.MULTILINE)


class Once:
    """Does what is asked under one key once."""

    def __init__(self, app: ASGIApp, kept: KeyedReplies) -> None:
        self._app, self._kept = app, kept
        self._running: dict[tuple[str, str], str] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, of an owner who is known."""
        key = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if scope["type"] == "http" and scope["method"] == "DELETE":
            send = _Forgetting(send, self._kept, scope["owner"], scope["path"])
        if key is None or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        try:
            _check(key)
            body = await _whole(receive)
            if body is not None:  # else the client has gone
                await self._once((scope["owner"], key), body, scope, receive, send)
        except WireError as refusal:
            reply = JsonReply(refusal.body(), refusal.status, refusal.headers)
            await reply(scope, receive, send)

    async def _once(
        self, name: tuple[str, str], body: bytes, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """The first reply of a key, or that reply again."""
        request = _digest(scope, body)
        if (running := self._running.get(name)) is not None:
            raise _still_running() if running == request else _another()
        self._running[name] = request
        try:
            found = await self._kept.find(*name)
            if found is None:
                recorded = _Recorded(send, self._kept, name, request, scope["path"])
                await self._app(scope, _given(body, receive), recorded)
            elif found.request != request:
                raise _another()
            else:
                await _again(found)(scope, receive, send)
        finally:
            del self._running[name]


class _Recorded:
    """Sends a reply, and keeps it before its end is sent, if it tells of a success."""

    def __init__(
        self, send: Send, kept: KeyedReplies, name: tuple[str, str], request: str, path: str
    ) -> None:
        self._send, self._kept, self._name, self._request = send, kept, name, request
        self._path = path
        self._status, self._media_type, self._body = 0, "", bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._media_type = Headers(raw=message["headers"]).get("content-type", "")
        elif self._status < 300:
            if len(self._body) <= LARGEST:
                self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._kept.save(*self._name, self._reply())
        await self._send(message)

    def _reply(self) -> Keyed:
        if len(self._body) > LARGEST:
            lost = _lost()
            told = written(lost.body()).decode()
            return Keyed(self._request, lost.status, "application/json", told)
        body = self._body.decode()
        first = _DATA.search(body) if self._media_type.startswith(_EVENTS) else None
        about = _about(first[1] if first else body, self._path)
        return Keyed(self._request, self._status, self._media_type, body, about)


class _Forgetting:
    """Sends the reply to a DELETE, once nothing that was kept of what is gone is left."""

    def __init__(self, send: Send, kept: KeyedReplies, owner: str, path: str) -> None:
        self._send, self._kept, self._owner, self._path = send, kept, owner, path

    async def __call__(self, message: Message) -> None:
        if message.get("status") in (200, 404):
            kind, name = self._path.removeprefix("/v1/").removeprefix("chat/").split("/")[:2]
            await self._kept.forget(self._owner, name)
            if kind == "files":
                await self._kept.forget_naming(self._owner, name)
        await self._send(message)


def _about(told: str, path: str) -> str:
    """The id of what a reply, or its first event, is about: its own, else that of its path, else
    "": nothing that could be deleted."""
    value = json.loads(told)
    own = value.get("response", value).get("id")
    return str(own or "".join(path.split("/")[3:4]))


def _again(found: Keyed) -> Response:
    """A reply that was kept; of a stream, each event is one write, as it was."""
    headers = {"content-type": found.media_type, REPLAYED: "true"}
    if not found.media_type.startswith(_EVENTS):
        return Response(found.body, found.status, headers)
    stream = EventStream(_events(found.body))
    stream.headers[REPLAYED] = "true"
    return stream


async def _events(body: str) -> AsyncGenerator[bytes, None]:
    for event in body.split("\n\n")[:-1]:
        yield f"{event}\n\n".encode()


def _digest(scope: Scope, body: bytes) -> str:
    where = f"{scope['path']}?{scope['query_string'].decode('latin-1')}\n"
    return hashlib.sha256(where.encode() + body).hexdigest()


async def _whole(receive: Receive) -> bytes | None:
    """The body of a request; None where its client goes away before its end."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _given(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, then whatever follows it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return waiting.pop() if waiting else await receive()

    return given


def _check(key: str) -> None:
    if not _KEY.fullmatch(key):
        told = f"'{HEADER}' must be 1 to 255 printable ASCII characters."
        raise WireError(400, told, "invalid_value", HEADER)


def _another() -> WireError:
    told = f"This '{HEADER}' was used for another request; take a new one."
    return WireError(422, told, "idempotency_key_reused", HEADER)


def _still_running() -> WireError:
    told = f"The first request with this '{HEADER}' is still being answered."
    code, headers = "idempotency_key_in_use", {"retry-after": "1"}
    return WireError(409, told, code, HEADER, headers=headers)


def _lost() -> WireError:
    told = f"The request with this '{HEADER}' was answered, but its reply was too large to keep."
    return WireError(409, told, "idempotency_reply_lost", HEADER)
