"""Questions about small tables: how they are read, what the one line can be, and what it gives."""

import contextlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import llguidance
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.works import broke, ran, work
from pellucid.agent.policy import next_step
from pellucid.agent.sheets.form import BEGINNING, LONGEST_QUESTION, MODULE, SHEET, asking, module
from pellucid.agent.sheets.table import LONGEST, MOST_ROWS, number, read
from pellucid.agent.work import Release, Tell, Think, Work
from pellucid.core.constraint import JsonSchema
from pellucid.core.items import LOADER, Message, ToolCall
from pellucid.core.turn import Attachment, GivenFile, Turn
from pellucid.model.constraint import compiled

MILLS = Attachment(
    "mills.csv",
    "Mills,2021,2020,Wheel\n"
    'Flour ground (tons),"1,200","1,000",\n'
    "Mended,(4),6,oak\n"
    "Flooded,–,2,elm\n"
    "Share of wheat,40%,50%,oak\n",
)
NOTES = Attachment("notes.txt", 'The "upper" mill stood still in March, for lack of water.')
ASKED = "By how many percent did the flour ground grow from 2020 to 2021?"


def turn(question: str = ASKED, *files: Attachment) -> Turn:
    return Turn("t", (Message("user", question),), attachments=files or (MILLS, NOTES))


def at_work(*items: ToolCall, **changes: object) -> Work:
    begun = work(*items, question=ASKED)
    return replace(begun, turn=turn(), **changes)  # type: ignore[arg-type]


def test_headings_sections_and_names() -> None:
    sheet = read(
        "Herds,,\n,At year's end,,Sold\n(in hundreds),2021,2020,2021 (1)\nUpland,,,\n"
        "Sheep .,12,14,3\nOther,1,2,\nLowland,,,\nOther,5,6,\n,18,22,3\nOther,1,1,1\n"
    )
    assert sheet is not None
    assert sheet.columns == ("At year's end 2021", "At year's end 2020", "Sold 2021 (1)")
    assert sheet.years == (2021, 2020, 2021)
    assert [row.name for row in sheet.rows] == [
        *("Sheep", "Upland: Other", "Lowland: Other", "Total", "Lowland: Other (2)")
    ]
    assert sheet.rows[0].cells == ("12", "14", "3")


def test_columns_without_a_name_and_of_one_name() -> None:
    sheet = read("farm,,sheep,sheep\nAsh,1,2,3\n")
    assert sheet is not None
    assert sheet.columns == ("column 2", "sheep", "sheep (2)")
    assert sheet.years == (None, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2\n3,4\n",
        "farm,kind\nAsh,mill\n",
        "farm\nAsh\n",
        "farm,sheep\n",
        "farm,sheep\nupland,\n",
        "farm,sheep\n" + "Ash,1\n" * (MOST_ROWS + 1),
        f"farm,sheep\n{'A' * LONGEST},1\n",
    ],
)
def test_what_is_no_small_table(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1,310", 1310.0), ("$(77,328)", -77328.0), ("(3.1)", -3.1), ("-5.5 %", -5.5)),
        *(("+3.6%", 3.6), ("(8.9%)", -8.9), ("$831.7", 831.7), (".5", 0.5), ("− 2", -2.0)),
        *(("—", None), ("N/A", None), ("94th", None), ("1,31", None), ("", None)),
    ],
)
def test_numbers_of_cells(text: str, value: float | None) -> None:
    assert number(text) == value


@given(st.decimals(-(10**9), 10**9, places=2))
def test_every_number_is_read(value: object) -> None:
    assert number(f"{value:,}") == float(str(value))


def fits(line: str, question: str = ASKED) -> bool:
    asked = asking(turn(question))
    assert asked is not None
    vocabulary = llguidance.LLTokenizer("byte")
    matcher = llguidance.LLMatcher(vocabulary, compiled(asked.form))
    tokens = vocabulary.tokenize_str(line)
    return (
        matcher.validate_tokens(tokens) == len(tokens)
        and matcher.consume_tokens(tokens)
        and (matcher.is_accepting())
    )


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (ASKED, 'percent_change("Flour ground (tons)", "2020", "2021"))'),
        (ASKED, 'cell("Mended", "2021") - cell("Flooded", "2020"))'),
        (
            ASKED,
            'percent_of(cell("Mended", "2020"), cell("Mended", "2020") + cell("Mended", "2021")))',
        ),
        (ASKED, 'cell("Mended", "2020"), cell("Mended", "Wheel"))'),
        ("By how much did the mended ones change?", 'change("Mended", "2020", "2021"))'),
        ("What is the mean?", 'average(cell("Mended", "2020"), cell("Mended", "2021")))'),
        ("What is the total?", 'total("Mended", "2020", "2021"))'),
        ("In which year were the most mended?", 'highest("Mended"))'),
        ("What is the lowest in 2020?", 'lowest_row("2020"))'),
        ("How many have an oak wheel?", 'count(rows_where("Wheel", "==", "oak")))'),
        ("Which years had more than 1100?", 'columns_where("Flour ground (tons)", ">", 1100))'),
        ("How many items are there?", "count(row_names()))"),
    ],
)
def test_what_the_line_can_be(question: str, line: str) -> None:
    assert fits(line, question)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (ASKED, 'cell("Sold", "2021"))'),
        (ASKED, 'cell("Mended", "2019"))'),
        (ASKED, 'percent_change("Mended", "2021", "2020"))'),
        (ASKED, '100 * percent_change("Mended", "2020", "2021"))'),
        (ASKED, 'quote("stood still in March"))'),
        (ASKED, "import os)"),
        (ASKED, 'average("Mended", "2020", "2021"))'),
        ("What is the average?", "average(2, 3))"),
        ("What is the average?", 'total("Mended", "2020", "2021"))'),
        ("How many have an oak wheel?", 'count(rows_where("Wheel", "==", "ash")))'),
    ],
)
def test_what_it_cannot_be(question: str, line: str) -> None:
    assert not fits(line, question)


def test_words_are_copied_where_the_texts_speak_of_what_is_asked() -> None:
    why, what = 'quote("for lack of water"))', 'cell("Mended", "2020"))'
    assert fits(why, "Why did the upper mill stand still?")
    assert fits('quote("The \'upper\' mill"), quote("in March"))', "Why was the upper mill still?")
    assert not fits('quote("for lack of rain"))', "Why did the upper mill stand still?")
    assert not fits(what, "Why did the upper mill stand still?")
    assert fits("row_names())", "Which upper mill is there?")
    assert fits(what, "How many wheels were mended while the mill stood still?")


def test_a_total_that_stands_in_the_table_is_not_summed() -> None:
    table = Attachment("t.csv", "x,a,b\nk,1,2\nTotal,1,2\n")
    asked = asking(turn("What is the total of a?", table))
    assert asked is not None
    assert '"total("' not in asked.form.grammar


def test_a_row_that_is_named_is_meant_unless_a_reason_is_asked_for() -> None:
    question = "How much was mended while the upper mill stood still?"
    assert fits('cell("Mended", "2020"))', question)
    assert not fits('quote("stood still"))', question)
    why = "Why was nothing mended while the upper mill stood still?"
    assert fits('quote("for lack of water"))', why)
    assert not fits('cell("Mended", "2020"))', why)
    assert not fits('quote("stood still"))', "How many percent of it stood still at the mill?")
    assert not fits('quote("stood still"))', "Which kinds of upper mill are in the table?")
    assert not fits('quote("stood still"))', "Was it wet?")


def test_a_question_may_go_back_in_time() -> None:
    line = 'change("Mended", "2021", "2020"))'
    assert fits(line, "What is the change in mended wheels from 2021 to 2020?")


def test_without_years_and_words_there_is_any_order_and_no_word_to_find() -> None:
    asked = asking(turn("How much more is b than a?", Attachment("t.csv", "x,a,b\nk,1,2\n")))
    assert asked is not None
    assert '"\\"b\\"" ", " "\\"a\\""' in asked.form.grammar
    single = asking(turn("What is a?", Attachment("t.csv", "x,a\nk,1\n")))
    assert single is not None
    assert "change" not in single.form.grammar
    assert '"==\\", "' not in single.form.grammar


@pytest.mark.parametrize(
    "asked",
    [
        replace(turn(), form=JsonSchema("{}")),
        replace(turn(), files=(GivenFile("a.csv", 1, "0"),)),
        turn("a" * (LONGEST_QUESTION + 1)),
        turn("Plot the flour by year."),
        turn(ASKED, MILLS, replace(MILLS, name="more.csv")),
        turn(ASKED, MILLS, Attachment("wide.csv", "a")),
        turn(ASKED, MILLS, Attachment("book.txt", "a" * (LONGEST + 1))),
        turn(ASKED, replace(MILLS, seen="read from a picture")),
        turn(ASKED, NOTES),
    ],
)
def test_other_questions_are_none_about_a_small_table(asked: Turn) -> None:
    assert asking(asked) is None


def test_the_files_stand_before_the_question() -> None:
    before = (Message("system", "Be kind."), Message("user", "Hello"), Message("assistant", "Hi"))
    asked = asking(replace(turn(), items=(*before, *turn().items)))
    assert asked is not None
    system, hello, hi, last = asked.items
    assert "percent_change" in system.text
    assert (hello.text, hi.text) == ("Hello", "Hi")
    assert last.text.index("mills.csv") < last.text.index("notes.txt") < last.text.index(ASKED)


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    sheet = read(MILLS.text)
    assert sheet is not None
    (tmp_path / MODULE).write_text(module(sheet), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def answer(line: str) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(f"{BEGINNING}{line}", {})
        return out.getvalue().strip()

    return answer


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            'percent_change("Flour ground (tons)", "2020", "2021"))',
            "Flour ground (tons), 2020: 1,000; Flour ground (tons), 2021: 1,200\n\n20%",
        ),
        ('change("Mended", "2020", "2021"))', "Mended, 2020: 6; Mended, 2021: (4)\n\n-10"),
        ('cell("Mended", "2021"))', "Mended, 2021: (4)"),
        ('cell("Mended", "Wheel"))', "Mended, Wheel: oak"),
        (
            'total(cell("Share of wheat", "2021"), cell("Share of wheat", "2020")))',
            "Share of wheat, 2021: 40%; Share of wheat, 2020: 50%\n\n90%",
        ),
        (
            'average("Mended", "2020", "2021"))',
            "Mended, 2020: 6; Mended, 2021: (4)\n\n1",
        ),
        (
            'percent_of(cell("Flooded", "2020"), cell("Mended", "2020")))',
            "Flooded, 2020: 2; Mended, 2020: 6\n\n33.33%",
        ),
        ('highest("Mended"))', "Mended, 2020: 6\n\n2020"),
        ('lowest("Mended"))', "Mended, 2021: (4)\n\n2021"),
        ('highest_row("2021"))', "Flour ground (tons), 2021: 1,200\n\nFlour ground (tons)"),
        ('lowest_row("2021"))', "Mended, 2021: (4)\n\nMended"),
        (
            'rows_where("Wheel", "==", "oak"))',
            "Mended, Wheel: oak; Share of wheat, Wheel: oak\n\nMended; Share of wheat",
        ),
        ('count(rows_where("2020", "<", 3)))', "Flooded, 2020: 2\n\n1"),
        ('count(columns_where("Flooded", ">", 5)))', "0"),
        (
            'count(rows_where("2020", "==", 1000)) - 999)',
            "Flour ground (tons), 2020: 1,000\n\n-998",
        ),
        ('columns_where("Mended", "==", 6))', "Mended, 2020: 6\n\n2020"),
        ('columns_where("Mended", ">", 9))', "none"),
        ('quote("The \'upper\' mill"), quote("Flooded"))', "The 'upper' mill; Flooded"),
    ],
)
def test_what_a_line_gives(line: str, told: str, answered: Callable[[str], str]) -> None:
    assert answered(line) == told


LOADED = ran("open('mills.csv', 'w')", "", f"t_{LOADER}")
LINE = f'{BEGINNING}cell("Mended", "2020"))'


def test_the_table_is_put_beside_the_files_and_asked_in_one_line() -> None:
    loaded = next_step(at_work())
    assert isinstance(loaded, Tell)
    assert isinstance(loaded.items[0], ToolCall)
    assert "open('sheet.py', 'w', encoding='utf-8')" in loaded.items[0].text
    step = next_step(at_work(*LOADED))
    assert isinstance(step, Think)
    assert step.prompt.begun == BEGINNING
    assert isinstance(step.prompt.into, ToolCall)
    assert step.prompt.into.call_id.endswith(SHEET)


@pytest.mark.parametrize("effort", ["medium", "high"])
def test_what_it_printed_is_the_answer(effort: str) -> None:
    done = ran(LINE, "Mended, 2020: 6", f"t_2_{SHEET}")
    at_effort = work(*LOADED, *done, question=ASKED, effort=effort, candidates=1)  # type: ignore[arg-type]
    step = next_step(replace(at_effort, turn=turn()))
    assert isinstance(step, Release)
    assert step.items[0].text == "Mended, 2020: 6"


def test_a_line_that_fails_is_followed_by_a_program_of_another_kind() -> None:
    failed = broke(LINE, "ZeroDivisionError: division by zero", f"t_2_{SHEET}")
    step = next_step(at_work(*LOADED, *failed, candidates=1))
    assert isinstance(step, Think)
    assert step.purpose == "candidate"
    assert step.prompt.begun != BEGINNING
