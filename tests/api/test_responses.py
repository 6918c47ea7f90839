"""Responses, asked by OpenAI's own client over a socket."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.responses import ResponseCodeInterpreterToolCall, ResponseFunctionToolCall
from pydantic import BaseModel

from api.served import Served, scripted, serving

SUM = "What is 6 * 7?"
WEATHER: Any = {
    "type": "function",
    "name": "weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
PYTHON: Any = {"type": "code_interpreter", "container": {"type": "auto"}}
REQUIRED = (
    *("id", "object", "created_at", "completed_at", "status", "incomplete_details", "model"),
    *("previous_response_id", "instructions", "output", "error", "tools", "tool_choice"),
    *("truncation", "parallel_tool_calls", "text", "top_p", "presence_penalty", "usage"),
    *("frequency_penalty", "top_logprobs", "temperature", "reasoning", "max_output_tokens"),
    *("max_tool_calls", "store", "background", "service_tier", "metadata"),
    *("safety_identifier", "prompt_cache_key"),
)


class City(BaseModel):
    name: str
    people: int


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def test_an_answer_and_every_key_that_must_be_there(served: Served) -> None:
    reply = await served.client().responses.create(
        model="o4-mini", input=SUM, instructions="Be exact.", metadata={"run": "7"}
    )
    assert reply.output_text == "The answer is 42."
    assert [item.type for item in reply.output] == ["reasoning", "message"]
    assert (reply.status, reply.model) == ("completed", "pellucid-mini")
    told = reply.to_dict()
    assert set(REQUIRED) <= set(told)
    assert told["instructions"] == "Be exact."
    assert told["metadata"] == {"run": "7"}
    assert told["pellucid"]["verdicts"][0]["verdict"] == "computed"  # type: ignore[index]
    assert reply.usage is not None
    assert reply.usage.output_tokens_details.reasoning_tokens == 3


async def test_the_streamed_response_is_the_same(served: Served) -> None:
    client = served.client()
    async with client.responses.stream(model="pellucid-mini", input=SUM) as stream:
        events = [event async for event in stream]
        final = await stream.get_final_response()
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert [event.type for event in events][:2] == ["response.created", "response.in_progress"]
    assert events[-1].type == "response.completed"
    assert final.output_text == "The answer is 42."
    whole = await client.responses.create(model="pellucid-mini", input=SUM)
    kinds = [(item.type, item.status) for item in whole.output]  # type: ignore[union-attr]
    assert kinds == [(item.type, item.status) for item in final.output]  # type: ignore[union-attr]


async def test_runs_are_shown_where_the_hosted_python_is_asked_for(served: Served) -> None:
    client = served.client()
    reply = await client.responses.create(model="pellucid-mini", input=SUM, tools=[PYTHON])
    ran, message = reply.output
    assert isinstance(ran, ResponseCodeInterpreterToolCall)
    assert ran.code == "print(6 * 7)\n"
    assert ran.outputs is not None
    assert [out.logs for out in ran.outputs if out.type == "logs"] == ["42"]
    assert message.type == "message"
    stream = await client.responses.create(
        model="pellucid-mini-alto", input=SUM, tools=[PYTHON], stream=True
    )
    kinds = [event.type.removeprefix("response.code_interpreter_call") async for event in stream]
    own = [kind for kind in kinds if kind.startswith((".", "_"))]
    steps = [".in_progress", "_code.delta", "_code.done", ".interpreting", ".completed"]
    assert own == steps * (len(own) // 5)
    assert own


async def test_a_summary_of_the_thinking_comes_where_it_is_asked_for(served: Served) -> None:
    reply = await served.client().responses.create(
        model="pellucid-mini", input=SUM, reasoning={"effort": "low", "summary": "auto"}
    )
    thought = reply.output[0]
    assert thought.type == "reasoning"
    assert [part.text for part in thought.summary] == ["```python\nprint(6 * 7)\n```\n42\n"]
    assert reply.reasoning is not None
    assert reply.reasoning.effort == "low"


async def test_raw_reasoning_comes_where_it_is_asked_for(served: Served) -> None:
    reply = await served.client().responses.create(
        model="pellucid-mini", input=SUM, extra_body={"pellucid": {"reasoning": True}}
    )
    thought = reply.output[0]
    assert thought.type == "reasoning"
    assert thought.content is not None
    assert thought.content[0].text == "```python\nprint(6 * 7)\n```\n42\n"


async def test_a_function_is_called_and_its_result_answered_with(served: Served) -> None:
    client = served.client()
    question: Any = [{"role": "user", "content": 'call: weather {"city": "Bern"}'}]
    reply = await client.responses.create(model="pellucid-mini", input=question, tools=[WEATHER])
    (call,) = reply.output
    assert isinstance(call, ResponseFunctionToolCall)
    assert (call.name, json.loads(call.arguments)) == ("weather", {"city": "Bern"})
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "18 degrees"}
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": []}
    again: Any = [*question, reasoning, call.to_dict(), result]
    reply = await client.responses.create(model="pellucid-mini", input=again, tools=[WEATHER])
    assert reply.output_text == "The result is 18 degrees."


async def test_a_call_streams_its_arguments(served: Served) -> None:
    stream = await served.client().responses.create(
        model="pellucid-mini", input="Hello", tools=[WEATHER], tool_choice="required", stream=True
    )
    events = [event async for event in stream]
    deltas = [e.delta for e in events if e.type == "response.function_call_arguments.delta"]
    (done,) = [e for e in events if e.type == "response.function_call_arguments.done"]
    assert "".join(deltas) == done.arguments == '{"city": "Hello"}'


async def test_structured_outputs_are_parsed(served: Served) -> None:
    reply = await served.client().responses.parse(
        model="pellucid-mini",
        input='say: {"name": "Bern", "people": 134591}',
        text_format=City,
    )
    assert reply.output_parsed == City(name="Bern", people=134591)
    assert reply.text is not None
    assert reply.text.format is not None
    assert reply.text.format.type == "json_schema"


@pytest.mark.parametrize("whole", [16, 16.0])
async def test_what_is_cut_is_incomplete(served: Served, whole: Any) -> None:
    reply = await served.client().responses.create(
        model="pellucid-mini", input="say: " + "word " * 80, max_output_tokens=whole
    )
    assert reply.status == "incomplete"
    assert reply.incomplete_details is not None
    assert reply.incomplete_details.reason == "max_output_tokens"
    assert reply.output_text


BAD: list[tuple[dict[str, Any], int, str | None, str | None, str]] = [
    ({"model": "gpt-9"}, 404, "model_not_found", "model", "does not exist"),
    ({"input": None}, 400, "missing_required_parameter", "input", "'input'"),
    ({"input": [{"role": "king", "content": "x"}]}, 400, "invalid_value", "input[0].role", "king"),
    ({"input": [{"role": "user", "content": [{"type": "input_audio"}]}]}, 400,
     "unsupported_parameter", "input[0].content[0].type", "input_audio"),
    ({"input": [{"role": "user", "content": 3}]}, 400, "invalid_type", "input[0].content", "type"),
    ({"input": [{"role": "assistant", "content": [{"type": "refusal", "refusal": 3}]}]}, 400,
     "unsupported_parameter", "input[0].content[0].type", "refusal"),
    ({"input": [{"type": "computer_call"}]}, 400, "unsupported_parameter", "input[0].type",
     "computer_call"),
    ({"input": [{"type": "function_call_output", "call_id": "c", "output": "x"}]}, 400, None,
     "input", "call_id c"),
    ({"input": [{"type": "function_call", "name": "x"}]}, 400, "missing_required_parameter",
     "input[0].call_id", "call_id"),
    ({"background": True, "store": False}, 400, "invalid_value", "store", "kept"),
    ({"prompt": {"id": "p"}}, 400, "unsupported_parameter", "prompt", "prompt"),
    ({"conversation": "conv_1"}, 404, "not_found", "conversation", "conv_1"),
    ({"conversation": {"id": 3}}, 400, "invalid_type", "conversation", "ASCII"),
    ({"conversation": "c", "previous_response_id": "r"}, 400, "mutually_exclusive_parameters",
     "conversation", "Only one"),
    ({"previous_response_id": "resp_1"}, 400, "previous_response_not_found",
     "previous_response_id", "'resp_1' not found"),
    ({"tools": [{"type": "image_generation"}]}, 400, "unsupported_parameter", "tools[0].type",
     "image_generation"),
    ({"tools": [{"type": "function"}]}, 400, "missing_required_parameter", "tools[0].name",
     "name"),
    ({"tool_choice": {"type": "mcp"}}, 400, "unsupported_parameter", "tool_choice", "mcp"),
    ({"text": {"format": {"type": "json_schema", "name": "x"}}}, 400,
     "missing_required_parameter", "text.format.schema", "schema"),
    ({"conversation": "é"}, 400, "invalid_value", "conversation", "ASCII"),
    ({"previous_response_id": "é"}, 400, "invalid_value", "previous_response_id", "ASCII"),
    ({"extra_body": {"stream": "true"}}, 400, "invalid_type", "stream", "boolean"),
    ({"max_tool_calls": True}, 400, "invalid_type", "max_tool_calls", "integer"),
    ({"max_output_tokens": 16.5}, 400, "invalid_type", "max_output_tokens", "integer"),
    ({"max_output_tokens": 15}, 400, "invalid_value", "max_output_tokens", "or equal to 16"),
    ({"reasoning": {"effort": "huge"}}, 400, "invalid_value", "reasoning.effort", "huge"),
    ({"extra_body": {"foo": 1}}, 400, "unknown_parameter", "foo", "'foo'"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "status", "code", "param", "said"), BAD)
async def test_what_cannot_be_done_is_refused_by_name(
    served: Served,
    changes: dict[str, Any],
    status: int,
    code: str | None,
    param: str | None,
    said: str,
) -> None:
    wanted = {"model": "pellucid-mini", "input": SUM, **changes}
    with pytest.raises(openai.APIStatusError) as refused:
        await served.client().responses.create(**wanted)
    assert refused.value.status_code == status
    assert refused.value.code == code
    assert refused.value.param == param
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ({"type": "function", "name": "weather"}, True),
        ({"type": "allowed_tools", "mode": "required", "tools": [{"name": "weather"}]}, True),
        ({"type": "allowed_tools", "mode": "auto", "tools": [{"name": "weather"}]}, False),
        ("none", False),
    ],
)
async def test_the_choice_of_tools_is_kept(served: Served, choice: Any, called: bool) -> None:
    reply = await served.client().responses.create(
        model="pellucid-mini", input="say: hello", tools=[WEATHER], tool_choice=choice
    )
    assert reply.output[-1].type == ("function_call" if called else "message")
    assert reply.to_dict()["tool_choice"] == choice


async def test_a_conversation_of_all_kinds_of_items_is_read(served: Served) -> None:
    words: Any = [
        {"role": "developer", "content": [{"type": "input_text", "text": "Be brief."}]},
        {"type": "message", "role": "user", "content": "Hello"},
        {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        {"role": "assistant", "content": [{"type": "output_text", "text": "Yes."}]},
        {"type": "code_interpreter_call", "id": "ci_1"},
        {"role": "user", "content": "say: {}"},
    ]
    reply = await served.client().responses.create(
        model="pellucid-mini",
        input=words,
        tools=[PYTHON],
        tool_choice={"type": "code_interpreter"},
        text={"format": {"type": "json_object"}},
    )
    assert reply.output_text == "{}"
