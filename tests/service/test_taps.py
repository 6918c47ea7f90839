"""Taps: one ending, whatever happens; times; receipts."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from pellucid.core.effort import Spent
from pellucid.core.errors import EngineDied
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.items import Message, ToolCall
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.service.taps import metered, receipted, sealed

TURN = Turn("t", (Message("user", "?"),))
START = TurnStarted("t", "pellucid-mini", 0)
END = TurnFinished("answered", Usage(1), Spent("low", "low"))
FAILED = TurnFailed("engine_died", "gone", Usage(3), retryable=True)


async def play(*events: Event, error: Exception | None = None) -> AsyncGenerator[Event, None]:
    for event in events:
        yield event
    if error is not None:
        raise error


async def through_seal(*events: Event, error: Exception | None = None) -> list[Event]:
    stream = sealed(play(*events, error=error), TURN, lambda: Usage(3))
    return [event async for event in stream]


async def test_a_good_stream_is_unchanged() -> None:
    assert await through_seal(START, END) == [START, END]


async def test_an_error_before_the_start_is_a_failed_turn() -> None:
    assert await through_seal(error=EngineDied("gone")) == [START, FAILED]


async def test_an_error_in_an_item_closes_it_as_cut() -> None:
    call = ToolCall("c", "python")
    events = await through_seal(
        START, ItemOpened(call), ItemGrew("a"), ItemGrew("b"), error=EngineDied("gone")
    )
    assert events[-2:] == [ItemClosed(ToolCall("c", "python", "ab"), cut=True), FAILED]


async def test_a_bug_is_not_dressed_up_as_an_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        await through_seal(START, error=ZeroDivisionError())


async def test_times_are_stamped_once() -> None:
    ticks = iter([10.0, 10.5, 13.0])
    message = Message("assistant", "ab")
    grew = [ItemOpened(Message("assistant")), ItemGrew("a"), ItemGrew("b"), ItemClosed(message)]
    events = [e async for e in metered(play(START, *grew, END), lambda: next(ticks))]
    last = events[-1]
    assert isinstance(last, TurnFinished)
    assert (last.usage.prompt, last.usage.first_token, last.usage.seconds) == (1, 0.5, 3.0)


async def test_the_receipt_is_there_when_the_last_event_comes(tmp_path: Path) -> None:
    async for event in receipted(play(START, END), TURN, tmp_path, lambda: "f"):
        assert (tmp_path / "t.json").exists() == isinstance(event, TurnFinished)
    assert json.loads((tmp_path / "t.json").read_text())["entries"][-1]["kind"] == "ended"


async def test_failed_turns_have_receipts_too(tmp_path: Path) -> None:
    _ = [e async for e in receipted(play(START, FAILED), TURN, tmp_path, lambda: "f")]
    assert (
        json.loads((tmp_path / "t.json").read_text())["entries"][-1]["content"]["error"]["code"]
        == "engine_died"
    )
