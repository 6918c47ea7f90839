"""The models without weights."""

import asyncio
import json
from contextlib import aclosing
from typing import Any

import jsonschema
import pytest

from pellucid.core.constraint import Function, JsonSchema
from pellucid.core.events import ItemClosed, ItemGrew
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import NO_CALL, Prompt
from pellucid.model.scripted import ScriptedModel, pauses, playback, rules


async def reply(prompt: Prompt) -> Item:
    events = [e async for e in ScriptedModel(rules).generate(prompt)]
    closed = events[-1]
    assert isinstance(closed, ItemClosed)
    assert "".join(e.text for e in events if isinstance(e, ItemGrew)) == closed.item.text
    return closed.item


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("What is 12 * 3?", "print(12 * 3)\n"),
        ("Run\n```python\nprint('x')\n```", "print('x')\n"),
        ("Hello", "print('nothing to compute')\n"),
    ],
)
async def test_rules_write_programs(question: str, code: str) -> None:
    asked = Prompt((Message("user", question),), into=ToolCall("c7", "python"))
    assert await reply(asked) == ToolCall("c7", "python", code)


async def test_rules_answer() -> None:
    user = Message("user", "say: I ran it.")
    assert await reply(Prompt((user,))) == Message("assistant", "I ran it.")
    exactly = Prompt((Message("user", "reply exactly PONG"),))
    assert await reply(exactly) == Message("assistant", "PONG")
    done = (Message("user", "2*2"), ToolCall("c", "python"), ToolResult("c", "4\n"))
    assert await reply(Prompt(done)) == Message("assistant", "The result is 4.")
    assert "scripted" in (await reply(Prompt((Message("user", "Hi"),)))).text


async def test_rules_think_and_wait_as_they_are_told() -> None:
    slow = Prompt((Message("user", "wait: 0.25\nthink: hm\nthink: ha\nsay: yes"),))
    assert rules(slow) == [Reasoning("hm"), Reasoning("ha"), Message("assistant", "yes")]
    assert pauses(slow) == 0.25
    assert pauses(Prompt((Message("user", "How long do I wait: 5 minutes?"),))) == 0
    assert pauses(Prompt(())) == 0
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(ScriptedModel(rules, pause=lambda prompt: 60.0).generate(slow))


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"enum": ["x", "y"]},
        {"const": 7},
        {"anyOf": [{"type": "null"}, {"type": "string"}]},
        {"type": ["integer", "null"], "minimum": 3},
        {"type": "array", "items": {"type": "boolean"}, "minItems": 2},
        {"type": "array", "items": {"type": "number"}},
        {"$defs": {"a": {"type": "integer"}}, "type": "object", "required": ["a"],
         "properties": {"a": {"$ref": "#/$defs/a"}}},
    ],
)  # fmt: skip
async def test_rules_answer_in_a_form(schema: dict[str, Any]) -> None:
    form = JsonSchema(json.dumps(schema))
    answer = await reply(Prompt((Message("user", "Hello"),), constraint=form))
    jsonschema.validate(json.loads(answer.text), schema)


async def test_playback_plays_in_order_counts_and_is_cut_at_the_limit() -> None:
    model = ScriptedModel(playback([Message("assistant", "12345678")], [ToolCall("a", "f", "x")]))
    first = Prompt((Message("user", "Hi there"),), max_tokens=1)
    events = [e async for e in model.generate(first)]
    assert events[-1] == ItemClosed(Message("assistant", "1234"), cut=True)
    second = [e async for e in model.generate(Prompt(()))]
    assert second[-1] == ItemClosed(ToolCall("a", "f", "x"))
    assert (model.spent.prompt, model.spent.reasoning, model.spent.completion) == (2, 1, 2)
    assert model.seen[0] is first
    with pytest.raises(IndexError):
        _ = [e async for e in model.generate(Prompt(()))]


async def test_a_message_begins_as_it_was_begun() -> None:
    model = ScriptedModel(
        playback([Message("assistant", " Paris.")], [ToolCall("c", "python", "x = 1")])
    )
    for prompt, text in (
        (Prompt((), begun="From memory:"), "From memory: Paris."),
        (Prompt((), into=ToolCall("c", "python"), begun="x = "), "x = 1"),
    ):
        async with aclosing(model.generate(prompt)) as events:
            [closed] = [event.item async for event in events if isinstance(event, ItemClosed)]
        assert closed.text == text


async def test_rules_call_functions_and_think() -> None:
    weather = Function("weather", parameters='{"required": ["city"]}')
    asked = Prompt((Message("user", 'call: weather {"city": "Bern"}'),), functions=(weather,))
    assert await reply(asked) == ToolCall("call_1", "weather", '{"city": "Bern"}')
    must = Prompt((Message("user", "How is it in Oslo?"),), functions=(weather,), must_call=True)
    assert await reply(must) == ToolCall("call_1", "weather", '{"city": "Oslo"}')
    after = Prompt((*asked.items, ToolResult("call_1", "dry")), functions=(weather,))
    assert await reply(after) == Message("assistant", "The result is dry.")
    other = Prompt((Message("user", "call: other {}"),), functions=(weather,))
    assert await reply(other) == Reasoning(NO_CALL)
    assert isinstance(await reply(Prompt(asked.items, into=Reasoning())), Reasoning)
