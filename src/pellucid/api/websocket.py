"""Responses over a WebSocket: one after the other, each told by its events.

What is not to be kept (`store: false`) can be gone on from within its connection: the last response
is remembered there, until a request fails. Whoever closes the connection ends the turn.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass

from starlette.routing import WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from pellucid.api import grammars
from pellucid.api.compaction import managed
from pellucid.api.keeping import Keeper, Runs
from pellucid.api.streams import PATIENCE, Outgoing
from pellucid.api.wire import enclosed, frames, responses, responses_request
from pellucid.api.wire.bodies import Json, read, written
from pellucid.api.wire.common import Offer
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError, failed
from pellucid.api.wire.responses_request import Asked, ResponsesRequest
from pellucid.core.events import Event, TurnFailed, TurnFinished
from pellucid.core.items import Item

PATH = "/v1/responses"
TRY_AGAIN, GOING_AWAY = 1013, 1001
"""Close codes (RFC 6455, 7.4, and IANA's registry)."""

log = logging.getLogger("pellucid.api")


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections an owner may have, for how many seconds each, how many requests
    may wait in one for their turn, and how many bytes of files that are not kept it remembers."""

    connections: int = 64
    seconds: float = 3_600.0
    waiting: int = 4
    remembered: int = 8_000_000


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Maker:
    """What responses are made with; `begin` counts a request of an owner, or refuses it
    (WireError)."""

    turns: Runs
    keeper: Keeper
    offer: Offer
    clock: Callable[[], float]
    new_id: Callable[[str], str]
    alive_every: float
    begin: Callable[[str], None] = lambda owner: None


class Sockets:
    """All open connections, counted by their owner."""

    def __init__(self, maker: Maker, limits: Limits) -> None:
        self._maker, self._limits = maker, limits
        self._open = Counter[str]()

    def routes(self) -> list[WebSocketRoute]:
        """All of them."""
        return [WebSocketRoute(PATH, self.connect)]

    async def connect(self, socket: WebSocket) -> None:
        """One connection, from its begin to its end."""
        owner = socket.scope["owner"]
        connection = Connection(socket, self._maker, self._limits)
        await socket.accept()
        self._open[owner] += 1
        try:
            if self._open[owner] > self._limits.connections:
                most = f"{self._limits.connections} are open"
                await connection.end(429, most, "Close one of them.", TRY_AGAIN)
            else:
                await connection.serve()
        finally:
            self._open[owner] -= 1


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A response that is not kept, the conversation up to its end, and the files in it that are
    not kept either."""

    reply_id: str
    talk: tuple[Item, ...]
    enclosed: tuple[Enclosed, ...]


class Connection:
    """What one client asks, and is told."""

    def __init__(self, socket: WebSocket, maker: Maker, limits: Limits) -> None:
        self._socket, self._maker, self._limits = socket, maker, limits
        self._owner = str(socket.scope["owner"])
        self._waiting = asyncio.Queue[Message](limits.waiting)
        self._last: _Remembered | None = None

    async def serve(self) -> None:
        """Answer until the client goes, or its time is over; then nothing goes on."""
        tasks = [asyncio.create_task(work) for work in (self._take(), self._answer_all())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def end(self, status: int, why: str, so: str, code: int) -> None:
        """Tell that no more is done in this connection, and close it."""
        told = f"Responses websocket connection limit reached ({why}). {so}"
        error = WireError(status, told, "websocket_connection_limit_reached")
        await self._send(frames.refused(error))
        await self._socket.close(code)

    async def _take(self) -> None:
        """Take up what comes, so that the end of the connection is seen during a turn."""
        while (message := await self._socket.receive())["type"] == "websocket.receive":
            try:
                self._waiting.put_nowait(message)
            except asyncio.QueueFull:
                told = f"{self._limits.waiting} requests wait already in this connection."
                error = WireError(429, told, "rate_limit_exceeded", type="rate_limit_error")
                await self._send(frames.refused(error))

    async def _answer_all(self) -> None:
        """One request after the other, for as long as a connection may last."""
        ends = asyncio.get_running_loop().time() + self._limits.seconds
        while (message := await self._next(ends)) is not None:
            try:
                await self._answer(message)
            except WebSocketDisconnect:
                return
        minutes = f"{self._limits.seconds / 60:.0f} minutes"
        so = "Create a new websocket connection to continue."
        await self.end(400, minutes, so, GOING_AWAY)

    async def _next(self, ends: float) -> Message | None:
        """The request whose turn it is; None when the time of the connection is over."""
        if asyncio.get_running_loop().time() >= ends:
            return None
        try:
            async with asyncio.timeout_at(ends):
                return await self._waiting.get()
        except TimeoutError:
            return None

    async def _answer(self, message: Message) -> None:
        """What becomes of one request; a failure is told, and forgets what was remembered, but for
        one that was not even looked at."""
        try:
            self._maker.begin(self._owner)
        except WireError as refusal:
            await self._send(frames.refused(refusal))
            return
        try:
            self._last = await self._make(read(_content(message)))
        except WireError as refusal:
            self._last = None
            await self._send(frames.refused(refusal))
        except WebSocketDisconnect:
            raise
        except Exception:
            self._last = None
            log.exception("A response over a WebSocket failed")
            error = WireError(500, "The server had an error.", "server_error", type="server_error")
            await self._send(frames.refused(error))

    async def _make(self, frame: Json) -> _Remembered | None:
        """Make a response and tell its events; what is to be remembered of it."""
        asked = await self._understood(frames.created(frame))
        asked = await managed(asked, self._maker.turns, self._maker.keeper)
        renderer = responses.Renderer(asked)
        async with Outgoing(self._maker.turns.run(asked.turn)) as outgoing:
            if failure := await outgoing.failed_at_once(PATIENCE):
                raise failed(failure, responses.FORM)
            async with aclosing(outgoing.events(self._maker.alive_every)) as events:
                async for event in events:
                    await self._tell(event, asked, renderer)
        log.info("%s %s", asked.turn.turn_id, renderer.response()["status"])
        if asked.store or renderer.record.error is not None:
            return None
        talk = (*asked.talk, *renderer.record.items)
        size = sum(len(one.content or b"") for one in asked.enclosed)
        files = asked.enclosed if size <= self._limits.remembered else ()
        return _Remembered(asked.turn.turn_id, talk, files)

    async def _understood(self, body: Json) -> ResponsesRequest:
        """A request, with the conversation that it goes on from."""
        maker = self._maker
        body = await maker.keeper.enclosures.brought(body)
        body, given = enclosed.of_response(body, self._owner)
        asked = responses_request.understood(body)
        before, sealed = await self._before(asked), maker.keeper.sealed(asked, self._owner)
        made = (maker.new_id("resp"), int(maker.clock()), self._owner)
        parsed = responses_request.parse(asked, maker.offer, *made, before, sealed)
        await grammars.check(asked.tools)
        parsed = await maker.keeper.attached(parsed, (*given, *self._known(asked)))
        return await maker.keeper.placed(parsed, asked)

    def _remembered(self, asked: Asked) -> _Remembered | None:
        """What a request goes on from, where that is not kept."""
        reply_id, _ = responses_request.goes_on_from(asked)
        return self._last if self._last is not None and reply_id == self._last.reply_id else None

    def _known(self, asked: Asked) -> tuple[Enclosed, ...]:
        last = self._remembered(asked)
        return () if last is None else last.enclosed

    async def _before(self, asked: Asked) -> tuple[Item, ...]:
        last = self._remembered(asked)
        if last is not None:
            return last.talk
        return await self._maker.keeper.before(asked, self._owner)

    async def _tell(
        self, event: Event | None, asked: ResponsesRequest, renderer: responses.Renderer
    ) -> None:
        """What one event becomes; a response is kept before its end is told. None, a sign of life,
        is nothing here: the server's pings are."""
        if event is None:
            return
        told = renderer.feed(event)
        if isinstance(event, TurnFinished | TurnFailed):
            await self._maker.keeper.keep(asked, renderer)
        for one in told:
            await self._send(frames.told(one, event))

    async def _send(self, frame: Json) -> None:
        await self._socket.send_text(written(frame).decode())


def _content(message: Message) -> bytes:
    """The bytes of a message, which may come as text."""
    text: str | None = message.get("text")
    return bytes(message["bytes"]) if text is None else text.encode()
