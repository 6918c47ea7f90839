"""Choosing among results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.works import QUESTION, ran, work
from pellucid.agent import select
from pellucid.agent.forms import ORDER, TEMPERATURE, form, hinted
from pellucid.agent.select import FEATURES, WEIGHTS, Candidate, candidates, groups, likely, value
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult

GOOD = "print(7 * 12)"


@pytest.mark.parametrize(
    ("output", "same"),
    [
        ("84", "84"),
        ("84.0\n", "84"),
        ("1,084.50", "1084.5"),
        ("boxes: 7\neggs: 84", "84"),
        ("$84", "84"),
        ("-3e2", "-300"),
        ("17:27:00", "17:27:00"),
        ("[1, 2]", "[1, 2]"),
        ("Red\n  Blue", "red blue"),
        ("0.1234564", "0.123456"),
        ("", ""),
        ("9" * 40, "9" * 40),
    ],
)
def test_equal_results_are_equal_texts(output: str, same: str) -> None:
    assert value(output) == same


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{}", "{}.0", "{:,}", "The sum is {}."]))
def test_a_number_is_the_same_however_it_is_printed(number: int, shape: str) -> None:
    assert value(shape.format(number)) == str(number)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("7 boxes.\nResult: 84 eggs", "84"),
        ("Result: 3\nNo.\n**Result:** $1,000", "1000"),
        ("There are 84.", ""),
        ("Result:", ""),
    ],
)
def test_prose_tells_its_result_or_none(text: str, result: str) -> None:
    assert select.spoken(text) == result


def test_what_came_to_something_is_a_candidate() -> None:
    first, second, empty = (
        ran(GOOD, "84"),
        ran("print(84)", "84", "t_2_0_equations"),
        ran("1", "", "e"),
    )
    refused = (ToolCall("r", "python", "x"), ToolResult("r", "Not run: no.", failed=True))
    loader = ran("open('f')", "9", "t_attachments")
    prose = (Reasoning("Result: 84"), Reasoning("no idea"))
    done = work(*loader, *first, *refused, *second, *prose, *empty, Message("user"), explored=1)
    assert candidates(done) == (
        Candidate("program", "84", first=True, run=first),
        Candidate("equations", "84", unused=True, run=second),
        Candidate("prose", "84"),
    )


def test_equal_results_merge_and_the_likeliest_comes_first() -> None:
    members = [
        Candidate("program", "19", first=True, unused=True, run=ran("print(19)", "19")),
        Candidate("restated", "84", run=ran(GOOD, "84")),
        Candidate("prose", "84"),
        Candidate("equations", "84.5", run=ran("print(84.5)", "84.5")),
    ]
    found = groups(QUESTION, members)
    assert [group.value for group in found] == ["84", "19", "84.5"]
    assert found[0].run == ran(GOOD, "84")
    assert all(0 < group.likely < 1 for group in found)


def test_features_are_what_their_names_say() -> None:
    members = [
        Candidate("program", "84.5", first=True, unused=True, run=ran("print(84.5)", "84.5")),
        Candidate("program", "84.5", unused=True, run=ran("print(84.5)", "84.5")),
        Candidate("prose", "84.5"),
    ]
    found = dict(zip(FEATURES, select.features(QUESTION, members, 4), strict=True))
    assert found == {
        "constant": 1.0,
        "program": 2.0,
        "restated": 0.0,
        "equations": 0.0,
        "prose": 1.0,
        "first": 1.0,
        "forms": 2.0,
        "share": 0.75,
        "doubted": 1.0,
        "unused": 1.0,
        "opinion": 0.0,
    }
    judged = [Candidate("prose", "84", opinion=0.75)]
    assert select.features(QUESTION, judged, 1)[-3:] == (0.0, 0.0, 0.25)


def test_more_agreement_is_more_likely_and_doubt_is_less() -> None:
    one = [Candidate("program", "84", first=True, run=ran(GOOD, "84"))]
    two = [*one, Candidate("equations", "84", run=ran(GOOD, "84"))]
    alone = likely(select.features(QUESTION, one, 2))
    assert likely(select.features(QUESTION, two, 2)) > alone
    doubted = dict(zip(FEATURES, WEIGHTS, strict=True))
    assert doubted["doubted"] < 0


@pytest.mark.parametrize(
    ("question", "code", "left_out"),
    [
        ("12 eggs in 7 boxes", "print(12 * 7)", False),
        ("12 eggs in 7 boxes", "print(12)", True),
        ("1 egg of 100 in 2 nests", "print(5)", False),
        ("1,200 eggs", "print(1200)", False),
        ("seven eggs", "print(1)", False),
    ],
)
def test_a_number_of_the_question_may_be_left_out(question: str, code: str, left_out: bool) -> None:
    assert select.unused(question, code) is left_out


def test_forms_take_turns_and_ask_in_their_own_words() -> None:
    asked = (Message("system", "s"), Message("user", "q"))
    assert [form(n) for n in range(len(ORDER) + 2)] == [*ORDER, *ORDER[:2]]
    assert set(ORDER) == set(TEMPERATURE)
    assert hinted(asked, "program") == asked
    assert len({hinted(asked, one)[-1].text for one in TEMPERATURE}) == len(TEMPERATURE)
    assert all(hinted(asked, one)[-1].text.startswith("q") for one in TEMPERATURE)
