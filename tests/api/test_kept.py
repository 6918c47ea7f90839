"""Responses that are kept: gone on from, looked up, forgotten; each its owner's own."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import OTHER_KEY, Served, scripted, serving

SUM = "What is 6 * 7?"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def test_a_response_goes_on_from_another(served: Served) -> None:
    client = served.client()
    first = await client.responses.create(
        model="pellucid-mini", input=SUM, instructions="Be brief."
    )
    second = await client.responses.create(
        model="pellucid-mini", input="say: It was 42.", previous_response_id=first.id
    )
    assert second.previous_response_id == first.id
    assert second.instructions is None
    assert second.usage is not None
    assert first.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens


async def test_a_streamed_response_is_kept_before_its_end_is_told(served: Served) -> None:
    client = served.client()
    async with client.responses.stream(model="pellucid-mini", input=SUM) as stream:
        async for event in stream:
            if event.type == "response.completed":
                kept = await client.responses.retrieve(event.response.id)
                assert kept.output_text == "The answer is 42."
                assert kept.usage == event.response.usage


async def test_a_response_can_be_looked_up_with_its_input_and_forgotten(served: Served) -> None:
    client = served.client()
    words: Any = [
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hi."},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": SUM}]},
    ]
    made = await client.responses.create(model="pellucid-mini", input=words)
    assert (await client.responses.retrieve(made.id)).to_dict() == made.to_dict()
    listed = [i async for i in client.responses.input_items.list(made.id, limit=2, order="asc")]
    texts = [item.content[0].text for item in listed]  # type: ignore[union-attr]
    assert texts == ["Hello", "Hi.", SUM]
    newest = await client.responses.input_items.list(made.id, limit=1)
    assert newest.data[0].content[0].text == SUM  # type: ignore[union-attr]
    assert newest.has_more
    await client.responses.delete(made.id)
    for again in (client.responses.retrieve(made.id), client.responses.delete(made.id)):
        with pytest.raises(openai.NotFoundError, match="not found"):
            await again


async def test_a_page_begins_after_an_item_there_is(served: Served) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM)
    with pytest.raises(openai.NotFoundError, match="no item 'x'"):
        await client.responses.input_items.list(made.id, after="x")
    with pytest.raises(openai.BadRequestError, match="limit"):
        await client.responses.input_items.list(made.id, limit=0)
    last = f"msg_{made.id}_in_0"
    page = await client.responses.input_items.list(made.id, after=last)
    assert (page.data, page.has_more) == ([], False)


async def test_nobody_finds_what_is_anothers(served: Served) -> None:
    made = await served.client().responses.create(model="pellucid-mini", input=SUM)
    theirs = served.client(api_key=OTHER_KEY)
    for call in (
        theirs.responses.retrieve(made.id),
        theirs.responses.delete(made.id),
        theirs.responses.input_items.list(made.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await call
    with pytest.raises(openai.BadRequestError, match="not found"):
        await theirs.responses.create(
            model="pellucid-mini", input=SUM, previous_response_id=made.id
        )


async def test_what_is_not_to_be_kept_is_not(served: Served) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM, store=False)
    assert made.to_dict()["store"] is False
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(made.id)


async def test_what_was_run_can_be_seen_and_run_again(served: Served, tmp_path: Path) -> None:
    client = served.client()
    made = await client.responses.create(model="pellucid-mini", input=SUM)
    receipt: Any = await client.get(f"/responses/{made.id}/receipt", cast_to=dict)
    kinds = [entry["kind"] for entry in receipt["entries"]]
    assert kinds == ["asked", "ToolCall", "ToolResult", "Message", "Verdicts", "ended"]
    again: Any = await client.post(f"/responses/{made.id}/replay", cast_to=dict)
    assert [(run["verdict"], run["detail"]) for run in again["data"]] == [("same", "")]
    (tmp_path / f"{made.id}.json").unlink()
    for call in (
        client.get(f"/responses/{made.id}/receipt", cast_to=dict),
        client.post(f"/responses/{made.id}/replay", cast_to=dict),
    ):
        with pytest.raises(openai.NotFoundError, match="missing or was changed"):
            await call


async def test_the_input_is_counted_before_it_is_asked(served: Served) -> None:
    client = served.client()
    few = await client.responses.input_tokens.count(model="pellucid-mini", input=SUM)
    assert few.object == "response.input_tokens"
    made = await client.responses.create(model="pellucid-mini", input=SUM)
    more = await client.responses.input_tokens.count(
        model="pellucid-mini", input=SUM, previous_response_id=made.id
    )
    assert more.input_tokens > few.input_tokens > 0
    with pytest.raises(openai.BadRequestError, match=r"The question is empty\."):
        await client.responses.input_tokens.count(model="pellucid-mini", input=" ")


async def test_a_call_is_answered_in_the_next_response(served: Served) -> None:
    client = served.client()
    tools: Any = [{"type": "function", "name": "weather", "parameters": None}]
    first = await client.responses.create(
        model="pellucid-mini", input='call: weather {"a": 1}', tools=tools
    )
    call: Any = first.output[0]
    result: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "18"}]
    second = await client.responses.create(
        model="pellucid-mini", input=result, tools=tools, previous_response_id=first.id
    )
    assert second.output_text == "The result is 18."
