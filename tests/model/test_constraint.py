"""Constraints as grammars: what they accept, what they force, what is refused and where."""

import json
from functools import reduce

import pytest
from schemas import accepts as spelled

from pellucid.core.constraint import (
    Calls,
    Choice,
    Constraint,
    Function,
    JsonSchema,
    Lark,
    Marked,
    Regex,
)
from pellucid.core.errors import BadConstraint, BadSchema
from pellucid.model.constraint import compiled


def accepts(constraint: Constraint, text: str) -> bool:
    return spelled(compiled(constraint), text)


def schema(**keywords: object) -> JsonSchema:
    return JsonSchema(json.dumps(keywords))


PERSON = schema(
    type="object",
    properties={"name": {"type": "string"}, "age": {"type": "integer"}},
    required=["name", "age"],
    additionalProperties=False,
)
NOT: dict[str, object] = {"not": {}}
NUMBER = {"type": "integer"}
WEATHER = Function(
    "get_weather",
    "The weather of a place.",
    json.dumps(
        {
            "type": "object",
            "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
            "required": ["city"],
        }
    ),
)
CLOCK = Function("clock")
AUTO = Calls((WEATHER, CLOCK), '<call>\n{"name": "', '", "arguments": ', "}\n</call>")
PARIS = '<call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</call>'
NOW = '<call>\n{"name": "clock", "arguments": {}}\n</call>'


@pytest.mark.parametrize(
    ("constraint", "good", "bad"),
    [
        (PERSON, ['{"name": "Ann", "age": 5}'], ['{"age": 5, "name": "Ann"}', "{}", "", "Ann"]),
        (JsonSchema("true"), ["1", '{"a": [1, "b"]}'], ["", "a"]),
        (schema(anyOf=[{"type": "integer"}, {"const": "x"}]), ["-7", '"x"'], ["1.5", '"y"']),
        (
            schema(type="string", format="date"),
            ['"2024-02-29"', '"2000-02-29"', '"0000-02-29"', '"2021-12-31"', '"2021-02-28"'],
            ['"2021-02-29"', '"1900-02-29"', '"2021-02-30"', '"2021-13-01"', '"2021-04-31"'],
        ),
        (
            schema(type="string", format="date-time", pattern="Z$"),
            ['"2024-02-29T23:59:59Z"', '"2021-12-31T00:00:00.5Z"'],
            ['"2021-02-29T23:59:59Z"', '"2021-12-31T23:59:60Z"', '"2021-12-31T00:00:00+01:00"'],
        ),
        (schema(type="string", format="time"), ['"23:59:59Z"'], ['"23:59:60Z"', '"24:00:00Z"']),
        (Regex("a/b+"), ["a/b", "a/bbb"], ["a/", "ab", "a/bc"]),
        (Lark('start: "(" start ")" | "x"'), ["x", "((x))"], ["(x", "()"]),
        (Choice(("yes", 'say "no"', "yes, but")), ["yes", 'say "no"', "yes, but"], ["no", "ye"]),
        (
            Marked("\nAnswer: ", schema(type="integer")),
            ["I think.\nAnswer: 5", "\nAnswer: 5"],
            ["I think.", "I think.\nAnswer: x", "\nAnswer: 5 "],
        ),
        (Marked("#", Marked("/", Regex("[ab]"))), ["x#y/a"], ["x#y", "#/c"]),
        (
            AUTO,
            ["Hello.", "", f"One moment. {PARIS}", f"{PARIS}\n{NOW}", f"{NOW} Done."],
            ["<call>"],
        ),
    ],
)
def test_what_constraints_accept(constraint: Constraint, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if not accepts(constraint, text)] == []
    assert [text for text in bad if accepts(constraint, text)] == []


def test_arguments_are_held_to_the_schema_of_the_function_named() -> None:
    def call(name: str, arguments: str) -> str:
        return f'<call>\n{{"name": "{name}", "arguments": {arguments}}}\n</call>'

    assert accepts(AUTO, call("get_weather", '{"city": "Rome", "days": 3}'))
    assert not accepts(AUTO, call("get_weather", "{}"))
    assert not accepts(AUTO, call("get_weather", '{"city": "Rome", "hours": 3}'))
    assert not accepts(AUTO, call("clock", '{"city": "Rome"}'))
    assert not accepts(AUTO, call("other", "{}"))


def test_a_call_can_be_required_single_or_replaced() -> None:
    must = Calls(AUTO.functions, AUTO.opening, AUTO.middle, AUTO.closing, required=True)
    assert accepts(must, PARIS)
    assert accepts(must, f"{PARIS}\n{NOW}")
    assert not any(accepts(must, text) for text in ("", "Hello.", f"x{PARIS}", f"{PARIS}\n"))
    one = Calls(AUTO.functions, AUTO.opening, AUTO.middle, AUTO.closing, parallel=False)
    assert accepts(one, f"Let me see. {PARIS}")
    assert not accepts(one, f"{PARIS}\n{NOW}")
    either = Calls(
        AUTO.functions, AUTO.opening, AUTO.middle, AUTO.closing, instead=schema(type="integer")
    )
    assert all(accepts(either, text) for text in (PARIS, "5"))
    assert not any(accepts(either, text) for text in ("Hello.", f"5{PARIS}"))


def test_names_and_texts_may_hold_any_characters() -> None:
    odd = Function('say "hi" \\ é\n')
    calls = Calls((odd,), "[", "](", ")", required=True)
    assert accepts(calls, f"[{json.dumps(odd.name)[1:-1]}]({{}})")
    assert accepts(Choice(("tab\t / é \U0001f600",)), "tab\t / é \U0001f600")


@pytest.mark.parametrize(
    ("keywords", "pointer", "complaint"),
    [
        (
            {"properties": {"a": {"items": {"not": {}}, "type": "array"}}},
            "/properties/a/items",
            "not",
        ),
        ({"type": "array", "uniqueItems": True}, "", "uniqueItems"),
        ({"properties": {"a/b~c": {"pattern": "("}}}, "/properties/a~1b~0c", "unclosed group"),
        (
            {"anyOf": [{"type": "integer"}, {"format": "tree", "type": "string"}]},
            "/anyOf/1",
            "tree",
        ),
        ({"$ref": "https://example.com/x.json"}, "", "example.com"),
        ({"patternProperties": {'^% "ä': NOT}}, '/patternProperties/^% "ä', "not"),
        ({"items": NOT, "properties": {"a": {"$ref": "#b", "$anchor": "b"}}}, "/items", "not"),
        (
            {"properties": {"a": {"$ref": "#/$defs/b"}}, "$defs": {"b": {"type": "tree"}}},
            "/properties/a",
            "tree",
        ),
        ({"type": "integer", "minimum": 5, "maximum": 3}, "", "greater"),
        ({"if": {}, "then": {}}, "", "then"),
        ({"enum": []}, "", "empty"),
    ],
)
def test_a_schema_is_refused_by_name_and_place(
    keywords: dict[str, object], pointer: str, complaint: str
) -> None:
    with pytest.raises(BadSchema, match=complaint) as caught:
        compiled(schema(**keywords))
    assert caught.value.pointer == pointer
    assert (pointer or "the root") in str(caught.value)


@pytest.mark.parametrize(
    ("constraint", "complaint"),
    [
        (JsonSchema("{"), "not JSON"),
        (JsonSchema("false"), "allows something"),
        (JsonSchema("3"), "allows something"),
        (Regex("("), "unclosed group"),
        (Regex("(?=x)"), "look-around"),
        (Lark("start: x"), "unknown name"),
        (Choice(()), "at least one option"),
        (Marked("", Regex("a")), "marker"),
        (Calls((), "<", "", ">"), "no function"),
        (Calls((Function("f", parameters="{"),), "<", "", ">"), "not JSON"),
        (Choice(("x" * 1_000_001,)), "1,000,000"),
    ],
)
def test_a_constraint_that_cannot_be_enforced_is_refused(
    constraint: Constraint, complaint: str
) -> None:
    with pytest.raises(BadConstraint, match=complaint):
        compiled(constraint)


def test_the_strict_subset_is_enforceable_whole() -> None:
    """Every keyword and format that OpenAI's structured outputs allow."""
    formats = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]
    properties: dict[str, object] = {name: {"type": "string", "format": name} for name in formats}
    properties |= {
        "pattern": {"type": "string", "pattern": "^@[a-zA-Z0-9_]+$"},
        "number": {"type": "number", "multipleOf": 0.5, "minimum": 0, "exclusiveMaximum": 10},
        "list": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        "either": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "union": {"type": ["integer", "null"]},
        "tree": {"$ref": "#/$defs/tree"},
        "self": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "const": {"const": 5},
    }
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/tree"}}},
        "required": ["children"],
        "additionalProperties": False,
    }
    whole = schema(
        type="object",
        properties=properties,
        required=list(properties),
        additionalProperties=False,
        **{"$defs": {"tree": tree}},
    )
    assert compiled(whole)


def test_only_strict_functions_are_refused_for_their_schema() -> None:
    parameters = json.dumps({"type": "object", "properties": {"a": {"not": {}}}})
    loose, strict = (Function("f", parameters=parameters, strict=one) for one in (False, True))
    assert accepts(Calls((loose,), "<", ":", ">", required=True), '<f:{"a": 1, "b": [2]}>')
    with pytest.raises(BadSchema, match=r"parameters of 'f'.*not") as caught:
        compiled(Calls((strict,), "<", ":", ">"))
    assert caught.value.pointer == "/properties/a"


def test_a_schema_that_closing_would_make_impossible_stays_open() -> None:
    parts = [
        {"type": "object", "properties": {name: {"type": "integer"}}, "required": [name]}
        for name in "ab"
    ]
    function = Function("f", parameters=json.dumps({"allOf": parts}))
    assert accepts(Calls((function,), "<", ":", ">", required=True), '<f:{"a": 1, "b": 2}>')


def test_deep_schemas_are_judged_without_recursion_errors() -> None:
    deep = reduce(lambda inner, _: {"type": "array", "items": inner}, range(60), {"not": {}})
    with pytest.raises(BadSchema) as caught:
        compiled(JsonSchema(json.dumps(deep)))
    assert caught.value.pointer == "/items" * 60


def test_keys_that_are_not_declared_come_only_where_they_are_welcome() -> None:
    declared: dict[str, object] = {"type": "object", "properties": {"a": {"type": "integer"}}}
    more = '{"a": 1, "b": 2}'
    assert not accepts(schema(**declared), more)
    assert accepts(schema(**declared), '{"a": 1}')
    assert accepts(schema(**declared, additionalProperties=True), more)
    assert accepts(schema(type="object"), more)
    other = {"type": "object", "properties": {"b": {"type": "integer"}}}
    assert accepts(schema(allOf=[declared, other]), more)
    both = {"$defs": {"x": declared}, "allOf": [{"$ref": "#/$defs/x"}, other]}
    assert accepts(schema(**both), more)
