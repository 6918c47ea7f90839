"""Limits for each owner, and the headers that tell how much is left of them.

https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pellucid.api.gcra import Gcra
from pellucid.api.replies import JsonReply
from pellucid.api.wire.errors import WireError
from pellucid.core.fold import Record
from pellucid.core.turn import Turn

KINDS = ("requests", "tokens")
HEADERS = (
    *(f"x-ratelimit-{what}-{kind}" for what in ("limit", "remaining", "reset") for kind in KINDS),
    "retry-after-ms",
)


@dataclass(frozen=True, slots=True)
class Rates:
    """What an owner may do in a minute: `requests` begun and `tokens` used, prompts included
    (None: as many as they like)."""

    requests: Gcra | None = None
    tokens: Gcra | None = None

    @staticmethod
    def of(requests: int, tokens: int, clock: Callable[[], float]) -> "Rates":
        """Limits by their numbers; 0 is none."""
        return Rates(
            Gcra(requests, clock) if requests else None, Gcra(tokens, clock) if tokens else None
        )

    def limits(self) -> Iterator[tuple[str, Gcra]]:
        """Those that there are, by kind."""
        for kind, limit in zip(KINDS, (self.requests, self.tokens), strict=True):
            if limit is not None:
                yield kind, limit

    def ended(self, turn: Turn, record: Record) -> None:
        """Charge a turn: what it uses is known when it has ended. Batches wait anyway."""
        if self.tokens is not None and turn.serving.priority != "batch":
            self.tokens.charge(turn.owner, record.usage.prompt + record.usage.completion)

    def begin(self, owner: str) -> None:
        """Charge a request; WireError 429 where one of the limits is used up."""
        for kind, limit in self.limits():
            if wait := limit.look(owner).wait:
                raise _used_up(kind, limit.most, wait)
        if self.requests is not None:
            self.requests.charge(owner, 1)

    def headers(self, owner: str) -> Iterator[tuple[str, str]]:
        """How an owner stands, as headers."""
        for kind, limit in self.limits():
            standing = limit.look(owner)
            yield f"x-ratelimit-limit-{kind}", str(limit.most)
            yield f"x-ratelimit-remaining-{kind}", str(standing.remaining)
            yield f"x-ratelimit-reset-{kind}", duration(standing.reset)


def _used_up(kind: str, most: int, wait: float) -> WireError:
    setting = f"PELLUCID_API_{kind.upper()}_PER_MINUTE"
    told = f"Rate limit reached: {most:,} {kind} per minute ({setting}). Try again in "
    headers = {
        "retry-after": str(max(1, math.ceil(wait))),
        "retry-after-ms": str(math.ceil(1000 * wait)),
    }
    told += f"{duration(wait)}."
    return WireError(429, told, "rate_limit_exceeded", None, "rate_limit_error", headers)


def duration(seconds: float) -> str:
    """A time as OpenAI writes it in headers: `12ms`, `1.5s`, `6m0s`."""
    ms = math.ceil(1000 * seconds)
    if ms < 1000:
        return f"{ms}ms"
    minutes, rest = divmod(ms, 60_000)
    return (f"{minutes}m" if minutes else "") + f"{rest / 1000:g}s"


class Limits:
    """Refuses what is too much, and tells what is left; whatever is only looked up is free."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app, self._rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, of an owner who is known."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        owner = scope["owner"]

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(dict(self._rates.headers(owner)))
            await send(message)

        try:
            self._rates.begin(owner)
        except WireError as refusal:
            reply = JsonReply(refusal.body(), refusal.status, refusal.headers)
            await reply(scope, receive, told)
        else:
            await self._app(scope, receive, told)
