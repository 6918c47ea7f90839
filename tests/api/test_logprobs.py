"""Log-probabilities: told where the model wrote an answer token for token, and never made up."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import openai
import pytest

from api.served import Served, scripted, serving
from pellucid.api.wire.logprobs import INCLUDE, WHY

TEXT = "Bern lies on the Aare."
SAID: Any = {"messages": [{"role": "user", "content": f"say: {TEXT}"}], "reasoning_effort": "none"}
WEATHER: Any = {"type": "function", "function": {"name": "weather"}}


@pytest.fixture
async def served(tmp_path: Path) -> AsyncGenerator[Served, None]:
    async with serving(scripted(tmp_path)) as running:
        yield running


async def chat(served: Served, **more: Any) -> Any:
    asked = {"model": "pellucid-mini", "logprobs": True, **more}
    return await served.client().chat.completions.create(**asked)


def asks(text: str, effort: str = "none") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "reasoning_effort": effort}


@pytest.mark.parametrize("count", [None, 0, 3])
async def test_an_answer_that_the_model_wrote_is_told_by_its_tokens(
    served: Served, count: int | None
) -> None:
    reply = await chat(served, **SAID, top_logprobs=count)
    [choice] = reply.choices
    assert choice.message.content == TEXT
    tokens = choice.logprobs.content
    assert "".join(one.token for one in tokens) == TEXT
    assert b"".join(bytes(one.bytes) for one in tokens) == TEXT.encode()
    assert {one.logprob for one in tokens} == {0.0}  # a script leaves no doubt
    assert {len(one.top_logprobs) for one in tokens} == {1 if count else 0}
    assert "logprobs" not in reply.to_dict()["pellucid"]


async def test_a_stream_tells_the_same_tokens(served: Served) -> None:
    whole = await chat(served, **SAID, top_logprobs=1)
    told, text = [], ""
    async for chunk in await chat(served, **SAID, top_logprobs=1, stream=True):
        [choice] = chunk.choices
        text += choice.delta.content or ""
        told += choice.logprobs.content if choice.logprobs else []
    assert text == TEXT
    assert [one.to_dict() for one in told] == [
        one.to_dict() for one in whole.choices[0].logprobs.content
    ]


@pytest.mark.parametrize(
    "more",
    [
        asks("What is 6 * 7?", "medium"),  # worded by rule
        asks("say: Well, 6 * 7 = 43, they say."),  # corrected
        asks("say: It has 12345 people.") | {"stop": "eople"},  # cut inside of a token
        {**SAID, "response_format": {"type": "json_object"}},
    ],
)
async def test_what_the_model_did_not_write_so_has_none_and_says_why(
    served: Served, more: Any
) -> None:
    reply = await chat(served, **more, top_logprobs=2)
    assert reply.choices[0].logprobs is None
    assert reply.to_dict()["pellucid"]["logprobs"] == WHY
    async for chunk in await chat(served, **more, stream=True):
        assert chunk.choices[0].logprobs is None


async def test_where_nothing_is_said_there_is_nothing_to_explain(served: Served) -> None:
    asked = asks('call: weather {"city": "Bern"}')
    reply = await chat(served, **asked, tools=[WEATHER], tool_choice="required")
    assert reply.choices[0].finish_reason == "tool_calls"
    assert reply.choices[0].logprobs is None
    assert "logprobs" not in reply.to_dict()["pellucid"]


async def test_each_choice_has_its_own(served: Served) -> None:
    reply = await chat(served, **SAID, n=2)
    for choice in reply.choices:
        assert "".join(one.token for one in choice.logprobs.content) == TEXT


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"logprobs": None, "top_logprobs": 2}, "top_logprobs"),
        ({"top_logprobs": 21}, "top_logprobs"),
        ({"top_logprobs": -1}, "top_logprobs"),
    ],
)
async def test_numbers_that_ask_for_nothing_or_too_much_are_refused(
    served: Served, more: Any, param: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        await chat(served, **SAID, **more)
    assert refused.value.param == param


async def respond(served: Served, text: str, **more: Any) -> Any:
    asked = {"model": "pellucid-mini", "input": text, "reasoning": {"effort": "none"}, **more}
    return await served.client().responses.create(**asked)


async def test_a_response_includes_them_where_that_is_asked_for(served: Served) -> None:
    asked: Any = {"include": [INCLUDE], "top_logprobs": 2}
    reply = await respond(served, f"say: {TEXT}", **asked)
    assert reply.top_logprobs == 2
    [part] = reply.output[0].content
    assert "".join(one.token for one in part.logprobs) == part.text == TEXT
    assert "ignored" not in reply.to_dict()["pellucid"]
    events = [event async for event in await respond(served, f"say: {TEXT}", **asked, stream=True)]
    [done] = [event for event in events if event.type == "response.output_text.done"]
    assert "".join(one.token for one in done.logprobs) == TEXT
    assert events[-1].response.output[0].content[0].logprobs == part.logprobs
    kept = await served.client().responses.retrieve(reply.id)
    assert kept.output == reply.output
    computed = await respond(served, "say: Well, 6 * 7 = 43, they say.", **asked)
    assert computed.output[0].content[0].logprobs == []
    assert computed.to_dict()["pellucid"]["logprobs"] == WHY


async def test_a_response_that_need_not_include_them_has_none(served: Served) -> None:
    reply = await respond(served, f"say: {TEXT}", top_logprobs=2)
    assert reply.output[0].content[0].logprobs == []
    assert reply.top_logprobs == 0
    told = reply.to_dict()["pellucid"]
    assert told["ignored"] == ["top_logprobs"]
    assert "logprobs" not in told
