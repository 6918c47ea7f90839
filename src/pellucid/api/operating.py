"""What operators see of the server, and what they bound."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pellucid.api import logs
from pellucid.api.once import REPLAYED, Once
from pellucid.api.rates import HEADERS, Limits, Rates
from pellucid.api.tracing import Joined, Under
from pellucid.api.watching import Watch
from pellucid.core.fold import Record
from pellucid.core.turn import Turn
from pellucid.engine.metrics import Metrics
from pellucid.service.meters import FORMAT, Meters
from pellucid.store.keyed import KeyedReplies

METRICS = "/metrics"
EXPOSED = (*HEADERS, REPLAYED)
"""Headers that pages may read."""


async def _no_engines() -> Mapping[str, Metrics]:
    return {}


@dataclass(frozen=True, slots=True)
class Operating:
    """`meters` count requests and turns, `engines` gives the numbers of those that are loaded,
    `rates` are what an owner may do in a minute, `keyed` are the replies that are given again
    for the same key (None: keys mean nothing), `under` takes up the traces of clients (None: they
    mean nothing)."""

    meters: Meters = field(default_factory=Meters)
    engines: Callable[[], Awaitable[Mapping[str, Metrics]]] = _no_engines
    rates: Rates = field(default_factory=Rates)
    keyed: KeyedReplies | None = None
    under: Under | None = None

    def ended(self, turn: Turn, record: Record) -> None:
        """Hear what became of a turn."""
        self.meters.ended(turn, record)
        logs.ended(turn, record)
        self.rates.ended(turn, record)

    def routes(self) -> list[Route]:
        """Routes for operators."""
        return [Route(METRICS, self.metrics, methods=["GET"])]

    def outside(self) -> list[Middleware]:
        """What sees every request, also one that is not let in."""
        joined = [Middleware(Joined, self.under)] if self.under else []
        return [Middleware(Watch, self.meters), *joined]

    def inside(self) -> list[Middleware]:
        """What sees the requests of owners who are known."""
        limits = [Middleware(Limits, self.rates)] if any(self.rates.limits()) else []
        return [*limits, *([Middleware(Once, self.keyed)] if self.keyed else [])]

    async def metrics(self, request: Request) -> Response:
        """All counts, as Prometheus reads them."""
        return Response(self.meters.text(await self.engines()), media_type=FORMAT)
