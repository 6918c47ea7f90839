"""Reduce a stream of events to the turn it describes."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from pellucid.core.effort import Spent
from pellucid.core.events import (
    EndReason,
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.items import Item
from pellucid.core.likely import Likely
from pellucid.core.usage import Usage


@dataclass(frozen=True, slots=True)
class Record:
    """A turn as its events tell it; `reason` or `error` is set once it ended. `tokens` are those
    that the answer was written in, where they are known."""

    turn_id: str = ""
    model: str = ""
    created_at: int = 0
    items: tuple[Item, ...] = ()
    reason: EndReason | None = None
    error: TurnFailed | None = None
    usage: Usage = field(default_factory=Usage)
    spent: Spent | None = None
    cached_from: str = ""
    tokens: tuple[Likely, ...] = ()


def advance(record: Record, event: Event) -> Record:
    """The record after one more event; growth changes nothing, closing brings the whole item."""
    match event:
        case TurnStarted(turn_id, model, created_at):
            return replace(record, turn_id=turn_id, model=model, created_at=created_at)
        case ItemOpened() | ItemGrew():
            return record
        case ItemClosed(item, tokens=tokens):
            return replace(record, items=(*record.items, item), tokens=tokens or record.tokens)
        case TurnFinished(reason, usage, spent, cached_from):
            ended = replace(record, reason=reason, usage=usage, spent=spent)
            return replace(ended, cached_from=cached_from)
        case TurnFailed(usage=usage):
            return replace(record, error=event, usage=usage)
        case _:
            assert_never(event)


def fold(events: Iterable[Event]) -> Record:
    """The record of a whole stream."""
    record = Record()
    for event in events:
        record = advance(record, event)
    return record
