"""Chat Completions, asked by OpenAI's own client over a socket."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from pydantic import BaseModel

from api.served import Served, scripted, serving
from pellucid.agent.budget import SMALLEST_ANSWER
from pellucid.api.wire.common import FEWEST

SUM = "What is 6 * 7?"
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


class City(BaseModel):
    name: str
    people: int


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


def asked(text: str, *more: dict[str, Any]) -> Any:
    return [{"role": "user", "content": text}, *more]


async def test_an_answer_with_its_verdicts_and_usage(served: Served) -> None:
    reply = await served.client().chat.completions.create(model="o4-mini", messages=asked(SUM))
    assert reply.choices[0].message.content == "The answer is 42."
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model == "pellucid-mini"
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    assert reply.usage.completion_tokens_details is not None
    assert reply.usage.completion_tokens_details.reasoning_tokens == 3
    told: Any = reply.model_extra
    (claim,) = told["pellucid"]["verdicts"]
    assert (claim["text"], claim["verdict"], claim["start"]) == ("42", "computed", 14)
    assert told["pellucid"]["receipt_id"] == reply.id
    assert told["pellucid"]["effort"]["granted"] == "medium"


async def test_the_streamed_answer_is_the_same(served: Served) -> None:
    stream = await served.client().chat.completions.create(
        model="pellucid-mini",
        messages=asked(SUM),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    words = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(words) == "The answer is 42."
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks[:-1]][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert all(chunk.usage is None for chunk in chunks[:-1])


async def test_a_function_is_called_and_its_result_answered_with(served: Served) -> None:
    client = served.client()
    question = asked('call: weather {"city": "Bern"}')
    reply = await client.chat.completions.create(
        model="pellucid-mini", messages=question, tools=[WEATHER]
    )
    assert reply.choices[0].finish_reason == "tool_calls"
    message = reply.choices[0].message
    assert message.tool_calls is not None
    (call,) = message.tool_calls
    assert call.type == "function"
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments) == {"city": "Bern"}
    told = message.model_dump(exclude_none=True)
    result = {"role": "tool", "tool_call_id": call.id, "content": "18 degrees"}
    reply = await client.chat.completions.create(
        model="pellucid-mini", messages=[*question, told, result], tools=[WEATHER]
    )
    assert reply.choices[0].message.content == "The result is 18 degrees."
    verdicts: Any = (reply.model_extra or {})["pellucid"]["verdicts"]
    assert [claim["verdict"] for claim in verdicts] == ["given"]


async def test_calls_stream_and_can_be_required_or_forbidden(served: Served) -> None:
    client = served.client()
    stream = await client.chat.completions.create(
        model="pellucid-mini",
        messages=asked("Hello"),
        tools=[WEATHER],
        tool_choice={"type": "function", "function": {"name": "weather"}},
        stream=True,
    )
    calls = [
        call
        async for chunk in stream
        for choice in chunk.choices
        for call in choice.delta.tool_calls or ()
    ]
    assert calls[0].function is not None
    assert (calls[0].function.name, calls[0].index) == ("weather", 0)
    told = "".join(c.function.arguments or "" for c in calls if c.function)
    assert json.loads(told) == {"city": "Hello"}
    reply = await client.chat.completions.create(
        model="pellucid-mini",
        messages=asked('say: no {"city": "Bern"}'),
        tools=[WEATHER],
        tool_choice="none",
    )
    assert reply.choices[0].message.tool_calls is None


async def test_structured_outputs_are_parsed(served: Served) -> None:
    reply = await served.client().chat.completions.parse(
        model="pellucid-mini",
        messages=asked('say: {"name": "Bern", "people": 134591}'),
        response_format=City,
    )
    assert reply.choices[0].message.parsed == City(name="Bern", people=134591)


async def test_the_answer_ends_before_a_stop(served: Served) -> None:
    reply = await served.client().chat.completions.create(
        model="pellucid-mini", messages=asked("say: sun and rain. END snow"), stop=["END", "rain!"]
    )
    assert reply.choices[0].message.content == "sun and rain."


async def test_raw_reasoning_comes_where_it_is_asked_for(served: Served) -> None:
    wanted = {"pellucid": {"reasoning": True, "verdicts": False}}
    client = served.client()
    reply = await client.chat.completions.create(
        model="pellucid-mini", messages=asked(SUM), extra_body=wanted
    )
    raw = (reply.choices[0].message.model_extra or {})["reasoning_content"]
    assert raw == "```python\nprint(6 * 7)\n```\n42\n"
    assert "pellucid" not in (reply.model_extra or {})
    stream = await client.chat.completions.create(
        model="pellucid-mini", messages=asked(SUM), extra_body=wanted, stream=True
    )
    deltas = [(c.choices[0].delta.model_extra or {}).get("reasoning", "") async for c in stream]
    assert "".join(deltas) == raw


async def test_what_is_ignored_is_told_and_metadata_comes_back(served: Served) -> None:
    reply = await served.client().chat.completions.create(
        model="pellucid-mini",
        messages=asked(SUM),
        temperature=0.2,
        user="bob",
        metadata={"run": "7"},
    )
    told: Any = reply.model_extra
    assert told["pellucid"]["ignored"] == ["temperature", "user"]
    assert reply.metadata == {"run": "7"}


async def test_instructions_stand_anywhere_and_parts_are_read(served: Served) -> None:
    messages: Any = [
        {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        {"role": "user", "name": "Ann", "content": [{"type": "text", "text": "say: yes"}]},
    ]
    reply = await served.client().chat.completions.create(model="pellucid-mini", messages=messages)
    assert reply.choices[0].message.content == "yes"


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_a_limit_that_holds_no_answer_counts_as_the_smallest(
    served: Served, name: str
) -> None:
    """Programs that only try whether anybody answers ask for one token."""
    assert FEWEST == SMALLEST_ANSWER
    for limit, unkept in ((1, [name]), (15, [name]), (16, [])):
        wanted: Any = {name: limit}
        reply = await served.client().chat.completions.create(
            model="pellucid-mini", messages=asked("say: " + "word " * 80), **wanted
        )
        told: Any = reply.model_extra
        assert told["pellucid"].get("ignored", []) == unkept
        assert reply.choices[0].finish_reason == "length"
        assert reply.usage is not None
        assert 0 < reply.usage.completion_tokens <= 16


BAD: list[tuple[dict[str, Any], int, str | None, str | None, str]] = [
    ({"model": "gpt-9"}, 404, "model_not_found", "model", "does not exist"),
    ({"n": 9}, 400, "invalid_value", "n", "at most 8 choices"),
    ({"n": 0}, 400, "invalid_value", "n", "greater than or equal to 1"),
    ({"extra_body": {"foo": 1}}, 400, "unknown_parameter", "foo", "'foo'"),
    ({"messages": []}, 400, "invalid_value", "messages", "at least 1"),
    ({"messages": [{"role": "king", "content": "x"}]}, 400, "invalid_value",
     "messages[0].role", "'developer'"),
    ({"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]},
     400, "unsupported_parameter", "messages[0].content[0].type", "input_audio"),
    ({"messages": [{"role": "user", "content": 3}]}, 400, "invalid_type",
     "messages[0].content", "string"),
    ({"messages": [{"role": "user", "content": [{"type": "text", "text": 3}]}]}, 400,
     "invalid_type", "messages[0].content[0].text", "string"),
    ({"messages": [{"role": "tool", "content": "x"}]}, 400, "missing_required_parameter",
     "messages[0].tool_call_id", "tool_call_id"),
    ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "c"}]}, 400, None,
     "messages", "no call has the id 'c'"),
    ({"messages": [{"role": "assistant", "content": "x"}]}, 400, None, None, "last message"),
    ({"messages": asked(" ")}, 400, None, None, "empty"),
    ({"reasoning_effort": "huge"}, 400, "invalid_value", "reasoning_effort", "'huge'"),
    ({"max_completion_tokens": 0}, 400, "invalid_value", "max_completion_tokens", "or equal to 1"),
    ({"stop": ["a", "b", "c", "d", "e"]}, 400, "invalid_value", "stop", "4"),
    ({"modalities": ["audio"]}, 400, "unsupported_parameter", "modalities", "Audio"),
    ({"audio": {}}, 400, "unsupported_parameter", "modalities", "Audio"),
    ({"tools": [{"type": "mcp"}]}, 400, "unsupported_parameter", "tools[0].type", "mcp"),
    ({"tools": [{"type": "function", "function": {"name": "python"}}]}, 400, "invalid_value",
     "tools", "Pellucid's own"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, 400, "invalid_value",
     "tools[0].function.name", "pattern"),
    ({"tool_choice": "required"}, 400, None, "tool_choice", "without tools"),
    ({"tool_choice": "perhaps"}, 400, "invalid_value", "tool_choice", "none, auto"),
    ({"tool_choice": {"type": "function", "function": {"name": "x"}}, "tools": [WEATHER]}, 400,
     "invalid_value", "tool_choice", "'x'"),
    ({"tool_choice": {"type": "custom", "custom": {"name": "x"}}, "tools": [WEATHER]}, 400,
     "invalid_value", "tool_choice", "'x'"),
    ({"tool_choice": {"type": "mcp"}, "tools": [WEATHER]}, 400, "unsupported_parameter",
     "tool_choice", "mcp"),
    ({"response_format": {"type": "json_schema"}}, 400, "missing_required_parameter",
     "response_format.json_schema", "json_schema"),
    ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema":
      {"type": "object", "properties": {"a": {"not": {}}}}}}}, 400, "invalid_json_schema",
     "response_format", "not"),
    ({"temperature": "hot"}, 400, "invalid_type", "temperature", "number"),
    ({"function_call": "auto"}, 400, "unsupported_parameter", "function_call", "function_call"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "code", "param", "said"), BAD)
@pytest.mark.parametrize("stream", [False, True])
async def test_what_cannot_be_done_is_refused_by_name(
    served: Served,
    changes: dict[str, Any],
    status: int,
    code: str | None,
    param: str | None,
    said: str,
    stream: bool,
) -> None:
    wanted = {"model": "pellucid-mini", "messages": asked(SUM), "stream": stream, **changes}
    with pytest.raises(openai.APIStatusError) as refused:
        await served.client().chat.completions.create(**wanted)
    assert refused.value.status_code == status
    assert refused.value.code == code
    assert refused.value.param == param
    assert said in refused.value.message
