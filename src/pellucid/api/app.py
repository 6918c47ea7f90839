"""Routes: parse, run, render."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api import absent, grammars
from pellucid.api.background import Background, Live, followed
from pellucid.api.batches import BatchRoutes
from pellucid.api.batching import Batching, Behind
from pellucid.api.choices import ChoiceStream, together
from pellucid.api.compaction import CompactionRoutes, managed
from pellucid.api.completions import CompletionRoutes
from pellucid.api.containers import ContainerRoutes
from pellucid.api.conversations import ConversationRoutes
from pellucid.api.describe import Description
from pellucid.api.file_batches import FileBatchRoutes
from pellucid.api.files import FileRoutes, Shelf
from pellucid.api.filling import Filling
from pellucid.api.keeping import Keeper, Runs
from pellucid.api.middleware import Door, Guard
from pellucid.api.named import Named
from pellucid.api.operating import EXPOSED, Operating
from pellucid.api.refusals import HANDLERS, no_response
from pellucid.api.replies import JsonReply
from pellucid.api.sending import EventStream, Renderer, Stream, again, framed
from pellucid.api.streams import ALIVE_EVERY, PATIENCE, Outgoing, or_gone
from pellucid.api.vector_stores import VectorStoreRoutes
from pellucid.api.websocket import USUAL, Limits, Maker, Sockets
from pellucid.api.wire import (
    chat,
    chat_request,
    choices,
    enclosed,
    legacy,
    lists,
    models,
    responses,
    responses_request,
    sse,
)
from pellucid.api.wire.bodies import read
from pellucid.api.wire.common import Offer
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError, failed
from pellucid.api.wire.responses_request import ResponsesRequest
from pellucid.core.fold import Record, advance
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.replay import Replayed
from pellucid.store.replies import Reply

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proof:
    """What a turn can be checked by: its receipt, and what running it again gives."""

    receipt: Callable[[str], Json]
    replay: Callable[[str], Awaitable[list[Replayed]]]


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes work with: the door, what is kept, what proves it, the models, what is
    missing until it can answer (""), when it is, new ids, what tokens cost in dollars, after
    how many silent seconds a stream gives a sign of life, and what WebSockets may do."""

    turns: Runs
    keeper: Keeper
    shelf: Shelf
    proof: Proof
    offer: Offer
    missing: Callable[[], str]
    clock: Callable[[], float]
    new_id: Callable[[str], str]
    price: Callable[[Usage], Decimal]
    alive_every: float = ALIVE_EVERY
    sockets: Limits = USUAL


def build(service: Service, guard: Guard, operating: Operating | None = None) -> Starlette:
    """The application."""
    operating = operating or Operating()
    background = Background(service.turns, service.keeper, service.offer)
    conversations = ConversationRoutes(service.keeper, service.clock, service.new_id)
    completions = CompletionRoutes(service.keeper, service.offer)
    compactions = CompactionRoutes(service.keeper, service.offer, service.clock, service.new_id)
    routes = Routes(service, background)
    working = batching(service, background)
    batches = BatchRoutes(service.shelf, working, service.price, service.clock, service.new_id)
    known, filling = service.keeper.collections, Filling(service.keeper.collections)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
        async with background, working, filling:
            yield

    return Starlette(
        lifespan=lifespan,
        routes=[
            Route("/health", routes.health),
            Route("/ready", routes.ready),
            Route("/v1/models", routes.list_models),
            Route("/v1/models/{model}", routes.model),
            Route("/v1/chat/completions", routes.complete, methods=["POST"]),
            Route("/v1/completions", routes.complete_text, methods=["POST"]),
            Route("/v1/responses", routes.respond, methods=["POST"]),
            Named("/v1/responses/input_tokens", routes.count, methods=["POST"]),
            *compactions.routes(),
            Route("/v1/responses/{id}", routes.response, methods=["GET"]),
            Route("/v1/responses/{id}", routes.forget, methods=["DELETE"]),
            Route("/v1/responses/{id}/cancel", routes.cancel, methods=["POST"]),
            Route("/v1/responses/{id}/input_items", routes.input_items, methods=["GET"]),
            Route("/v1/responses/{id}/receipt", routes.receipt, methods=["GET"]),
            Route("/v1/responses/{id}/replay", routes.replay, methods=["POST"]),
            *Sockets(maker(service, operating), service.sockets).routes(),
            *conversations.routes(),
            *FileRoutes(
                service.shelf, service.keeper.forget_file, service.clock, service.new_id
            ).routes(),
            *ContainerRoutes(service.keeper.rooms, service.new_id).routes(),
            *VectorStoreRoutes(known, service.clock, service.new_id).routes(),
            *FileBatchRoutes(known, filling, service.clock, service.new_id).routes(),
            *batches.routes(),
            *completions.routes(),
            *absent.routes(),
            *operating.routes(),
            *Description().routes(),
        ],
        middleware=[
            _pages(guard),
            *operating.outside(),
            Middleware(Door, guard),
            *operating.inside(),
        ],
        exception_handlers=HANDLERS,
    )


def maker(service: Service, operating: Operating) -> Maker:
    """What makes responses over WebSockets."""
    return Maker(
        service.turns,
        service.keeper,
        service.offer,
        service.clock,
        service.new_id,
        service.alive_every,
        operating.rates.begin,
    )


def batching(service: Service, background: Background) -> Batching:
    """Batches, whose requests take the routes of turns, behind those of all others."""
    behind = Routes(replace(service, turns=Behind(service.turns)), background)
    app = Starlette(
        routes=[
            Route("/v1/chat/completions", behind.complete, methods=["POST"]),
            Route("/v1/completions", behind.complete_text, methods=["POST"]),
            Route("/v1/responses", behind.respond, methods=["POST"]),
        ],
        exception_handlers=HANDLERS,
    )
    shelf = service.shelf
    return Batching(app, shelf.batches, shelf.files, service.offer, service.clock, service.new_id)


def _pages(guard: Guard) -> Middleware:
    """Lets the pages that may call this server do so; what others get, they cannot read."""
    return Middleware(
        CORSMiddleware,
        allow_origins=sorted(guard.origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "openai-processing-ms", "retry-after", *EXPOSED],
    )


class Routes:
    """One method for each route."""

    def __init__(self, service: Service, background: Background) -> None:
        self._service, self._background = service, background

    async def health(self, request: Request) -> Response:
        """That the server runs."""
        return JsonReply({"status": "ok"})

    async def ready(self, request: Request) -> Response:
        """Whether turns can begin, or what they wait for."""
        missing = self._service.missing()
        status = 503 if missing else 200
        return JsonReply({"status": missing or "ready"}, status)

    async def list_models(self, request: Request) -> Response:
        """All models and their other names."""
        return JsonReply(models.listed(self._service.offer))

    async def model(self, request: Request) -> Response:
        """One model by any of its names."""
        return JsonReply(models.one(self._service.offer, request.path_params["model"]))

    async def complete(self, request: Request) -> Response:
        """Chat Completions."""
        return await self._completed(request, read(await request.body()), "chatcmpl")

    async def complete_text(self, request: Request) -> Response:
        """Completions, the format before Chat."""
        body = legacy.chat_body(read(await request.body()))
        return await self._completed(request, body, "cmpl", legacy.told)

    async def _completed(
        self, request: Request, body: Json, kind: str, told: Callable[[Json], Json] = dict
    ) -> Response:
        """A chat completion, whole or streamed, each part of it as `told` tells it."""
        body = await self._service.keeper.enclosures.brought(body)
        body, given = enclosed.of_chat(body, request.scope["owner"])
        asked = chat_request.parse(body, self._service.offer, *self._made(kind, request))
        await grammars.check(body.get("tools"), nested=True)
        asked = await self._service.keeper.attached_to_chat(asked, given)
        keep = partial(self._service.keeper.keep_completion, asked)
        turns = choices.turns(asked)
        if asked.stream:
            stream = ChoiceStream(choices.Renderer(asked), lambda one: sse.data(told(one)), keep)
            return await self._streamed(request, turns, chat.FORM, stream.frames)
        records = together(self._whole(turn, chat.FORM) for turn in turns)
        reply = choices.collect(await or_gone(request, records), asked)
        await keep(reply)
        return JsonReply(told(reply))

    async def respond(self, request: Request) -> Response:
        """Responses."""
        body = await self._service.keeper.enclosures.brought(read(await request.body()))
        body, given = enclosed.of_response(body, request.scope["owner"])
        asked = await self._understood(body, given, request)
        if asked.compact_threshold and not asked.background:  # that is looked at when it begins
            managing = managed(asked, self._service.turns, self._service.keeper)
            asked = await or_gone(request, managing)
        if asked.background:
            live = await self._background.start(asked, body)
            return self._followed(live) if asked.stream else JsonReply(live.renderer.response())
        renderer = responses.Renderer(asked)
        if not asked.stream:
            await or_gone(request, self._whole(asked.turn, responses.FORM, renderer))
            await self._service.keeper.keep(asked, renderer)
            return JsonReply(renderer.response())
        stream = Stream(renderer, sse.named, partial(self._service.keeper.keep, asked, renderer))
        return await self._streamed(request, (asked.turn,), responses.FORM, stream.frames)

    async def count(self, request: Request) -> Response:
        """How many tokens the input of a response would have."""
        body = await self._service.keeper.enclosures.brought(read(await request.body()))
        body, given = enclosed.of_response(body, request.scope["owner"])
        asked = await self._understood(body, given, request, make=False)
        count = await self._service.turns.count(asked.turn)
        return JsonReply({"object": "response.input_tokens", "input_tokens": count})

    async def _understood(
        self, body: Json, given: Sequence[Enclosed], request: Request, *, make: bool = True
    ) -> ResponsesRequest:
        """A request for a response, with the conversation that it goes on from, the files in it,
        and the container of its programs, which is made ready unless nothing shall change."""
        asked, made = responses_request.understood(body), self._made("resp", request)
        before = await self._service.keeper.before(asked, request.scope["owner"])
        sealed = self._service.keeper.sealed(asked, request.scope["owner"])
        parsed = responses_request.parse(asked, self._service.offer, *made, before, sealed)
        await grammars.check(asked.tools)
        parsed = await self._service.keeper.attached(parsed, given, make=make)
        return await self._service.keeper.placed(parsed, asked, make=make)

    def _followed(self, live: Live, after: int = -1) -> Response:
        return EventStream(framed(followed(live, after, self._service.alive_every)))

    async def response(self, request: Request) -> Response:
        """A response that was kept, or is being made; its events where `stream` asks for them."""
        wanted = lists.followed(request.query_params)
        live = self._background.find(request.path_params["id"], request.scope["owner"])
        if live is not None and wanted.stream:
            return self._followed(live, wanted.starting_after)
        if live is not None:
            return JsonReply(live.renderer.response())
        found = await self._found(request)
        if not wanted.stream:
            return JsonReply(found.body)
        return EventStream(framed(again(found.events[wanted.starting_after + 1 :])))

    async def cancel(self, request: Request) -> Response:
        """Stop a response in the background; one that has ended stays as it is."""
        live = self._background.find(request.path_params["id"], request.scope["owner"])
        if live is not None:
            await self._background.cancel(live)
        found = await self._found(request)
        if not found.body["background"]:
            raise WireError(400, "Only a response in the background can be cancelled.")
        return JsonReply(found.body)

    async def input_items(self, request: Request) -> Response:
        """What a response that was kept was asked with."""
        found = await self._found(request)
        return JsonReply(lists.page(found.asked, lists.asked(request.query_params)))

    async def receipt(self, request: Request) -> Response:
        """The receipt of a response that was kept."""
        found = await self._found(request)
        return JsonReply(self._service.proof.receipt(found.id))

    async def replay(self, request: Request) -> Response:
        """Run the programs of a response again: same or differs, each of them."""
        found = await self._found(request)
        again = await or_gone(request, self._service.proof.replay(found.id))
        told = [
            {"execution_id": one.execution_id, "verdict": one.verdict, "detail": one.detail}
            for one in again
        ]
        return JsonReply({"object": "list", "data": told})

    async def forget(self, request: Request) -> Response:
        """Forget a response."""
        reply_id = request.path_params["id"]
        live = self._background.find(reply_id, request.scope["owner"])
        if live is not None:
            await self._background.cancel(live)
        if not await self._service.keeper.forget(reply_id, request.scope["owner"]):
            raise no_response(reply_id)
        return JsonReply({"id": reply_id, "object": "response", "deleted": True})

    async def _found(self, request: Request) -> Reply:
        reply_id = request.path_params["id"]
        found = await self._service.keeper.replies.find(reply_id, request.scope["owner"])
        if found is None:
            raise no_response(reply_id)
        return found

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
        self,
        request: Request,
        turns: Sequence[Turn],
        form: str,
        frames: Callable[..., AsyncGenerator[bytes, None]],
    ) -> Response:
        """Turns as server-sent events, framed by `frames`; one that fails at once is refused with
        a status."""
        async with AsyncExitStack() as stack:
            runs = (Outgoing(self._service.turns.run(turn)) for turn in turns)
            outgoing = [await stack.enter_async_context(run) for run in runs]
            failures = together(one.failed_at_once(PATIENCE) for one in outgoing)
            for failure in await or_gone(request, failures):
                if failure:
                    raise failed(failure, form)
            events = (one.events(self._service.alive_every) for one in outgoing)
            return EventStream(frames(*events), stack.pop_all())
