"""BFCL: function calls, compared with the accepted ones by parsed values.

The comparison is that of the Berkeley Function-Calling Leaderboard (Patil et al., ICML 2025),
written anew: the leaderboard's package pulls the clients of every model it ranks.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pellucid.core.constraint import Function
from pellucid.core.items import Item, Message, ToolCall
from pellucid.evals.task import Answer, Grade, Question
from pellucid.model.chatml import signature

TASKS = ("simple_python", "multiple", "parallel", "live_simple", "irrelevance")
TYPES = {"dict": "object", "float": "number", "tuple": "array"}
NATIVE = (
    "You are a helpful assistant.\n\n"
    "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
    "You are provided with function signatures within <tools></tools> XML tags:\n"
    "<tools>\n{}\n</tools>\n\n"
    "For each function call, return a json object with function name and arguments within "
    "<tool_call></tool_call> XML tags:\n<tool_call>\n"
    '{{"name": <function-name>, "arguments": <args-json-object>}}\n</tool_call>'
)
"""The makers' own template for functions (the model card of Qwen2.5)."""
_LOOSE = re.compile(r"[ ,./\-_*^]")

Expected = Mapping[str, Mapping[str, list[Any]]]
"""A call that is right: the name, and for each argument the values accepted ("": none)."""


def function(described: Mapping[str, Any]) -> Function:
    """A function of BFCL, its parameters as JSON Schema."""
    parameters = json.dumps(schema(described["parameters"]))
    return Function(described["name"], described["description"], parameters)


def functions_told(functions: Sequence[Function]) -> str:
    """The makers' system message that offers functions."""
    return NATIVE.format("\n".join(map(signature, functions)))


def messages(row: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages of a question, the one to answer last."""
    return tuple(Message(one["role"], one["content"]) for one in row["question"][0])


def schema(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """BFCL's dialect of JSON Schema (dict, float, tuple, any) as JSON Schema."""
    found = {key: value for key, value in parameters.items() if key not in ("optional", "format")}
    kind = found.get("type")
    if kind == "any":
        del found["type"]
    elif kind in TYPES:
        found["type"] = TYPES[kind]
    if "properties" in found:
        found["properties"] = {name: schema(one) for name, one in found["properties"].items()}
    if isinstance(found.get("items"), dict):
        found["items"] = schema(found["items"])
    return found


def same(value: object, accepted: object) -> bool:
    """BFCL's comparison: texts without case, spaces and punctuation, numbers by value."""
    match value, accepted:
        case bool(), bool():
            return value == accepted
        case (bool(), _) | (_, bool()):
            return False
        case ((int() | float()), (int() | float())):
            return math.isclose(value, accepted)
        case str(), str():
            return _loose(value) == _loose(accepted)
        case list(), list():
            return len(value) == len(accepted) and all(map(same, value, accepted))
        case dict(), dict():
            return fits(value, accepted)
        case _:
            return value == accepted


def _loose(text: str) -> str:
    return _LOOSE.sub("", text).lower().replace("'", '"')


def fits(arguments: Mapping[str, Any], accepted: Mapping[str, Any]) -> bool:
    """Whether each argument has an accepted value, and only what may be absent is."""
    named = all(name in accepted for name in arguments)
    return named and all(
        any(same(arguments[name], one) for one in values) if name in arguments else "" in values
        for name, values in ((n, v if isinstance(v, list) else [v]) for n, v in accepted.items())
    )


def right(calls: Sequence[ToolCall], expected: Sequence[Expected]) -> bool:
    """Whether calls and expected ones pair off, in any order."""
    left = list(expected)
    for call in calls:
        found = next((e for e in left if call.name in e and _fits(call, e[call.name])), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _fits(call: ToolCall, accepted: Mapping[str, list[Any]]) -> bool:
    try:
        arguments = json.loads(call.text)
    except ValueError:
        return False
    return isinstance(arguments, dict) and fits(arguments, accepted)


def written(text: str) -> tuple[ToolCall, ...]:
    """The calls in a free reply, in tags or fences or bare: any object with name and arguments."""
    found, place, decoder = list[ToolCall](), text.find("{"), json.JSONDecoder()
    while place >= 0:
        try:
            value, end = decoder.raw_decode(text, place)
        except ValueError:
            value, end = None, place + 1
        if isinstance(value, dict) and isinstance(value.get("arguments"), dict):
            found.append(ToolCall("", str(value.get("name")), json.dumps(value["arguments"])))
        place = text.find("{", end)
    return tuple(found)


def called(items: Sequence[Item]) -> tuple[ToolCall, ...]:
    """The calls among items, else those written in their texts."""
    calls = tuple(item for item in items if isinstance(item, ToolCall))
    return calls or tuple(call for item in items for call in written(item.text))


def matched(question: Question, answer: Answer) -> Grade:
    """Whether the calls are the accepted ones; where no function fits, whether there is none."""
    calls, expected = called(answer.last), question.row["ground_truth"]
    good = right(calls, expected) if expected else not calls
    got = "; ".join(f"{call.name}({call.text})" for call in calls) or "no call"
    return Grade(good, got, "" if good else f"expected {question.expected}")
