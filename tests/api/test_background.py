"""Responses that go on without their client, and after a restart."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.responses import Response

from api.served import OFFER, OTHER_KEY, Endless, Played, Served, keeper, scripted, serving
from pellucid.api.background import Background, followed
from pellucid.api.wire import responses_request
from pellucid.core.effort import Spent
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.items import Message, Reasoning
from pellucid.core.usage import Usage
from pellucid.store.db import opened
from pellucid.store.replies import Replies

SUM = "What is 6 * 7?"
BEGUN: list[Event] = [
    TurnStarted("resp_0", "pellucid-mini", 0),
    ItemOpened(Reasoning()),
    ItemGrew("hm"),
    ItemClosed(Reasoning("hm")),
]
ENDED: list[Event] = [
    ItemOpened(Message("assistant")),
    ItemGrew("Yes."),
    ItemClosed(Message("assistant", "Yes.")),
    TurnFinished("answered", Usage(1, 0, 0, 1), Spent("medium", "medium")),
]


async def ended(client: AsyncOpenAI, made: Response) -> Response:
    """A response once it has ended."""
    async with asyncio.timeout(10):
        stream: Any = await client.responses.retrieve(made.id, stream=True)
        _ = [event async for event in stream]
        return await client.responses.retrieve(made.id)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def test_a_response_is_acknowledged_and_made_meanwhile(served: Served) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
    assert made.status in ("queued", "in_progress")
    assert made.background
    done = await ended(client, made)
    assert (done.status, done.output_text) == ("completed", "The answer is 42.")
    after = await client.responses.create(
        model="pellucid-mini", input="say: yes", previous_response_id=made.id
    )
    assert after.output_text == "yes"


async def test_a_stream_can_be_left_and_taken_up_again() -> None:
    turns = Played(BEGUN, ENDED)
    async with serving(turns, alive_every=0.02) as served:
        client = served.client()
        stream = await client.responses.create(
            model="pellucid-mini", input=SUM, background=True, stream=True
        )
        first = [await anext(aiter(stream)) for _ in range(3)]
        await stream.close()
        rest: Any = await client.responses.retrieve("resp_0", stream=True, starting_after=1)
        turns.sign.set()
        behind = [event async for event in rest]
        assert [event.sequence_number for event in behind] == list(range(2, 2 + len(behind)))
        assert behind[0] == first[2]
        assert behind[-1].type == "response.completed"
        again: Any = await client.responses.retrieve("resp_0", stream=True, starting_after=4)
        assert [event async for event in again] == behind[3:]


async def test_whatever_was_kept_can_be_streamed_again(served: Served) -> None:
    client = served.client()
    async with client.responses.stream(model="pellucid-mini", input=SUM) as stream:
        told = [event async for event in stream]
        made = await stream.get_final_response()
    again: Any = await client.responses.retrieve(made.id, stream=True)
    assert [e.type async for e in again] == [e.type for e in told]


async def test_a_response_can_be_cancelled_once_and_for_all() -> None:
    turns = Endless()
    async with serving(turns) as served:
        client = served.client()
        made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
        live = await client.responses.retrieve(made.id)
        assert live.status in ("queued", "in_progress")
        for _ in range(2):
            stopped = await client.responses.cancel(made.id)
            assert stopped.status == "cancelled"
        assert turns.ended.is_set() or not turns.begun
        assert (await client.responses.retrieve(made.id)).status == "cancelled"


async def test_one_that_has_ended_stays_as_it_is(tmp_path: Path) -> None:
    asked = responses_request.parse(
        responses_request.understood({"model": "pellucid-mini", "input": SUM, "background": True}),
        OFFER,
        "resp_0",
        0,
        "ann",
    )
    turns = Played(BEGUN, ENDED)
    async with opened(tmp_path / "x.db") as database:
        replies = Replies(database, lambda: 0, 0, 9)
        kept = replace(keeper(database, tmp_path), replies=replies)
        async with Background(turns, kept, OFFER) as background:
            live = await background.start(asked, {})
            events = followed(live, -1, 0.01)
            while await anext(events) is not None:
                pass  # until nothing comes any more: a sign of life
            turns.sign.set()
            rest = [event async for event in events if event is not None]
            assert rest[-1]["type"] == "response.completed"
            await background.cancel(live)
        found = await replies.find("resp_0", "ann")
        assert found is not None
        assert found.body["status"] == "completed"


async def test_only_what_is_in_the_background_can_be_cancelled(served: Served) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM)
    with pytest.raises(openai.BadRequestError, match="background"):
        await client.responses.cancel(made.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.cancel("resp_none")


async def test_a_response_that_is_forgotten_is_not_made_any_more() -> None:
    turns = Endless()
    async with serving(turns) as served:
        client = served.client()
        made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
        theirs = served.client(api_key=OTHER_KEY)
        with pytest.raises(openai.NotFoundError):
            await theirs.responses.retrieve(made.id)
        await client.responses.delete(made.id)
        with pytest.raises(openai.NotFoundError):
            await client.responses.retrieve(made.id)


async def test_what_a_server_left_the_next_one_makes(tmp_path: Path) -> None:
    async with serving(Endless(), home=tmp_path) as served:
        client = served.client()
        first = await client.responses.create(
            model="pellucid-mini", input=SUM, background=True, metadata={"run": "7"}
        )
        assert first.status in ("queued", "in_progress")
    async with serving(scripted(tmp_path), home=tmp_path) as served:
        done = await ended(served.client(), first)
    assert done.output_text == "The answer is 42."
    assert done.metadata == {"run": "7"}
    assert done.created_at == first.created_at


async def test_what_can_no_longer_be_made_has_failed(tmp_path: Path) -> None:
    async with serving(Endless(), home=tmp_path) as served:
        made = await served.client().responses.create(model="o4-mini", input=SUM, background=True)
    async with serving(scripted(tmp_path), home=tmp_path, aliases={}) as served:
        done = await served.client().responses.retrieve(made.id)
    assert done.status == "failed"
    assert done.error is not None
    assert "o4-mini" in done.error.message


async def test_what_breaks_has_failed() -> None:
    turns = Played(BEGUN, [], breaks=True)
    turns.sign.set()
    async with serving(turns) as served:
        client = served.client()
        made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
        with pytest.raises(openai.APIError, match="The server had an error"):
            await ended(client, made)
        done = await client.responses.retrieve(made.id)
    assert done.status == "failed"
    assert done.error is not None
    assert done.error.code == "server_error"
