"""What programs copy from a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.works import work
from pellucid.agent.copying import mended, right_years, whole_lists
from pellucid.agent.policy import next_step
from pellucid.agent.work import Act, Tell
from pellucid.core.items import ToolCall, ToolResult

WORDS = "Sort these words: pear, fig, date, plum, and kiwi"
NUMBERS = "What is the median of 12, 7.5, 9, 30, 12 and 4?"


@pytest.mark.parametrize(
    ("question", "code", "expected"),
    [
        (
            "Sort First, pear, last, fig",
            "w = ['First', 'fig', 'pear']",
            "w = ['First', 'pear', 'last', 'fig']",
        ),
        (WORDS, "w = ['fig', 'pear', 'plum']\n", "w = ['pear', 'fig', 'date', 'plum', 'kiwi']\n"),
        (
            "Add 12, 7.5, 9, 30, 12",
            "s = '日', sum((12, 7.5, 9, 30))\n",
            "s = '日', sum((12, 7.5, 9, 30, 12))\n",
        ),
        (WORDS, "w = [\n    'fig',\n    'pear', 'plum',\n]\nprint(w)\n",
         "w = ['pear', 'fig', 'date', 'plum', 'kiwi']\nprint(w)\n"),
    ],
)  # fmt: skip
def test_a_list_that_lost_items_is_made_whole(question: str, code: str, expected: str) -> None:
    assert whole_lists(question, code) == expected


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (WORDS, "w = ['fig', 'pear']\n"),  # less than half
        (WORDS, "w = ['fig', 'pear', 'plum', 'apple']\n"),
        (WORDS, "w = ['pear', 'fig', 'date', 'plum', 'kiwi']\n"),
        (WORDS, "w = ['fig', 3, 'plum']\n"),
        (WORDS, "w = [fig, pear, plum]\n"),
        (WORDS, "w = ['fig', 'pear', 'plum'\n"),
        (WORDS + ", except the date.", "w = ['pear', 'fig', 'plum', 'kiwi']\n"),
        ("Sort pear, fig, plum", "w = ['pear', 'fig']\n"),
    ],
)
def test_other_lists_are_left_alone(question: str, code: str) -> None:
    assert whole_lists(question, code) == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a = date(2026, 5, 4)\n", "a = date(2126, 5, 4)\n"),
        ("a = datetime.datetime(2026, 05, 04, 7)", "a = datetime.datetime(2126, 05, 04, 7)"),
        ("a = parse('2026-05-04 09:00')\n", "a = parse('2126-05-04 09:00')\n"),
        ("a = date(2126, 5, 4)\n", "a = date(2126, 5, 4)\n"),
        ("a = date(2026, 5, 5)\n", "a = date(2026, 5, 5)\n"),
        ("a = date(1999, 5, 4)\n", "a = date(1999, 5, 4)\n"),
    ],
)
def test_a_date_keeps_its_year(code: str, expected: str) -> None:
    assert right_years("How long is it from 1999 to 4 May 2126, 9:00?", code) == expected


def test_of_a_day_without_a_year_nothing_is_known() -> None:
    assert right_years("Which weekday is 4 May?", "date(2023, 5, 4)") == "date(2023, 5, 4)"
    both = "From 4 May 2126 to 4 May 2127?"
    assert right_years(both, "date(2023, 5, 4)") == "date(2023, 5, 4)"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_survived(question: str, code: str) -> None:
    assert mended(question, code).why == "" or mended(question, code).code != code


def test_a_program_is_mended_before_it_runs_and_the_record_says_so() -> None:
    call = ToolCall("c", "python", "print(sorted(['fig', 'pear', 'plum', 'date']))\n")
    step = next_step(work(call, question=WORDS))
    assert isinstance(step, Tell)
    refused, fixed = step.items
    assert isinstance(refused, ToolResult)
    assert refused.failed
    assert refused.text == "Not run: items of the question's list are missing."
    assert isinstance(fixed, ToolCall)
    assert "kiwi" in fixed.text
    assert next_step(work(call, *step.items, question=WORDS)) == Act(fixed)
    dated = mended("Which weekday is 4 May 2126?", "print(date(2026, 5, 4))\n")
    assert (dated.code, dated.why) == (
        "print(date(2126, 5, 4))\n",
        "a date of the question has another year",
    )
    assert mended(NUMBERS, "x = [12, 7.5, 9, 30, 12, 4]\n").why == ""
