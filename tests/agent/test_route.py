"""The rules that choose between computing and answering in words."""

import pytest

from pellucid.agent.effort import TABLE
from pellucid.agent.route import route
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn

COMPUTED = [
    "What is 48271964 - 19384756?",
    "State the final answer to the following arithmetic problem: 12 - 7 =",
    "A train leaves at 14:37 and arrives at 09:12 the next day. It stopped 4 times for 17 minutes. "
    "How long was it moving?",
    "Anna is twice as old as Ben, who is seven. How old is Anna?",
    "How many days are between 2024-02-01 and 2024-03-01?",
    "Sort these numbers: 5, 3, 9",
    "Sort the words pear, apple and fig alphabetically",
    "How many times does the letter r occur in strawberry?",
    "Spell 'lantern' backwards",
    "Convert 12 miles to kilometers",
    "What is 15% of 80?",
    "Solve x^2 - 5x + 6 = 0",
    "What is the factorial of 20?",
]
IN_WORDS = [
    "Hello!",
    "What is the capital of France?",
    "Who wrote Faust?",
    "Translate 'good morning' into German",
    "Write a short poem about the sea",
    "Why is the sky blue?",
    "What do you think about tea?",
    "Thanks, that helped",
]


def turn(question: str, **changes: object) -> Turn:
    return Turn("t", (Message("user", question),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", COMPUTED)
def test_computed(question: str) -> None:
    assert route(turn(question), TABLE["medium"]).name == "program"


@pytest.mark.parametrize("question", IN_WORDS)
def test_in_words(question: str) -> None:
    assert route(turn(question), TABLE["medium"]).name == "answer"


def test_no_tools_no_programs() -> None:
    assert route(turn(COMPUTED[0], tools=frozenset()), TABLE["medium"]).name == "answer"
    assert route(turn(COMPUTED[0]), TABLE["none"]).name == "answer"


def test_attached_data_is_computed_with() -> None:
    attached = (Attachment("input.csv", "a,b\n1,2\n"),)
    assert route(turn("average of column b", attachments=attached), TABLE["low"]).name == "program"
