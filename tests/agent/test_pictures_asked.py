"""Questions about pictures: their text is told by rule, and what only eyes could tell is not."""

import json
from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.asking.picture_cues import wants_all, wants_looks
from pellucid.agent.context import shown
from pellucid.agent.effort import TABLE
from pellucid.agent.lookup import CHART_TOO, NOTHING, ONLY_TEXT, WORDS
from pellucid.agent.policy import next_step
from pellucid.agent.route_rules import route
from pellucid.agent.work import Release, Tell, Think, Work
from pellucid.core.charts import Chart, Column
from pellucid.core.constraint import JsonSchema
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.turn import Attachment, Turn

SEEN = "read from a picture, confidence 0.93"
SIGN = Attachment("sign.jpg", "Ferry to Skerrow\nDeparts 05:52\n2 + 2 = 5", seen=SEEN)
TABLE_FILE = Attachment("t.png", "month\train\nMay\t12\nJune\t14\nJuly\t9", seen=SEEN)
RESULT = f"3 lines\n\nsign.jpg: {SEEN}.\n\n[1] sign.jpg, lines 1-3\n{SIGN.text}"


def turn(question: str, *files: Attachment) -> Turn:
    return Turn("t", (Message("user", question),), attachments=files)


def looked_up(question: str, result: str = RESULT, *, failed: bool = False) -> Work:
    stage = work(question=question, route="read")
    stage = replace(stage, turn=replace(stage.turn, attachments=(SIGN,)))
    step = next_step(stage)
    assert isinstance(step, Tell)
    call = step.items[0]
    assert isinstance(call, ToolCall)
    return stage.saw(call).saw(ToolResult(call.call_id, result, failed))


def said(stage: Work) -> str:
    step = next_step(stage)
    assert isinstance(step, Release)
    return step.items[0].text


@pytest.mark.parametrize(
    "question",
    [
        "What does it say?",
        "what does the sign say",
        "What does this old letter say, please?",
        "Please read this",
        "Read the text in this image to me",
        "transcribe",
        "Could you transcribe the whiteboard?",
        "What is written on the board?",
        "What text is in this picture?",
        "Extract all the text from this screenshot.",
        "Was steht auf dem Schild?",
        "¿Qué dice aquí?",
    ],
)
def test_the_text_itself_is_asked_for(question: str) -> None:
    assert wants_all(question)
    assert route(turn(question, SIGN, TABLE_FILE), TABLE["medium"]).name == "read"


@pytest.mark.parametrize(
    "question",
    [
        "What does the sign say about dogs?",
        "When does the ferry depart?",
        "Read the price of the ticket and double it",
        "What is written in Python 3 with a walrus?",
    ],
)
def test_something_in_the_text_is_asked_for(question: str) -> None:
    assert not wants_all(question)
    assert not wants_looks(question)


@pytest.mark.parametrize(
    "question", ["Describe this photo.", "What colour is the sign?", "What is in this picture?"]
)
def test_what_only_eyes_could_tell(question: str) -> None:
    assert wants_looks(question)
    assert route(turn(question, SIGN), TABLE["medium"]).name == "read"
    text = said(looked_up(question))
    assert text.startswith(f"{ONLY_TEXT}\n\nFerry to Skerrow")


def test_the_values_of_a_chart_are_shown_too() -> None:
    chart = Chart("bars", ("month", "rain"), (("May", "12"),), (Column("rain", "± 0.4"),))
    table = Attachment("t-chart.csv", chart.csv, seen=chart.seen)
    question = "What does this chart show?"
    assert route(turn(question, SIGN, table), TABLE["medium"]).name == "read"
    stage = looked_up(question)
    with_table = replace(stage.turn, attachments=(SIGN, table))
    assert said(replace(stage, turn=with_table)).startswith(f"{CHART_TOO}\n\nFerry")


def test_the_text_is_told_as_it_is_with_how_sure_it_is() -> None:
    stage = looked_up("What does the sign say?")
    assert json.loads(stage.pairs[-1][0].text) == {"all": 20_000}
    step = next_step(stage)
    assert isinstance(step, Release)
    told = f"Read: sign.jpg, lines 1-3 (of 3 lines).\n\nsign.jpg: {SEEN}."
    assert step.items[0].text == f"{SIGN.text}\n\n{told}"
    verdicts = step.items[1]
    assert isinstance(verdicts, Verdicts)
    assert verdicts.removed == ()
    assert {claim.verdict for claim in verdicts.claims} == {"read"}
    assert "05:52" in {claim.text for claim in verdicts.claims}


def test_an_answer_in_a_form_is_written_from_the_text() -> None:
    stage = looked_up("What does the sign say?")
    turn = replace(stage.turn, form=JsonSchema('{"type": "object"}'))
    assert isinstance(next_step(replace(stage, turn=turn)), Think)


def test_the_text_ends_before_a_stop() -> None:
    stage = looked_up("What does the sign say?")
    assert said(replace(stage, turn=replace(stage.turn, stop=("Departs",)))) == "Ferry to Skerrow"


def test_other_questions_are_looked_up_with_how_sure_the_words_are() -> None:
    stage = looked_up("When does the ferry depart?")
    assert "search" in json.loads(stage.pairs[-1][0].text)
    step = next_step(stage)
    assert isinstance(step, Think)
    assert "0.93" not in step.prompt.items[0].text
    stage = stage.begun(step).saw(Reasoning(f"{WORDS}Departs 05:52\nAnswer: At 05:52."))
    assert said(stage).startswith("At 05:52.\n\n> ")
    assert said(stage).endswith(
        f"(sign.jpg, lines 1-3)\n\nRead: sign.jpg, lines 1-3 (of 3 lines).\n\nsign.jpg: {SEEN}."
    )


def test_nothing_found_tells_how_sure_the_reading_was() -> None:
    missing = f"sign.jpg: {SEEN}.\n\nNothing of it was found in 3 lines."
    assert said(looked_up("Who is Ann?", missing, failed=True)) == f"{NOTHING} {missing}"


@pytest.mark.parametrize(
    ("question", "file", "expected"),
    [
        ("When does the ferry depart?", SIGN, "read"),
        ("How often does the letter e occur?", SIGN, "program"),
        ("What is the average rain?", TABLE_FILE, "program"),
        ("What does it say?", replace(SIGN, seen=""), "program"),
    ],
)
def test_ways_of_pictures(question: str, file: Attachment, expected: str) -> None:
    assert route(turn(question, file), TABLE["medium"]).name == expected


def test_programs_are_told_how_a_file_was_read() -> None:
    told = shown(turn("What is the average rain?", TABLE_FILE))[-1]
    assert isinstance(told, Message)
    assert f"the whole file, {SEEN}:\nmonth" in told.text
