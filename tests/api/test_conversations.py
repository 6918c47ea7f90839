"""Conversations that the server keeps."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import OTHER_KEY, Endless, Served, scripted, serving

SUM = "What is 6 * 7?"
HELLO: Any = [{"type": "message", "role": "user", "content": "Hello"}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def test_a_conversation_grows_with_every_response(served: Served) -> None:
    client = served.client()
    talk = await client.conversations.create(items=HELLO, metadata={"topic": "sums"})
    first = await client.responses.create(model="pellucid-mini", input=SUM, conversation=talk.id)
    assert first.to_dict()["conversation"] == {"id": talk.id}
    async with client.responses.stream(
        model="pellucid-mini", input="say: yes", conversation={"id": talk.id}
    ) as stream:
        second = await stream.get_final_response()
    assert second.usage is not None
    assert first.usage is not None
    assert second.usage.input_tokens > 0
    items = [item async for item in client.conversations.items.list(talk.id, order="asc")]
    kinds = [item.type for item in items]
    assert kinds == [*("message", "message", "reasoning", "message"), *("message", "message")]
    words = [item.content[0].text for item in items if item.type == "message"]  # type: ignore[union-attr]
    assert words == ["Hello", SUM, "The answer is 42.", "say: yes", "yes"]


async def test_a_response_that_is_not_kept_is_in_its_conversation_all_the_same(
    served: Served,
) -> None:
    client = served.client()
    talk = await client.conversations.create()
    made = await client.responses.create(
        model="pellucid-mini", input="say: yes", conversation=talk.id, store=False
    )
    items: Any = [one async for one in client.conversations.items.list(talk.id, order="asc")]
    assert [item.content[0].text for item in items] == ["say: yes", "yes"]
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(made.id)


async def test_a_conversation_can_be_looked_up_changed_and_forgotten(served: Served) -> None:
    client = served.client()
    talk = await client.conversations.create()
    assert (await client.conversations.retrieve(talk.id)).metadata == {}
    changed = await client.conversations.update(talk.id, metadata={"a": "b"})
    assert changed.metadata == {"a": "b"}
    assert changed.created_at == talk.created_at
    gone = await client.conversations.delete(talk.id)
    assert gone.deleted
    with pytest.raises(openai.NotFoundError, match="Conversation with id"):
        await client.conversations.retrieve(talk.id)


async def test_items_can_be_added_looked_up_and_removed(served: Served) -> None:
    client = served.client()
    talk = await client.conversations.create()
    added = await client.conversations.items.create(talk.id, items=[*HELLO, *HELLO])
    one, two = (item.id for item in added.data)  # type: ignore[union-attr]
    assert one != two
    found: Any = await client.conversations.items.retrieve(str(one), conversation_id=talk.id)
    assert found.content[0].text == "Hello"
    await client.conversations.items.delete(str(one), conversation_id=talk.id)
    left = await client.conversations.items.list(talk.id)
    assert [item.id for item in left.data] == [two]  # type: ignore[union-attr]
    for call in (
        client.conversations.items.retrieve(str(one), conversation_id=talk.id),
        client.conversations.items.delete(str(one), conversation_id=talk.id),
    ):
        with pytest.raises(openai.NotFoundError, match="Item with id"):
            await call


async def test_nobody_finds_what_is_anothers(served: Served) -> None:
    talk = await served.client().conversations.create(items=HELLO)
    theirs = served.client(api_key=OTHER_KEY)
    for call in (
        theirs.conversations.retrieve(talk.id),
        theirs.conversations.delete(talk.id),
        theirs.conversations.items.create(talk.id, items=HELLO),
        theirs.responses.create(model="pellucid-mini", input=SUM, conversation=talk.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await call


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([{"role": "king", "content": "x"}], "king"),
        ([{"type": "computer_call"}], "computer_call"),
        (HELLO * 21, "at most 20"),
    ],
)
async def test_items_that_will_not_be_understood_are_refused(
    served: Served, items: Any, said: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=said):
        await served.client().conversations.create(items=items)


async def test_one_that_is_still_being_made_cannot_be_gone_on_from() -> None:
    async with serving(Endless()) as served:
        client = served.client()
        made = await client.responses.create(model="pellucid-mini", input=SUM, background=True)
        with pytest.raises(openai.BadRequestError, match="still being made"):
            await client.responses.create(
                model="pellucid-mini", input=SUM, previous_response_id=made.id
            )


@pytest.mark.parametrize("name", [{}, 7, "", " ", "é", "x" * 129])
async def test_an_item_has_an_id_that_can_be_looked_up(served: Served, name: Any) -> None:
    client = served.client()
    talk = await client.conversations.create()
    items: Any = [{**HELLO[0], "id": name}]
    for call in (
        client.conversations.create(items=items),
        client.conversations.items.create(talk.id, items=items),
        client.responses.create(model="pellucid-mini", input=items),
    ):
        with pytest.raises(openai.BadRequestError, match="ASCII") as refusal:
            await call
        assert refusal.value.param == "input[0].id"


async def test_an_item_without_an_id_gets_one(served: Served) -> None:
    items: Any = [{**HELLO[0], "id": None, "status": None}]
    talk = await served.client().conversations.create(items=items)
    kept = await served.client().conversations.items.list(talk.id)
    assert kept.data[0].id
    assert kept.data[0].status == "completed"  # type: ignore[union-attr]


async def test_an_item_is_in_a_conversation_once(served: Served) -> None:
    client = served.client()
    named: Any = [{**HELLO[0], "id": "msg_1"}]
    talk = await client.conversations.create(items=named)
    await client.conversations.items.create(talk.id, items=named)
    made = await client.responses.create(
        model="pellucid-mini",
        input=[*named, {"role": "user", "content": SUM}],
        conversation=talk.id,
    )
    assert made.output_text == "The answer is 42."
    ids = [item.id async for item in client.conversations.items.list(talk.id)]
    assert ids.count("msg_1") == 1
    assert len(ids) == 4
    with pytest.raises(openai.BadRequestError, match="same id"):
        await client.conversations.create(items=[*named, *named])
