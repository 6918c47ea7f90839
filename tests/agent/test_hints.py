"""Hints."""

from datetime import date
from typing import Any

import pytest

from pellucid.agent.hints import (
    AGAIN,
    CLOCK,
    DATED,
    EQUATION,
    LONGEST_READ_TWICE,
    WEEKDAY,
    WORKDAYS,
    begun,
    hinted,
)

STORY = "A box holds 12 eggs. How many eggs are in 7 boxes?"


def test_questions_with_clock_times_get_a_hint() -> None:
    assert hinted("From 14:37 to 9:12?").endswith(CLOCK)
    assert hinted("From 2 pm to 4 p.m.?").endswith(CLOCK)


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("How long is it from 4 May 2026 9:15 to 6 June 2026 7:30?", DATED),
        ("How many Mondays lie between 2026-05-04 and 2026-07-04?", WORKDAYS),
        ("Count the working days from May 4 to June 6, 2026.", WORKDAYS),
        ("In a year whose first day of the year is a Sunday, what weekday is May 4?", WEEKDAY),
        ("What day of the week was January 1, 2026?", WEEKDAY),
        ("If today is Sunday, 3 May 2026, which weekday was it 80 days ago?", WEEKDAY),
    ],
)
def test_questions_about_days_get_a_hint(question: str, hint: str) -> None:
    assert hinted(question) == f"{question}\n\n{hint}"


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


def test_equations_with_decimal_solutions_are_left_to_sympy() -> None:
    question = "Solve for real x: 4*x**2 - 3 = 0. Give decimal values."
    assert hinted(question) == f"{question}\n\n{EQUATION}"
    assert EQUATION not in hinted("Solve 4*x**2 - 3 = 0.")


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("If the first day of the year is a sunday, which weekday is May 4?", "Sunday"),
        ("In a year where Monday is January 1st, what day of the week is May 4?", "Monday"),
        ("If January 1 falls on a Friday, name the weekday of May 4.", "Friday"),
        ("If today is Friday, which weekday is it in 9 days?", ""),
        ("January 1 was a Friday. Who was born?", ""),
        ("Si le January 1 est un lundi, what weekday is May 4?", ""),
    ],
)
def test_a_year_that_is_only_described_is_looked_for(question: str, day: str) -> None:
    code = begun(question)
    assert bool(code) == bool(day)
    if day:
        space: dict[str, Any] = {}
        exec(code, space)
        first = date(space["year"], 1, 1)
        assert first.strftime("%A") == day
        assert (date(space["year"], 12, 31) - first).days == 364
