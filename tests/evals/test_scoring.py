"""Graders that compare, each with right and wrong answers."""

import pytest
from answers import claim, no_sandbox, ran, said

from pellucid.evals import behaviour, loading, scoring
from pellucid.evals.task import Answer, Grade, Question, pure


def question(expected: str, asked: str = "?", group: str = "") -> Question:
    return Question("q", (asked,), expected, group)


@pytest.mark.parametrize(
    ("expected", "text", "right"),
    [("408", "The result is 408.", True), ("408", "The result is 409.", False), ("1", "", False)],
)
def test_numbers(expected: str, text: str, right: bool) -> None:
    grade = scoring.numeric()(question(expected), said(text))
    assert grade.right is right
    assert bool(grade.note) is not right


def test_large_numbers_within_a_thousandth() -> None:
    judge = scoring.numeric(1e-3)
    assert judge(question("-9867630.0"), said("It is -9,867,000 dollars.")).right
    assert not judge(question("-9867630.0"), said("It is 9,867,630 dollars.")).right


def test_labels() -> None:
    assert scoring.label(question("Uncertain"), said("True? No: **Uncertain**.")).right
    assert not scoring.label(question("Uncertain"), said("It is false.")).right


OPTIONS = "Which?\nOptions:\n(A) red\n(B) green"
ARGUMENT = "Is it?\nOptions:\n- valid \n- invalid"
BBH = [
    ("(B)", OPTIONS, "", "The answer is (B).", "(A) seems right."),
    ("(A)", OPTIONS, "", "It must be red.", "It must be green."),
    ("-33", "((-6 - 4)) =", "", "= -33", "= 33"),
    ("valid", ARGUMENT, "", "The argument is valid.", "It is invalid."),
    ("No", "Did he?\nOptions:\n- Yes\n- No", "", "No", "Yes"),
    ("yes", "Is the sentence plausible?", "sports", "Yes, it is.", "no"),
    ("True", "not False is", "", "True", "False"),
    ("> ) }", "closed properly. Input: { ( <", "", "{ ( < > ) }", "{ ( < ) > }"),
    ("> ) }", "closed properly. Input: { ( <", "", "Add `> ) }`.", "Add `)`."),
    ("ape bee cat", "List: cat ape bee", "word_sorting", "1. ape\n2. bee\n3. cat", "ape cat bee"),
]


@pytest.mark.parametrize(("expected", "asked", "group", "right", "wrong"), BBH)
def test_bbh(expected: str, asked: str, group: str, right: str, wrong: str) -> None:
    assert scoring.bbh(question(expected, asked, group), said(right)).right
    assert not scoring.bbh(question(expected, asked, group), said(wrong)).right


THEOREM = [
    ("integer", 15, "There are 15.", "There are 16."),
    ("integer", 15, "About 15.2, so", ""),
    ("float", 1.42, "x = 1.4", "x = 1.5"),
    ("float", 0.0, "0", "0.01"),
    ("bool", True, "Yes, it has.", "False"),
    ("bool", False, "No.", "That is true."),
    ("option", "(c)", "So (c) is correct.", "(a)"),
    ("list of integer", [4, 1, 2], "The path is [4, 1, 2].", "[4, 2, 1]"),
    ("list of integer", [4, 1], "$(4, 1)$", "4 and 1"),
]


@pytest.mark.parametrize(("kind", "wanted", "right", "wrong"), THEOREM)
def test_theorems(kind: str, wanted: object, right: str, wrong: str) -> None:
    asked = Question("q", ("?",), str(wanted), kind, {"Answer_type": kind, "Answer": wanted})
    assert scoring.theorem(asked, said(right)).right
    assert not scoring.theorem(asked, said(wrong)).right


ROUTED = [
    ("answer", said("Hello."), True, {}),
    ("answer", ran("4"), False, {"needless": 1}),
    ("program", ran("4"), True, {}),
    ("program", said("4"), False, {"missed": 1}),
    ("code", ran("done"), True, {}),
    ("code", said("done"), True, {}),
]


@pytest.mark.parametrize(("route", "answer", "right", "counts"), ROUTED)
def test_routes(route: str, answer: Answer, right: bool, counts: dict[str, int]) -> None:
    grade = behaviour.routed(question(route), answer)
    assert grade.right is right
    assert {k: v for k, v in grade.counts.items() if k in ("needless", "missed") and v} == counts
    assert grade.counts["words"] + grade.counts["programs"] == (route != "code")


async def test_a_pure_grader_runs_nothing() -> None:
    grade = await pure(scoring.label)(question("True"), said("True"), no_sandbox)
    assert grade == Grade(True, "True")


def test_few_questions_are_of_all_groups() -> None:
    every = [Question(str(n), ("?",), "", group) for n, group in enumerate("aaabbc")]
    assert [one.id for one in loading.picked(every, 4)] == ["0", "3", "5", "1"]
    assert [one.id for one in loading.picked(every, None)] == list("012345")
    for limit in range(7):
        fewer, more = loading.picked(every, limit), loading.picked(every, limit + 1)
        assert more[:limit] == fewer


def test_the_verdicts_decide_which_number_is_the_result() -> None:
    text = "He works 35 hours for 10 dogs."
    answer = said(text, claim(text, "35"))
    assert scoring.numeric()(question("35"), answer).right
    assert not scoring.numeric()(question("35"), said(text)).right
