"""High effort, decision by decision, without a model."""

from dataclasses import replace

from agent.works import broke, ran, work
from pellucid.agent import search
from pellucid.agent.budget import Budget
from pellucid.agent.judge import opinion
from pellucid.agent.policy import next_step
from pellucid.agent.search import BATCH
from pellucid.agent.work import Act, Explore, Judge, Release, Step, Tell, Think, Work
from pellucid.core.events import ItemClosed
from pellucid.core.items import Item, Message, Reasoning, ToolCall

GOOD, WRONG = ran("print(12 * 7)", "84"), ran("print(12 + 7)", "19")


def high(*items: Item, **changes: object) -> Work:
    return work(*items, effort="high", **changes)


def explored(step: Step) -> Explore:
    assert isinstance(step, Explore), step
    return step


def batch(number: int, form: str, output: str) -> tuple[Item, Item]:
    return ran(f"print({output})", output, f"t_2_{number}_{form}")


def test_the_first_program_comes_as_at_medium() -> None:
    step = next_step(high())
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.temperature) == ("candidate", 0.0)
    call, result = broke("print(x)", "NameError: x")
    assert next_step(high(call, candidates=1)) == Act(call)
    repair = next_step(high(call, result, candidates=1))
    assert isinstance(repair, Think)
    assert repair.purpose == "repair"


def test_then_several_forms_are_asked_at_the_same_time() -> None:
    step = explored(next_step(high(*GOOD, candidates=1)))
    assert len(step.prompts) == BATCH
    assert len({prompt.seed for prompt in step.prompts}) == BATCH
    assert {type(prompt.into) for prompt in step.prompts} == {ToolCall, Reasoning}
    calls = [p.into.call_id for p in step.prompts if isinstance(p.into, ToolCall)]
    assert len(set(calls)) == len(calls)
    assert all(prompt.temperature > 0 for prompt in step.prompts)
    assert sum(prompt.max_tokens for prompt in step.prompts) <= 4096
    begun = high(*GOOD, candidates=1).begun(step)
    assert (begun.candidates, begun.explored) == (1 + BATCH, 1)


def test_a_first_program_beyond_repair_is_not_the_end() -> None:
    failed = broke("print(x)", "NameError: x")
    explored(next_step(high(*failed, *failed, candidates=1, repairs=2)))


def test_every_program_of_a_batch_is_run_before_the_next_decision() -> None:
    one = ToolCall("t_2_0_program", "python", "print(84)")
    two = ToolCall("t_2_1_restated", "python", "print(85)")
    stage = high(*GOOD, one, two, candidates=3, explored=1)
    assert next_step(stage) == Act(one)
    (_, result) = ran(one.text, "84", one.call_id)
    assert next_step(stage.saw(result)) == Act(two)


def test_a_program_of_a_batch_is_tidied_like_any_other() -> None:
    untidy = ToolCall("t_2_0_program", "python", "print(09)")
    stage = high(*GOOD, untidy, candidates=2, explored=1)
    told = next_step(stage)
    assert isinstance(told, Tell)
    for item in told.items:
        stage = stage.saw(item)
    assert next_step(stage) == Act(ToolCall("t_2_0_program_tidy", "python", "print(9)"))


def test_agreement_of_different_forms_ends_the_search() -> None:
    same = [batch(n, f, "84") for n, f in enumerate(("program", "restated", "equations"))]
    items = [item for pair in same for item in pair]
    done = high(*GOOD, *items, Reasoning("Result: 84"), candidates=5, explored=1)
    step = next_step(done)
    assert isinstance(step, Release)
    assert "84" in step.items[0].text


def test_disagreement_goes_on_until_the_row_is_used_up() -> None:
    pairs = [batch(n, "program", str(n)) for n in range(4)]
    items = [item for pair in pairs for item in pair]
    judged = [opinion(str(n), ItemClosed(Reasoning("No"))) for n in (84, *range(4))]
    stage = high(*GOOD, *items, *judged, candidates=5, explored=1)
    assert len(explored(next_step(stage)).prompts) == BATCH
    assert len(explored(next_step(replace(stage, candidates=8))).prompts) == 1
    assert isinstance(next_step(replace(stage, candidates=9)), Release)


def test_without_tokens_or_calls_the_best_so_far_is_the_answer() -> None:
    stage = high(*GOOD, candidates=1)
    short = Budget.of(600, search.SHORTEST * BATCH - 1, 24, stage.budget.deadline)
    assert isinstance(next_step(replace(stage, budget=short)), Release)
    idle = Budget.of(4096, 4096, 0, stage.budget.deadline)
    assert isinstance(next_step(replace(stage, budget=idle)), Release)


def test_the_answer_is_the_likeliest_result_of_a_program() -> None:
    forms = ("program", "equations", "restated")
    pairs = [ran("print(12 * 7)", "84", f"t_2_{n}_{form}") for n, form in enumerate(forms)]
    items = [item for pair in pairs for item in pair]
    done = high(*WRONG, *items, Reasoning("Result: 19"), candidates=9, explored=2)
    step = next_step(done)
    assert isinstance(step, Judge)
    assert step.values == ("84", "19")
    for value, words in zip(step.values, ("No", "Yes"), strict=True):
        done = done.saw(opinion(value, ItemClosed(Reasoning(words), confidence=-0.7)))
    step = next_step(done.begun(step))
    assert isinstance(step, Release)
    assert "84" in step.items[0].text


def test_words_alone_are_no_evidence() -> None:
    failed = broke("print(x)", "NameError: x")
    done = high(*failed, Reasoning("Result: 84"), candidates=9, explored=2)
    step = next_step(done)
    assert isinstance(step, Think)
    assert isinstance(step.prompt.into, Message)
