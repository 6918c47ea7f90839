"""Functions of the caller: called, answered from, and held to a form."""

from dataclasses import replace

import pytest

from agent.works import broke, ran, work
from pellucid.agent.functions import FITTING
from pellucid.agent.policy import next_step
from pellucid.agent.relevance import related
from pellucid.agent.route import Route
from pellucid.agent.work import Act, Judge, Release, Tell, Think, Work
from pellucid.core.constraint import Function, JsonSchema
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import NO_CALL

WEATHER = Function("weather", "The weather of a city")
FORM = JsonSchema('{"type": "object"}')
CALL = ToolCall("c1", "weather", '{"city": "Bern"}')
RESULT = ToolResult("c1", "18 degrees")


def calling(
    *items: Item,
    talk: tuple[Item, ...] = (),
    called: tuple[ToolCall, ...] = (),
    question: str = "How is the weather in Bern?",
    **changes: object,
) -> Work:
    """A turn with a function, after some talk, with what it has done so far."""
    stage = work(*items, question=question, route="answer", called=called)
    turn = replace(stage.turn, items=(*stage.turn.items, *talk), functions=(WEATHER,))
    return replace(stage, turn=replace(turn, **changes))  # type: ignore[arg-type]


def test_the_model_is_asked_with_the_functions_and_the_form() -> None:
    step = next_step(calling(must_call=True, parallel=False, form=FORM))
    assert isinstance(step, Think)
    assert step.prompt.functions == (WEATHER,)
    assert (step.prompt.must_call, step.prompt.parallel) == (True, False)
    assert step.prompt.constraint == FORM


def test_calls_end_the_turn() -> None:
    assert next_step(calling(called=(CALL,))) == Release((CALL,), "calls")


def test_words_are_reviewed_like_any_answer() -> None:
    step = next_step(replace(calling(), draft=Message("assistant", "It is fine.")))
    assert isinstance(step, Release)
    assert step.items[0] == Message("assistant", "It is fine.")


def test_a_call_that_was_cut_is_no_call() -> None:
    step = next_step(calling(Reasoning('[{"name": "wea')))
    assert isinstance(step, Release)
    assert step.reason == "limit"


def test_where_none_fits_the_turn_goes_on_without_them() -> None:
    step = next_step(calling(Reasoning(NO_CALL)))
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.functions) == ("answer", ())
    sums = replace(calling(Reasoning(NO_CALL)), route=Route("program", "arithmetic"))
    step = next_step(sums)
    assert isinstance(step, Think)
    assert step.purpose == "candidate"


def test_a_result_is_gone_on_from_and_counts_as_given() -> None:
    stage = calling(talk=(CALL, RESULT))
    step = next_step(stage)
    assert isinstance(step, Think)
    assert step.prompt.items[-2:] == (CALL, RESULT)
    step = next_step(replace(stage, draft=Message("assistant", "It has 18 degrees.")))
    assert isinstance(step, Release)
    verdicts = step.items[1]
    assert isinstance(verdicts, Verdicts)
    assert [(c.text, c.verdict, c.evidence) for c in verdicts.claims] == [("18", "given", ("c1",))]


def test_calls_that_were_made_before_are_not_made_again() -> None:
    again = replace(CALL, call_id="c2", text='{ "city":"Bern" }')
    other = replace(CALL, call_id="c3", text='{"city": "Oslo"}')
    odd = replace(CALL, call_id="c4", text="{")
    step = next_step(calling(talk=(CALL, RESULT), called=(again, other, odd)))
    assert step == Release((other, odd), "calls")
    step = next_step(calling(talk=(CALL, RESULT), called=(again,)))
    assert isinstance(step, Think)
    assert step.prompt.functions == ()
    new = (CALL, RESULT, Message("assistant", "Fine."), Message("user", "And the weather now?"))
    assert next_step(calling(talk=new, called=(again,))) == Release((again,), "calls")
    must = calling(talk=(CALL, RESULT), called=(again,), must_call=True)
    assert next_step(must) == Release((again,), "calls")


def test_where_no_word_fits_the_model_is_asked_whether_a_function_does() -> None:
    odd = calling(question="What is 12 * 7?")
    step = next_step(odd)
    assert isinstance(step, Judge)
    (prompt,) = step.prompts
    assert "weather: The weather of a city" in prompt.items[-1].text
    for percent, purpose in ((95, "functions"), (50, "none")):
        told = Reasoning(f"The model's own opinion: {FITTING} is right with {percent} %.")
        step = next_step(calling(told, question="What is 12 * 7?"))
        assert isinstance(step, Think)
        assert bool(step.prompt.functions) == (purpose == "functions")
    spent = calling(question="What is 12 * 7?")
    spent.budget.thinking.spend(spent.budget.thinking.left)
    for known in (
        spent,
        calling(question="What is 12 * 7?", must_call=True),
        calling(question="What is 12 * 7?", talk=(CALL, RESULT)),
    ):
        assert isinstance(next_step(known), Think)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How is the weather?", True),
        ("Which CITIES are cold?", True),
        ("What does getForecast give?", True),
        ("What is 12 * 7?", False),
        ("Please tell me what you want.", False),
    ],
)
def test_a_question_and_a_function_may_have_a_word_in_common(question: str, expected: bool) -> None:
    parameters = '{"type": "object", "properties": {"dayForecast": {"type": "string"}}}'
    assert related(question, [Function("city_weather", "", parameters)]) == expected


def test_what_is_held_to_a_form_is_not_worded_grouped_or_cut_by_rule() -> None:
    stage = work(*ran("print(12 * 12000)\n", "144000\n"), question="What is 12 * 12000? JSON")
    held = replace(stage, turn=replace(stage.turn, form=FORM))
    step = next_step(held)
    assert isinstance(step, Think)
    assert step.prompt.constraint == FORM
    said = '{"result": 144000, "twice": "2 * 144000 = 288001"}'
    step = next_step(replace(held, draft=Message("assistant", said), rounds=9))
    assert isinstance(step, Release)
    assert step.items[0] == Message("assistant", said)
    verdicts = step.items[1]
    assert isinstance(verdicts, Verdicts)
    assert "contradicted" in {claim.verdict for claim in verdicts.claims}


def test_a_draft_in_a_form_without_the_result_is_kept() -> None:
    stage = work(*ran("print('Bern')\n", "Bern\n"), question="Which city? JSON")
    held = replace(stage, turn=replace(stage.turn, form=FORM))
    step = next_step(replace(held, draft=Message("assistant", "{}")))
    assert isinstance(step, Release)
    assert step.items[0] == Message("assistant", "{}")


def test_code_is_not_delivered_in_a_form() -> None:
    stage = work(question="Write a function that adds. JSON", route="code")
    step = next_step(replace(stage, turn=replace(stage.turn, form=FORM)))
    assert isinstance(step, Think)
    assert step.prompt.constraint == FORM


def test_an_answer_ends_before_the_first_stop() -> None:
    stage = work(question="Tell me.", route="answer")
    stage = replace(stage, turn=replace(stage.turn, stop=("cloud", "rain")))
    step = next_step(replace(stage, draft=Message("assistant", "Sun, rain, clouds.")))
    assert isinstance(step, Release)
    assert step.items[0].text == "Sun,"


def test_a_broken_program_is_still_mended_in_a_turn_with_a_form() -> None:
    stage = work(*broke("print(x)\n", "NameError: name 'x' is not defined"), candidates=1)
    step = next_step(replace(stage, turn=replace(stage.turn, form=FORM)))
    assert isinstance(step, Think)
    assert step.prompt.constraint is None


def test_a_program_may_copy_what_a_function_returned() -> None:
    returned = ToolResult("c1", '{"revenue": 48271964}')
    program = ToolCall("p", "python", "print(48271964 // 2)\n")
    stage = calling(program, Reasoning(NO_CALL), talk=(CALL, returned))
    step = next_step(replace(stage, route=Route("program", "test")))
    assert step == Act(program)
    odd = replace(program, text="print(48271965 // 2)\n")
    stage = calling(odd, Reasoning(NO_CALL), talk=(CALL, returned))
    assert isinstance(next_step(replace(stage, route=Route("program", "test"))), Tell)


def test_a_stop_ends_answers_worded_by_rule_too() -> None:
    stage = work(*ran("print(12 * 7)\n", "84\n"))
    step = next_step(replace(stage, turn=replace(stage.turn, stop=("84",))))
    assert isinstance(step, Release)
    assert step.items[0].text == "The answer is"
