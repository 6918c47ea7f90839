"""Stored chat completions, through OpenAI's own client."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion

from api.served import OTHER_KEY, Played, Served, scripted, serving
from pellucid.core.events import TurnFailed, TurnStarted
from pellucid.core.usage import Usage

SUM = "What is 6 * 7?"
TALK: Any = [
    {"role": "developer", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": SUM}], "name": "Ann"},
]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def kept(served: Served, **changes: Any) -> ChatCompletion:
    wanted = {"model": "pellucid-mini", "messages": TALK, "store": True, **changes}
    made: ChatCompletion = await served.client().chat.completions.create(**wanted)
    return made


async def test_what_is_to_be_kept_is_found_as_it_was_sent(served: Served) -> None:
    made = await kept(served, metadata={"run": "7"})
    found = await served.client().chat.completions.retrieve(made.id)
    assert found == made
    assert found.choices[0].message.content == "The answer is 42."
    assert "ignored" not in (found.model_extra or {})["pellucid"]


@pytest.mark.parametrize("store", [False, None])
async def test_what_is_not_is_not(served: Served, store: bool | None) -> None:
    made = await kept(served, store=store)
    with pytest.raises(openai.NotFoundError, match="Chat completion with id"):
        await served.client().chat.completions.retrieve(made.id)
    assert (await served.client().chat.completions.list()).data == []


async def test_a_streamed_one_is_kept_before_its_end_is_told(served: Served) -> None:
    client = served.client()
    stream = await client.chat.completions.create(
        model="pellucid-mini", messages=TALK, store=True, stream=True
    )
    ends = 0
    async for chunk in stream:
        if chunk.choices[0].finish_reason:
            ends += 1
            found = await client.chat.completions.retrieve(chunk.id)
            assert found.choices[0].message.content == "The answer is 42."
            assert found.usage is not None
            assert found.usage.total_tokens > 0
    assert ends == 1


async def test_one_that_failed_while_it_was_streamed_is_not_kept() -> None:
    failure = TurnFailed("engine_died", "the engine died", Usage())
    turns = Played([TurnStarted("chatcmpl_0", "pellucid-mini", 0)], [failure])
    async with serving(turns) as served:
        client = served.client()
        stream = await client.chat.completions.create(
            model="pellucid-mini", messages=TALK, store=True, stream=True
        )
        turns.sign.set()
        with pytest.raises(openai.APIError, match="The engine died"):
            _ = [chunk async for chunk in stream]
        assert (await client.chat.completions.list()).data == []


async def test_they_are_listed_by_age_a_page_at_a_time(served: Served) -> None:
    ids = [(await kept(served)).id for _ in range(5)]
    completions = served.client().chat.completions
    assert [one.id async for one in completions.list(limit=2)] == ids
    assert [one.id async for one in completions.list(limit=2, order="desc")] == ids[::-1]
    page = await completions.list(limit=2, after=ids[1])
    assert [one.id for one in page.data] == ids[2:4]
    assert page.has_more
    assert not (await completions.list(after=ids[2])).has_more
    assert (await completions.list(limit=5)).has_more is False
    with pytest.raises(openai.NotFoundError, match="no item 'x'"):
        await completions.list(after="x")
    with pytest.raises(openai.BadRequestError, match="limit"):
        await completions.list(limit=101)


async def test_they_are_found_by_model_and_metadata(served: Served) -> None:
    one = await kept(served, metadata={"run": "7", 'a "b"': "1"})
    two = await kept(served, metadata={"run": "7"}, model="pellucid-mini-alto")
    three = await kept(served)
    completions = served.client().chat.completions

    async def found(**asked: Any) -> list[str]:
        return [one.id async for one in completions.list(**asked)]

    assert await found(model="o4-mini") == [one.id, three.id]
    assert await found(model="pellucid-mini-alto") == [two.id]
    assert await found(model="gpt-9") == []
    assert await found(metadata={"run": "7"}) == [one.id, two.id]
    assert await found(metadata={"run": "7", 'a "b"': "1"}) == [one.id]
    assert await found(metadata={"run": "8"}) == []
    assert await found(metadata={"run": "7"}, after=one.id, order="desc") == []


async def test_their_metadata_can_be_changed(served: Served) -> None:
    made = await kept(served, metadata={"run": "7"})
    completions = served.client().chat.completions
    changed = await completions.update(made.id, metadata={"good": "yes"})
    assert changed.metadata == {"good": "yes"}
    assert await completions.retrieve(made.id) == changed
    assert [one.metadata async for one in completions.list()] == [{"good": "yes"}]
    assert (await completions.update(made.id, metadata=None)).metadata == {}


@pytest.mark.parametrize(
    "metadata",
    [{"a": 1}, {"k" * 65: "v"}, {"k": "v" * 513}, {str(n): "v" for n in range(17)}],
)
async def test_metadata_has_bounds(served: Served, metadata: Any) -> None:
    made = await kept(served)
    for call in (
        kept(served, metadata=metadata),
        served.client().chat.completions.update(made.id, metadata=metadata),
    ):
        with pytest.raises(openai.BadRequestError) as refused:
            await call
        assert str(refused.value.param).startswith("metadata")


async def test_one_is_forgotten(served: Served) -> None:
    made = await kept(served)
    completions = served.client().chat.completions
    gone = await completions.delete(made.id)
    assert (gone.id, gone.deleted, gone.object) == (made.id, True, "chat.completion.deleted")
    for call in (
        completions.retrieve(made.id),
        completions.update(made.id, metadata={}),
        completions.delete(made.id),
        completions.messages.list(made.id),
    ):
        with pytest.raises(openai.NotFoundError, match="not found"):
            await call


async def test_its_messages_are_listed(served: Served) -> None:
    made = await kept(served)
    messages = served.client().chat.completions.messages
    listed: list[Any] = [one async for one in messages.list(made.id, limit=1)]
    assert [one.id for one in listed] == [f"{made.id}-0", f"{made.id}-1"]
    assert [one.role for one in listed] == ["developer", "user"]
    assert listed[0].content == "Be brief."
    assert listed[0].content_parts is None
    assert listed[1].content is None
    assert listed[1].content_parts[0].text == SUM
    assert listed[1].name == "Ann"
    newest = await messages.list(made.id, limit=1, order="desc")
    assert newest.data[0].id == f"{made.id}-1"
    assert newest.has_more


async def test_nobody_finds_what_is_anothers(served: Served) -> None:
    made = await kept(served)
    theirs = served.client(api_key=OTHER_KEY).chat.completions
    for call in (
        theirs.retrieve(made.id),
        theirs.update(made.id, metadata={}),
        theirs.delete(made.id),
        theirs.messages.list(made.id),
        theirs.list(after=made.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await call
    assert (await theirs.list()).data == []
    assert await served.client().chat.completions.retrieve(made.id) is not None
