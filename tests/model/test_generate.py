"""A dialect on an engine: replies as items. The fake engine answers at random."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from pellucid.core.constraint import Function, JsonSchema
from pellucid.core.errors import BadSchema, DeadlineMissed, EngineError
from pellucid.core.events import ItemClosed
from pellucid.core.items import Item, Message, Reasoning, ToolCall
from pellucid.core.ports import NO_CALL, Prompt
from pellucid.core.serving import Serving
from pellucid.core.usage import Usage
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.sequence import Output, Request
from pellucid.model.chatml import ChatML
from pellucid.model.generate import SOONEST, EngineModel, TokenMemory

ASKED = (Message("user", "Where is it warm?"),)
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 5}, "warm": {"type": "boolean"}},
    "required": ["city", "warm"],
    "additionalProperties": False,
}
WEATHER = Function("get_weather", parameters=json.dumps(CITY))


@pytest.fixture
async def model() -> AsyncIterator[EngineModel]:
    async with EngineClient(HostSettings(window=4096)) as engine:
        info = await engine.ready()
        yield EngineModel("fake", engine, info, ChatML("x"), TokenMemory(engine), lambda: "r")


async def items(model: EngineModel, prompt: Prompt) -> list[tuple[Item, bool]]:
    async with aclosing(model.generate(prompt)) as events:
        return [(e.item, e.cut) async for e in events if isinstance(e, ItemClosed)]


class Overheard(EngineClient):
    """An engine that remembers what it was asked."""

    def __init__(self, settings: HostSettings) -> None:
        super().__init__(settings)
        self.asked: list[Request] = []

    def generate(self, request: Request) -> AsyncGenerator[Output, None]:
        self.asked.append(request)
        return super().generate(request)


async def test_how_a_turn_is_served_reaches_the_engine() -> None:
    async with Overheard(HostSettings(window=4096)) as engine:
        info = await engine.ready()
        serving = Serving("batch", deterministic=True)
        model = EngineModel(
            "fake", engine, info, ChatML("x"), TokenMemory(engine), lambda: "r", serving
        )
        for seconds in (None, 5.0, 0.0):
            prompt = Prompt(ASKED, max_tokens=4, seconds=seconds)
            with suppress(DeadlineMissed):
                await items(model, prompt)
        assert [(one.priority, one.deterministic) for one in engine.asked] == [("batch", True)] * 3
        assert [one.deadline for one in engine.asked] == [0.0, 5.0, SOONEST]


async def test_an_adapter_the_engine_lacks_is_an_error() -> None:
    async with EngineClient(HostSettings(window=4096)) as engine:
        info = await engine.ready()
        serving = Serving(adapter="law")
        model = EngineModel(
            "fake", engine, info, ChatML("x"), TokenMemory(engine), lambda: "r", serving
        )
        with pytest.raises(EngineError, match="law"):
            await items(model, Prompt(ASKED))


async def test_a_reply_is_held_to_its_constraint(model: EngineModel) -> None:
    prompt = Prompt(ASKED, constraint=JsonSchema(json.dumps(CITY)), max_tokens=100)
    ((reply, cut),) = await items(model, prompt)
    jsonschema.validate(json.loads(reply.text), CITY)
    assert not cut
    assert model.spent.completion == len(reply.text)


async def test_a_reply_cut_by_its_limit_says_so(model: EngineModel) -> None:
    prompt = Prompt(ASKED, constraint=JsonSchema(json.dumps(CITY)), max_tokens=12)
    ((reply, cut),) = await items(model, prompt)
    assert cut
    assert reply.text.startswith('{"city": "')
    assert len(reply.text) == 12


async def test_calls_come_as_calls_with_valid_arguments(model: EngineModel) -> None:
    prompt = Prompt(ASKED, functions=(WEATHER,), must_call=True, parallel=False, max_tokens=300)
    ((call, cut),) = await items(model, prompt)
    assert isinstance(call, ToolCall)
    assert call.name == "get_weather"
    jsonschema.validate(json.loads(call.text), CITY)
    assert not cut


async def test_a_schema_that_cannot_be_enforced_costs_no_token(model: EngineModel) -> None:
    with pytest.raises(BadSchema, match="not"):
        await items(model, Prompt(ASKED, constraint=JsonSchema('{"not": {}}')))
    assert model.spent == Usage()


async def test_where_no_function_fits_the_model_says_so(model: EngineModel) -> None:
    """The fake engine says so for some questions."""
    for number in range(60):
        prompt = Prompt((Message("user", f"{number}?"),), functions=(WEATHER,), max_tokens=60)
        found = await items(model, prompt)
        if any(isinstance(item, Reasoning) for item, _ in found):
            break
    assert found == [(Reasoning(NO_CALL), False)]


async def test_a_list_of_calls_that_is_cut_calls_nothing(model: EngineModel) -> None:
    prompt = Prompt(ASKED, functions=(WEATHER,), must_call=True, max_tokens=30)
    ((item, cut),) = await items(model, prompt)
    assert isinstance(item, Reasoning)
    assert item.text.startswith('[{"name": "get_weather"')
    assert cut


async def test_an_answer_to_a_schema_may_stand_instead_of_calls(model: EngineModel) -> None:
    either = Prompt(ASKED, functions=(WEATHER,), constraint=JsonSchema('{"enum": [7]}'))
    for number in range(60):
        prompt = replace(either, items=(Message("user", f"{number}?"),), max_tokens=200)
        found = await items(model, prompt)
        if found == [(Message("assistant", "7"), False)]:
            return
    raise AssertionError("never")


async def test_a_reply_goes_on_from_how_it_was_begun(model: EngineModel) -> None:
    begun = "I have no web here."
    [(reply, _)] = await items(model, Prompt(ASKED, max_tokens=4, begun=begun))
    assert reply.text.startswith(begun)
    rendered = ChatML("x").render(Prompt(ASKED, begun=begun))
    assert rendered[:-1] == ChatML("x").render(Prompt(ASKED))
    assert (rendered[-1].text, rendered[-1].control) == (begun, False)


async def test_how_likely_a_reply_is_told_when_it_is_asked_for(model: EngineModel) -> None:
    for measured in (True, False):
        prompt = Prompt(ASKED, max_tokens=4, measured=measured)
        async with aclosing(model.generate(prompt)) as events:
            [closed] = [event async for event in events if isinstance(event, ItemClosed)]
        assert (closed.confidence is not None) == measured
        assert closed.confidence is None or -1 < closed.confidence <= 0


@pytest.mark.parametrize(
    ("changes", "others"),
    [
        ({}, None),
        ({"measured": True}, None),
        ({"top_logprobs": 0}, 0),
        ({"top_logprobs": 2}, 2),
        ({"top_logprobs": 2, "constraint": JsonSchema('{"type": "string"}')}, None),
    ],
)
async def test_the_tokens_of_a_reply_are_told_when_nothing_else_chose_them(
    model: EngineModel, changes: Any, others: int | None
) -> None:
    prompt = Prompt(ASKED, max_tokens=4, **changes)
    async with aclosing(model.generate(prompt)) as events:
        [closed] = [event async for event in events if isinstance(event, ItemClosed)]
    assert (closed.confidence is not None) == prompt.measured
    if others is None:
        assert closed.tokens == ()
        return
    assert b"".join(one.piece for one in closed.tokens).decode() == closed.item.text
    assert all(-1 < one.logprob <= 0 for one in closed.tokens)
    assert {len(one.top) for one in closed.tokens} == {others}
