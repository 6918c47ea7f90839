"""Reading order: rows, columns of prose, turned pages; words that are not sure."""

from math import cos, radians, sin

import pytest

from pellucid.tools.eyes.layout import MARK, Line, confidence, text

HIGH = 10.0


def line(left: float, top: float, words: str, width: float = 0, sure: float = 0.99) -> Line:
    """A level line; letters are as wide as half its height."""
    right, bottom = left + (width or HIGH / 2 * len(words)), top + HIGH
    box = ((left, top), (right, top), (right, bottom), (left, bottom))
    return Line(box, tuple((word, sure) for word in words.split()))


def turned(one: Line, degrees: float) -> Line:
    by = radians(degrees)
    corners = tuple((x * cos(by) - y * sin(by), x * sin(by) + y * cos(by)) for x, y in one.box)
    return Line(corners, one.words)


TABLE = [
    line(200, 31, "4,200"),
    line(10, 30, "Rent"),
    line(10, 50, "Cloud services"),
    line(200, 49, "2,985"),
    line(10, 10, "Budget of the third quarter and of nothing else"),
]
TABLE_TEXT = "Budget of the third quarter and of nothing else\nRent\t4,200\nCloud services\t2,985"


@pytest.mark.parametrize("degrees", [0, 4, -4])
def test_rows_keep_their_columns_apart_on_turned_pages_too(degrees: float) -> None:
    assert text([turned(one, degrees) for one in TABLE]) == TABLE_TEXT


def test_slanting_labels_do_not_turn_the_page() -> None:
    labels = [turned(line(20 * n - 200, 300, "a very long label"), -45) for n in range(6)]
    assert text([*TABLE, *labels]).startswith(TABLE_TEXT)


def test_words_side_by_side_are_a_row_without_a_tab() -> None:
    assert text([line(70, 10, "world"), line(10, 11, "Dear whole")]) == "Dear whole world"


def columns(rows: int) -> list[Line]:
    left = [line(10, 40 + 20 * n, f"left {n} " + "prose " * 4) for n in range(rows)]
    right = [line(250, 40 + 20 * n, f"right {n} " + "prose " * 4) for n in range(rows)]
    return [line(10, 10, "A title over the whole page", 400), *right, *left]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    rows = text(columns(5)).splitlines()
    assert [row.split()[0] for row in rows] == ["A", *["left"] * 5, *["right"] * 5]
    below = text([*columns(5), line(10, 300, "A footer over the whole page", 400)]).splitlines()
    assert below[-1].startswith("A footer")
    assert text(columns(2)).splitlines()[1].startswith("left 0 prose prose prose prose\tright 0")


def test_what_stands_beside_a_long_line_is_in_its_row() -> None:
    header = [line(300, 10, "36"), line(10, 11, "Chapter 13: Prompt Expansion", 250)]
    assert text([*header, line(10, 40, "x")]) == "Chapter 13: Prompt Expansion\t36\nx"


def test_what_runs_up_a_page_stands_after_what_does_not() -> None:
    up = Line(((2, 5), (12, 5), (12, 95), (2, 95)), (("Frequency", 0.9),))
    assert text([up, line(30, 40, "0.5"), line(30, 80, "0.4")]) == "0.5\n0.4\nFrequency"


def test_words_that_are_not_sure_are_marked() -> None:
    doubtful = line(10, 30, "l0th May", sure=0.4)
    assert text([line(10, 10, "Due"), doubtful]) == f"Due\nl0th{MARK} May{MARK}"
    assert text([doubtful], marked=False) == "l0th May"
    assert confidence(
        [line(10, 10, "abcd", sure=1.0), line(10, 30, "ab", sure=0.4)]
    ) == pytest.approx(0.8)


def test_nothing_is_nothing() -> None:
    assert text([]) == ""
    assert confidence([]) == 0.0
