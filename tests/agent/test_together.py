"""Streams at the same time, passed on one after the other."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from pellucid.agent.together import together
from pellucid.core.errors import EngineError
from pellucid.core.events import Event, ItemGrew


async def saying(*words: str, after: asyncio.Event | None = None) -> AsyncGenerator[Event, None]:
    for word in words:
        yield ItemGrew(word)
    if after is not None:
        await after.wait()
        yield ItemGrew("later")


async def test_streams_run_side_by_side_and_are_heard_in_order() -> None:
    """The first stream ends only after the second one has run: neither waits to be heard."""
    gate = asyncio.Event()

    async def opening() -> AsyncGenerator[Event, None]:
        yield ItemGrew("second")
        gate.set()

    async with aclosing(together([saying("first", after=gate), opening()])) as events:
        assert [event async for event in events] == [
            ItemGrew("first"),
            ItemGrew("later"),
            ItemGrew("second"),
        ]


async def test_an_error_comes_when_it_is_its_streams_turn() -> None:
    async def failing() -> AsyncGenerator[Event, None]:
        yield ItemGrew("half")
        raise EngineError("gone")

    async with aclosing(together([saying("whole"), failing()])) as events:
        assert [await anext(events), await anext(events)] == [ItemGrew("whole"), ItemGrew("half")]
        with pytest.raises(EngineError, match="gone"):
            await anext(events)


async def test_closing_ends_every_stream() -> None:
    ended: list[str] = []

    async def endless(name: str) -> AsyncGenerator[Event, None]:
        try:
            yield ItemGrew(name)
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async with aclosing(together([endless("a"), endless("b")])) as events:
        assert await anext(events) == ItemGrew("a")
    assert sorted(ended) == ["a", "b"]
    assert asyncio.all_tasks() == {asyncio.current_task()}
