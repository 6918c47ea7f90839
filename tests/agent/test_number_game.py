"""Making a number of others: read by rule, searched by program."""

import re
from collections import Counter
from fractions import Fraction

import pytest

from agent.works import work
from pellucid.agent.number_game import program
from pellucid.agent.policy import next_step
from pellucid.agent.work import Act, Release, Tell
from pellucid.core.executions import Execution
from pellucid.core.items import ToolCall, ToolResult
from pellucid.tools.python.sandbox import PythonSandbox

QUESTION = "Using all the numbers 3, 7, 11 and 25, create an expression that equals 51."


@pytest.mark.parametrize(
    ("question", "made"),
    [
        (QUESTION, 51),
        ("Make 24 from 1, 5, 5, 5; each number must be used exactly once.", 24),
        ("Find an arithmetic expression with 2, 9, 40, each number exactly once, to get 22", 22),
        ("The target is 952. Use 25, 50, 75, 100, 3, 6, each number at most once.", 952),
    ],
)
async def test_an_expression_is_found(sandbox: PythonSandbox, question: str, made: int) -> None:
    run = await sandbox.run("s", program(question), seconds=30, seed=0)
    told = run.output.strip()
    assert set(told) <= set("0123456789+-*/() "), run.error
    value = eval(re.sub(r"\d+", r"Fraction(\g<0>)", told), {"Fraction": Fraction})
    listed = re.findall(r"\d+", question)
    listed.remove(str(made))
    left_out = Counter(listed) - Counter(re.findall(r"\d+", told))
    assert value == made
    assert not Counter(re.findall(r"\d+", told)) - Counter(listed)
    assert not left_out or "at most" in question


async def test_that_there_is_none_is_said(sandbox: PythonSandbox) -> None:
    code = program("Make 1000 of all the numbers 1, 1, 1, 1, 1, 2.")
    run = await sandbox.run("s", code, seconds=30, seed=0)
    assert run.output == "There is no such expression.\n"


@pytest.mark.parametrize(
    "question",
    [
        "What is the mean of 3, 7, 11 and 25?",
        QUESTION.replace("51", "a prime"),
        QUESTION + " It must not make 52.",
        QUESTION + " Without using division.",
        QUESTION + " Exponents are allowed.",
        QUESTION.replace("3,", "3, 4, 5, 6,"),
        "Using each number once: 3 and 7 make 10.",
    ],
)
def test_other_questions_get_no_program(question: str) -> None:
    assert program(question) == ""


def test_the_program_is_run_and_its_result_is_the_answer() -> None:
    told = next_step(work(question=QUESTION))
    assert isinstance(told, Tell)
    (call,) = told.items
    assert isinstance(call, ToolCall)
    assert call.text == program(QUESTION)
    assert next_step(work(call, question=QUESTION)) == Act(call)
    run = Execution("e", call.text, "ok", output="7 * 3 + 25 + 11 - 6\n")
    result = ToolResult(call.call_id, "7 * 11 + 3 - 25\n4\n", execution=run)
    step = next_step(work(call, result, question=QUESTION))
    assert isinstance(step, Release)
    assert step.items[0].text == "7 * 11 + 3 - 25\n4"


def test_a_program_by_rule_that_fails_is_not_mended_but_written_anew() -> None:
    call = ToolCall("t_by_rule", "python", program(QUESTION))
    failed = ToolResult(
        call.call_id, "", True, Execution("e", call.text, "error", error="NameError: x")
    )
    step = next_step(work(call, failed, question=QUESTION))
    assert getattr(step, "purpose", "") == "candidate"
