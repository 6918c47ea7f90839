"""Requests that belong to a trace of their client's (https://www.w3.org/TR/trace-context/)."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = ("traceparent", "tracestate")
Under = Callable[[Mapping[str, str]], AbstractContextManager[None]]
"""Takes up the trace of some headers."""


class Joined:
    """Has what is done for a request take part in the trace that it names; plain ASGI."""

    def __init__(self, app: ASGIApp, under: Under) -> None:
        self._app, self._under = app, under

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        headers = Headers(raw=scope.get("headers", []))
        with self._under({name: headers[name] for name in NAMES if name in headers}):
            await self._app(scope, receive, send)
