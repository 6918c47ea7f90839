"""Function calls compared with the accepted ones."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from answers import said

from pellucid.core.items import Message, ToolCall
from pellucid.evals.calls import (
    called,
    function,
    functions_told,
    matched,
    messages,
    schema,
    written,
)
from pellucid.evals.task import Answer, Question

EXPECTED = [{"area": {"base": [10], "height": [5, 5.0], "unit": ["cm", ""]}}]


def call(name: str, **arguments: Any) -> ToolCall:
    return ToolCall("c", name, json.dumps(arguments))


CALLS: list[tuple[Sequence[ToolCall], Any, bool]] = [
    ([call("area", base=10, height=5.0)], EXPECTED, True),
    ([call("area", base=10, height=5, unit="C M")], EXPECTED, True),
    ([call("area", base=10)], EXPECTED, False),
    ([call("area", base=10, height=5, colour="red")], EXPECTED, False),
    ([call("area", base=True, height=5)], EXPECTED, False),
    ([call("volume", base=10, height=5)], EXPECTED, False),
    ([], EXPECTED, False),
    ([call("area", base=10, height=5)] * 2, EXPECTED, False),
    ([call("b"), call("a")], [{"a": {}}, {"b": {}}], True),
    ([call("f", at=[1, {"x": 2}])], [{"f": {"at": [[1, {"x": [2]}]]}}], True),
    ([call("f", at=[1])], [{"f": {"at": [[1, 2]]}}], False),
    ([ToolCall("c", "f", "[1]")], [{"f": {}}], False),
    ([ToolCall("c", "f", "{")], [{"f": {}}], False),
    ([], None, True),
    ([call("f")], None, False),
]


@pytest.mark.parametrize(("calls", "expected", "right"), CALLS)
def test_calls(calls: Sequence[ToolCall], expected: Any, right: bool) -> None:
    question = Question("q", ("?",), row={"ground_truth": expected})
    grade = matched(question, Answer((Message("user", "?"), *calls)))
    assert grade.right is right
    assert bool(grade.note) is not right


def test_calls_are_read_from_free_replies() -> None:
    text = 'I call <tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call> {"arguments": 3} {'
    (found,) = written(text)
    assert (found.name, json.loads(found.text)) == ("f", {"a": 1})
    assert called(said(text).last) == (found,)
    assert called((call("g"), Message("assistant", text))) == (call("g"),)


def test_schemas_become_json_schema() -> None:
    given = {
        "type": "dict",
        "properties": {
            "a": {"type": "float", "format": "x", "optional": True},
            "b": {"type": "array", "items": {"type": "tuple"}},
            "c": {"type": "any"},
        },
    }
    assert schema(given) == {
        "type": "object",
        "properties": {
            "a": {"type": "number"},
            "b": {"type": "array", "items": {"type": "array"}},
            "c": {},
        },
    }


def test_functions_are_offered_as_the_makers_do() -> None:
    given = {"name": "f", "description": "does", "parameters": {"type": "dict", "properties": {}}}
    told = functions_told((function(given),))
    assert '{"type": "function", "function": {"name": "f", "description": "does"' in told
    assert '{"name": <function-name>' in told


def test_the_last_message_is_asked() -> None:
    row = {"question": [[{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]]}
    assert messages(row) == (Message("system", "s"), Message("user", "u"))
