"""What is worth telling of each part of a document."""

import json

from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.events import ItemClosed
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.reading import extent, found
from pellucid.core.turn import Attachment
from pellucid.tools.reader.survey import sentences, survey
from pellucid.tools.reader.tool import ReaderTool

ROPES = """Ropes and knots
The harbour office keeps ropes of hemp and of nylon for boats.
You should never leave a wet rope of hemp in a closed locker.
This is how ropes were made in the old harbours of the north.
"""
SAILS = """• A sail of cotton stretches in the rain and dries in the
sun within the hour.
Always dry a sail before it is folded, or the cotton will rot.
See chapter two . . . . . . . . . . . . . . . . . . . . . . . 7.
"""
GUIDE = Attachment("guide.pdf", f"{ROPES}\f{SAILS}\f{ROPES}")


def test_sentences_are_whole_stand_alone_and_come_once() -> None:
    told = [(one.passage.place, one.passage.text) for one in sentences(GUIDE)]
    assert told == [
        ("page 1", "The harbour office keeps ropes of hemp and of nylon for boats."),
        ("page 1", "You should never leave a wet rope of hemp in a closed locker."),
        ("page 2", "A sail of cotton stretches in the rain and dries in the sun within the hour."),
        ("page 2", "Always dry a sail before it is folded, or the cotton will rot."),
    ]


def test_what_is_asked_for_decides_what_is_worth_telling() -> None:
    advice = survey([GUIDE], "What are the two main recommendations?", 2, 1)
    assert [[one.text for one in part] for part in advice] == [
        ["You should never leave a wet rope of hemp in a closed locker."],
        ["Always dry a sail before it is folded, or the cotton will rot."],
    ]
    topic = survey([GUIDE], "Summarize what the office does with nylon", 1, 1)
    assert topic[0][0].text.startswith("The harbour office")


def test_a_question_is_no_point_and_joins_none() -> None:
    said = "Nobody leaves a good rope of hemp out there in winter."
    page = f"Who would leave a good rope of hemp out in the rain? {said}"
    assert [one.passage.text for one in sentences(Attachment("a.txt", page))] == [said]


def test_there_are_no_more_parts_than_sentences_and_lines_are_told_where_there_are_no_pages() -> (
    None
):
    plain = [Attachment("notes.txt", ROPES)]
    assert [len(part) for part in survey(plain, "Summarize", 9, 1)] == [1, 1]
    assert survey(plain, "Summarize", 1, 2)[0][0].place in ("lines 2-2", "lines 3-3")
    assert survey([Attachment("empty.txt", "")], "Summarize", 3, 2) == []


async def test_a_survey_is_a_call_of_the_reader() -> None:
    asked = {"survey": "Summarize", "parts": 2, "each": 2}
    call = ToolCall("c", "reader", json.dumps(asked))
    events = [event async for event in ReaderTool([GUIDE]).run([call])]
    closed = events[-1]
    assert isinstance(closed, ItemClosed)
    assert isinstance(closed.item, ToolResult)
    assert extent(closed.item.text) == "3 pages"
    assert [one.number for one in found(closed.item.text)] == [1, 1, 2]
    assert {one.where for one in found(closed.item.text)} == {
        "guide.pdf, page 1",
        "guide.pdf, page 2",
    }


@given(st.text(), st.integers(1, 9), st.integers(1, 5))
def test_any_text_is_surveyed_in_its_own_words(text: str, parts: int, each: int) -> None:
    file = Attachment("a.txt", f"{ROPES}{text}")
    there = {one.passage.text for one in sentences(file)}
    found = survey([file], "Summarize", parts, each)
    assert len(found) <= parts
    assert all(one.text in there for part in found for one in part)
