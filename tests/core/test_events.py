"""Events: their legal order, and the record they fold to."""

from collections.abc import AsyncGenerator

import pytest
from hypothesis import given

from pellucid.core.effort import Spent
from pellucid.core.errors import WindowExceeded
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.fold import fold
from pellucid.core.grammar import OutOfOrder, State, checked, step
from pellucid.core.items import Message
from pellucid.core.usage import Usage
from strategies import streams

START = TurnStarted("t", "m", 0)
END = TurnFinished("answered", Usage(), Spent("low", "low"))


async def _stream(*events: Event) -> AsyncGenerator[Event, None]:
    for event in events:
        yield event


@given(streams())
def test_every_generated_stream_is_legal(events: list[Event]) -> None:
    state = State.NEW
    for event in events:
        state = step(state, event)
    assert state is State.DONE


@given(streams())
def test_growth_does_not_change_the_record(events: list[Event]) -> None:
    """The fold is the same however item text was cut."""
    whole = [e for e in events if not isinstance(e, ItemGrew)]
    assert fold(events) == fold(whole)


@given(streams())
def test_grown_text_joins_to_the_closed_item(events: list[Event]) -> None:
    text = ""
    for event in events:
        match event:
            case ItemOpened():
                text = ""
            case ItemGrew(more):
                text += more
            case ItemClosed(item):
                assert item.text == text


@given(streams())
def test_the_record_keeps_items_and_ending(events: list[Event]) -> None:
    record = fold(events)
    assert list(record.items) == [e.item for e in events if isinstance(e, ItemClosed)]
    assert (record.reason is None) == isinstance(events[-1], TurnFailed)
    assert (record.error is None) == isinstance(events[-1], TurnFinished)
    assert record.turn_id == "t1"


@pytest.mark.parametrize(
    "events",
    [
        [END],
        [START, START],
        [START, ItemGrew("x")],
        [START, ItemOpened(Message("user")), END],
        [START, END, ItemOpened(Message("user"))],
    ],
)
async def test_a_broken_order_is_refused(events: list[Event]) -> None:
    with pytest.raises(OutOfOrder):
        _ = [event async for event in checked(_stream(*events))]


async def test_a_legal_stream_passes_unchanged() -> None:
    events = [START, ItemOpened(Message("user")), ItemClosed(Message("user")), END]
    assert [event async for event in checked(_stream(*events))] == events


def test_usage_adds_and_the_first_token_stays_the_first() -> None:
    assert Usage(1, 2, 3, 4, 0.5, 1.0) + Usage(10, 20, 30, 40, 0.1, 2.0) == Usage(
        11, 22, 33, 44, 0.5, 3.0
    )
    assert (Usage() + Usage(first_token=0.2)).first_token == 0.2


def test_a_window_error_counts() -> None:
    message = str(WindowExceeded(9000, 8192, 256))
    assert "9,000 tokens" in message
    assert "shorten it by 1,064 tokens" in message
