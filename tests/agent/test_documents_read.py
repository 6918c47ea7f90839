"""Looking up in documents: what is asked of the reader, and what its passages become."""

import json
from dataclasses import replace

import pytest

from agent.works import work
from pellucid.agent.bearing import overlap
from pellucid.agent.effort import TABLE
from pellucid.agent.lookup import ANSWER, NOTHING, WORDS
from pellucid.agent.policy import next_step
from pellucid.agent.route_rules import route
from pellucid.agent.work import Act, Release, Tell, Think, Work
from pellucid.core.constraint import JsonSchema, Lark
from pellucid.core.effort import EffortName
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.turn import Attachment, Turn
from pellucid.model.constraint import compiled

QUESTION = "When does the ferry to Skerrow leave?"
MEANING = 'What does the sentence "It is late" mean?'
HARBOUR = "The harbour is small.\nThe ferry to Skerrow leaves at 05:52.\nBring a coat."
MARKET = "The market opens early."
RESULT = f"90 pages\n\n[1] guide.pdf, page 12\n{HARBOUR}\n\n[2] guide.pdf, page 3\n{MARKET}"


def reading(*items: Item, question: str = QUESTION, effort: EffortName = "medium") -> Work:
    return work(*items, question=question, route="read", effort=effort)


def thought(stage: Work, text: str) -> Work:
    """The stage after the model has replied to what is asked of it next."""
    step = next_step(stage)
    assert isinstance(step, Think)
    return stage.begun(step).saw(Reasoning(text))


def said(stage: Work) -> str:
    step = next_step(stage)
    assert isinstance(step, Release)
    return step.items[0].text


def answered(result: str, *, question: str = QUESTION, failed: bool = False) -> Work:
    """The stage after the reader has answered what it is asked."""
    return told(reading(question=question), result, failed)


def told(stage: Work, result: str, failed: bool = False) -> Work:
    step = next_step(stage)
    assert isinstance(step, Tell)
    call = step.items[0]
    assert isinstance(call, ToolCall)
    return stage.saw(call).saw(ToolResult(call.call_id, result, failed))


LOOKED_UP = answered(RESULT)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (QUESTION, {"search": QUESTION, "characters": 2_500}),
        ('On which page does the section "Of "calm" seas" begin?', {"heading": 'Of "calm" seas'}),
        ("What page is “Storms” on?", {"heading": "Storms"}),
        ("On which slide is “Storms”?", {"heading": "Storms"}),
        ('Quote the rest of the sentence that begins "The ferry ..."', {"sentence": "The ferry"}),
        (MEANING, {"search": MEANING, "characters": 2_500}),
    ],
)
def test_what_the_reader_is_asked(question: str, asked: dict[str, object]) -> None:
    step = next_step(reading(question=question))
    assert isinstance(step, Tell)
    assert isinstance(call := step.items[0], ToolCall)
    assert (call.name, json.loads(call.text)) == ("reader", asked)
    assert next_step(reading(call)) == Act(call)


def test_effort_decides_how_much_is_read() -> None:
    efforts: tuple[EffortName, ...] = ("low", "medium", "high", "xhigh")
    steps = [next_step(reading(effort=effort)) for effort in efforts]
    read = [json.loads(one.items[0].text)["characters"] for one in steps if isinstance(one, Tell)]
    assert read == sorted(set(read))


def test_the_model_copies_words_of_a_passage_before_it_answers() -> None:
    step = next_step(LOOKED_UP)
    assert isinstance(step, Think)
    assert HARBOUR in step.prompt.items[0].text
    assert QUESTION in step.prompt.items[0].text
    assert isinstance(step.prompt.constraint, Lark)
    assert compiled(step.prompt.constraint)
    reply = f"{WORDS}leaves at 05:52\n{ANSWER}It leaves at 05:52."
    assert said(thought(LOOKED_UP, reply)) == (
        "It leaves at 05:52.\n\n> The ferry to Skerrow leaves at 05:52.\n\n(guide.pdf, page 12)"
        "\n\nRead: guide.pdf, pages 3, 12 (of 90 pages)."
    )


@pytest.mark.parametrize(
    "reply",
    [f"{WORDS}none", f"{WORDS}none\n{ANSWER}05:52.", f"{WORDS}Bring a", f"{WORDS}\n{ANSWER}x"],
)
def test_words_that_are_not_there_are_no_answer(reply: str) -> None:
    """Where a passage speaks of what was asked the model is asked again, and must copy."""
    again = thought(LOOKED_UP, reply)
    step = next_step(again)
    assert isinstance(step, Think)
    assert MARKET not in step.prompt.items[0].text
    assert said(thought(again, reply)).startswith(
        f"{NOTHING}\n\nRead: guide.pdf, pages 3, 12 (of 90 pages)."
    )
    elsewhere = replace(again.turn, items=(Message("user", "Who painted the old lighthouse?"),))
    assert said(replace(again, turn=elsewhere)).startswith(NOTHING)


def test_the_word_for_nothing_is_no_quotation_even_where_a_passage_has_it() -> None:
    stage = answered("9 pages\n\n[1] a.pdf, page 7\nThe lighthouse has none.", question="Who came?")
    assert said(thought(stage, f"{WORDS}none\n{ANSWER}None did.")) == (
        f"{NOTHING}\n\nRead: a.pdf, page 7 (of 9 pages)."
    )


def test_places_of_sections_and_sentences_need_no_model() -> None:
    section = answered(
        "9 pages\n\n[1] a.pdf, page 7\nStorms", question='Which page is "Storms" on?'
    )
    assert said(section) == '"Storms" begins on page 7.'
    sentence = answered(
        "9 pages\n\n[1] a.pdf, page 7\nIt was late, and dark.",
        question='Complete the sentence "It was late..."',
    )
    assert said(sentence) == ", and dark.\n\n> It was late, and dark.\n\n(a.pdf, page 7)"


MISSING = "Nothing of it was found in 3 pages."


def test_nothing_found_is_said() -> None:
    assert said(answered(MISSING, failed=True)) == f"{NOTHING} {MISSING}"


def test_what_is_no_title_is_searched_for() -> None:
    question = 'On which page is the "green door" mentioned?'
    stage = answered(MISSING, question=question, failed=True)
    step = next_step(stage)
    assert isinstance(step, Tell)
    assert json.loads(step.items[0].text) == {"search": question, "characters": 2_500}
    assert said(told(stage, MISSING, failed=True)) == f"{NOTHING} {MISSING}"
    reply = f"{WORDS}green door\n{ANSWER}On page 4."
    found_there = told(stage, "9 pages\n\n[1] a.pdf, page 4\nBehind the green door.")
    assert said(thought(found_there, reply)).startswith("On page 4.\n\n> Behind the green door.")


def test_budgets_end_in_words() -> None:
    broke = replace(
        LOOKED_UP, budget=replace(LOOKED_UP.budget, thinking=reading(effort="none").budget.thinking)
    )
    assert said(broke).endswith("is used up.")
    uncalled = reading(ToolCall("t_reader_0", "reader", "{}"))
    uncalled.budget.calls.spend(uncalled.budget.calls.left)
    assert said(uncalled).endswith("is used up.")


def test_an_answer_in_a_form_is_written_from_the_passages() -> None:
    turn = replace(LOOKED_UP.turn, form=JsonSchema('{"type": "object"}'))
    step = next_step(replace(LOOKED_UP, turn=turn))
    assert isinstance(step, Think)
    assert step.purpose == "answer"
    assert step.prompt.items[-1].text == RESULT


def test_what_was_read_is_told_by_file_in_pages_or_lines() -> None:
    result = "1 page\n\n" + "\n\n".join(
        f"[{number}] {where}\nWords."
        for number, where in enumerate(
            ("b.txt, lines 9-12", "a.pdf, page 10", "a.pdf, page 9", "b.txt, lines 1-9"), start=1
        )
    )
    stage = answered(result, question="Who?")
    assert said(thought(stage, f"{WORDS}none")).endswith(
        "Read: a.pdf, pages 9, 10; b.txt, lines 1-9, 9-12 (of 1 page)."
    )


def test_overlap_counts_words_by_their_beginnings() -> None:
    assert overlap("When do ferries to Skerrow leave?", HARBOUR) == pytest.approx(2 / 3)
    assert overlap("the?", HARBOUR) == 1.0


PROSE = "It was a dark night at sea.\n" * 50


@pytest.mark.parametrize(
    ("name", "text", "question", "expected"),
    [
        ("guide.pdf", "One page.\fAnother.", QUESTION, "read"),
        ("novel.TXT", PROSE, "How many copies of the atlas were printed?", "read"),
        ("novel.txt", PROSE, "How often does the letter e occur?", "program"),
        ("novel.txt", "Short.", QUESTION, "answer"),
        ("night.log", PROSE, "Which day is it?", "program"),
    ],
)
def test_documents_are_read_and_data_is_computed_with(
    name: str, text: str, question: str, expected: str
) -> None:
    turn = Turn("t", (Message("user", question),), attachments=(Attachment(name, text),))
    assert route(turn, TABLE["medium"]).name == expected
    assert route(turn, TABLE["none"]).name == "answer"


def test_reading_needs_no_python() -> None:
    file = Attachment("guide.pdf", "One page.\fAnother.")
    turn = Turn("t", (Message("user", QUESTION),), attachments=(file,), tools=frozenset())
    assert route(turn, TABLE["medium"]).name == "read"


def test_sections_and_files_are_told_by_their_names() -> None:
    places = [
        'a.docx, section "Of storms, page 3"',
        "a.zip, src/x.py lines 12-14",
        "t.pptx, slide 9",
    ]
    places += ["a.zip, src/x.py lines 3-8", "t.pptx, slide 10"]
    texts = [HARBOUR, *([MARKET] * 4)]
    result = "9 parts\n\n" + "\n\n".join(
        f"[{n}] {place}\n{text}"
        for n, (place, text) in enumerate(zip(places, texts, strict=True), start=1)
    )
    copied = "The ferry to Skerrow leaves at 05:52."
    stage = thought(answered(result), f"{WORDS}{copied}\n{ANSWER}It leaves at 05:52.")
    assert said(stage).split("\n\n")[-2:] == [
        '(a.docx, section "Of storms, page 3")',
        'Read: a.docx, section "Of storms, page 3"; a.zip, src/x.py lines 3-8, 12-14;'
        " t.pptx, slides 9, 10 (of 9 parts).",
    ]


def test_short_letters_are_shown_whole_and_long_ones_looked_up() -> None:
    short = Attachment("a.docx", "Dear Ann,\fOf storms\nThey roar.", unit="section")
    long = replace(short, text=short.text * 400)
    slides = replace(short, name="a.pptx", unit="slide")
    found = [
        route(Turn("t", (Message("user", QUESTION),), attachments=(one,)), TABLE["low"]).name
        for one in (short, long, slides)
    ]
    assert found[1:] == ["read", "read"]
    assert found[0] != "read"
