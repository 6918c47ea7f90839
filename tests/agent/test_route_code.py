"""What goes the way of code: what is asked for, and changes to files that come along."""

import pytest

from pellucid.agent.effort import TABLE
from pellucid.agent.route_rules import route
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn

STUB = 'def f(x: int) -> int:\n    """Doubles x."""\n'
CODE = Attachment("a.py", "def f(x):\n    return x\n")
TABLE_FILE = Attachment("a.csv", "1,2\n")


@pytest.mark.parametrize(
    ("question", "attached", "name"),
    [
        ("Write a Python function that adds 2 numbers and returns the total", (), "code"),
        (f"Complete this:\n\n{STUB}", (), "code"),
        (STUB, (), "code"),
        ("What does f(3) return?\n\ndef f(x):\n    return 2 * x\n", (), "program"),
        ("Rename f to g", (CODE,), "code"),
        ("What is the sum of column 2?", (TABLE_FILE,), "program"),
        ("Why is the sky blue?", (), "answer"),
    ],
)
def test_the_way_of_code(question: str, attached: tuple[Attachment, ...], name: str) -> None:
    turn = Turn("t", (Message("user", question),), attachments=attached)
    assert route(turn, TABLE["medium"]).name == name


def test_without_tools_code_is_answered_in_words() -> None:
    turn = Turn("t", (Message("user", "Write a Python function that adds"),), tools=frozenset())
    assert route(turn, TABLE["medium"]).name == "answer"
    asked = Turn("t", (Message("user", "Write a Python function that adds"),))
    assert route(asked, TABLE["none"]).name == "answer"
