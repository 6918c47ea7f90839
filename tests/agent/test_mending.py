"""A repair keeps what need not be written again."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.works import broke, work
from pellucid.agent.mending import kept, respelt
from pellucid.agent.policy import next_step
from pellucid.agent.work import Act, Tell, Think
from pellucid.core.items import ToolCall


def failed(line: int, error: str) -> str:
    place = f'  File "<program 1>", line {line}, in <module>'
    return f"Traceback (most recent call last):\n{place}\n{error}"


CODE = "girls = 60\nboys = 2 * girls\n\n# All of them\nteachers = students / 5\nprint(teachers)\n"


def test_what_stands_before_the_failed_statement_is_kept_without_its_comment() -> None:
    error = failed(5, "NameError: name 'students' is not defined")
    assert kept(CODE, error) == "girls = 60\nboys = 2 * girls\n\n"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (CODE, failed(5, "ZeroDivisionError: division by zero")),
        (CODE, failed(1, "NameError: name 'x' is not defined")),
        ("# only words\nx = y\n", failed(2, "NameError: name 'y' is not defined")),
        ("for i in range(3):\n    x = y\n", failed(2, "NameError: name 'y' is not defined")),
        ("a = (1,\n2 3)\n", failed(2, "SyntaxError: invalid syntax")),
        (CODE, "Stopped after 20 seconds."),
    ],
)
def test_where_the_cause_may_stand_before_nothing_is_kept(code: str, error: str) -> None:
    assert kept(code, error) == ""


def test_of_a_program_that_does_not_parse_the_sound_part_is_kept() -> None:
    code = "a = 1\nb = 2\ntime crossword = 3\nprint(a)\n"
    assert (
        kept(code, '  File "<program 1>", line 3\nSyntaxError: invalid syntax')
        == "a = 1\nb = 2\n\n"
    )


def test_a_function_that_fails_is_written_again_from_its_head() -> None:
    code = "a = 1\ndef f():\n    return b\nprint(f())\n"
    frames = failed(4, "  File \"<program 1>\", line 3, in f\nNameError: name 'b' is not defined")
    assert kept(code, frames) == "a = 1\n\n"


def test_a_name_spelt_otherwise_is_put_right() -> None:
    code = "samantha_age = 31\nprint(Samantha_age + samanthaAge - 'Samantha_age'.count('x'))\n"
    once = respelt(code, "NameError: name 'Samantha_age' is not defined")
    assert once == code.replace("(Samantha_age", "(samantha_age")
    for error in ("NameError: name 'x' is not defined", "KeyError: 'Samantha_age'"):
        assert respelt(code, error) == code
    assert respelt("a_b = ab = 1\nprint(A_B)", "NameError: name 'A_B' is not defined").endswith(
        "A_B)"
    )
    assert respelt("a = (", "NameError: name 'A' is not defined") == "a = ("


def test_a_misspelt_name_costs_no_token() -> None:
    code = "total = 3\nprint(Total)\n"
    stage = work(*broke(code, failed(2, "NameError: name 'Total' is not defined")), candidates=1)
    step = next_step(stage)
    assert isinstance(step, Tell)
    [call] = step.items
    assert isinstance(call, ToolCall)
    assert call.text == "total = 3\nprint(total)\n"
    assert isinstance(next_step(stage.saw(call)), Act)
    stage.budget.calls.spend(stage.budget.calls.left)
    assert not isinstance(next_step(stage), Tell)


def test_a_repair_goes_on_from_what_is_kept() -> None:
    stage = work(*broke(CODE, failed(5, "NameError: name 'students' is not defined")), candidates=1)
    step = next_step(stage)
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.begun) == ("repair", "girls = 60\nboys = 2 * girls\n\n")


@given(st.integers(1, 12), st.lists(st.sampled_from(CODE.splitlines()), max_size=8))
def test_what_is_kept_is_a_beginning_that_parses(line: int, lines: list[str]) -> None:
    code = "\n".join(lines)
    begun = kept(code, failed(line, "NameError: name 'z' is not defined"))
    ast.parse(begun)
    assert f"{code}\n\n".startswith(begun.rstrip("\n"))


def test_a_length_of_time_has_no_form_of_its_own() -> None:
    error = "AttributeError: 'datetime.timedelta' object has no attribute 'strftime'"
    code = "lasted = end - start\nprint(lasted.strftime('%H:%M'), 'in all')\n"
    assert respelt(code, error) == "lasted = end - start\nprint(lasted, 'in all')\n"
    other = "AttributeError: 'int' object has no attribute 'strftime'"
    assert respelt(code, other) == code
