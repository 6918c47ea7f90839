"""Connections that send a request too slowly are closed; what is not their fault is not."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
from websockets.asyncio.client import connect

from api.served import KEY, Endless, Played, Served, scripted, serving
from pellucid.api.protocol import BoundedProtocol
from pellucid.core.effort import Spent
from pellucid.core.events import TurnFinished, TurnStarted
from pellucid.core.usage import Usage

BODY = json.dumps({"model": "pellucid-mini", "input": "say: yes"}).encode()
AUTH = f"authorization: Bearer {KEY}\r\n".encode()
LINES = b"POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\n"
SIZE = b"content-length: %d\r\n\r\n" % len(BODY)
HEAD = LINES + AUTH + SIZE
TURN = ([TurnStarted("t", "pellucid-mini", 0)],
        [TurnFinished("answered", Usage(), Spent("low", "low"))])  # fmt: skip


class Hasty(BoundedProtocol):
    """Looks after a fifth of a second, and tells those who wait for it."""

    head_seconds = body_seconds = 0.2
    slowest = 1
    looked: ClassVar[asyncio.Queue[None]]

    def _late(self) -> None:
        super()._late()
        self.looked.put_nowait(None)


class Bodily(Hasty):
    """Counts bytes of a body for nothing."""

    slowest = 1_000_000


@asynccontextmanager
async def slow(
    turns: Any, protocol: type[Hasty] = Hasty
) -> AsyncGenerator[tuple[Served, asyncio.StreamReader, asyncio.StreamWriter], None]:
    """A connection to a server that is in a hurry."""
    Hasty.looked = asyncio.Queue()
    async with serving(turns, protocol=protocol) as served:
        host, port = served.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            yield served, reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


def refused(reply: bytes, what: str) -> bool:
    head, _, body = reply.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"connection: close" in head
    told = json.loads(body)["error"]
    assert told["code"] == "request_timeout"
    return f"its {what} was not whole" in told["message"]


async def status(reader: asyncio.StreamReader) -> bytes:
    """The status line of a reply, whose body is read as well."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = next(line for line in head.splitlines() if line.startswith(b"content-length: "))
    await reader.readexactly(int(size.partition(b": ")[2]))
    return head.partition(b"\r\n")[0]


async def test_a_connection_that_says_nothing_is_closed(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path)) as (_, reader, _):
        assert await reader.read() == b""


@pytest.mark.parametrize("sent", [b"P", LINES, LINES + AUTH])
async def test_a_head_that_does_not_come_is_refused(tmp_path: Path, sent: bytes) -> None:
    async with slow(scripted(tmp_path)) as (_, reader, writer):
        writer.write(sent)
        assert refused(await reader.read(), "head")


async def test_neither_does_the_second_head_of_a_connection(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path)) as (_, reader, writer):
        writer.write(HEAD + BODY)
        assert await status(reader) == b"HTTP/1.1 200 OK"
        writer.write(LINES)
        assert refused(await reader.read(), "head")


async def test_a_body_that_does_not_come_is_refused(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path), Bodily) as (_, reader, writer):
        writer.write(HEAD + BODY[:-1])
        assert refused(await reader.read(), "body")


async def test_a_body_that_comes_steadily_has_its_time(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path)) as (_, reader, writer):
        writer.write(HEAD + BODY[:-1])  # a second for each byte
        await Hasty.looked.get()
        writer.write(BODY[-1:])
        assert await status(reader) == b"HTTP/1.1 200 OK"


async def test_a_body_that_nobody_waits_for_is_cut_off_without_another_reply() -> None:
    async with slow(Endless(), Bodily) as (_, reader, writer):
        writer.write(LINES + SIZE + BODY[:-1])
        assert await status(reader) == b"HTTP/1.1 401 Unauthorized"
        assert await reader.read() == b""


@pytest.mark.parametrize("then", [LINES, HEAD, HEAD + BODY[:-1]])
async def test_a_request_that_waits_for_the_one_before_it_is_not_slow(then: bytes) -> None:
    turns = Played(*TURN)
    async with slow(turns) as (_, reader, writer):
        writer.write(HEAD + BODY + then)
        await Hasty.looked.get()
        turns.sign.set()
        assert await status(reader) == b"HTTP/1.1 200 OK"
        writer.write((HEAD + BODY)[len(then) :])
        assert await status(reader) == b"HTTP/1.1 200 OK"


async def test_a_head_that_begins_while_a_turn_runs_has_time_until_that_ends() -> None:
    turns = Played(*TURN)
    async with slow(turns) as (_, reader, writer):
        writer.write(HEAD + BODY + LINES)
        await Hasty.looked.get()
        await Hasty.looked.get()
        turns.sign.set()
        assert await status(reader) == b"HTTP/1.1 200 OK"
        assert refused(await reader.read(), "head")


async def test_blank_lines_keep_no_connection_open(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path)) as (_, reader, writer):
        writer.write(HEAD + BODY + b"\r\n")
        assert await status(reader) == b"HTTP/1.1 200 OK"
        writer.write(b"\r\n")
        assert await reader.read() == b""


async def test_a_websocket_is_no_slow_request(tmp_path: Path) -> None:
    async with slow(scripted(tmp_path)) as (served, reader, _):
        url = served.url.replace("http", "ws") + "/v1/responses"
        headers = {"authorization": f"Bearer {KEY}"}
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            assert await reader.read() == b""  # the other connection, which says nothing
            await socket.send(json.dumps({"type": "response.create", **json.loads(BODY)}))
            assert json.loads(await socket.recv())["type"] == "response.created"
