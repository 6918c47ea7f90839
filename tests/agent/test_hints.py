"""Hints."""

import pytest

from pellucid.agent.hints import AGAIN, CLOCK, LONGEST_READ_TWICE, hinted

STORY = "A box holds 12 eggs. How many eggs are in 7 boxes?"


def test_questions_with_clock_times_get_a_hint() -> None:
    assert hinted("From 14:37 to 9:12?").endswith(CLOCK)
    assert hinted("From 2 pm to 4 p.m.?").endswith(CLOCK)


@pytest.mark.parametrize(
    "question",
    [
        STORY,
        "Ann had two cats. She got twice as many. How many cats are there?",
        "A truck has 26 pink hats and 15 green ones. Calculate the number of hats.",
    ],
)
def test_word_problems_are_given_twice(question: str) -> None:
    assert hinted(question) == f"{question}\n\n{AGAIN.format(question)}"
    assert question in AGAIN.format(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is 12 - 7?",
        "How many eggs are in 7 boxes of 12?",
        "At 14:37, who was there?",
        "A ratio",
        "Dear Sir. I like 12 of your 15 books. Yours, Ann.",
        "It rained. " * (LONGEST_READ_TWICE // 10) + "How many drops fell?",
    ],
)
def test_others_stay_as_they_are(question: str) -> None:
    assert hinted(question) == question
