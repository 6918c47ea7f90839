"""Responses that nobody waits for: they go on without their client, and after a restart.

A response is on disk before it is acknowledged, with all that is needed to make it. What a
server that died had not finished is made anew by the next one; its events then begin again.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Self

from pellucid.api.compaction import managed
from pellucid.api.keeping import Keeper, Runs
from pellucid.api.wire import responses, responses_request
from pellucid.api.wire.common import Offer
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.responses_request import ResponsesRequest
from pellucid.core.events import TurnFailed
from pellucid.core.usage import Usage
from pellucid.store.replies import Reply

Json = dict[str, Any]
log = logging.getLogger("pellucid.api")


@dataclass(slots=True)
class Live:
    """A response that is being made. `more` is set, and replaced, when there is more of it;
    `ending` keeps it once it has ended, whatever is cancelled meanwhile."""

    asked: ResponsesRequest
    renderer: responses.Renderer
    more: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.Task[None] | None = None
    ended: bool = False

    def grew(self, *, ended: bool = False) -> None:
        """Tell those who follow that there is more."""
        self.ended = ended
        self.more.set()
        self.more = asyncio.Event()


class Background:
    """All responses that are being made; entering takes up what was left unfinished, leaving
    leaves it to the next."""

    def __init__(self, turns: Runs, keeper: Keeper, offer: Offer) -> None:
        self._turns, self._keeper, self._offer = turns, keeper, offer
        self._lives = dict[str, Live]()
        self._tasks = dict[str, asyncio.Task[None]]()

    async def __aenter__(self) -> Self:
        for reply in await self._keeper.replies.unfinished():
            await self._take_up(reply)
        return self

    async def __aexit__(self, *error: object) -> None:
        lives = [*self._lives.values()]
        await self._stop(*self._tasks.values())
        await asyncio.gather(*(live.ending for live in lives if live.ending))

    async def _take_up(self, reply: Reply) -> None:
        """Begin anew what another server left; what can no longer be made has failed."""
        made = (reply.id, reply.created_at, reply.owner, reply.items)
        try:
            asked = responses_request.understood(reply.request or {})
            sealed = self._keeper.sealed(asked, reply.owner)
            parsed = responses_request.parse(asked, self._offer, *made, sealed)
            parsed = await self._keeper.attached(parsed, ())
            self._begin(await self._keeper.placed(parsed, asked))
        except WireError as refusal:
            error = {"code": "server_error", "message": refusal.message}
            body = {**reply.body, "status": "failed", "error": error}
            await self._keeper.replies.save(replace(reply, body=body, request=None))

    async def start(self, asked: ResponsesRequest, body: Json) -> Live:
        """Begin to make a response, once it is on disk."""
        await self._keeper.begin(asked, responses.Renderer(asked).response(), body)
        return self._begin(asked)

    def find(self, reply_id: str, owner: str) -> Live | None:
        """A response that is being made, if it is this owner's."""
        live = self._lives.get(reply_id)
        return live if live and live.asked.turn.owner == owner else None

    async def cancel(self, live: Live) -> None:
        """Stop making a response, and keep it as far as it is."""
        if task := self._tasks.get(live.asked.turn.turn_id):
            await self._stop(task)
        if live.ending is not None:  # it ended by itself
            await live.ending
            return
        live.renderer.cancelled = True
        await self._end(live)

    async def _stop(self, *tasks: asyncio.Task[None]) -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, asked: ResponsesRequest) -> Live:
        reply_id = asked.turn.turn_id
        live = Live(asked, responses.Renderer(asked))
        self._lives[reply_id] = live
        self._tasks[reply_id] = asyncio.create_task(self._make(live))
        return live

    async def _make(self, live: Live) -> None:
        try:
            live.asked = await managed(live.asked, self._turns, self._keeper)
            live.renderer.request = live.asked
            async with aclosing(self._turns.run(live.asked.turn)) as events:
                async for event in events:
                    live.renderer.feed(event)
                    live.grew()
        except Exception:
            log.exception("%s failed", live.asked.turn.turn_id)
            live.renderer.feed(TurnFailed("error", "the server had an error", Usage()))
        live.ending = asyncio.create_task(self._end(live))
        await asyncio.shield(live.ending)

    async def _end(self, live: Live) -> None:
        """Keep what came of a response; only then is its end told."""
        await self._keeper.keep(live.asked, live.renderer)
        reply_id = live.asked.turn.turn_id
        del self._lives[reply_id], self._tasks[reply_id]
        live.grew(ended=True)


async def followed(live: Live, after: int, alive_every: float) -> AsyncGenerator[Json | None, None]:
    """The events of a response behind a number, as they come; None for every silence of so many
    seconds. The last events are told once the response is kept."""
    at, renderer = after + 1, live.renderer
    while not live.ended:
        more = live.more
        if renderer.record.reason is None and renderer.record.error is None:
            for event in renderer.told[at:]:
                yield event
            at = max(at, len(renderer.told))
        try:
            async with asyncio.timeout(alive_every):
                await more.wait()
        except TimeoutError:
            yield None
    for event in renderer.told[at:]:
        yield event
