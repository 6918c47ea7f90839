"""How freely a turn's words are drawn."""

from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.policy import next_step
from pellucid.agent.work import Think

RIDDLE = (
    "Ann is older than Bob. Bob is older than Cleo. Dan is younger than Cleo. "
    "Who is the second oldest? Answer with the name only."
)


@pytest.mark.parametrize(
    ("route", "question", "purpose"),
    [
        ("words", "Say hello.", "answer"),
        ("words", RIDDLE, "thought"),
        ("code", "Write a Python function that reverses a string.", "candidate"),
    ],
)
@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_what_is_answered_with_is_drawn_as_the_turn_asks(
    route: str, question: str, purpose: str, temperature: float
) -> None:
    begun = work(question=question, route=route)
    step = next_step(replace(begun, turn=replace(begun.turn, temperature=temperature)))
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.temperature) == (purpose, temperature)


def test_programs_are_not() -> None:
    begun = work()
    step = next_step(replace(begun, turn=replace(begun.turn, temperature=0.7)))
    assert isinstance(step, Think)
    assert (step.purpose, step.prompt.temperature) == ("candidate", 0.0)
