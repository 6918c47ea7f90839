"""Thinking in words before a bare answer."""

from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.policy import next_step
from pellucid.agent.thought import BEGUN, FORM, HINT, LONGEST_READ, due
from pellucid.agent.work import Think
from pellucid.core.effort import EffortName
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult

PREMISES = "All cats are birds. No bird is a fish. Does it follow that no cat is a fish? "
QUESTION = PREMISES + "Answer Yes or No."


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (QUESTION, True),
        (PREMISES + "Reply with a single word.", True),
        (PREMISES + "\nOptions:\n(A) It does\n(B) It does not", True),
        (PREMISES + "\nA) It does\nB) It does not", True),
        (PREMISES + "Which of the following is right?", True),
        (PREMISES, False),
        ("Is a whale a fish? Answer Yes or No.", False),
        (PREMISES * (LONGEST_READ // len(PREMISES) + 1) + "Answer Yes or No.", False),
        ("Of all the cats that there are in this world is there one? yes or no", False),
    ],
)
def test_it_is_due_where_much_is_given_and_little_may_be_said(
    question: str, expected: bool
) -> None:
    assert due(work(question=question, route="answer")) == expected


@pytest.mark.parametrize(("effort", "expected"), [("low", False), ("medium", True), ("high", True)])
def test_it_takes_an_effort_that_pays_for_it(effort: EffortName, expected: bool) -> None:
    assert due(work(question=QUESTION, route="answer", effort=effort)) == expected


def test_a_thought_is_begun_by_rule_and_the_answer_follows_from_it() -> None:
    stage = work(question=QUESTION, route="answer")
    step = next_step(stage)
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.into) == ("thought", Reasoning())
    assert step.prompt.begun == BEGUN
    assert step.prompt.items[-1] == Message("user", f"{QUESTION}\n\n{HINT}")
    after = stage.begun(step).saw(Reasoning(f"{BEGUN}Cats are birds.\nResult: Yes"))
    step = next_step(after)
    assert isinstance(step, Think)
    assert step.purpose == "answer"
    question, thought, form = step.prompt.items[-3:]
    assert question == Message("user", QUESTION)
    assert thought == Message("assistant", f"{BEGUN}Cats are birds.\nResult: Yes")
    assert form == Message("user", FORM)


def test_a_question_without_a_bare_answer_is_answered_at_once() -> None:
    step = next_step(work(question="Tell me about whales.", route="answer"))
    assert isinstance(step, Think)
    assert step.purpose == "answer"


def test_what_the_budget_leaves_bounds_the_thought() -> None:
    stage = work(question=QUESTION, route="answer")
    stage.budget.thinking.spend(800)
    assert not due(replace(stage))


def test_results_are_answered_from_at_once() -> None:
    stage = work(question=QUESTION, route="answer")
    talk = (*stage.turn.items, ToolCall("c", "look", "{}"), ToolResult("c", "Yes"))
    assert not due(replace(stage, turn=replace(stage.turn, items=talk)))
