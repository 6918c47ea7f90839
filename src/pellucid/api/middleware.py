"""What stands before every route: who is asking, from where, and how much; plain ASGI."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.api.replies import JsonReply
from pellucid.api.wire.errors import WireError

OPEN = ("/health", "/ready", "/openapi.json", "/docs")
"""What anybody may ask without a key, unless it is set otherwise."""

SWITCHED = 101
"""The status of a connection that has become a WebSocket (RFC 6455, 4.2.2)."""

STARTS = ("http.response.start", "websocket.accept", "websocket.http.response.start")
"""What begins a reply."""

OPENAI_VERSION = "2020-10-01"
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")

log = logging.getLogger("pellucid.api")


@dataclass(frozen=True, slots=True)
class Guard:
    """Who may come in: `owner` names the owner of a key, `hosts` are the names this server
    goes by, `origins` the web pages that may call it, `body` the most bytes of a request. What
    is `open` needs no key."""

    owner: Callable[[str], str | None]
    hosts: frozenset[str]
    origins: frozenset[str]
    body: int
    request_id: Callable[[], str]
    open: tuple[str, ...] = OPEN


class Door:
    """Refuses what may not come in, and marks what goes out."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app, self._guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, request_id = time.perf_counter(), self._guard.request_id()
        headers, status = Headers(scope=scope), 0
        scope["request_id"] = request_id

        async def marked(message: Message) -> None:
            nonlocal status
            if message["type"] in STARTS:
                status = message.get("status", SWITCHED)
                self._mark(MutableHeaders(scope=message), headers, request_id, began)
            await send(message)

        try:
            scope["owner"] = self._admit(scope, headers)
        except WireError as refusal:
            await JsonReply(refusal.body(), refusal.status, refusal.headers)(scope, receive, marked)
        else:
            await self._answer(scope, self._bounded(receive), marked, request_id, lambda: status)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, request_id: str, status: Callable[[], int]
    ) -> None:
        """The reply; an error nobody foresaw is logged, and told as one of the server's."""
        try:
            await self._app(scope, receive, send)
        except Exception:
            if status():  # the reply has begun; the broken connection tells the rest
                raise
            log.exception("%s failed", request_id)
            told = f"The server had an error. It is logged under {request_id}."
            error = WireError(500, told, "server_error", type="server_error")
            await JsonReply(error.body(), error.status)(scope, receive, send)

    def _admit(self, scope: Scope, headers: Headers) -> str:
        """The owner of a request; WireError for one that may not come in."""
        host = _name(headers.get("host", ""))
        if self._guard.hosts and host not in self._guard.hosts:
            told = f"This server does not answer to the name {host!r}; see PELLUCID_API_HOSTS."
            raise WireError(403, told, "invalid_host")
        origin = headers.get("origin")
        if origin is not None and origin not in self._guard.origins:
            told = f"Pages of {origin} may not call this server; see PELLUCID_API_ORIGINS."
            raise WireError(403, told, "invalid_origin")
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > self._guard.body:
            raise too_large(self._guard.body)
        if scope["path"] in self._guard.open:
            return ""
        kind, _, key = headers.get("authorization", "").partition(" ")
        owner = self._guard.owner(key.strip()) if kind.lower() == "bearer" else None
        if owner is None:
            told = "No API key was given." if not key else "Incorrect API key provided."
            told = f"{told} Send it as 'Authorization: Bearer …'."
            raise WireError(401, told, "invalid_api_key", headers={"www-authenticate": "Bearer"})
        return owner

    def _bounded(self, receive: Receive) -> Receive:
        """The request's body, up to as much as is allowed."""
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._guard.body:
                raise too_large(self._guard.body)
            return message

        return bounded

    def _mark(self, out: MutableHeaders, asked: Headers, request_id: str, began: float) -> None:
        out["x-request-id"] = request_id
        out["openai-version"] = OPENAI_VERSION
        out["openai-processing-ms"] = str(round(1000 * (time.perf_counter() - began)))
        theirs = asked.get("x-client-request-id", "")
        if _REQUEST_ID.fullmatch(theirs):
            out["x-client-request-id"] = theirs


def too_large(most: int) -> WireError:
    """A body of more than the allowed bytes."""
    return WireError(413, f"The request has more than {most:,} bytes.", "request_too_large")


def _name(host: str) -> str:
    """A Host header without its port: `[::1]:8000` is `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
