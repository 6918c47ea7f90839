"""Examples of a request, and tests of a model, as checks that can be run."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.coding.examples import Example, assertions, examples, fitting, literal_at, named


def read(request: str) -> list[tuple[str, str, str]]:
    return [(e.kind, e.source, e.wanted) for e in examples(request)]


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("add(2, 3) -> 5", [("value", "add(2, 3)", "5")]),
        ("`add(2, 3)` → `5`", [("value", "add(2, 3)", "5")]),
        ("For example f([1, 2]) returns 3.", [("value", "f([1, 2])", "3")]),
        ("f('a)') should return \"b)\", I think", [("value", "f('a)')", '"b)"')]),
        ("f('\\'x') == 1", [("value", "f('\\'x')", "1")]),
        ("- `even(4)` is true", [("value", "even(4)", "True")]),
        ("even(4) => null", [("value", "even(4)", "None")]),
        ("even(5)  # False", [("value", "even(5)", "False")]),
        ("f(x=1) gives {'a': [1]} (a dict)", [("value", "f(x=1)", "{'a': [1]}")]),
        ("f(1) -> 2 and f(2) -> 3", [("value", "f(1)", "2"), ("value", "f(2)", "3")]),
        ("f(n) -> 3", []),
        ("f(3) is 4 times larger", []),
        ("f(3) is the 4th", []),
        ("print(3) -> 3", []),
        ("x.f(3) -> 3", []),
        ("f(3 -> 3", []),
        ("def f(x) -> 3", []),
        ("f(3) does 4", []),
        ("f(*a) = 2", []),
    ],
)
def test_calls_with_their_values(request_: str, found: list[tuple[str, str, str]]) -> None:
    assert read(request_) == found


def test_lines_at_the_prompt() -> None:
    request = (
        'Complete it:\n```python\ndef f(x):\n    """Doubles.\n\n    >>> f(2)\n    4\n'
        '    >>> for i in range(2):\n    ...     print(f(i))\n    ...\n    0\n    2\n    """\n```\n'
        ">>> (\n>>> y = f(1)\n"
    )
    assert read(request) == [
        ("shown", "f(2)", "4"),
        ("shown", "for i in range(2):\n    print(f(i))\n", "0\n2"),
        ("shown", "y = f(1)", ""),
    ]


def test_assertions_with_and_without_a_value() -> None:
    request = (
        "It must hold:\nassert f(1) == 2\n- `assert f(2)`\nassert (\n```\nassert f(\n  3) == 4\n```"
    )
    assert read(request) == [
        ("value", "f(3)", "4"),
        ("value", "f(1)", "2"),
        ("statement", "assert f(2)", ""),
    ]


def test_input_and_output() -> None:
    request = "Input: nums = [2, 7], target = 9\nOutput: [0, 1]\nExplanation: they add up.\n"
    assert read(request) == [
        ("call", "nums = [2, 7], target = 9", "[0, 1]"),
        ("typed", "nums = [2, 7], target = 9\n", "[0, 1]"),
    ]
    typed = "**Sample Input:**\n3 4\n5 6\n\n**Sample Output:**\n7\n11\n```\nmore"
    assert read(typed) == [("typed", "3 4\n5 6\n", "7\n11")]
    assert read("Input:\nOutput: 3") == []


def test_windows_line_ends() -> None:
    assert read(">>> f(1)\r\n2\r\n") == [("shown", "f(1)", "2")]


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        ("Write a function called `twice`.", {"twice"}),
        ("def add(a, b):", {"add"}),
        ("a function add_up(a, b) that", {"add_up"}),
        ("a function that adds", set()),
        ("the `Stack` class", {"Stack"}),
        ("assert f(len([1])) == 1", {"f"}),
        (">>> s = Stack()", {"Stack"}),
        ("sq(3) -> 9", set()),
    ],
)
def test_names_the_code_must_have(request_: str, names: set[str]) -> None:
    assert named(request_) == names


CODE = "def sq(x):\n    return x * x\n"


@pytest.mark.parametrize(
    ("request_", "code", "kept"),
    [
        ("sq(3) -> 9", CODE, [("value", "sq(3)")]),
        ("cube(3) -> 9", CODE, []),
        ("Write a function called cube. cube(3) -> 9", CODE, [("value", "cube(3)")]),
        ("assert cube(3) == 9", CODE, [("value", "cube(3)")]),
        (">>> cube(3)\n9", CODE, [("shown", "cube(3)")]),
        ("assert cube(3)", CODE, [("statement", "assert cube(3)")]),
        ("Input: 3\nOutput: 9", CODE, [("value", "sq(3)")]),
        ("Input: n = 3\nOutput: 9", CODE, [("value", "sq(3)")]),
        ("Input: x = 3\nOutput: 9", CODE, [("value", "sq(x=3)")]),
        ("Input: 3\nOutput: 9", CODE + "def cube(x): return 1", []),
        (
            "A function called cube.\nInput: 3\nOutput: 9",
            CODE + "def cube(x): 1",
            [("value", "cube(3)")],
        ),
        ("Input: 3\nOutput: 9", "print(int(input()) ** 2)", [("typed", "3\n")]),
        ("Input: 3\nOutput: 9", "print(9)", []),
        ("sq(3) -> 9", "no code at all", []),
    ],
)
def test_examples_as_code_can_be_held_to_them(
    request_: str, code: str, kept: list[tuple[str, str]]
) -> None:
    fit = fitting(examples(request_), code, named(request_))
    assert [(e.kind, e.source) for e in fit] == kept


def test_tests_of_a_model() -> None:
    reply = (
        "Here:\n```python\nfrom answer import f\n\nassert f(1) == 2\nassert f(2)\n"
        "assert f(1) == 2\ndef test_more():\n    assert f(3) == 4\n\n"
        "def test_own():\n    x = 1\n    assert f(x) == 2\n```"
    )
    assert assertions(reply) == (
        Example("model", "value", "f(1)", "2"),
        Example("model", "statement", "assert f(2)"),
        Example("model", "value", "f(3)", "4"),
    )


def test_tests_that_were_cut_or_not_fenced() -> None:
    assert assertions("assert f(1) == 2\nassert f(2) == (") == (
        Example("model", "value", "f(1)", "2"),
    )
    assert assertions("I cannot.") == ()


@given(st.text(max_size=120))
def test_any_text_gives_examples_that_parse(text: str) -> None:
    for example in (*examples(text), *assertions(text)):
        if example.kind in ("statement", "value", "shown"):
            ast.parse(example.source)


LITERALS = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.none(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.tuples(inner, inner)),
    max_leaves=5,
)


@given(
    LITERALS, LITERALS, st.sampled_from([" -> ", " returns ", " == ", " => ", " should return "])
)
def test_what_is_written_as_an_example_is_read(given_: object, value: object, joint: str) -> None:
    if "\n" in f"{given_!r}{value!r}":
        return
    (example,) = examples(f"f({given_!r}){joint}{value!r}")
    call = ast.parse(example.source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert ast.literal_eval(call.args[0]) == given_
    assert ast.literal_eval(example.wanted) == value


def test_a_literal_ends_where_words_go_on() -> None:
    assert literal_at("[1, 2], because") == "[1, 2]"
    assert literal_at("4 because it is") == "4"
    assert literal_at("4 eggs") == ""
    assert literal_at("3.5 eggs") == ""
    assert literal_at("1,000 eggs") == ""
    assert literal_at("3.5.") == "3.5"
    assert literal_at("") == ""
