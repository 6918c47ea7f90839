"""Every request that is replied to, refused ones too: counted and logged; plain ASGI."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.service.meters import Meters

UNKNOWN = "unknown"
"""The route of a request that no route is for, or that was refused before one was looked for."""

log = logging.getLogger("pellucid.api")


class Watch:
    """Stands outside of every other part, so that it sees what went out."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app, self._meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with self._meters.under_way.track_inprogress():
                await self._app(scope, receive, seen)
        finally:
            self._tell(scope, status, time.perf_counter() - began)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", UNKNOWN)
        self._meters.request(route, scope["method"], status, seconds)
        log.info(
            "%s %s %s %d ms %s",
            *(scope["method"], scope["path"], status),
            *(round(1000 * seconds), scope.get("request_id", "")),
        )
