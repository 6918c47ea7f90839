"""The legal order of events, as one table."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from enum import Enum, auto

from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)


class State(Enum):
    """Where a stream of events stands."""

    NEW = auto()
    BETWEEN = auto()
    OPEN = auto()
    DONE = auto()


NEXT: dict[tuple[State, type[Event]], State] = {
    (State.NEW, TurnStarted): State.BETWEEN,
    (State.BETWEEN, ItemOpened): State.OPEN,
    (State.OPEN, ItemGrew): State.OPEN,
    (State.OPEN, ItemClosed): State.BETWEEN,
    (State.BETWEEN, TurnFinished): State.DONE,
    (State.BETWEEN, TurnFailed): State.DONE,
}


class OutOfOrder(AssertionError):
    """A producer broke the grammar: a bug in Pellucid, never in a request."""


def step(state: State, event: Event) -> State:
    """The state after the event; OutOfOrder where the table has no such step."""
    try:
        return NEXT[state, type(event)]
    except KeyError:
        raise OutOfOrder(f"{type(event).__name__} while {state.name}") from None


async def checked(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
    """The same events, or OutOfOrder at the first illegal one."""
    state = State.NEW
    async with aclosing(events) as source:
        async for event in source:
            state = step(state, event)
            yield event
