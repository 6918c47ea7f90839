"""Compaction: what people said stays word for word, what was run stays evidence."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from agents import Agent, OpenAIResponsesModel, Runner, SQLiteSession, set_tracing_disabled
from agents.memory import OpenAIResponsesCompactionSession
from hypothesis import given
from hypothesis import strategies as st

from api.served import AGAIN, OTHER_KEY, Served, scripted, serving
from pellucid.api.wire.shortening import KEPT, NOTE, compacted
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from strategies import items

SUM = "What is 6 * 7?"
LONG = "say: " + "word " * 600
TOOLS: Any = [{"type": "function", "name": "weather", "parameters": None}]


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def talked(client: Any, *questions: str) -> str:
    """The last response to some questions, one after the other."""
    last = None
    for question in questions:
        made = await client.responses.create(
            model="pellucid-mini", input=question, previous_response_id=last
        )
        last = made.id
    return str(last)


async def test_a_conversation_goes_on_from_what_was_compacted(served: Served) -> None:
    client = served.client()
    last = await talked(client, SUM, LONG, "say: Yes.")
    short = await client.responses.compact(model="o4-mini", previous_response_id=last)
    assert short.object == "response.compaction"
    # The package says that questions come first, and has no type for them.
    *questions, compaction = [one.model_dump(exclude_unset=True, warnings=False)
                              for one in short.output]  # fmt: skip
    texts: Any = [one["content"] for one in questions]
    assert [[part["text"] for part in content] for content in texts] == [
        [SUM], [LONG], ["say: Yes."],
    ]  # fmt: skip
    assert set(compaction) == {"id", "type", "encrypted_content"}
    assert short.usage.total_tokens == 0
    left: Any = short.model_extra["pellucid"]["left_out"]  # type: ignore[index]
    assert (left["items"], left["cut"]) == (3, 1)
    assert left["characters"] > 1_500
    again: Any = [*questions, compaction, {"role": "user", "content": AGAIN}]
    bare: Any = [compaction, {"role": "user", "content": AGAIN}]
    told = []
    for given_back in (again, bare):
        made = await client.responses.create(model="pellucid-mini", input=given_back)
        claims: Any = made.to_dict()["pellucid"]
        assert [one["verdict"] for one in claims["verdicts"]] == ["computed"]
        receipt: Any = await client.get(f"/responses/{made.id}/receipt", cast_to=dict)
        told.append(receipt["entries"][0]["content"]["items"])
    assert told[0] == told[1]  # what the compaction holds is not read twice
    whole = await client.responses.input_tokens.count(
        model="pellucid-mini", input=AGAIN, previous_response_id=last
    )
    less = await client.responses.input_tokens.count(model="pellucid-mini", input=again)
    assert less.input_tokens < whole.input_tokens - 300


async def test_what_was_added_before_a_compaction_is_read(served: Served) -> None:
    client = served.client()
    short = await client.responses.compact(
        model="pellucid-mini", input=[{"role": "user", "content": "a"}], instructions="Be brief."
    )
    assert short.model_extra["pellucid"]["ignored"] == ["instructions"]  # type: ignore[index]
    more: Any = [{"role": "user", "content": text} for text in ("a", "b", "a")]
    asked: Any = [*more, short.output[-1].to_dict(), {"role": "user", "content": "say: c"}]
    made = await client.responses.create(model="pellucid-mini", input=asked)
    receipt: Any = await client.get(f"/responses/{made.id}/receipt", cast_to=dict)
    texts = [item["text"] for item in receipt["entries"][0]["content"]["items"]]
    assert texts == ["b", "a", "a", "say: c"]


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"input": SUM}, 400, "model"),
        ({"model": "gpt-9", "input": SUM}, 404, "model"),
        ({"model": "pellucid-mini"}, 400, "input"),
        ({"model": "pellucid-mini", "input": SUM, "tools": []}, 400, "tools"),
        ({"model": "pellucid-mini", "input": [{"type": "compaction"}]}, 400,
         "input[0].encrypted_content"),
        ({"model": "pellucid-mini", "previous_response_id": "resp_x"}, 400,
         "previous_response_id"),
    ],
)  # fmt: skip
async def test_what_cannot_be_compacted_is_refused(
    served: Served, body: Any, status: int, param: str
) -> None:
    with pytest.raises(openai.APIStatusError) as refusal:
        await served.client().post("/responses/compact", body=body, cast_to=dict)
    assert (refusal.value.status_code, refusal.value.param) == (status, param)


async def test_another_owner_cannot_read_a_compaction(served: Served) -> None:
    short = await served.client().responses.compact(model="pellucid-mini", input=SUM)
    item: Any = short.output[-1].to_dict()
    with pytest.raises(openai.BadRequestError) as refusal:
        await served.client(api_key=OTHER_KEY).responses.create(
            model="pellucid-mini", input=[item, {"role": "user", "content": SUM}]
        )
    assert refusal.value.code == "invalid_encrypted_content"


@pytest.mark.filterwarnings("default")
async def test_sessions_of_openai_agents_are_compacted(served: Served) -> None:
    set_tracing_disabled(True)
    client = served.client()
    session = OpenAIResponsesCompactionSession(
        "s", SQLiteSession("s"), client=client, model="o4-mini", compaction_mode="input"
    )
    agent = Agent(name="a", model=OpenAIResponsesModel("o4-mini", client))
    assert (await Runner.run(agent, SUM, session=session)).final_output == "The answer is 42."
    await session.run_compaction({"force": True})
    kinds = [item.get("type") for item in await session.get_items()]
    assert kinds == ["message", "compaction"]
    assert (await Runner.run(agent, AGAIN, session=session)).final_output == "It was 42."


def ran(output: str = "42\n", outcome: Any = "ok") -> tuple[Item, ...]:
    execution = Execution("e", "print(42)", outcome, output)
    return ToolCall("p", "python", "print(42)"), ToolResult("p", output, execution=execution)


def test_what_goes_and_what_stays() -> None:
    call, result = ran()
    failed_call, failed = ran("no", "error")
    refused = ToolResult("p", "Not run: 7 is not a number of the question.", failed=True)
    mine = ToolCall("c", "f", json.dumps({"a": "x" * 5_000}))
    returned = ToolResult("c", "9" * 5_000)
    said = (Message("system", "s" * 5_000), Message("user", "u" * 5_000))
    last = (Message("user", "q"), Reasoning("r"), call, result, Message("assistant", "a" * 5_000))
    thought = (Reasoning("r"), failed_call, failed, call, refused, Verdicts())
    done = compacted([*said, *thought, call, result, mine, returned, *last])
    cut = ToolResult("c", "9" * KEPT + NOTE)
    assert done.items == (*said, result, mine, cut, *last)
    assert (done.dropped, done.cut) == (7, 1)


@given(st.lists(items | st.just(Message("user", "q")) | st.sampled_from(ran("x" * 3_000))))
def test_what_was_compacted_stays_as_it_is(talk: list[Item]) -> None:
    once = compacted(talk)
    again = compacted(once.items)
    assert again.items == once.items
    assert (again.dropped, again.cut, again.characters) == (0, 0, 0)
    people = [one for one in talk if isinstance(one, Message) and one.role != "assistant"]
    kept = [one for one in once.items if isinstance(one, Message) and one.role != "assistant"]
    assert kept == people
    assert once.characters == sum(len(i.text) for i in talk) - sum(len(i.text) for i in once.items)
