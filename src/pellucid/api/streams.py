"""Events of a turn on their way out: how it begins, signs of life, and an end when nobody reads.

Closing the stream of a turn cancels its queue, its decoding and its sandbox; so every way out
closes it.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import Self, TypeVar

from starlette.requests import Request

from pellucid.core.events import Event, TurnFailed, TurnStarted

PATIENCE = 1.0
"""Seconds in which a turn that fails at once still becomes a reply with an error's status."""

ALIVE_EVERY = 5.0
"""Seconds of silence after which a sign of life is sent."""

T = TypeVar("T")


class ClientGone(Exception):
    """The client closed the connection; nobody waits for a reply."""


async def or_gone(request: Request, work: Awaitable[T]) -> T:
    """What some work gives; it is cancelled, and ClientGone raised, when the client goes away."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientGone
        return task.result()
    finally:
        task.cancel()
        gone.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    """Wait until the connection is closed; a body that nobody read is received before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


class Outgoing:
    """The events of a turn, taken up as they come, whoever is slow to read them.

    Entering starts the turn; leaving ends it, finished or not.
    """

    def __init__(self, events: AsyncGenerator[Event, None]) -> None:
        self._queue = asyncio.Queue[Event | None]()
        self._begun: list[Event] = []
        self._events = events

    async def __aenter__(self) -> Self:
        self._pump = asyncio.create_task(self._take_up())
        return self

    async def __aexit__(self, *error: object) -> None:
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)

    async def _take_up(self) -> None:
        try:
            async with aclosing(self._events) as events:
                async for event in events:
                    self._queue.put_nowait(event)
        finally:
            self._queue.put_nowait(None)

    async def failed_at_once(self, patience: float) -> TurnFailed | None:
        """The failure of a turn in which nothing else happens, if it comes in so many seconds."""
        try:
            async with asyncio.timeout(patience):
                while event := await self._queue.get():
                    self._begun.append(event)
                    if not isinstance(event, TurnStarted):
                        break
        except TimeoutError:
            return None
        if event is None:
            await self._pump  # raises what ended the turn in a way that no event tells
        return event if isinstance(event, TurnFailed) else None

    async def events(self, alive_every: float) -> AsyncGenerator[Event | None, None]:
        """All events; None stands for so many seconds of silence."""
        for event in self._begun:
            yield event
        ended = False
        while not ended:
            try:
                following = await self._following(alive_every)
            except TimeoutError:
                yield None
                continue
            ended = following is None
            if following is not None:
                yield following
        await self._pump

    async def _following(self, seconds: float) -> Event | None:
        """The next event, None after the last; TimeoutError if it does not come in time. One that
        is there already needs no alarm, which would take longer than the event itself."""
        if not self._queue.empty():
            return self._queue.get_nowait()
        async with asyncio.timeout(seconds):
            return await self._queue.get()
