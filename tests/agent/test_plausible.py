"""Doubts about results."""

import pytest

from pellucid.agent.plausible import doubt


@pytest.mark.parametrize(
    ("question", "output"),
    [
        ("How many eggs are left?", "-3"),
        ("How long was it moving?", "-1 day, 19:43:00"),
        ("How many friends came?", "2.5"),
        ("How much is it?", "nan 3"),
        ("How much is it?", "done"),
    ],
)
def test_doubted(question: str, output: str) -> None:
    assert doubt(question, output)


@pytest.mark.parametrize(
    ("question", "output"),
    [
        ("How many eggs are left?", "3"),
        ("How many hours is that?", "2.5"),
        ("How many more miles does he run?", "2.5"),
        ("What is 3 - 5?", "-2"),
        ("Sort the words", "a b c"),
    ],
)
def test_not_doubted(question: str, output: str) -> None:
    assert doubt(question, output) == ""
