"""Fetching from a Hugging Face repository: the real client against a small local server."""

import asyncio
import hashlib
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest
from small_weights import FILE, NAME, manifest

from pellucid.core.errors import WeightsError
from pellucid.model.manifest import Hub
from pellucid.model.weights import Progress, pull

CONTENT = random.Random(1).randbytes(12 << 20)
"""More than the client's chunk of 10 MiB, below which it keeps nothing when interrupted."""

REVISION = "0123456789abcdef0123456789abcdef01234567"


class HubServer:
    """Serves one file as the hub does; stops in the middle until `go_on` is set."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.go_on = asyncio.Event()
        self.starts: list[int] = []
        """Where each download began, in bytes."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, one answer, then the connection closes."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])
        }
        method, path, _ = head[0].split()
        if path != f"/maker/weights/resolve/{REVISION}/{FILE}":
            writer.write(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        else:
            await self._file(method, headers.get("range", ""), writer)
        writer.close()

    async def _file(self, method: str, asked: str, writer: asyncio.StreamWriter) -> None:
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        body = self.content[start:]
        etag = hashlib.sha256(self.content).hexdigest()
        writer.write(
            f"HTTP/1.1 {206 if start else 200} OK\r\nContent-Length: {len(body)}\r\n"
            f"Content-Range: bytes {start}-{len(self.content) - 1}/{len(self.content)}\r\n"
            f'ETag: "{etag}"\r\nX-Repo-Commit: {REVISION}\r\nConnection: close\r\n\r\n'.encode()
        )
        if method == "GET":
            self.starts.append(start)
            middle = max(0, len(body) - (1 << 20))
            writer.write(body[:middle])
            await self.go_on.wait()
            writer.write(body[middle:])
            await writer.drain()


async def serving(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[HubServer, None]:
    hub = HubServer(content)
    server = await asyncio.start_server(hub.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    async with server:
        yield hub
        hub.go_on.set()


async def test_a_cancelled_download_is_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = manifest(Hub("maker/weights", REVISION), content=CONTENT)
    async with aclosing(serving(CONTENT, monkeypatch)) as servers:
        hub = await anext(servers)
        much = asyncio.Event()

        def watch(progress: Progress) -> None:
            if progress.done >= 10 << 20:
                much.set()

        task = asyncio.create_task(pull(NAME, tmp_path, watch, manifest=known))
        await much.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not (tmp_path / "weights" / FILE).exists()
        hub.go_on.set()
        path = await pull(NAME, tmp_path, watch, manifest=known)
        assert path.read_bytes() == CONTENT
        assert hub.starts == [0, 10 << 20]


async def test_a_file_the_repository_lacks_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = manifest(Hub("maker/other", REVISION), content=CONTENT)
    async with aclosing(serving(CONTENT, monkeypatch)) as servers:
        await anext(servers)
        with pytest.raises(WeightsError, match=r"Hugging Face maker/other: .*404"):
            await pull(NAME, tmp_path, lambda progress: None, manifest=known)


async def test_nobody_there_is_known_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    known = manifest(Hub("maker/weights", REVISION), content=CONTENT)
    clock = asyncio.get_running_loop().time
    begun = clock()
    with pytest.raises(WeightsError, match="Hugging Face maker/weights: ConnectError"):
        await pull(NAME, tmp_path, lambda progress: None, manifest=known)
    assert clock() - begun < 15, "the client alone would retry for half a minute"
