"""What stands above a passage."""

import pytest

from pellucid.core.above import above

TEXT = """Manual

gate_delay (integer)

The time to wait.
It is 30.

Animal | Legs
duck | 2
sheep | 4

The end."""


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("lines 5-6", "gate_delay (integer)"),
        ("lines 6-6", "gate_delay (integer)"),
        ("lines 3-5", ""),
        ("lines 10-10", "gate_delay (integer)\nAnimal | Legs"),
        ("lines 8-10", "gate_delay (integer)"),
        ("lines 1-1", ""),
        ("page 3", ""),
    ],
)
def test_what_a_passage_is_of_stands_above_it(place: str, said: str) -> None:
    assert above(TEXT, place) == said
    assert above("A sentence.\nAnother.", "lines 2-2") == ""
