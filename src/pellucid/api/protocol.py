"""HTTP/1.1 as uvicorn and httptools speak it, with bounds for what comes before anybody has shown a
key: how long a request's head may be, and how long a request may take to come.

httptools keeps a request's line and headers until they are whole, however long they are, and
uvicorn waits for them, and for a body, for ever: connections that send a byte now and then would
cost a client nothing, and take all that the server has (https://en.wikipedia.org/wiki/Slowloris).
"""

import asyncio
from typing import Literal

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from pellucid.api.wire.bodies import written
from pellucid.api.wire.errors import WireError

LARGEST_HEAD = 64 * 1024
"""Bytes of a request's line with its headers, and of the trailers behind its body."""

TOO_SLOW = "The request came too slowly: its {} was not whole in time."


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request with too long a head, or one that comes too slowly, and closes the
    connection.

    A head has `head_seconds`, and so has a connection until its first one; a body has
    `body_seconds`, and a second more for every `slowest` bytes of it that have come.
    """

    head_seconds = 30.0
    body_seconds = 30.0
    slowest = 4_096

    _pending = 0
    """Bytes that came since there was last a whole head or more of a body."""
    _part: Literal["", "head", "body"] = ""
    """What of a request has begun, and is not whole."""
    _body = 0
    _body_began = 0.0
    _timer: asyncio.TimerHandle | None = None
    """Set while something of a request is waited for."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there."""
        super().connection_made(transport)
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """What comes from the client."""
        self._expect()
        self._pending += len(data)
        super().data_received(data)
        if self._pending > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._part = "head"
        self._expect()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole; it may have come at once."""
        self._pending = 0
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > LARGEST_HEAD:
            raise ValueError(f"the head of a request has {size} bytes")
        self._part, self._body, self._body_began = "body", 0, self.loop.time()
        self._wait(self.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """More of the body."""
        self._pending = 0
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._pending, self._part = 0, ""
        self._stop()
        super().on_message_complete()

    def _expect(self) -> None:
        """There is, or there may be, the beginning of a head."""
        if self._timer is None:
            self._wait(self.head_seconds)

    def _wait(self, seconds: float) -> None:
        """Look in so many seconds whether what is waited for has come."""
        self._stop()
        self._timer = self.loop.call_later(seconds, self._late)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        """What was waited for is not there; it may be none of the client's fault."""
        now = self.loop.time()
        if self._answering() or self.flow.read_paused:  # it has to wait anyway
            self._body_began = now
            self._wait(self.head_seconds)
            return
        ends = self._body_began + self.body_seconds + self._body / self.slowest
        if self._part == "body" and now < ends:
            self._wait(ends - now)
            return
        self._refuse()

    def _answering(self) -> bool:
        """Whether a request before the one that is waited for has no whole reply yet."""
        if self._part == "body":
            return bool(self.pipeline)
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self) -> None:
        """Close the connection, with a reply where a request has begun and has none yet."""
        silent = self._part == "" or (self._part == "body" and self.cycle.response_started)
        if not silent and not self.transport.is_closing():
            refusal = WireError(408, TOO_SLOW.format(self._part), "request_timeout")
            self.transport.write(_reply(written(refusal.body())))
        self.transport.close()


def _reply(body: bytes) -> bytes:
    """A reply behind which the connection is closed (RFC 9110, 15.5.9)."""
    head = (
        "HTTP/1.1 408 Request Timeout",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body
