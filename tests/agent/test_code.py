"""The code route, decision by decision, without a model."""

from dataclasses import replace
from typing import Any

import pytest

from agent.checking import executed
from agent.works import work
from pellucid.agent.code import CHECK
from pellucid.agent.coding.candidates import candidate
from pellucid.agent.coding.checks import Plan, plan_of, program
from pellucid.agent.coding.examples import Example, examples, named
from pellucid.agent.policy import next_step
from pellucid.agent.work import Act, Release, Reply, Step, Tell, Think, Work
from pellucid.core.effort import EffortName
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import Prompt
from pellucid.core.turn import Attachment

ASKED = "Write a Python function sq that squares. sq(3) -> 9"
PLAIN = "Write a Python function that squares a number."
GOOD = "Here:\n```python\ndef sq(x):\n    return x * x\n```\nIt squares."
BAD = "```python\ndef sq(x):\n    return x + x\n```"
TESTS = "```python\nassert sq(2) == 4\nassert sq(3) == 9\nassert sq(4) == 17\n```"


def stage(
    *replies: tuple[Any, str], question: str = ASKED, effort: EffortName = "medium", **changes: Any
) -> Work:
    """A turn on the code route that has got these replies, whose code was not run yet."""
    return heard(work(question=question, effort=effort, route="code", **changes), *replies)


def heard(at: Work, *replies: tuple[Any, str]) -> Work:
    """The turn after these replies; the first one is the draft."""
    for purpose, text in replies:
        into: Item = Reasoning() if at.draft else Message("assistant")
        at = at.begun(Think(Prompt((), into=into), purpose)).saw(replace(into, text=text))
    return at


def run_checks(at: Work) -> Work:
    """The turn after every check it asks for has run."""
    for _ in range(20):
        step = next_step(at)
        match step:
            case Tell((ToolCall() as call,)):
                at = at.begun(step).saw(call)
            case Act(call):
                plan = plan_of(call.text)
                assert plan is not None
                ran = executed(plan)
                at.budget.calls.spend(1)
                at = at.begun(step).saw(ToolResult(call.call_id, ran.output, execution=ran))
            case _:
                return at
    raise AssertionError("it never stops checking")


def thought(step: Step) -> Think:
    assert isinstance(step, Think), step
    return step


def answered(step: Step) -> str:
    assert isinstance(step, Release), step
    message, verdicts = step.items
    assert isinstance(message, Message)
    assert isinstance(verdicts, Verdicts)
    return message.text


def test_the_first_reply_is_an_answer_in_draft() -> None:
    step = thought(next_step(work(question=ASKED, route="code")))
    assert (step.purpose, step.prompt.temperature) == ("candidate", 0.0)
    assert isinstance(step.prompt.into, Message)
    assert step.prompt.items[-1].text.startswith(ASKED)
    assert "complete code" in step.prompt.items[-1].text


def test_words_about_code_are_asked_for_as_they_are() -> None:
    question = "Please explain this function: def f(x): return x"
    step = thought(next_step(work(question=question, route="code")))
    assert step.prompt.items[-1] == Message("user", question)


def test_code_is_run_with_the_examples_before_it_is_shown() -> None:
    at = stage(("candidate", GOOD))
    told = next_step(at)
    assert isinstance(told, Tell)
    (call,) = told.items
    assert isinstance(call, ToolCall)
    assert call.call_id.endswith(CHECK)
    assert plan_of(call.text) == Plan(
        (("answer.py", "def sq(x):\n    return x * x\n"),),
        "answer.py",
        "answer",
        (Example("request", "value", "sq(3)", "9"),),
    )
    assert next_step(at.saw(call)) == Act(call)
    text = answered(next_step(run_checks(at)))
    assert text == f"{GOOD}\n\nRun here: the example of the request passes."


def test_delivered_code_is_called_run_in_its_verdict() -> None:
    step = next_step(run_checks(stage(("candidate", GOOD))))
    assert isinstance(step, Release)
    verdicts = step.items[1]
    assert isinstance(verdicts, Verdicts)
    (code,) = [c for c in verdicts.claims if c.kind == "code"]
    assert (code.verdict, code.note, code.evidence) == ("computed", "run", ("exec_1",))


@pytest.mark.parametrize(("code", "kept"), [(GOOD, True), (BAD, False)])
def test_that_all_tests_pass_is_said_only_when_they_do(code: str, kept: bool) -> None:
    claim = "All tests pass."
    at = run_checks(replace(stage(("candidate", f"{code}\n{claim}"), effort="low"), repairs=1))
    assert (claim in answered(next_step(at))) == kept


def test_a_failed_example_goes_back_and_the_repair_is_delivered() -> None:
    at = run_checks(stage(("candidate", BAD)))
    step = thought(next_step(at))
    assert step.purpose == "repair"
    assert isinstance(step.prompt.into, Reasoning)
    assert "`sq(3)` gives 6, not 9" in step.prompt.items[-1].text
    assert step.prompt.items[-2].text == BAD
    at = run_checks(at.begun(step).saw(Reasoning(GOOD)))
    assert answered(next_step(at)).endswith("Run here: the example of the request passes.")


def test_what_does_not_parse_is_repaired_without_a_run() -> None:
    at = stage(("candidate", "```python\ndef sq(x:\n    return\n```"))
    step = thought(next_step(at))
    assert step.purpose == "repair"
    assert "not valid Python" in step.prompt.items[-1].text


def test_a_repair_that_changes_nothing_is_the_last_one() -> None:
    at = run_checks(stage(("candidate", BAD), ("repair", BAD)))
    again = thought(next_step(at))
    assert (again.purpose, again.prompt.temperature) == ("candidate", 0.8)
    assert sum(isinstance(i, ToolResult) for i in at.items) == 1


def test_when_nothing_is_left_the_best_says_what_fails() -> None:
    at = run_checks(replace(stage(("candidate", BAD), effort="low"), repairs=1))
    assert answered(next_step(at)).endswith(
        "Run here: the example of the request does not pass; `sq(3)` gives 6, not 9."
    )


def test_low_effort_asks_for_no_tests() -> None:
    at = run_checks(stage(("candidate", GOOD), question=PLAIN, effort="low"))
    assert answered(next_step(at)).endswith("the request gives no examples to hold it to.")


def test_tests_come_from_the_request_and_the_signature_alone() -> None:
    step = thought(next_step(stage(("candidate", GOOD), question=PLAIN)))
    assert step.purpose == "tests"
    said = "".join(i.text for i in step.prompt.items)
    assert "def sq(x): ..." in said
    assert "return x * x" not in said


def test_tests_know_classes_by_their_methods() -> None:
    code = "class A:\n    x = 1\n    def f(self) -> int:\n        return 1\nB = 2\ndef g(): 1\n"
    step = thought(next_step(stage(("candidate", f"```python\n{code}```"), question=PLAIN)))
    assert "class A:\n    def f(self) -> int: ...\ndef g(): ..." in step.prompt.items[-1].text


def test_a_program_without_functions_gets_no_tests() -> None:
    at = run_checks(stage(("candidate", "```python\nprint(1)\n```"), question=PLAIN))
    assert "Run here: it ends without an error" in answered(next_step(at))


def test_a_program_that_fails_is_repaired_and_then_written_anew() -> None:
    script = "```python\nprint(y)\n```"
    at = run_checks(stage(("candidate", script), ("repair", script), question=PLAIN))
    step = thought(next_step(at))
    assert step.purpose == "candidate"
    assert step.prompt.items[-1].text.endswith("and nothing else.")


def test_failing_only_the_models_tests_is_not_repaired_but_compared() -> None:
    """The tests may be what is wrong: another candidate decides."""
    at = run_checks(stage(("candidate", BAD), ("tests", TESTS), question=PLAIN))
    step = thought(next_step(at))
    assert (step.purpose, step.prompt.temperature) == ("candidate", 0.8)
    assert "def sq(x): ..." in step.prompt.items[-1].text
    at = run_checks(at.begun(step).saw(Reasoning(GOOD)))
    assert "it passes 2 of the 3 checks" in answered(next_step(at))


def test_passing_half_of_the_tests_is_enough_at_medium_effort() -> None:
    at = run_checks(stage(("candidate", GOOD), ("tests", TESTS), question=PLAIN))
    assert "it passes 2 of the 3 checks" in answered(next_step(at))


def test_high_effort_asks_until_agreement_is_clear() -> None:
    at = stage(("candidate", GOOD), ("tests", TESTS), question=PLAIN)
    at = replace(at, row=replace(at.row, candidates=9))
    for _ in range(2):
        at = run_checks(at)
        step = thought(next_step(at))
        assert step.purpose == "candidate"
        at = at.begun(step).saw(Reasoning(GOOD.replace("x * x", "x ** 2")))
    assert step.prompt.seed == 2
    at = run_checks(at)
    assert at.candidates == 3
    assert sum(isinstance(i, ToolResult) for i in at.items) == 2  # equal code is run once
    assert answered(next_step(at)).startswith(GOOD)


def test_no_code_is_an_answer_in_words() -> None:
    at = stage(("candidate", "You cannot."))
    assert answered(next_step(at)) == "You cannot."


def test_foreign_code_is_looked_at() -> None:
    at = stage(("candidate", "```js\nlet x = (1)\n```"), question="Write JavaScript code")
    assert "JavaScript, checked for balanced brackets only" in answered(next_step(at))
    at = run_checks(stage(("candidate", '```json\n{"a": 1}\n```'), question="Write JSON code"))
    assert answered(next_step(at)).endswith("JSON, parsed here.")


LONG = "\n".join(["def sq(x):", "    return x + x", *(f"x{n} = {n}" for n in range(120)), ""])
EDIT = "a.py\n<<<<<<< SEARCH\n    return x + x\n=======\n    return x * x\n>>>>>>> REPLACE"


def edited(*replies: tuple[Any, str], text: str = LONG) -> Work:
    at = work(question="Fix sq in a.py. sq(3) -> 9", route="code")
    turn = replace(at.turn, attachments=(Attachment("a.py", text),))
    return heard(replace(at, turn=turn), *replies)


def test_a_long_file_is_changed_by_blocks_that_are_applied_and_run() -> None:
    asked = thought(next_step(edited())).prompt.items[-1].text
    assert "<<<<<<< SEARCH" in asked
    assert asked.endswith("Now the blocks for a.py:")
    assert "x119 = 119" in asked
    at = run_checks(edited(("candidate", EDIT)))
    text = answered(next_step(at))
    assert text.startswith("a.py\n```text\n<<<<<<< SEARCH\n    return x + x\n")
    assert text.endswith("The changes are applied. Run here: the example of the request passes.")


def test_blocks_that_do_not_fit_go_back_once_and_then_the_whole_file_is_asked_for() -> None:
    wrong = EDIT.replace("x + x", "x - x")
    step = thought(next_step(edited(("candidate", wrong))))
    assert step.purpose == "repair"
    assert "does not occur in a.py" in step.prompt.items[-1].text
    at = edited(("candidate", wrong), ("repair", wrong))
    step = thought(next_step(at))
    assert step.purpose == "candidate"
    assert "Write the whole file a.py again" in step.prompt.items[-1].text


def test_a_short_file_is_written_whole() -> None:
    asked = thought(next_step(edited(text="def sq(x):\n    return x + x\n"))).prompt.items[-1].text
    assert "SEARCH" not in asked
    at = run_checks(edited(("candidate", GOOD), text="def sq(x):\n    return x + x\n"))
    assert answered(next_step(at)).endswith("Run here: the example of the request passes.")


def test_a_changed_program_is_run_and_not_held_to_tests_of_the_model() -> None:
    code = "def sq(x):\n    return x * x\n\nif __name__ == '__main__':\n    print(sq())\n"
    at = work(question=f"Fix this:\n```python\n{code.replace('*', '+')}```", route="code")
    step = thought(next_step(run_checks(heard(at, ("candidate", f"```python\n{code}```")))))
    assert step.purpose == "repair"
    assert "TypeError" in step.prompt.items[-1].text


def test_a_cut_reply_is_closed_before_anything_is_put_behind_it() -> None:
    at = stage(("candidate", "```python\nx = 1\n"), effort="low")
    at = run_checks(replace(at, draft_cut=True))
    step = next_step(at)
    assert isinstance(step, Release)
    assert step.reason == "length"
    assert answered(step).startswith("```python\nx = 1\n```\n\nRun here")


@pytest.mark.parametrize(
    "replies", [(), (("candidate", GOOD),), (("candidate", GOOD), ("tests", TESTS))]
)
def test_out_of_anything_gives_the_best_so_far(replies: tuple[tuple[str, str], ...]) -> None:
    why = "the time for this answer is used up"
    step = next_step(replace(stage(*replies, question=PLAIN), out_of=why))
    assert isinstance(step, Release)
    assert step.reason == "limit"
    assert f"This is the best so far: {why}." in answered(step)
    assert not replies or "Not run: the time" in answered(step)


def test_out_of_time_while_code_runs() -> None:
    at = stage(("candidate", GOOD))
    told = next_step(at)
    assert isinstance(told, Tell)
    at = replace(at.saw(told.items[0]), out_of="the time for this answer is used up")
    assert "Not run: the time" in answered(next_step(at))


def test_no_calls_left_and_no_thinking_left() -> None:
    at = stage(("candidate", BAD))
    at.budget.calls.spend(at.budget.calls.left)
    assert "Not run: the budget of tool calls is used up." in answered(next_step(at))
    at = run_checks(stage(("candidate", BAD)))
    at.budget.thinking.spend(at.budget.thinking.left)
    assert "`sq(3)` gives 6, not 9" in answered(next_step(at))


def test_a_check_that_was_refused_is_not_asked_for_again() -> None:
    at = stage(("candidate", GOOD))
    told = next_step(at)
    assert isinstance(told, Tell)
    (call,) = told.items
    assert isinstance(call, ToolCall)
    at = at.saw(call).saw(ToolResult(call.call_id, "python is withdrawn", failed=True))
    assert "Not run: nothing here could run it." in answered(next_step(at))


def test_a_call_of_another_tool_is_refused() -> None:
    call = ToolCall("c", "teleport", "{}")
    step = next_step(stage().saw(call))
    assert isinstance(step, Tell)
    assert step.items == (ToolResult("c", "There is no tool 'teleport'.", True),)
    at = stage(candidates=1).saw(call).saw(ToolResult("c", "There is none", True))
    assert "No answer" in answered(next_step(at))


def test_replies_are_kept_by_what_they_were_asked_for() -> None:
    at = stage(("candidate", GOOD), ("tests", TESTS))
    assert at.replies == (Reply("candidate", GOOD), Reply("tests", TESTS))
    assert (at.candidates, at.repairs) == (1, 0)
    thinking = stage().begun(Think(Prompt(()), "candidate"))
    assert thinking.saw(Reasoning("hm")).replies == ()


def test_equal_plans_have_equal_programs() -> None:
    """What was run is found again by its text."""
    found = examples(ASKED)
    one = candidate(GOOD, (), found, named(ASKED)).plan
    other = candidate(GOOD + " ", (), found, named(ASKED)).plan
    assert one is not None
    assert other is not None
    assert program(one) == program(other)
