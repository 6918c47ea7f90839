"""Hints."""

from pellucid.agent.hints import CLOCK, hinted


def test_questions_with_clock_times_get_a_hint() -> None:
    assert hinted("From 14:37 to 9:12?").endswith(CLOCK)
    assert hinted("From 2 pm to 4 p.m.?").endswith(CLOCK)


def test_others_stay_as_they_are() -> None:
    for question in ("What is 12 - 7?", "At 14:37, who was there?", "A ratio"):
        assert hinted(question) == question
