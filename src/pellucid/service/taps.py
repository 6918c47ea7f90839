"""Event stream wrappers: each sees everything; together they keep the stream's promises.

`sealed` makes every stream end exactly once, with what was open closed; `metered`
stamps times on the usage; `receipted` writes the receipt when a turn has ended; `watched`
tells what became of it.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from pellucid.core.errors import PellucidError
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.fold import Record, advance
from pellucid.core.items import Item
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.tracing import Tell
from pellucid.store import receipts

Stream = AsyncGenerator[Event, None]


async def sealed(events: Stream, turn: Turn, used: Callable[[], Usage]) -> Stream:
    """The same events; a typed error becomes TurnFailed after what is open was closed."""
    started, unfinished, text = False, None, ""
    try:
        async with aclosing(events):
            async for event in events:
                match event:
                    case TurnStarted():
                        started = True
                    case ItemOpened(item):
                        unfinished, text = item, ""
                    case ItemGrew(more):
                        text += more
                    case _:
                        unfinished = None
                yield event
    except PellucidError as error:
        if not started:
            yield TurnStarted(turn.turn_id, turn.model, turn.created_at)
        if unfinished is not None:
            yield _cut(unfinished, text)
        yield TurnFailed(error.code, str(error), used(), error.retryable)


def _cut(item: Item, text: str) -> ItemClosed:
    return ItemClosed(replace(item, text=text), cut=True)


async def metered(events: Stream, clock: Callable[[], float]) -> Stream:
    """The same events, with seconds to the first token and in all on the last one."""
    began, first = clock(), 0.0
    async with aclosing(events):
        async for event in events:
            if isinstance(event, ItemGrew) and not first:
                first = clock() - began
            if isinstance(event, TurnFinished | TurnFailed):
                usage = replace(event.usage, first_token=first, seconds=clock() - began)
                event = replace(event, usage=usage)
            yield event


async def receipted(
    events: Stream, turn: Turn, folder: Path, fingerprint: Callable[[], str]
) -> Stream:
    """The same events; before the last one is passed on, the receipt is written."""
    record = Record()
    async with aclosing(events):
        async for event in events:
            record = advance(record, event)
            if isinstance(event, TurnFinished | TurnFailed):
                await asyncio.to_thread(receipts.write, folder, turn, record, fingerprint())
            yield event


async def watched(
    events: Stream, turn: Turn, tell: Tell, used: Callable[[], Usage], clock: Callable[[], float]
) -> Stream:
    """The same events; what became of the turn is told before the last one is passed on.

    Where nobody waits for that one, the turn was cancelled; `used` says what it cost so far.
    """
    record, began, told = Record(), clock(), False
    try:
        async with aclosing(events):
            async for event in events:
                record = advance(record, event)
                if isinstance(event, TurnFinished | TurnFailed):
                    told = True
                    tell(turn, record)
                yield event
    except Exception as error:
        record = replace(record, error=TurnFailed("error", type(error).__name__, Usage()))
        raise
    finally:
        if not told:
            usage = replace(used(), seconds=clock() - began)
            tell(turn, replace(record, reason="cancelled", usage=usage))
