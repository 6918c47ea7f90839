"""The policy, decision by decision, without a model."""

from dataclasses import replace

import pytest

from agent.works import QUESTION, broke, ran, work
from pellucid.agent.budget import SMALLEST_ANSWER
from pellucid.agent.context import HEAD_LINES, shown
from pellucid.agent.hints import hinted
from pellucid.agent.policy import next_step
from pellucid.agent.program import TOO_LONG
from pellucid.agent.route import PROGRAM, UNCHOSEN, UNDECIDED, WORDS, Route
from pellucid.agent.route_choice import CHOOSE, MOST_TOKENS
from pellucid.agent.work import Act, Release, Step, Tell, Think, Work
from pellucid.core.constraint import Choice
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.turn import Attachment, Turn

GOOD = "boxes = 7\neggs = 12\nprint(boxes * eggs)\n"
OPEN = "A box holds 12 eggs. What do 7 boxes hold?"
EGGS = "The answer is 84 eggs."
LONG = "What is 123456789012345678901234567890 + 1?"


def thought(step: Step) -> Think:
    assert isinstance(step, Think), step
    return step


def answered(step: Step) -> tuple[Message, Verdicts]:
    assert isinstance(step, Release), step
    message, verdicts = step.items
    assert isinstance(message, Message)
    assert isinstance(verdicts, Verdicts)
    return message, verdicts


def use_up_thinking(stage: Work) -> Work:
    stage.budget.thinking.spend(stage.budget.thinking.left)
    return stage


def undecided() -> Work:
    return replace(work(), route=UNDECIDED)


def test_where_no_rule_is_sure_the_model_chooses_first() -> None:
    step = thought(next_step(undecided()))
    assert (step.purpose, step.prompt.max_tokens) == ("route", MOST_TOKENS)
    assert step.prompt.constraint == Choice((WORDS, PROGRAM))
    assert step.prompt.items[-1].text == f"{hinted(QUESTION)}\n\n{CHOOSE}"
    assert isinstance(step.prompt.into, Reasoning)


def test_a_revision_that_only_repeats_the_objection_is_not_the_answer() -> None:
    draft = "I ran the code. Canberra is the capital."
    first = work(question="Which city is it?", route="answer")
    asked = first.begun(thought(next_step(first))).saw(Message("assistant", draft))
    revise = thought(next_step(asked))
    objection = revise.prompt.items[-1].text.splitlines()[0]
    again = asked.begun(revise).saw(Message("assistant", objection))
    message, verdicts = answered(next_step(again))
    assert message.text == "Canberra is the capital."
    assert verdicts.removed


def test_the_choice_is_followed_and_is_no_draft() -> None:
    asked = undecided().begun(thought(next_step(undecided())))
    computing = asked.saw(Reasoning(PROGRAM))
    assert thought(next_step(computing)).purpose == "candidate"
    assert computing.draft is None
    assert computing.candidates == computing.answers == 0
    talking = asked.saw(Reasoning(WORDS))
    assert thought(next_step(talking)).purpose == "answer"


def test_the_model_is_asked_once_whatever_it_says() -> None:
    asked = undecided().begun(thought(next_step(undecided())))
    assert asked.route == UNCHOSEN
    assert thought(next_step(asked)).purpose == "answer"
    assert thought(next_step(asked.saw(Reasoning("")))).purpose == "answer"


def test_later_reasoning_is_no_choice() -> None:
    stage = undecided().begun(thought(next_step(undecided()))).saw(Reasoning(WORDS))
    assert stage.saw(Reasoning(PROGRAM)).route == stage.route


def test_without_thinking_or_calls_left_nothing_is_chosen() -> None:
    assert thought(next_step(use_up_thinking(undecided()))).purpose == "answer"
    stage = undecided()
    stage.budget.calls.spend(stage.budget.calls.left)
    assert thought(next_step(stage)).purpose == "answer"


def test_a_program_is_written_first_greedily_within_the_budget() -> None:
    step = thought(next_step(work(effort="low")))
    assert isinstance(step.prompt.into, ToolCall)
    assert (step.purpose, step.prompt.temperature, step.prompt.max_tokens) == (
        "candidate",
        0.0,
        256,
    )
    assert step.prompt.items[-1] == Message("user", hinted(QUESTION))


def test_a_program_with_the_numbers_of_the_question_is_run() -> None:
    call = ToolCall("c", "python", GOOD)
    assert next_step(work(call)) == Act(call)


def test_a_miscopied_number_is_never_computed_with() -> None:
    """One digit of thirty is wrong: the program is refused and the corrected one is told."""
    call = ToolCall("c", "python", "print(123456789012345678901234567891 + 1)\n")
    step = next_step(work(call, question=LONG))
    assert isinstance(step, Tell)
    refused, fixed = step.items
    assert isinstance(refused, ToolResult)
    assert refused.failed
    assert refused.text.startswith("Not run:")
    assert isinstance(fixed, ToolCall)
    assert fixed.text == "print(123456789012345678901234567890 + 1)\n"
    assert next_step(work(call, refused, fixed, question=LONG)) == Act(fixed)


def test_an_invented_long_number_is_refused_and_sent_back() -> None:
    call = ToolCall("c", "python", "print(998877665544332211)\n")
    step = next_step(work(call))
    assert isinstance(step, Tell)
    (refused,) = step.items
    again = thought(next_step(work(call, refused, candidates=1)))
    assert again.purpose == "repair"
    assert again.prompt.items[-2:] == (call, refused)


def test_an_unknown_tool_is_a_failed_result() -> None:
    step = next_step(work(ToolCall("c", "teleport", "{}")))
    assert isinstance(step, Tell)
    assert step.items == (ToolResult("c", "There is no tool 'teleport'.", True),)


def test_failures_are_repaired_then_tried_anew_then_answered_in_words() -> None:
    failed = broke("print(x)\n", "NameError: x")
    stage = work(*failed, candidates=1)
    assert thought(next_step(stage)).purpose == "repair"
    second = thought(next_step(replace(stage, repairs=2)))
    assert second.purpose == "candidate"
    assert second.prompt.temperature > 0
    assert "another way" in second.prompt.items[-1].text
    last = thought(next_step(replace(stage, repairs=2, candidates=2)))
    assert last.purpose == "answer"
    assert last.prompt.items[-1] == Message("user", hinted(QUESTION))


def test_low_effort_repairs_once_and_has_one_candidate() -> None:
    stage = work(*broke("print(x)\n", "NameError: x"), effort="low", candidates=1, repairs=1)
    assert thought(next_step(stage)).purpose == "answer"


def test_a_repair_that_changes_nothing_is_the_last_one() -> None:
    failed, again = broke("print(x)\n", "NameError: x"), broke("print(x)\n", "NameError: x", "d")
    stage = work(*failed, *again, candidates=1, repairs=1)
    assert thought(next_step(stage)).purpose == "candidate"
    other = broke("print(y)\n", "NameError: y", "d")
    assert thought(next_step(work(*failed, *other, candidates=1, repairs=1))).purpose == "repair"


def test_a_program_is_begun_by_rule_where_small_weights_begin_wrongly() -> None:
    question = "If January 1 falls on a Friday, name the weekday of May 4."
    step = thought(next_step(work(question=question)))
    assert step.prompt.begun.endswith('== "Friday")\n')
    assert thought(next_step(work())).prompt.begun == ""


def test_nothing_printed_is_a_failure() -> None:
    assert thought(next_step(work(*ran("x = 1\n", ""), candidates=1))).purpose == "repair"


def test_a_sound_result_is_worded_from_its_output() -> None:
    pair = ran(GOOD, "84\n")
    step = thought(next_step(work(*pair, question=OPEN, candidates=1)))
    assert step.purpose == "answer"
    assert step.prompt.items[-2:] == pair


def test_a_doubtful_result_gets_one_second_program_and_the_sound_one_is_used() -> None:
    doubtful, sound = ran(GOOD, "-84\n", "a"), ran(GOOD, "84\n", "b")
    assert thought(next_step(work(*doubtful, candidates=1))).purpose == "candidate"
    assert answered(next_step(work(*doubtful, *sound, candidates=2)))[0].text == EGGS
    both = work(*doubtful, *ran(GOOD, "-5\n", "b"), candidates=2)
    assert answered(next_step(both))[0].text == "The answer is -84 eggs."


def test_a_good_draft_is_released_with_verdicts() -> None:
    draft = Message("assistant", "There are 84 eggs in 7 boxes.")
    message, verdicts = answered(next_step(work(*ran(GOOD, "84\n"), draft=draft)))
    assert message == draft
    assert {c.text: c.verdict for c in verdicts.claims} == {"84": "computed", "7": "given"}


def test_bare_arithmetic_and_sentences_are_answered_without_another_token() -> None:
    bare = work(*ran("print(6 * 7000)\n", "42000\n"), question="What is 6 * 7000?")
    stage = replace(bare, route=Route("program", "arithmetic"))
    assert answered(next_step(stage))[0].text == "The answer is 42,000."
    spoken = work(*ran(GOOD, "There are 84 eggs.\n"))
    assert answered(next_step(spoken))[0].text == "There are 84 eggs."


def test_zeros_before_integers_are_dropped_before_a_run() -> None:
    step = next_step(work(ToolCall("c", "python", "print(09 + 1)\n")))
    assert isinstance(step, Tell)
    assert step.items[1] == ToolCall("c_tidy", "python", "print(9 + 1)\n")


@pytest.mark.parametrize(
    ("output", "draft", "answer"),
    [
        ("ant,cow\n", "The words are sorted in ascending order.", "The answer is ant,cow."),
        ("ant,cow\n", "They are **Ant**, **Cow**.", "They are **Ant**, **Cow**."),
        ("['ant', 'cow']\n", "They are ant and cow.", "They are ant and cow."),
        ("True\n", "Yes, it is a palindrome.", "Yes, it is a palindrome."),
        ("ant\ncow\n", "Here are the words.", "Here are the words."),
        ("84\n", "There are some eggs.", EGGS),
    ],
)
def test_a_draft_without_the_result_is_not_the_answer(output: str, draft: str, answer: str) -> None:
    stage = work(*ran(GOOD, output), draft=Message("assistant", draft))
    assert answered(next_step(stage))[0].text == answer


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is 69.599 + 98.7596 + 31.6?", "The answer is 199.9586."),
        ("What does 69.599 + 98.7596 + 31.6 give as a float?", "The answer is 199.95860000000002."),
    ],
)
def test_the_noise_of_floating_point_is_said_only_where_it_is_asked_about(
    question: str, answer: str
) -> None:
    bare = work(*ran("print(69.599 + 98.7596 + 31.6)\n", "199.95860000000002\n"), question=question)
    message, verdicts = answered(next_step(replace(bare, route=Route("program", "arithmetic"))))
    assert message.text == answer
    assert [claim.verdict for claim in verdicts.claims] == ["computed"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How wide is it?", "It is 284 m wide."),
        ("How wide is it, rounded to one decimal?", "It is 284.0 m wide."),
    ],
)
def test_whole_floats_are_said_as_whole_numbers(question: str, answer: str) -> None:
    stage = work(*ran("print(568 / 2)\n", "284.0\n"), question=question)
    step = next_step(replace(stage, draft=Message("assistant", "It is 284.0 m wide.")))
    assert answered(step)[0].text == answer


def test_large_results_are_grouped() -> None:
    pair = ran("print(48271964 - 19384756)\n", "28887208\n")
    draft = Message("assistant", "The difference is 28887208.")
    stage = work(*pair, draft=draft, question="What is 48271964 - 19384756?")
    message, verdicts = answered(next_step(stage))
    assert message.text == "The difference is 28,887,208."
    assert [(c.text, c.value, c.verdict) for c in verdicts.claims] == [
        ("28,887,208", "28887208", "computed")
    ]


def test_a_draft_that_does_not_state_the_result_is_replaced_by_the_output() -> None:
    draft = Message("assistant", "That is a lot of eggs.")
    message, _ = answered(next_step(work(*ran(GOOD, "84\n"), draft=draft)))
    assert message.text == EGGS


def test_a_contradicted_draft_goes_back_while_rounds_last_then_is_corrected() -> None:
    """The published failure: a wrong difference, and a calculator that never was."""
    lie = "48271964 - 19384756 = 28,887,209. The calculator displays 28,887,209."
    stage = work(draft=Message("assistant", lie), route="answer", question="48271964 - 19384756?")
    back = thought(next_step(stage))
    assert back.purpose == "revision"
    assert "calculator" in back.prompt.items[-1].text
    message, verdicts = answered(next_step(replace(stage, rounds=1)))
    assert "calculator" not in message.text
    assert "28,887,209" not in message.text
    assert verdicts.removed
    assert all(c.verdict != "contradicted" for c in verdicts.claims)


def test_low_effort_corrects_by_rule_at_once() -> None:
    draft = Message("assistant", "I ran the code and got 5. It is nice.")
    message, verdicts = answered(next_step(work(draft=draft, effort="low", route="answer")))
    assert "ran" not in message.text
    assert verdicts.removed


def test_a_cut_answer_says_so() -> None:
    draft = Message("assistant", "It was a dark and")
    step = next_step(work(draft=draft, draft_cut=True, route="answer"))
    assert isinstance(step, Release)
    assert step.reason == "length"


def test_an_empty_draft_is_never_an_empty_answer() -> None:
    message, _ = answered(next_step(work(draft=Message("assistant", " "), route="answer")))
    assert message.text.strip()


def test_out_of_time_gives_the_best_so_far_and_names_the_budget() -> None:
    stage = work(*ran(GOOD, "84\n"), out_of="the time for this answer is used up")
    step = next_step(stage)
    assert isinstance(step, Release)
    assert step.reason == "limit"
    assert "84" in step.items[0].text
    assert "the time for this answer is used up" in step.items[0].text
    nothing = next_step(work(out_of="the time for this answer is used up"))
    assert isinstance(nothing, Release)
    assert "No answer" in nothing.items[0].text


def test_thinking_used_up_forces_an_answer() -> None:
    step = next_step(use_up_thinking(work()))
    assert thought(step).purpose == "answer"
    after = next_step(use_up_thinking(work(*broke("x", "NameError"), candidates=1)))
    assert thought(after).purpose == "answer"


def test_no_calls_left_ends_in_the_best_there_is() -> None:
    stage = work(*ran(GOOD, "84\n", "a"), ToolCall("b", "python", GOOD))
    stage.budget.calls.spend(stage.budget.calls.left)
    assert answered(next_step(stage))[0].text == EGGS


def test_no_room_for_another_answer_gives_the_result_as_it_is() -> None:
    stage = work(*ran(GOOD, "84\n"), question=OPEN)
    stage.budget.output.spend(stage.budget.output.left - SMALLEST_ANSWER + 1)
    message, _ = answered(next_step(stage))
    assert message.text.startswith("The answer is 84.")


def test_earlier_questions_are_shown_as_they_were() -> None:
    """With their hints, so that a later prompt extends an earlier one."""
    said = Message("assistant", EGGS)
    turn = Turn("t", (Message("user", QUESTION), said, Message("user", OPEN)))
    _, first, between, last = shown(turn)
    assert (first.text, between, last.text) == (hinted(QUESTION), said, hinted(OPEN))


def test_of_a_long_attachment_only_the_head_is_shown() -> None:
    lines = [f"{n},{n * n}" for n in range(100)]
    turn = Turn(
        "t", (Message("user", "sum?"),), attachments=(Attachment("s.csv", "\n".join(lines)),)
    )
    text = shown(turn)[-1].text
    assert f"its first {HEAD_LINES} of 100 lines" in text
    assert lines[HEAD_LINES - 1] in text.splitlines()
    assert lines[HEAD_LINES] not in text.splitlines()


def test_attachments_are_loaded_by_an_execution_before_the_program() -> None:
    stage = work(question="average of column 2")
    turn = replace(stage.turn, attachments=(Attachment("input.csv", "a,b\n1,2\n"),))
    stage = replace(stage, turn=turn)
    step = next_step(stage)
    assert isinstance(step, Tell)
    (load,) = step.items
    assert isinstance(load, ToolCall)
    assert "input.csv" in load.text
    assert next_step(replace(stage, items=(load,))) == Act(load)
    loaded = replace(stage, items=(load, ToolResult(load.call_id, "8")))
    asked = thought(next_step(loaded))
    assert asked.purpose == "candidate"
    assert "a,b\n1,2" in asked.prompt.items[-1].text


def test_what_no_program_can_be_given_is_not_guessed_at() -> None:
    stage = work(question="How many words does it have?")
    novel = Attachment("novel.txt", "It was late.\n" * 80_000)
    stage = replace(stage, turn=replace(stage.turn, attachments=(novel,)))
    step = next_step(stage)
    assert isinstance(step, Release)
    assert step.items[0].text == TOO_LONG
    held = replace(stage, turn=replace(stage.turn, form=Choice(("yes", "no"))))
    assert isinstance(next_step(held), Tell)
