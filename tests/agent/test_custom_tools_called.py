"""Custom tools: called, then asked for their input."""

from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.policy import next_step
from pellucid.agent.work import CUT_CALL, Release, Reply, Think, Work
from pellucid.core.constraint import Constraint, Function, Lark, Regex
from pellucid.core.items import Item, Message, ToolCall, ToolResult

CALL = ToolCall("c1", "sql", "{}")


def calling(*called: ToolCall, form: Constraint | None = None, talk: tuple[Item, ...] = ()) -> Work:
    """A turn with a custom tool and a function."""
    sql = Function("sql", "Asks the database", custom=True, form=form)
    stage = work(question="Ask the database how many there are.", called=called)
    functions = (Function("weather"), sql)
    turn = replace(stage.turn, items=(*stage.turn.items, *talk), functions=functions)
    return replace(stage, turn=turn)


def written(stage: Work, text: str) -> Work:
    return replace(stage, replies=(Reply("answer", ""), Reply("input", text)))


def test_one_call_is_made_at_a_time() -> None:
    step = next_step(calling())
    assert isinstance(step, Think)
    assert not step.prompt.parallel
    alone = calling()
    step = next_step(replace(alone, turn=replace(alone.turn, functions=(Function("database"),))))
    assert isinstance(step, Think)
    assert step.prompt.parallel


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (Lark('start: "a"'), 'this Lark grammar:\nstart: "a"'),
        (Regex("[a-z]+"), "this regular expression:\n[a-z]+"),
        (None, "Asks the database"),
    ],
)
def test_its_input_is_asked_for_alone(form: Constraint | None, said: str) -> None:
    step = next_step(calling(CALL, form=form))
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.constraint) == ("input", form)
    assert step.prompt.functions == ()
    asked = step.prompt.items[-1].text
    assert "input of the tool sql" in asked
    assert asked.endswith(said)


def test_what_is_written_is_the_call() -> None:
    stage = calling(CALL).begun(Think(_prompt(calling(CALL)), "input"))
    seen = stage.saw(Message("assistant", "SELECT 1"))
    assert seen.draft is None
    assert next_step(seen) == Release((replace(CALL, text="SELECT 1"),), "calls")


def _prompt(stage: Work) -> object:
    step = next_step(stage)
    assert isinstance(step, Think)
    return step.prompt


def test_input_that_was_cut_calls_nothing() -> None:
    stage = calling(CALL).begun(Think(_prompt(calling(CALL)), "input"))
    step = next_step(stage.saw(Message("assistant", "SEL"), cut=True))
    assert isinstance(step, Release)
    assert step.reason == "limit"
    assert CUT_CALL in step.items[0].text
    full = calling(CALL)
    full.budget.output.spend(full.budget.output.left)
    step = next_step(full)
    assert isinstance(step, Release)
    assert step.reason == "limit"


def test_a_fence_around_free_text_is_no_part_of_it() -> None:
    fenced = "```sql\nSELECT 1\n```\n"
    step = next_step(written(calling(CALL), fenced))
    assert step == Release((replace(CALL, text="SELECT 1"),), "calls")
    held = written(calling(CALL, form=Regex("(.|\n)*")), fenced)
    assert next_step(held) == Release((replace(CALL, text=fenced),), "calls")


def test_a_call_that_was_made_before_is_not_made_again() -> None:
    before = (replace(CALL, text="SELECT 1"), ToolResult("c1", "3"))
    again = replace(CALL, call_id="c2")
    step = next_step(written(calling(again, talk=before), "SELECT 1"))
    assert isinstance(step, Think)
    assert step.prompt.functions == ()
    step = next_step(written(calling(again, talk=before), "SELECT 2"))
    assert step == Release((replace(again, text="SELECT 2"),), "calls")
    function = ToolCall("c3", "weather", "{}")
    assert next_step(calling(function)) == Release((function,), "calls")
