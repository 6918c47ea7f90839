"""Services that the owner of this machine has configured are asked here, wherever they are.

What is opened on behalf of a request goes through `fetch`, and its guard. A provider of search is
another matter: it may be at a private address, and is sent the key that is meant for it. It has
bounds all the same, and none of its answers, nor of what it was asked, is in an error.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import httpcore2
import httpx2

from pellucid.core.errors import FetchError
from pellucid.tools.browser.fetch import AGENT, Limits, header


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered: its status, its headers by their names in lower case, its bytes."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Client:
    """Asks services. `async with` closes its connections.

    Redirects are not followed: a key goes where it is meant to go. No proxies, no cookies.
    """

    def __init__(self, trusted: ssl.SSLContext | None = None) -> None:
        """`trusted` are the authorities of certificates (None: the system's)."""
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusted or ssl.create_default_context(), keepalive_expiry=5.0
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._pool.aclose()

    async def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        limits: Limits | None = None,
    ) -> Answer:
        """What a service answers, whatever its status: to a GET, or to a POST of the `body`.
        FetchError names the host where no answer comes."""
        within, place = limits or Limits(), _place(url)
        target = httpcore2.URL(
            scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path
        )
        sent = [(b"Host", place.netloc), (b"User-Agent", AGENT.encode())]
        sent += [(b"Accept-Encoding", b"identity")]
        sent += [(name.encode(), value.encode()) for name, value in headers.items()]
        method = "GET" if body is None else "POST"
        async with (
            _bounded(place.host, within.seconds),
            self._pool.stream(method, target, headers=sent, content=body) as reply,
        ):
            told = {key.decode().lower(): value.decode("latin-1") for key, value in reply.headers}
            return Answer(reply.status, told, await _content(place.host, reply, within.most_bytes))


def _place(url: str) -> httpx2.URL:
    try:
        return httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError):
        raise FetchError("the address of a service that is configured is none") from None


async def _content(host: str, reply: httpcore2.Response, most: int) -> bytes:
    if (encoding := header(reply, b"content-encoding").strip().lower()) not in ("", "identity"):
        raise FetchError(f"{host} answers compressed by {encoding[:50]!r}, which was not asked for")
    content = bytearray()
    async for piece in reply.aiter_stream():
        content += piece
        if len(content) > most:
            raise FetchError(f"{host} answers with more than {most:,} bytes")
    return bytes(content)


@asynccontextmanager
async def _bounded(host: str, seconds: float) -> AsyncGenerator[None, None]:
    """Within so many seconds; what goes wrong on the way is a FetchError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise FetchError(f"{host} took more than {seconds:g} seconds") from None
    except httpcore2.LocalProtocolError:  # its text is what was to be sent
        raise FetchError(f"{host} could not be asked: this cannot be sent over HTTP") from None
    except (
        httpcore2.NetworkError,
        httpcore2.ProtocolError,
        httpcore2.TimeoutException,
    ) as error:
        told = str(error) or type(error).__name__
        raise FetchError(f"{host} could not be asked: {told}") from None
