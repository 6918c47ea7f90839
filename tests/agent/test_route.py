"""The rules that choose between computing, code and words."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.routed import ANSWER, CODE, PROGRAM, prompts
from pellucid.agent.asking.asked import LONGEST_READ, asked, tabular
from pellucid.agent.context import LONG_LINES
from pellucid.agent.effort import TABLE
from pellucid.agent.route import FACT, UNDECIDED, Route, chosen
from pellucid.agent.route_rules import route
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn


def turn(question: str, *files: Attachment, **changes: object) -> Turn:
    return Turn("t", (Message("user", question),), attachments=files, **changes)  # type: ignore[arg-type]


def routed(question: str, *files: Attachment) -> Route:
    return route(turn(question, *files), TABLE["medium"])


@pytest.mark.parametrize(
    ("name", "questions"), [("program", PROGRAM), ("code", CODE), ("answer", ANSWER)]
)
def test_questions_of_every_kind(name: str, questions: str) -> None:
    elsewhere = {question: routed(question) for question in prompts(questions)}
    assert {q: r for q, r in elsewhere.items() if r.name != name} == {}


@pytest.mark.parametrize(
    "question",
    [
        "How many wheels do 6 tricycles have?",
        "How many players are on a football team of 11?",
    ],
)
def test_one_number_without_a_cue_is_left_to_the_model(question: str) -> None:
    assert routed(question) == UNDECIDED


def test_a_route_says_why() -> None:
    assert routed("What is 6 * 7?") == Route("program", "arithmetic")
    assert routed("Translate 'two cats' into German") == Route("answer", "a text to translate")
    assert routed("Hello!") == Route("answer", "nothing to compute")


def test_no_tools_no_programs() -> None:
    for question in ("What is 6 * 7?", "Write a function that adds.", "Which of 2 or 3 is it?"):
        assert route(turn(question, tools=frozenset()), TABLE["medium"]).name == "answer"
        assert route(turn(question), TABLE["none"]).name == "answer"


@pytest.mark.parametrize(
    ("question", "use", "name"),
    [
        ("Hello!", ("python",), "program"),
        ("What is 6 * 7?", ("python",), "program"),
        ("Write a function that adds.", ("python",), "code"),
        ("How many wheels do 6 tricycles have?", ("python",), "program"),
        ("What is 6 * 7?", ("reader",), "read"),
        ("What is 6 * 7?", ("web",), "browse"),
        ("Who wrote Emma?", ("web",), "browse"),
        ("What is 6 * 7?", ("python", "reader", "web"), "program"),
        ("Hello!", ("python", "reader", "web"), "read"),
    ],
)
def test_a_tool_that_has_to_be_used_is_used(question: str, use: tuple[str, ...], name: str) -> None:
    told = turn(question, tools=frozenset({"python", "web"}), must_use=use)
    found = route(told, TABLE["medium"])
    assert found.name == name
    assert found != FACT
    assert route(told, TABLE["none"]).name == "answer"


CSV = Attachment("input.csv", "a,b\n1,2\n")
LETTER = Attachment("letter.txt", "Dear aunt,\nthank you for the cake.\nYours, Tom\n")
BILL = Attachment("bill.txt", "tea $3.50\ncake $4.20\n")
SCRIPT = Attachment("run.py", "for i in range(3):\n    print(i)\n")
LOG = Attachment("notes.txt", "one more line\n" * (LONG_LINES + 2))


@pytest.mark.parametrize(
    ("question", "file", "name"),
    [
        ("average of column b", CSV, "program"),
        ("Anything remarkable in here?", CSV, "program"),
        ("Anything remarkable in here?", LOG, "read"),
        ("How much did we spend in all?", BILL, "program"),
        ("What does this script print?", SCRIPT, "program"),
        ("How many words are in the attached letter?", LETTER, "program"),
        ("Rename the variable i to number.", SCRIPT, "code"),
        ("Write a Python script that plots the file.", CSV, "code"),
        ("Translate the file into Dutch.", CSV, "answer"),
        ("Who wrote this?", LETTER, "answer"),
        ("Summarise this letter.", LETTER, "answer"),
    ],
)
def test_of_a_file_and_a_question_about_it_both_count(
    question: str, file: Attachment, name: str
) -> None:
    assert routed(question, file).name == name


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |", True),
        ("name,age\nAnn,31\nBen,27", True),
        ("day   rain\nMon   3\nTue   5", True),
        (
            "Roses are red, violets too\nSugar is sweet, and so are you\nAnd that, my dear, is it",
            False,
        ),
        ("a,1\nb,2", False),
        ("one line\nanother\na third", False),
    ],
)
def test_rows_of_values_are_a_table(text: str, is_table: bool) -> None:
    assert tabular(text) is is_table


def test_what_the_model_says_is_the_route() -> None:
    assert chosen("program").name == "program"
    assert chosen(" words").name == "answer"
    assert chosen("").name == "answer"


def test_the_middle_of_a_long_message_is_not_read() -> None:
    material = "The fair was nice. " * 1000
    assert routed(f"Summarise this:\n{material}What is 6 * 7?\n{material}").name == "answer"
    assert routed(f"{material}\nWhat is 6 * 7?").name == "program"


@given(st.text(max_size=300))
def test_any_text_has_a_route(text: str) -> None:
    assert routed(text).why


@pytest.mark.speed
@given(st.text(alphabet="0123456789.,:-/% $abx()=|\n'\"", max_size=2 * LONGEST_READ))
def test_no_text_takes_long(text: str) -> None:
    """A pattern that tries every way to read a text would take seconds here."""
    began = time.process_time()
    asked(text)
    routed(text)
    assert time.process_time() - began < 0.5


@pytest.mark.speed
def test_a_megabyte_takes_as_long_as_ten_kilobytes() -> None:
    line = "She sold 3 of her 7 boats for $12.50 each, and then? "

    def seconds(size: int) -> float:
        text = line * (size // len(line))
        began = time.process_time()
        for _ in range(20):
            routed(text)
        return time.process_time() - began

    seconds(10_000)
    small, large = seconds(10_000), seconds(1_000_000)
    assert large < 4 * small + 0.2


@pytest.mark.speed
def test_ordinary_questions_take_far_less_than_a_millisecond() -> None:
    questions = prompts(PROGRAM + CODE + ANSWER)
    began = time.process_time()
    for question in questions:
        routed(question)
    assert (time.process_time() - began) / len(questions) < 0.001
