"""HTTP/1.1 as uvicorn and httptools speak it, with a bound for all that is not a body.

httptools keeps a request's line and headers until they are whole, however long they are; and they
come before anybody has shown a key.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
"""Bytes of a request's line with its headers, and of the trailers behind its body."""


class BoundedProtocol(HttpToolsProtocol):
    """Refuses a request with too long a head, and closes the connection."""

    _pending = 0
    """Bytes that came since there was last a whole head or more of a body."""

    def data_received(self, data: bytes) -> None:
        """What comes from the client."""
        self._pending += len(data)
        super().data_received(data)
        if self._pending > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """The head is whole; it may have come at once."""
        self._pending = 0
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > LARGEST_HEAD:
            raise ValueError(f"the head of a request has {size} bytes")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """More of the body."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._pending = 0
        super().on_message_complete()
