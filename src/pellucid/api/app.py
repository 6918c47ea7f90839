"""Routes: parse, run, render."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from pellucid.api.middleware import Door, Guard
from pellucid.api.streams import ALIVE_EVERY, PATIENCE, ClientGone, Outgoing, or_gone
from pellucid.api.wire import chat, chat_request, models, responses, responses_request, sse
from pellucid.api.wire.bodies import read
from pellucid.api.wire.common import Offer
from pellucid.api.wire.errors import WireError, failed
from pellucid.core.events import Event, TurnFailed
from pellucid.core.fold import Record, advance
from pellucid.core.turn import Turn

Json = dict[str, Any]
GONE = 499
"""What is logged, and read by nobody, where the client has gone away (nginx's number)."""

STREAM_HEADERS = {"cache-control": "no-cache", "x-accel-buffering": "no"}


class Runs(Protocol):
    """The one door."""

    def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """The events of a turn."""
        ...


class Renderer(Protocol):
    """A format: events of a turn in, JSON out."""

    def feed(self, event: Event) -> Iterator[Json]:
        """What one event becomes."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with: the door, the models, what is missing until it can answer
    (""), when it is, new ids, and after how many silent seconds a stream gives a sign of life."""

    turns: Runs
    offer: Offer
    missing: Callable[[], str]
    clock: Callable[[], float]
    new_id: Callable[[str], str]
    alive_every: float = ALIVE_EVERY


def build(service: Service, guard: Guard) -> Starlette:
    """The application."""
    routes = Routes(service)
    return Starlette(
        routes=[
            Route("/health", routes.health),
            Route("/ready", routes.ready),
            Route("/v1/models", routes.models),
            Route("/v1/models/{model}", routes.model),
            Route("/v1/chat/completions", routes.chat, methods=["POST"]),
            Route("/v1/responses", routes.responses, methods=["POST"]),
        ],
        middleware=[Middleware(Door, guard)],
        exception_handlers={WireError: _refused, HTTPException: _unknown, ClientGone: _gone},
    )


class Routes:
    """One method for each route."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def health(self, request: Request) -> Response:
        """That the server runs."""
        return JSONResponse({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Whether turns can begin, or what they wait for."""
        missing = self._service.missing()
        status = 503 if missing else 200
        return JSONResponse({"status": missing or "ready"}, status)

    async def models(self, request: Request) -> Response:
        """All models and their other names."""
        return JSONResponse(models.listed(self._service.offer))

    async def model(self, request: Request) -> Response:
        """One model by any of its names."""
        return JSONResponse(models.one(self._service.offer, request.path_params["model"]))

    async def chat(self, request: Request) -> Response:
        """Chat Completions."""
        asked = chat_request.parse(
            read(await request.body()), self._service.offer, *self._made("chatcmpl", request)
        )
        if not asked.stream:
            record = await or_gone(request, self._whole(asked.turn, chat.FORM))
            return JSONResponse(chat.collect(record, asked))
        return await self._streamed(asked.turn, chat.Renderer(asked), sse.data, chat.FORM)

    async def responses(self, request: Request) -> Response:
        """Responses."""
        asked = responses_request.parse(
            read(await request.body()), self._service.offer, *self._made("resp", request)
        )
        renderer = responses.Renderer(asked)
        if not asked.stream:
            await or_gone(request, self._whole(asked.turn, responses.FORM, renderer))
            return JSONResponse(renderer.response())
        return await self._streamed(asked.turn, renderer, sse.named, responses.FORM)

    def _made(self, kind: str, request: Request) -> tuple[str, int, str]:
        """A new turn's id, when it is made, and for whom."""
        return self._service.new_id(kind), int(self._service.clock()), request.scope["owner"]

    async def _whole(self, turn: Turn, form: str, renderer: Renderer | None = None) -> Record:
        """A turn from end to end; WireError where it failed (`form`: what may hold a schema)."""
        record = Record()
        async with aclosing(self._service.turns.run(turn)) as events:
            async for event in events:
                record = advance(record, event)
                _ = list(renderer.feed(event)) if renderer else ()
        if record.error:
            raise failed(record.error, form)
        return record

    async def _streamed(
        self, turn: Turn, renderer: Renderer, frame: Callable[[Json], bytes], form: str
    ) -> Response:
        """A turn as server-sent events; one that fails at once is refused with a status."""
        async with AsyncExitStack() as stack:
            outgoing = await stack.enter_async_context(Outgoing(self._service.turns.run(turn)))
            if failure := await outgoing.failed_at_once(PATIENCE):
                raise failed(failure, form)
            events = outgoing.events(self._service.alive_every)
            return EventStream(_frames(events, renderer, frame), stack.pop_all())


class EventStream(StreamingResponse):
    """Server-sent events; what `stack` holds ends with them, whoever ends them."""

    def __init__(self, frames: AsyncGenerator[bytes, None], stack: AsyncExitStack) -> None:
        super().__init__(frames, 200, STREAM_HEADERS, media_type="text/event-stream")
        self._stack = stack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all frames, or as many as the client waits for."""
        async with self._stack:
            await super().__call__(scope, receive, send)


async def _frames(
    events: AsyncGenerator[Event | None, None],
    renderer: Renderer,
    frame: Callable[[Json], bytes],
) -> AsyncGenerator[bytes, None]:
    """What is written, each event whole."""
    async with aclosing(events):
        async for event in events:
            for one in _written(event, renderer, frame):
                yield one
        yield sse.DONE


def _written(
    event: Event | None, renderer: Renderer, frame: Callable[[Json], bytes]
) -> Iterator[bytes]:
    """One event, or the sign of life that None stands for."""
    if event is None:
        yield sse.ALIVE
        return
    for told in renderer.feed(event):
        yield frame(told)
    if isinstance(event, TurnFailed) and isinstance(renderer, responses.Renderer):
        yield frame(responses.error(event, renderer.sequence))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, WireError)  # noqa: S101 - what it is registered for
    return JSONResponse(error.body(), error.status, error.headers)


async def _unknown(request: Request, error: Exception) -> Response:
    """A path or a method that there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    told = f"Unknown request URL: {request.method} {request.url.path}."
    known = "See docs/api.md for what is served."
    return JSONResponse(WireError(status, f"{told} {known}", "unknown_url").body(), status)


async def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=GONE)
