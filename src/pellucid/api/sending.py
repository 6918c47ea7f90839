"""A turn as server-sent events: rendered, framed, kept, and ended with the connection."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from pellucid.api.wire import sse
from pellucid.core.events import Event, TurnFailed, TurnFinished

Json = dict[str, Any]
HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}


class Renderer(Protocol):
    """A format: events of a turn in, JSON out."""

    def feed(self, event: Event) -> Iterable[Json]:
        """What one event becomes."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """How a turn becomes a stream: in which format and framing, and what is done before its end
    is told."""

    renderer: Renderer
    frame: Callable[[Json], bytes]
    before_end: Callable[[], Awaitable[None]]

    async def frames(
        self, events: AsyncGenerator[Event | None, None]
    ) -> AsyncGenerator[bytes, None]:
        """What is written, each event whole."""
        async with aclosing(events):
            async for event in events:
                written = [*self._written(event)]
                if isinstance(event, TurnFinished | TurnFailed):
                    await self.before_end()
                for one in written:
                    yield one
            yield sse.DONE

    def _written(self, event: Event | None) -> Iterator[bytes]:
        """One event, or the sign of life that None stands for."""
        if event is None:
            yield sse.ALIVE
            return
        for told in self.renderer.feed(event):
            yield self.frame(told)


async def again(events: Iterable[Json]) -> AsyncGenerator[Json | None, None]:
    """Events that were told before."""
    for event in events:
        yield event


async def framed(events: AsyncGenerator[Json | None, None]) -> AsyncGenerator[bytes, None]:
    """The events of a response as they are written; None is a sign of life."""
    async with aclosing(events):
        async for event in events:
            yield sse.ALIVE if event is None else sse.named(event)
    yield sse.DONE


class EventStream(StreamingResponse):
    """Server-sent events; what `stack` holds ends with them, whoever ends them."""

    def __init__(
        self, frames: AsyncGenerator[bytes, None], stack: AsyncExitStack | None = None
    ) -> None:
        super().__init__(frames, 200, HEADERS, media_type="text/event-stream")
        self._stack = stack or AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all frames, or as many as the client waits for."""
        async with self._stack:
            await super().__call__(scope, receive, send)
