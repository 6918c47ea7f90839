"""Every request that is replied to, refused ones too: counted and logged; plain ASGI."""

import logging
import time
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.api.logs import FIELDS, LINE, Line, code_of
from pellucid.api.middleware import STARTS, SWITCHED
from pellucid.service.meters import Meters

UNKNOWN = "unknown"
"""The route of a request that no route is for, or that was refused before one was looked for."""

log = logging.getLogger("pellucid.api")


@dataclass(slots=True)
class _Seen:
    """What has gone out: the status, and of a refusal its code."""

    send: Send
    status: int = 0
    code: str | None = None
    line: Line = field(default_factory=Line)

    async def __call__(self, message: Message) -> None:
        if message["type"] in STARTS:
            self.status = message.get("status", SWITCHED)
        elif self.status >= 400 and self.code is None:
            self.code = code_of(message.get("body", b""))
        await self.send(message)


class Watch:
    """Stands outside of every other part, so that it sees what went out."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app, self._meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, seen = time.perf_counter(), _Seen(send)
        token = LINE.set(seen.line)
        try:
            with self._meters.under_way.track_inprogress():
                await self._app(scope, receive, seen)
        finally:
            LINE.reset(token)
            self._tell(scope, seen, time.perf_counter() - began)

    def _tell(self, scope: Scope, seen: _Seen, seconds: float) -> None:
        """One line. As text it names the path; as JSON the route, since a path is the client's."""
        route = getattr(scope.get("route"), "path", UNKNOWN)
        method, request_id = scope.get("method", "WEBSOCKET"), scope.get("request_id", "")
        ms = round(1000 * seconds)
        self._meters.request(route, method, seen.status, seconds)
        fields = {
            "request_id": request_id,
            "owner": scope.get("owner", ""),
            "method": method,
            "route": route,
            "status": seen.status,
            "ms": ms,
            **({"error": seen.code} if seen.code else {}),
            **seen.line.fields,
        }
        told = (method, scope["path"], seen.status, ms, request_id)
        log.info("%s %s %s %d ms %s", *told, extra={FIELDS: fields})
