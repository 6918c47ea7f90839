"""Conversations made shorter: the route, and what other routes do by themselves."""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api.keeping import Keeper, Runs
from pellucid.api.named import Named
from pellucid.api.replies import JsonReply
from pellucid.api.wire import compaction as wire
from pellucid.api.wire import enclosed
from pellucid.api.wire.bodies import read
from pellucid.api.wire.common import Offer
from pellucid.api.wire.responses_request import ResponsesRequest, talk_of
from pellucid.api.wire.sealed import COMPACTION
from pellucid.api.wire.shortening import compacted
from pellucid.core.errors import PellucidError


async def managed(asked: ResponsesRequest, turns: Runs, keeper: Keeper) -> ResponsesRequest:
    """A request with its conversation made shorter, where it asks for that from so many tokens on
    and has them."""
    if asked.compact_threshold is None:
        return asked
    try:
        tokens = await turns.count(asked.turn)
    except PellucidError:
        return asked  # running the turn tells what is wrong
    if tokens < asked.compact_threshold:
        return asked
    seal = partial(keeper.seals.close, COMPACTION, owner=asked.turn.owner)
    return wire.managed(asked, tokens, seal)


class CompactionRoutes:
    """One route; nothing is kept of what it makes."""

    def __init__(
        self,
        keeper: Keeper,
        offer: Offer,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
    ) -> None:
        self._keeper, self._offer, self._clock, self._new_id = keeper, offer, clock, new_id

    def routes(self) -> list[Route]:
        """All of them."""
        return [Named("/v1/responses/compact", self.compact, methods=["POST"])]

    async def compact(self, request: Request) -> Response:
        """A conversation made shorter, for the client to go on from."""
        owner = request.scope["owner"]
        body = await self._keeper.enclosures.brought(read(await request.body()))
        body, given = enclosed.of_response(body, owner)
        wire.by_id(given)
        asked = wire.asked(body)
        self._offer.model(asked.model)
        before = await self._keeper.before(asked, owner)
        talk = talk_of(asked, before, self._keeper.sealed(asked, owner).restored)
        seal = partial(self._keeper.seals.close, COMPACTION, owner=owner)
        name, created = self._new_id("resp"), int(self._clock())
        return JsonReply(wire.reply(asked, compacted(talk), seal, name, created))
