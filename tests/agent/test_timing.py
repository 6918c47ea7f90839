"""Lengths of time in the form asked for."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.agent.timing import lasting


@pytest.mark.parametrize(
    ("form", "output", "answer"),
    [
        ("HH:MM:SS", "0:37:38\n", "The answer is 00:37:38."),
        ("HH:MM", "4:28:00", "The answer is 04:28."),
        ("HH:MM", "1 day, 4:28:00", "The answer is 28:28."),
        ("HH:MM:SS.mmm", "1:06:35.774000", "The answer is 01:06:35.774."),
        ("HH:MM:SS.mmm", "1:06:35", "The answer is 01:06:35.000."),
        ("D days, HH:MM", "81 days, 17:51:00", "The answer is 81 days, 17:51."),
        ("D days, HH:MM", "1 day, 17:51:09", "It is exactly 1 day, 17:51:09, so 1 days, 17:51."),
        ("D days", "59 days, 0:00:00", "The answer is 59 days."),
        ("D days", "59 days", "The answer is 59 days."),
        ("HH:MM", "-1 day, 18:35:00", ""),
        ("HH:MM", "", ""),
        ("HH:MM", "2.75 hours", ""),
        ("minutes", "4:28:00", ""),
    ],
)
def test_lengths_of_time_take_the_form_asked_for(form: str, output: str, answer: str) -> None:
    assert lasting(f"How long is it from 10:28 to 14:56? Answer in {form}.", output) == answer


@given(st.integers(0, 10**12))
def test_nothing_is_lost_on_the_way(milliseconds: int) -> None:
    length = timedelta(milliseconds=milliseconds)
    said = lasting("How long? Answer in D days, HH:MM:SS.mmm", str(length))
    days, hours, minutes, seconds, thousandths = map(int, re.findall(r"\d+", said))
    assert length == timedelta(days, seconds, 0, thousandths, minutes, hours)
