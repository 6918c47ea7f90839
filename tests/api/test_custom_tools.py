"""Custom tools, which take text, in both formats."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion
from openai.types.responses import ResponseStreamEvent
from pydantic import TypeAdapter

from api.served import Served, serving, tools
from pellucid.core.constraint import Function, Lark, Regex
from pellucid.core.events import TurnFailed
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.ports import Model, Prompt
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import ScriptedModel
from pellucid.service.turns import Turns

EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
QUERY = 'SELECT "name"\nFROM people'
LARK = {"syntax": "lark", "definition": 'start: "SELECT" /(.|\\n)+/'}
REGEX = {"syntax": "regex", "definition": "SELECT(.|\\n)+"}
FORMS: list[Any] = [
    (None, None),
    (LARK, Lark(LARK["definition"])),
    (REGEX, Regex(REGEX["definition"])),
]
ASKED: Any = [{"role": "user", "content": "Ask sql for all names."}]


def querying(prompt: Prompt) -> Sequence[Item]:
    """A model that calls the tool, writes a query for it, and answers from its result."""
    last = prompt.items[-1]
    if isinstance(last, ToolResult):
        return [Message("assistant", f"There is {last.text}.")]
    if prompt.functions:
        return [ToolCall("call_7", "sql", "{}")]
    return [Message("assistant", QUERY)]


@pytest.fixture
def model() -> ScriptedModel:
    return ScriptedModel(querying)


@pytest.fixture
async def served(tmp_path: Path, model: ScriptedModel) -> AsyncGenerator[Served, None]:
    @asynccontextmanager
    async def one(serving: Serving) -> AsyncGenerator[Model, None]:
        yield model

    async with serving(Turns(one, tools, tmp_path, time.monotonic)) as running:
        yield running


def chat_tool(grammar: Any) -> Any:
    form = {"format": {"type": "grammar", "grammar": grammar}} if grammar else {}
    return {"type": "custom", "custom": {"name": "sql", "description": "A database", **form}}


def tool(grammar: Any) -> Any:
    form = {"format": {"type": "grammar", **grammar} if grammar else {"type": "text"}}
    return {"type": "custom", "name": "sql", "description": "A database", **form}


@pytest.mark.parametrize(("grammar", "form"), FORMS)
async def test_chat_calls_with_text_and_goes_on_from_the_result(
    served: Served, model: ScriptedModel, grammar: Any, form: Any
) -> None:
    client = served.client()
    asked: dict[str, Any] = {"model": "pellucid-mini", "tools": [chat_tool(grammar)]}
    reply = await client.chat.completions.create(**asked, messages=ASKED)
    assert ChatCompletion.model_validate(reply.to_dict(), strict=True) == reply
    assert model.seen[-1].constraint == form
    assert reply.choices[0].finish_reason == "tool_calls"
    (call,) = reply.choices[0].message.tool_calls or ()
    assert call.type == "custom"
    assert (call.custom.name, call.custom.input) == ("sql", QUERY)
    told: Any = reply.choices[0].message.model_dump(exclude_none=True)
    result: Any = {"role": "tool", "tool_call_id": call.id, "content": "Ann"}
    reply = await client.chat.completions.create(**asked, messages=[*ASKED, told, result])
    assert reply.choices[0].message.content == "There is Ann."


async def test_chat_streams_the_text(served: Served) -> None:
    stream = await served.client().chat.completions.create(
        model="pellucid-mini",
        messages=ASKED,
        tools=[chat_tool(None)],
        tool_choice={"type": "custom", "custom": {"name": "sql"}},
        stream=True,
    )
    calls: list[Any] = [
        call
        async for chunk in stream
        for choice in chunk.choices
        for call in choice.delta.tool_calls or ()
    ]
    assert (calls[0].id, calls[0].type, calls[0].index) == ("call_7", "custom", 0)
    assert calls[0].custom["name"] == "sql"
    assert "".join(call.custom["input"] for call in calls) == QUERY


@pytest.mark.parametrize(("grammar", "form"), FORMS)
async def test_responses_call_with_text_and_go_on_from_the_result(
    served: Served, model: ScriptedModel, grammar: Any, form: Any
) -> None:
    client = served.client()
    asked: dict[str, Any] = {
        "model": "pellucid-mini",
        "tools": [tool(grammar)],
        "tool_choice": {"type": "custom", "name": "sql"},
    }
    stream = await client.responses.create(**asked, input=ASKED, stream=True)
    events: list[Any] = [event async for event in stream]
    assert all(EVENT.validate_python(event.to_dict(), strict=True) for event in events)
    assert model.seen[-1].constraint == form
    kinds = [event.type for event in events]
    assert "response.function_call_arguments.delta" not in kinds
    deltas = [e.delta for e in events if e.type == "response.custom_tool_call_input.delta"]
    assert "".join(deltas) == QUERY
    (done,) = (e for e in events if e.type == "response.custom_tool_call_input.done")
    response = events[-1].response
    (call,) = response.output
    assert (done.input, done.item_id) == (QUERY, call.id)
    assert (call.type, call.name, call.input, call.call_id) == (
        "custom_tool_call", "sql", QUERY, "call_7",
    )  # fmt: skip
    assert response.to_dict()["tools"] == [tool(grammar)]
    result: Any = {"type": "custom_tool_call_output", "call_id": "call_7", "output": "Ann"}
    asked["tool_choice"] = "auto"
    by_id = await client.responses.create(**asked, input=[result], previous_response_id=response.id)
    assert by_id.output_text == "There is Ann."
    whole = await client.responses.create(**asked, input=[*ASKED, call.to_dict(), result])
    assert whole.output_text == "There is Ann."
    listed = await client.responses.input_items.list(whole.id, order="asc")
    assert [item.type for item in listed.data] == [
        "message", "custom_tool_call", "custom_tool_call_output",
    ]  # fmt: skip


async def test_tools_that_are_allowed(served: Served, model: ScriptedModel) -> None:
    function = {"type": "function", "function": {"name": "weather"}}
    allowed: Any = {"mode": "required", "tools": [{"type": "custom", "custom": {"name": "sql"}}]}
    await served.client().chat.completions.create(
        model="pellucid-mini",
        messages=ASKED,
        tools=[function, chat_tool(None)],  # type: ignore[list-item]
        tool_choice={"type": "allowed_tools", "allowed_tools": allowed},
    )
    assert [one.name for one in model.seen[0].functions] == ["sql"]
    assert model.seen[0].must_call


def grammar_of(definition: str, syntax: str = "lark") -> Any:
    return {"syntax": syntax, "definition": definition}


CHAT = "tools[0].custom.format.grammar"
BAD: list[tuple[Any, Any, str, str, str]] = [
    (chat_tool(grammar_of("start: nope")), tool(grammar_of("start: nope")),
     f"{CHAT}.definition", "tools[0].format.definition", "nope"),
    (chat_tool(grammar_of("(", "regex")), tool(grammar_of("(", "regex")),
     f"{CHAT}.definition", "tools[0].format.definition", "unclosed group"),
    (chat_tool(grammar_of("x", "bnf")), tool(grammar_of("x", "bnf")),
     f"{CHAT}.syntax", "tools[0].format.syntax", "'lark'"),
    (chat_tool({"syntax": "lark"}), tool({"syntax": "lark"}),
     f"{CHAT}.definition", "tools[0].format.definition", "definition"),
    ({"type": "custom"}, {"type": "custom"}, "tools[0].custom", "tools[0].name", "Missing"),
    ({"type": "custom", "custom": {"name": "a b"}}, {"type": "custom", "name": "a b"},
     "tools[0].custom.name", "tools[0].name", "pattern"),
    ({"type": "custom", "custom": {"name": "a", "format": {"type": "xml"}}},
     {"type": "custom", "name": "a", "format": {"type": "xml"}},
     "tools[0].custom.format.type", "tools[0].format.type", "'text'"),
    ({"type": "custom", "custom": {"name": "python"}}, {"type": "custom", "name": "python"},
     "tools", "tools", "Pellucid's own"),
    ({"type": "function"}, {"type": "function"}, "tools[0].function", "tools[0].name", "Missing"),
]  # fmt: skip


@pytest.mark.parametrize(("in_chat", "in_responses", "chat_param", "param", "said"), BAD)
async def test_what_cannot_be_done_is_refused_by_name_before_a_token_is_spent(
    served: Served,
    model: ScriptedModel,
    in_chat: Any,
    in_responses: Any,
    chat_param: str,
    param: str,
    said: str,
) -> None:
    client = served.client()
    chat = client.chat.completions.create(
        model="pellucid-mini", messages=ASKED, tools=[in_chat], tool_choice="none"
    )
    response = client.responses.create(model="pellucid-mini", input=ASKED, tools=[in_responses])
    for call, name in ((chat, chat_param), (response, param)):
        with pytest.raises(openai.BadRequestError) as refused:
            await call
        assert refused.value.param == name
        assert said in refused.value.message
    assert model.seen == []


@pytest.mark.parametrize(
    "call",
    [
        {"id": "c", "type": "custom"},
        {"id": "c", "type": "custom", "function": {"name": "x", "arguments": "{}"}},
        {"id": "c"},
    ],
)
async def test_a_call_says_what_was_called(served: Served, call: Any) -> None:
    messages: Any = [*ASKED, {"role": "assistant", "tool_calls": [call]}]
    with pytest.raises(openai.BadRequestError) as refused:
        await served.client().chat.completions.create(model="pellucid-mini", messages=messages)
    kind = call.get("type", "function")
    assert refused.value.param == f"messages[1].tool_calls[0].{kind}"


async def test_a_turn_refuses_a_grammar_whoever_asks(tmp_path: Path) -> None:
    """Also where no route looked at it before."""
    model = ScriptedModel(querying)

    @asynccontextmanager
    async def one(serving: Serving) -> AsyncGenerator[Model, None]:
        yield model

    held = Function("sql", custom=True, form=Lark("x: y"))
    turn = Turn("t", (Message("user", "Ask sql."),), functions=(held,))
    turns = Turns(one, tools, tmp_path, time.monotonic)
    *_, last = [event async for event in turns.run(turn)]
    assert isinstance(last, TurnFailed)
    assert last.code == "invalid_constraint"
    assert model.seen == []
