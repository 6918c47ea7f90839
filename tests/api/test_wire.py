"""Any legal stream of events: streamed and whole replies agree, and are what clients expect."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

from api.served import OFFER
from pellucid.api.wire import chat, chat_request, choices, errors, responses, responses_request, sse
from pellucid.api.wire.common import Offer
from pellucid.core.effort import USUAL
from pellucid.core.events import Event, TurnFailed
from pellucid.core.fold import fold
from pellucid.core.items import Message, Verdicts
from pellucid.core.usage import Usage
from strategies import streams

EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
FUNCTION = {"name": "f", "parameters": {"type": "object", "properties": {}}}


def chat_asked(raw: bool, usage: bool) -> chat_request.ChatRequest:
    body = {
        "model": "o4-mini",
        "messages": [{"role": "user", "content": "x"}],
        "stream_options": {"include_usage": usage},
        "pellucid": {"reasoning": raw},
        "tools": [{"type": "function", "function": FUNCTION}],
    }
    return chat_request.parse(body, OFFER, "t1", 0, "ann")


def response_asked(raw: bool, summary: bool, python: bool) -> responses_request.ResponsesRequest:
    hosted = [{"type": "code_interpreter", "container": {"type": "auto"}}] if python else []
    body: dict[str, Any] = {
        "model": "o4-mini",
        "input": "x",
        "pellucid": {"reasoning": raw},
        "reasoning": {"summary": "auto" if summary else None},
        "tools": [{"type": "function", **FUNCTION}, *hosted],
    }
    return responses_request.parse(responses_request.understood(body), OFFER, "resp_1", 0, "ann")


@given(streams(), st.booleans(), st.booleans())
def test_chat_streamed_and_whole_agree(events: list[Event], raw: bool, usage: bool) -> None:
    asked = chat_asked(raw, usage)
    renderer, record = choices.Renderer(asked), fold(events)
    chunks = [chunk for event in events for chunk in renderer.feed(0, event)]
    if record.error:
        assert set(chunks.pop()) == {"error"}
        assert all(ChatCompletionChunk.model_validate(chunk, strict=True) for chunk in chunks)
        return
    whole = choices.collect([record], asked)
    assert whole == renderer.whole()
    assert ChatCompletion.model_validate(whole, strict=True)
    parsed = [ChatCompletionChunk.model_validate(chunk, strict=True) for chunk in chunks]
    deltas = [choice.delta for chunk in parsed for choice in chunk.choices]
    message = whole["choices"][0]["message"]
    words = "".join(delta.content or "" for delta in deltas)
    assert words.endswith(message["content"] or "")
    told = "".join((delta.model_extra or {}).get("reasoning", "") for delta in deltas)
    assert told == (message["reasoning"] if raw else "")
    assert ("usage" in chunks[-1]) == usage


@given(streams(), st.booleans(), st.booleans(), st.booleans())
def test_responses_streamed_and_whole_agree(
    events: list[Event], raw: bool, summary: bool, python: bool
) -> None:
    renderer = responses.Renderer(response_asked(raw, summary, python))
    assert renderer.response()["status"] == "queued"
    told = [one for event in events for one in renderer.feed(event)]
    assert [one["sequence_number"] for one in told] == list(range(len(told)))
    for one in told:
        EVENT.validate_python(one, strict=True)
    whole = next(one["response"] for one in reversed(told) if "response" in one)
    assert whole == renderer.response()
    assert told == renderer.told
    assert Response.model_validate(whole)
    done = [one["item"] for one in told if one["type"] == "response.output_item.done"]
    assert done == whole["output"]
    added = [one["item"] for one in told if one["type"] == "response.output_item.added"]
    assert [item["id"] for item in added] == [item["id"] for item in done]
    assert len({item["id"] for item in done}) == len(done)
    for kind, part in (("output_text", "message"), ("function_call_arguments", "function_call")):
        for number, item in enumerate(whole["output"]):
            if item["type"] == part:
                assert _grown(told, kind, number) == _text(item)


def _grown(told: list[dict[str, Any]], kind: str, number: int) -> str:
    mine = [one for one in told if one.get("output_index") == number]
    return "".join(one["delta"] for one in mine if one["type"] == f"response.{kind}.delta")


def _text(item: dict[str, Any]) -> str:
    return item["arguments"] if "arguments" in item else item["content"][0]["text"]


def test_a_failed_turn_is_an_error_of_the_response() -> None:
    failure = TurnFailed("engine_died", "the engine died", Usage(), retryable=True)
    told = errors.failed(failure)
    assert (told.status, told.type) == (503, "server_error")
    assert told.headers == {"retry-after": "1"}
    schema = TurnFailed("invalid_json_schema", "no.", Usage())
    assert errors.failed(schema, "tools").param == "tools"
    assert errors.failed(TurnFailed("x", "?", Usage()), "tools").status == 500
    renderer = responses.Renderer(response_asked(False, False, False))
    failed, event = renderer.feed(failure)
    assert failed["response"]["error"]["code"] == "server_error"
    assert EVENT.validate_python(event).message == "The engine died."
    assert event["error"]["type"] == "server_error"


@pytest.mark.parametrize(
    ("server", "request_", "hosted", "tools"),
    [
        (True, True, False, {"python"}),
        (False, True, False, set()),
        (True, False, False, set()),
        (False, False, True, {"python"}),
    ],
)
def test_a_turn_computes_where_server_and_request_let_it(
    server: bool, request_: bool, hosted: bool, tools: set[str]
) -> None:
    offer = Offer(USUAL, {}, computing=server)
    body: dict[str, Any] = {"model": "pellucid-mini", "pellucid": {"computing": request_}}
    asked = responses_request.parse(
        responses_request.understood(
            {**body, "input": "x", "tools": [{"type": "code_interpreter"}] if hosted else []}
        ),
        offer, "t", 0, "ann",
    )  # fmt: skip
    assert asked.turn.tools == tools
    if not hosted:
        body["messages"] = [{"role": "user", "content": "x"}]
        assert chat_request.parse(body, offer, "t", 0, "ann").turn.tools == tools


def test_answers_and_verdicts_are_no_thoughts() -> None:
    assert chat.thought(Message("assistant", "Yes.")) == chat.thought(Verdicts()) == ""


def test_events_are_framed_in_one_piece() -> None:
    assert sse.data({"a": "é\n"}) == 'data: {"a":"é\\n"}\n\n'.encode()
    assert sse.data({"a": "\ud800"}) == b'data: {"a":"\\ud800"}\n\n'
    assert sse.named({"type": "x"}) == b'event: x\ndata: {"type":"x"}\n\n'
