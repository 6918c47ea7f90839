"""A site on loopback that answers as it is told, and the way to it."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pellucid.tools.browser.fetch import Fetcher, Guard

Writer = asyncio.StreamWriter


@dataclass
class Site:
    """Answers of a server, by path; what was asked is kept."""

    port: int = 0
    answers: dict[str, bytes] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    endless: Callable[[], bytes] | None = None
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/", host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def says(self, path: str, body: bytes, *headers: str, status: str = "200 OK") -> str:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        self.answers[path] = "\r\n".join(lines).encode() + body
        return self.url(path)

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                size = re.search(rb"(?i)content-length: (\d+)", head)
                self.asked.append(head + await reader.readexactly(int(size[1]) if size else 0))
                self.heard.set()
                path = head.split(b" ")[1].decode()
                writer.write(self.answers.get(path, b""))
                await writer.drain()
                while self.endless is not None and path.startswith("/endless"):
                    writer.write(self.endless())
                    await writer.drain()
                if path not in self.answers:
                    await reader.read()  # says nothing until the other side goes
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # gone
        finally:
            writer.close()


@asynccontextmanager
async def opened() -> AsyncGenerator[Site, None]:
    """A site that runs."""
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


@asynccontextmanager
async def fetching(site: Site, **names: list[str]) -> AsyncGenerator[Fetcher, None]:
    """A fetcher that knows these hosts, and may go to the site."""

    async def resolve(host: str, port: int) -> list[str]:
        known = {"site.test": ["127.0.0.1"], **{k.replace("_", "."): v for k, v in names.items()}}
        if host not in known:
            raise OSError(host)
        return known[host]

    async with Fetcher(Guard(resolve, frozenset({("127.0.0.1", site.port)}))) as fetcher:
        yield fetcher
