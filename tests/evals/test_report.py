"""Sums, tables and pictures of runs."""

import json
import math
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict, replace

import pytest
from answers import claim, ran, said
from hypothesis import given
from hypothesis import strategies as st

from pellucid.core.effort import Spent
from pellucid.core.usage import Usage
from pellucid.evals import picture, report, summary
from pellucid.evals.honesty import Audit
from pellucid.evals.runner import Judged
from pellucid.evals.summary import Row, summed, wilson
from pellucid.evals.task import Answer, Grade, Published, Question, Rate, Task, pure

SET = Task(
    "numbers",
    lambda data: (),
    pure(lambda question, answer: Grade(True)),
    "the number",
    (Published("another", 70.7, "arXiv 1"),),
)


def judged(
    right: bool, answer: Answer, tokens: int = 100, began: float = 0, group: str = "", **counts: int
) -> Judged:
    usage = Usage(completion=tokens, seconds=2.0)
    whole = replace(answer, usage=usage, began=began, ended=began + 2)
    return Judged(Question("q", ("?",), group=group), whole, Grade(right, counts=counts))


def test_a_row_adds_up() -> None:
    text = "4 and 5"
    items = [
        judged(True, said(text, claim(text, "4"), claim(text, "5", "stated")), 100, 0),
        judged(False, ran("x"), 300, 2),
        judged(False, replace(said(""), error="engine_died: gone"), 0, 10),
    ]
    row = summed("numbers", "medium", items)
    assert (row.items, row.right, row.failed) == (3, 1, 1)
    assert row.tokens == pytest.approx(400 / 3)
    assert row.seconds == 2.0
    assert row.right_per_minute == pytest.approx(60 / 6)
    assert row.calls == pytest.approx(1 / 3)
    assert row.stated_numbers == 0.5
    assert row.low < row.accuracy < row.high
    assert summed("numbers", "medium", items[1:2]).stated_numbers is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 20)), max_size=8))
def test_time_at_work_counts_every_second_once(spans: list[tuple[int, int]]) -> None:
    seconds = {second for began, length in spans for second in range(began, began + length)}
    assert summary.busy((began, began + length) for began, length in spans) == len(seconds)


@given(st.integers(1, 500), st.data())
def test_the_interval_holds_the_share(items: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, items))
    low, high = wilson(right, items)
    assert -1e-9 <= low <= right / items + 1e-9
    assert right / items - 1e-9 <= high <= 1 + 1e-9


def test_the_interval_is_the_published_one() -> None:
    """Wilson's interval of 50 in 100, as tables give it."""
    assert wilson(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)


def rows() -> list[Row]:
    bare = [judged(n < 2, said("x"), 300, 2 * n, "ab"[n % 2]) for n in range(4)]
    ours = [judged(n < 3, ran("x"), 150, 2 * n, "ab"[n % 2]) for n in range(4)]
    return [summed("numbers", "bare", bare), summed("numbers", "medium", ours)]


def test_the_table_compares_with_the_first_row() -> None:
    lines = report.table(SET, rows()).splitlines()
    assert lines[0] == "numbers: 4 questions, right is: the number"
    assert lines[1] == "published: 70.7 % for another (arXiv 1)"
    assert lines[3].split() == [
        *("system", "right", "95", "%", "tokens", "x", "s/item", "right/min", "x", "runs"),
        *("unsupported", "failed"),
    ]
    medium = lines[5].split()
    assert medium[:6] == ["medium", "3/4", "30-95", "150", "0.50", "2.0"]
    assert medium[6:] == ["22.50", "1.50", "1.0", "-", "0"]
    assert [line.split() for line in lines[8:]] == [
        ["group", "bare", "medium"],
        ["a", "1/2", "2/2"],
        ["b", "1/2", "1/2"],
        ["mean", "of", "groups", "50", "%", "75", "%"],
    ]


def test_an_effort_that_was_not_granted_is_told() -> None:
    spent = Spent("high", "medium")
    row = summed("numbers", "high", [judged(True, replace(said("x"), spent=spent))])
    assert row.granted == "medium"
    assert "\nhigh (as medium)    1/1" in report.table(SET, [row])
    same = replace(said("x"), spent=Spent("medium", "medium"))
    assert summed("numbers", "medium", [judged(True, same)]).granted == ""


def test_nothing_right_has_no_ratio() -> None:
    nothing = summed("numbers", "bare", [judged(False, said("x"), 0)])
    assert report.table(SET, [nothing, nothing]).splitlines()[5].split()[4] == "-"


def test_rates_are_told_for_every_group() -> None:
    items = [
        judged(True, said("x"), group="build", words=1, needless=0),
        judged(False, said("x"), group="heldout", words=1, needless=1),
        judged(True, said("x"), group="heldout", words=1, needless=0),
    ]
    task = replace(SET, rates=(Rate("needless tool use", "needless", "words"), Rate("y", "a", "b")))
    text = report.table(task, [summed("routing", "medium", items)])
    assert "medium: needless tool use 1 of 3 (33.3 %)\n" in text
    assert "medium, heldout: needless tool use 1 of 2 (50.0 %)\n" in text


def test_the_summary_has_the_shape_of_the_stored_ones() -> None:
    result = report.result(rows(), {"at_once": 1}, {"date": "2026-01-01", "commit": "abc"})
    again = json.loads(json.dumps(result, allow_nan=False))
    assert (again["benchmark"], again["at_once"], again["commit"]) == ("reasoning", 1, "abc")
    known = {
        *("task", "system", "items", "right", "accuracy", "low", "high", "tokens", "seconds"),
        *("right_per_minute", "calls", "stated_numbers"),
    }
    assert known <= set(again["rows"][0])


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter() if node.text]


def test_the_picture_shows_every_system_and_figure() -> None:
    svg = picture.draw([(SET, rows()), (replace(SET, name="a < b"), rows()[:1])])
    told = texts(svg)
    assert {"bare weights, 50 %", "medium, 75 %", "another: 70.7", "a < b (4 questions)"} <= set(
        told
    )
    assert svg.count("<circle") == 3
    assert "polyline" not in svg  # one point is no curve
    more = picture.draw([(SET, [*rows(), replace(rows()[1], system="high", tokens=400)])])
    assert more.count("<polyline") == 1


@given(st.floats(0, 1e6))
def test_the_axis_has_few_round_marks(most: float) -> None:
    marks = picture.ticks(most)
    assert 3 <= len(marks) <= 9
    assert marks[0] == 0
    assert marks[-1] >= most
    step = marks[1]
    assert round(step / 10 ** math.floor(math.log10(step) + 1e-9)) in (1, 2, 5)


def test_rows_are_plain_values() -> None:
    part = asdict(rows()[0])["groups"]["a"]
    assert (part["items"], part["right"], part["counts"]["answers"]) == (2, 1, 0)


def test_the_audit_is_told_for_every_set() -> None:
    wrong = Audit(("I ran it.",), ("2 + 2 = 5",), (), answers=1, claims=0)
    items = [replace(judged(True, said("x")), audit=wrong), judged(True, said("y"))]
    text = report.table(SET, [summed("numbers", "medium", items)])
    assert "medium: false claims of action 1 of 1 (100.0 %); wrong arithmetic unmarked 1" in text
    assert "false alarms" not in text  # nothing was claimed
