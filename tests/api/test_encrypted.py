"""Encrypted reasoning: what clients carry instead of the server is as good as what it keeps."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.served import AGAIN, OFFER, OTHER_KEY, Played, Served, scripted, serving
from pellucid.api.wire import responses, responses_request, sealed
from pellucid.api.wire.errors import WireError
from pellucid.core.events import Event, ItemClosed, ItemOpened, TurnFailed, TurnStarted
from pellucid.core.items import Item, Message, ToolCall, ToolResult, Verdicts
from pellucid.core.usage import Usage
from strategies import streams

SUM = "What is 6 * 7?"
ENCRYPTED: Any = ["reasoning.encrypted_content"]
STATELESS: Any = {"model": "pellucid-mini", "store": False, "include": ENCRYPTED}
PYTHON: Any = [{"type": "code_interpreter", "container": {"type": "auto"}}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


def replayed(*turns: Any) -> Any:
    """Questions and the outputs after them, as a client without state sends them again."""
    return [
        item
        for turn in turns
        for item in (
            [{"role": "user", "content": turn}]
            if isinstance(turn, str)
            else [one.to_dict() for one in turn]
        )
    ]


def verdicts(reply: Any) -> list[tuple[str, str]]:
    return [(one["verdict"], one["text"]) for one in reply.to_dict()["pellucid"]["verdicts"]]


@pytest.mark.parametrize("tools", [[], PYTHON])
async def test_a_run_stays_evidence_in_the_hands_of_a_client(served: Served, tools: Any) -> None:
    client = served.client()
    asked: Any = {"model": "pellucid-mini", "include": ENCRYPTED}
    first = await client.responses.create(**asked, input=SUM, tools=tools)
    by_id = await client.responses.create(**asked, input=AGAIN, previous_response_id=first.id)
    carried = await client.responses.create(**asked, input=replayed(SUM, first.output, AGAIN))
    assert verdicts(carried) == verdicts(by_id) == [("computed", "42")]
    assert await turn_of(client, carried.id) == await turn_of(client, by_id.id)
    bare = [item for item in first.output if item.type == "message"]
    forgotten = await client.responses.create(**asked, input=replayed(SUM, bare, AGAIN))
    assert verdicts(forgotten) == [("derived", "42")]  # of the question, no longer of the run


async def turn_of(client: Any, reply_id: str) -> list[Any]:
    """The conversation of a turn, as its receipt tells it, without verdicts."""
    receipt = await client.get(f"/responses/{reply_id}/receipt", cast_to=dict)
    items = receipt["entries"][0]["content"]["items"]
    return [item for item in items if "claims" not in item]


async def test_reasoning_is_encrypted_where_it_is_asked_for(served: Served) -> None:
    client = served.client()
    asked: Any = {"model": "pellucid-mini", "input": SUM}
    plain = await client.responses.create(**asked)
    assert "encrypted_content" not in plain.output[0].to_dict()
    kept = await client.responses.create(**asked, include=ENCRYPTED)
    whole = await client.responses.retrieve(kept.id)
    assert whole.output[0].to_dict()["encrypted_content"]
    assert "include" not in kept.to_dict()["pellucid"].get("ignored", [])  # type: ignore[attr-defined]
    other = await client.responses.create(**asked, include=["web_search_call.results"])
    assert other.to_dict()["pellucid"]["ignored"] == ["include"]  # type: ignore[index]
    async with client.responses.stream(**asked, include=ENCRYPTED) as stream:
        done = [one async for one in stream if one.type == "response.output_item.done"]
    assert done[0].item.to_dict()["encrypted_content"]


async def test_what_cannot_be_verified_is_refused(served: Served) -> None:
    client, theirs = served.client(), served.client(api_key=OTHER_KEY)
    first = await client.responses.create(**STATELESS, input=SUM)
    item = first.output[0].to_dict()
    changed = {**item, "encrypted_content": str(item["encrypted_content"])[:-8] + "AAAAAAA="}
    never: Any = {**item, "encrypted_content": 7}
    for who, one in ((theirs, item), (client, changed), (client, never)):
        with pytest.raises(openai.BadRequestError) as refusal:
            await who.responses.create(**STATELESS, input=[one, *replayed(AGAIN)])
        assert refusal.value.code == "invalid_encrypted_content"
        assert refusal.value.param == "input[0].encrypted_content"
    bare: Any = {**item, "encrypted_content": None}
    lone = await client.responses.create(**STATELESS, input=[bare, *replayed(AGAIN)])
    assert lone.output_text == "It was 42."


async def test_another_installation_cannot_read_it(tmp_path: Path) -> None:
    async with serving(scripted(tmp_path)) as one:
        first = await one.client().responses.create(**STATELESS, input=SUM)
    async with serving(scripted(tmp_path)) as other:
        with pytest.raises(openai.BadRequestError, match="not made by this server"):
            await other.client().responses.create(**STATELESS, input=replayed(SUM, first.output))


async def test_a_conversation_keeps_what_is_sealed(served: Served) -> None:
    client, theirs = served.client(), served.client(api_key=OTHER_KEY)
    talk = await client.conversations.create()
    asked: Any = {"model": "pellucid-mini", "conversation": talk.id}
    first = await client.responses.create(**asked, input=SUM, include=ENCRYPTED)
    second = await client.responses.create(**asked, input=AGAIN)
    assert verdicts(second) == [("computed", "42")]
    item: Any = first.output[0].to_dict()
    with pytest.raises(openai.BadRequestError, match=r"'items\[0\]' could not be verified"):
        await theirs.conversations.create(items=[item])
    own = await theirs.conversations.create()
    with pytest.raises(openai.BadRequestError, match=r"'items\[0\]' could not be verified"):
        await theirs.conversations.items.create(own.id, items=[item])


async def test_a_turn_that_failed_is_carried_as_far_as_it_came() -> None:
    ran: list[Item] = [ToolCall("c", "python", "1"), ToolResult("c", "1")]
    events = [event for item in ran for event in (ItemOpened(item), ItemClosed(item))]
    began, ended = TurnStarted("r", "m", 0), TurnFailed("engine_died", "gone", Usage())
    turns = Played([began, *events, ended], [])
    turns.sign.set()
    async with serving(turns) as served:
        asked: Any = {"model": "pellucid-mini", "input": SUM, "background": True}
        client = served.client()
        made = await client.responses.create(**asked, include=ENCRYPTED)
        with pytest.raises(openai.APIError, match="Gone"):
            _ = [one async for one in await client.responses.retrieve(made.id, stream=True)]
        failed = await client.responses.retrieve(made.id)
    assert failed.status == "failed"
    assert failed.output[0].to_dict()["encrypted_content"]


@given(streams(), st.booleans())
def test_every_item_is_carried_once(events: list[Event], python: bool) -> None:
    """Messages and the caller's calls by the client, all else sealed, in the order of the turn."""
    held = list[Item]()

    def close(unseen: Any) -> str:
        held.extend(unseen)
        return "sealed"

    body = {"model": "o4-mini", "input": "x", "tools": PYTHON if python else []}
    asked = responses_request.parse(
        responses_request.understood(body), OFFER, "resp_1", 0, "ann", (), sealed.Sealed({}, close)
    )
    renderer = responses.Renderer(asked)
    for event in events:
        renderer.feed(event)
    items = renderer.record.items
    assert held == [item for item in items if not isinstance(item, Message | Verdicts)]
    for one in renderer.output:
        assert ("encrypted_content" in one) == (one["type"] == "reasoning")


def test_a_compaction_without_its_content_is_refused() -> None:
    with pytest.raises(WireError) as refusal:
        sealed.restored([{"type": "compaction"}], lambda kind, text: None, "input")
    assert refusal.value.param == "input[0].encrypted_content"
