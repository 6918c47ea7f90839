"""One guarded fetcher for everything that leaves the machine on behalf of a request.

A server that opens addresses for its callers must not be a door to what only the server can
reach (OWASP, Server-Side Request Forgery): names are resolved once, every address is checked
(`addresses`), the connection goes to the address that was checked, with the name in SNI and Host;
redirects begin anew. Hops, bytes (before and after decompression), time and types of content are
bounded. No proxies, no cookies, no credentials.
"""

import asyncio
import socket
import ssl
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Self

import httpcore2
import httpx2

from pellucid.core.errors import FetchError, FetchRefused
from pellucid.tools.browser.addresses import public

AGENT = "Pellucid/0.1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PORTS = {"http": 80, "https": 443}

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a host; OSError where there are none."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: bytes of content after decompression (and before), seconds in all,
    redirects followed; `types` are beginnings of the content types that are taken (none: all),
    `statuses` other statuses than 200 that are no failure: of those no bytes are read."""

    most_bytes: int = 20_000_000
    seconds: float = 20.0
    hops: int = 5
    types: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What an address answered before: its validators (RFC 9110, 8.8), "" for those it has not."""

    url: str
    etag: str = ""
    modified: str = ""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What asks only for what is new."""
        told = ((b"If-None-Match", self.etag), (b"If-Modified-Since", self.modified))
        return [(name, value.encode("latin-1")) for name, value in told if value]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: the address it came from in the end, its type, its bytes, and the charset that
    its server says they have. `way` are the addresses that led there, the first and the last
    among them. With status 304 it is what was known before, and there are no bytes."""

    url: str
    type: str
    content: bytes
    charset: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    way: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """A header, "" where there is none."""
        return next((value for key, value in self.headers if key == name), "")


Gate = Callable[[str], AbstractAsyncContextManager[None]]
"""What is entered before each address of a fetch is asked, redirects too, and left when it has
answered: it may wait, which does not count as time of the fetch, or refuse."""


def _open_gate(url: str) -> AbstractAsyncContextManager[None]:
    return nullcontext()


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Guard(httpcore2.AsyncNetworkBackend):
    """Connections to public addresses and the usual ports only.

    `open_to` are pairs of address and port that are allowed besides: a machine's own, for tests.
    """

    resolve: Resolve = resolved
    open_to: frozenset[tuple[str, int]] = frozenset()
    inner: httpcore2.AsyncNetworkBackend = field(default_factory=httpcore2.AnyIOBackend)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the protocol's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to one of the host's addresses, if all of them may be connected to."""
        try:
            addresses = await self.resolve(host, port)
        except (OSError, UnicodeError):
            raise httpcore2.ConnectError(f"there is no host {host}") from None
        for address in addresses:
            self._check(host, address, port)
        failed: Exception = httpcore2.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self.inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed

    def _check(self, host: str, address: str, port: int) -> None:
        if (address, port) in self.open_to:
            return
        if port not in PORTS.values():
            raise FetchRefused(f"{host}:{port} is not fetched: only ports 80 and 443 are")
        if not public(address):
            raise FetchRefused(f"{host} is not fetched: {address} is no public address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the protocol's
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Never."""
        raise FetchRefused("sockets of this machine are not opened")

    async def sleep(self, seconds: float) -> None:
        """As the pool asks."""
        await asyncio.sleep(seconds)


class Fetcher:
    """Fetches what addresses lead to. `async with` closes its connections."""

    def __init__(self, guard: Guard | None = None, trusted: ssl.SSLContext | None = None) -> None:
        """`trusted` are the authorities of certificates (None: the system's)."""
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusted or ssl.create_default_context(),
            max_connections=20,
            keepalive_expiry=5.0,
            network_backend=guard or Guard(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._pool.aclose()

    async def get(
        self,
        url: str,
        limits: Limits | None = None,
        known: Known | None = None,
        gate: Gate = _open_gate,
        origin: str = "",
    ) -> Fetched:
        """What an address leads to; FetchRefused if it must not be opened, FetchError if nothing
        came, or something else than is wanted. What is `known` is not sent again. `origin` is that
        of the page whose script asks (RFC 6454), which servers want to know."""
        within = limits or Limits()
        try:
            async with asyncio.timeout(within.seconds) as clock:
                return await self._follow(
                    url, within, known, lambda one: _untimed(gate, one, clock), origin
                )
        except TimeoutError:
            raise FetchError(f"{url} took more than {within.seconds:g} seconds") from None
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.TimeoutException,
        ) as error:
            raise FetchError(f"{url} could not be fetched: {_why(error)}") from None

    async def _follow(
        self, url: str, limits: Limits, known: Known | None, gate: Gate, origin: str
    ) -> Fetched:
        way = list[str]()
        for _ in range(limits.hops + 1):
            place = checked(url)
            way.append(str(place))
            asked = known if known and known.url == str(place) and known.headers() else None
            async with gate(str(place)), self._opened(place, asked, origin) as reply:
                where = header(reply, b"location")
                if reply.status not in REDIRECTS or not where:
                    taken = (*limits.statuses, *((304,) if asked else ()))
                    found = await _read(place, reply, limits, taken)
                    return replace(found, way=tuple(way))
                url = str(_joined(place, where))
        raise FetchError(f"{url}: more than {limits.hops} redirects")

    @asynccontextmanager
    async def _opened(
        self, place: httpx2.URL, known: Known | None, origin: str
    ) -> AsyncGenerator[httpcore2.Response, None]:
        headers = [
            (b"Host", place.netloc),
            (b"User-Agent", AGENT.encode()),
            (b"Accept", b"*/*"),
            (b"Accept-Encoding", b"gzip"),
            *([(b"Origin", origin.encode("ascii"))] if origin else []),
            *(known.headers() if known else ()),
        ]
        target = httpcore2.URL(
            scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=place.raw_path
        )
        async with self._pool.stream("GET", target, headers=headers) as reply:
            yield reply


def checked(url: str) -> httpx2.URL:
    """An address that may be looked up; FetchRefused says why another may not."""
    try:
        place = httpx2.URL(url)
    except (httpx2.InvalidURL, TypeError, ValueError):
        raise FetchRefused(f"{url[:200]!r} is no address") from None
    if place.scheme not in PORTS:
        raise FetchRefused(f"{place.scheme or url[:50]!r} is not fetched: only http and https are")
    if place.userinfo:
        raise FetchRefused("addresses with a name or password in them are not fetched")
    if not place.host:
        raise FetchRefused(f"{url[:200]!r} names no host")
    return place


def _joined(place: httpx2.URL, where: str) -> httpx2.URL:
    try:
        return place.join(where)
    except (httpx2.InvalidURL, ValueError):
        raise FetchRefused(f"{place} leads to {where[:200]!r}, which is no address") from None


@asynccontextmanager
async def _untimed(gate: Gate, url: str, clock: asyncio.Timeout) -> AsyncGenerator[None, None]:
    """Wait at a gate while the clock stands still."""
    now = asyncio.get_running_loop().time
    left = (clock.when() or now()) - now()
    clock.reschedule(None)
    async with gate(url):
        clock.reschedule(now() + left)
        yield


async def _read(
    place: httpx2.URL, reply: httpcore2.Response, limits: Limits, taken: tuple[int, ...]
) -> Fetched:
    if reply.status != 200 and reply.status not in taken:
        raise FetchError(f"{place} answered with status {reply.status}")
    kind, _, told = header(reply, b"content-type").partition(";")
    kind = kind.strip().lower()
    headers = tuple(
        (key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in reply.headers
    )
    bare = Fetched(str(place), kind, b"", _charset(told), reply.status, headers)
    if reply.status != 200:
        return bare
    if limits.types and not kind.startswith(limits.types):
        said = kind or "nothing that says what it is"
        raise FetchError(f"{place} is {said}; wanted is {' or '.join(limits.types)}")
    encoding = header(reply, b"content-encoding").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{place} is compressed by {encoding[:50]!r}, which was not asked for")
    zipped, most = encoding.endswith("gzip"), limits.most_bytes
    unzip = zlib.decompressobj(wbits=31) if zipped else None
    raw, content = 0, bytearray()
    async for piece in reply.aiter_stream():
        raw += len(piece)
        try:
            content += unzip.decompress(piece, most + 1 - len(content)) if unzip else piece
        except zlib.error:
            raise FetchError(f"{place} is not compressed as it says") from None
        if max(raw, len(content)) > most:
            raise FetchError(f"{place} has more than {most:,} bytes")
    if unzip and not unzip.eof:
        raise FetchError(f"{place} ended too early")
    return replace(bare, content=bytes(content))


def _charset(told: str) -> str:
    """The charset among the parameters of a content type, "" where there is none."""
    parts = (part.partition("=") for part in told.split(";"))
    found = (value for name, _, value in parts if name.strip().lower() == "charset")
    return next(found, "").strip().strip("\"'").lower()


def header(reply: httpcore2.Response, name: bytes) -> str:
    """A header of a reply, "" where it has none."""
    found = (value for key, value in reply.headers if key.lower() == name)
    return next(found, b"").decode("latin-1")


def _why(error: Exception) -> str:
    return str(error) or type(error).__name__
