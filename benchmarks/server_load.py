"""Clients of an OpenAI-compatible server, many in one process: what they wait and what they hear.

    python benchmarks/server_load.py PLAN.json

A process of its own, so that it takes no time from the server's event loop. It reads no more of
an answer than where its events end, as cheaply as that can be done.
"""

import asyncio
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, cast

import httptools
import msgspec
import uvloop

PATIENCE = 120.0
"""Seconds after which a client gives up: what is not answered then has failed."""
NAME = "@@"
"""Stands for a word of its own in each request's body."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked of whom, and how often; times are seconds.

    `body` is sent to `path`, with NAME replaced by a word that no other request has, so that
    nothing is answered from memory. With a `rate`, requests begin at random moments, so many a
    second, whether others have ended or not (open loop); without, each of `clients` asks again as
    soon as it is answered (closed loop). With `hold`, the streams of `clients` are opened and left
    open until stdin ends.
    """

    port: int
    key: str
    path: str
    body: dict[str, Any]
    requests: int
    clients: int = 1
    rate: float = 0.0
    hold: bool = False
    seed: int = 1


@dataclass(slots=True)
class Heard:
    """Seconds from when a request was due to the end of its answer; events and bytes; seconds of
    it all; what failed, and the client's own seconds of processor time."""

    took: list[float] = field(default_factory=list)
    events: int = 0
    size: int = 0
    seconds: float = 0.0
    failed: int = 0
    cpu: float = 0.0


class Client(asyncio.Protocol):
    """One connection, asked one thing at a time. httptools calls the methods named `on_…`."""

    def __init__(self) -> None:
        self.events, self.size, self.status = 0, 0, 0
        self.begun = asyncio.Event()
        self._done: asyncio.Future[None] | None = None
        self._last = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self.transport = cast(asyncio.Transport, transport)

    def ask(self, request: bytes) -> asyncio.Future[None]:
        """Send a request; what is returned is done when its whole answer is here."""
        self.events, self.size = 0, 0
        self._parser = httptools.HttpResponseParser(self)
        self._done = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self._done

    def data_received(self, data: bytes) -> None:
        """More of the answer."""
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        """More of the body: an event ends with an empty line, which may come in two pieces."""
        self.begun.set()
        joined = self._last + body
        self.events += joined.count(b"\n\n")
        self.size += len(body)
        self._last = body[-1:] if body[-1:] == b"\n" and body[-2:] != b"\n\n" else b""

    def on_message_complete(self) -> None:
        """The answer has ended."""
        self.status = self._parser.get_status_code()
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        """The server is gone."""
        if self._done is not None and not self._done.done():
            self._done.set_exception(ConnectionError("the connection was closed"))


class Load:
    """One run of a plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self.heard = plan, Heard()
        self._numbers, self._free = count(), list[Client]()
        self._text = json.dumps(plan.body)

    async def run(self) -> Heard:
        """Ask everything; what was heard."""
        began, cpu = time.perf_counter(), time.process_time()
        await self._ask_all(self._plan.requests)
        self.heard.seconds = time.perf_counter() - began
        self.heard.cpu = time.process_time() - cpu
        return self.heard

    async def hold(self) -> None:
        """Open the streams of all clients and leave them open until stdin ends."""
        held = [await self._connected() for _ in range(self._plan.clients)]
        asked = [one.ask(self._request()) for one in held]
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one.begun.wait() for one in held))
        print(json.dumps({"held": len(asked)}), flush=True)
        await asyncio.to_thread(sys.stdin.read)

    async def _ask_all(self, requests: int) -> None:
        if self._plan.rate:
            await self._open_loop(requests)
        else:
            due = iter(range(requests))
            await asyncio.gather(*(self._closed_loop(due) for _ in range(self._plan.clients)))

    async def _open_loop(self, requests: int) -> None:
        draw, due = random.Random(self._plan.seed), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(requests):
                due += draw.expovariate(self._plan.rate)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(self._ask(due))

    async def _closed_loop(self, due: Iterator[int]) -> None:
        for _ in due:
            await self._ask(time.perf_counter())

    async def _ask(self, due: float) -> None:
        """Ask once, on a connection that is free or new."""
        while self._free and self._free[-1].transport.is_closing():
            self._free.pop()  # the server closes what is silent for long
        client = self._free.pop() if self._free else await self._connected()
        try:
            async with asyncio.timeout(PATIENCE):
                await client.ask(self._request())
        except (TimeoutError, ConnectionError):
            self.heard.failed += 1
            client.transport.abort()
            return
        self.heard.took.append(time.perf_counter() - due)
        self._free.append(client)
        self.heard.failed += client.status != 200
        self.heard.events += client.events
        self.heard.size += client.size

    async def _connected(self) -> Client:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(Client, "127.0.0.1", self._plan.port)
        return client

    def _request(self) -> bytes:
        plan, number = self._plan, next(self._numbers)
        body = self._text.replace(NAME, _word(number)).encode()
        lines = (
            f"POST {plan.path} HTTP/1.1",
            f"host: 127.0.0.1:{plan.port}",
            f"authorization: Bearer {plan.key}",
            "content-type: application/json",
            f"content-length: {len(body)}",
        )
        return "\r\n".join((*lines, "", "")).encode() + body


def _word(number: int) -> str:
    """A word of letters for a number: what a number is would be looked into."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:06}")


async def _main(plan: Plan) -> None:
    if plan.hold:
        await Load(plan).hold()
    else:
        print(json.dumps(asdict(await Load(plan).run())))


def main() -> int:
    """Run the plan of a file; what was heard, in one JSON line."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard) if soft < hard else (soft, hard))
    plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)
    uvloop.run(_main(plan))
    return 0


if __name__ == "__main__":
    sys.exit(main())
