"""A grammar whose numerals are those of the evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schemas import accepts

from agent.works import ran, work
from pellucid.agent.effort import Effort
from pellucid.agent.policy import next_step
from pellucid.agent.reading.numbers import extract
from pellucid.agent.verdicts import numerals
from pellucid.agent.verdicts.verify import verify
from pellucid.agent.work import Release, Think
from pellucid.core.constraint import Lark
from pellucid.core.items import Message, Verdicts
from pellucid.model.constraint import compiled

HIGH = Effort("high", 4096, 9, 2, 3, 24)
QUESTION = "What is 48271964 - 19384756?"
LIE = "48271964 - 19384756 = 28,887,209."


def lets(form: Lark, text: str) -> bool:
    return accepts(compiled(form), text)


FEW = numerals.grammar(["3", "14", "28,887,208", "0.5", "-7"])
GOOD = [
    "The result is 28,887,208.",
    "3 and 14",
    "3 + 14 = 3",
    "**14** or \\boxed{14}",
    "| 3 | 14 |",
    "It is 14. And 3 km; $0.5 (-7)",
    "The network's stone weighs often.",
    "three or fourteen, never one",
    "",
]
BAD = [
    "28,887,209",
    "28,887,20",
    "28887208",
    "3.14",
    "3,14",
    "3 14",
    "3/14",
    "3:14",
    "3e14",
    "3 million",
    "3k",
    "3^14",
    "3³",
    "-3",
    ".3",
    "x3",
    "1",
    "\\frac{3}{14}",
    "two",
    "Forty-two",
]


@pytest.mark.parametrize("text", GOOD)
def test_words_and_supported_numerals_may_be_written(text: str) -> None:
    assert lets(FEW, text)


@pytest.mark.parametrize("text", BAD)
def test_no_other_number_may(text: str) -> None:
    assert not lets(FEW, text)


def test_without_evidence_there_are_only_words() -> None:
    assert lets(numerals.grammar([]), "I do not know.")
    assert not lets(numerals.grammar([]), "It is 5.")


PIECES = st.sampled_from([*" .,:-/^(){}*\n", "3", "14", "0.5", "x", " million", "two ", " and "])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_what_it_lets_through_holds_only_its_numbers(text: str) -> None:
    if lets(FEW, text):
        known = {number.value for each in ("3", "14", "0.5") for number in extract(each)}
        assert {number.value for number in extract(text) if number.form != "soft"} <= known


def test_numbers_of_the_conversation_may_be_written_in_every_style() -> None:
    question = Message("user", "At 14:37 on 2026-11-23, of seven and 3/4, 1/3 and 1250?")
    transcript = (question, *ran("print(1)\n", "12345.678\n0.12345\n-5\n8000\n"))
    claims = verify("7 + 1250 = 1257, and 7 × 1250 = 8,751; 99 is mine.", transcript)
    form = numerals.supported(claims, transcript)
    for text in ("12345.678", "12,345.68", "12,346", "12.3%", "0.12", "-5", "8,000", "8000"):
        assert lets(form, text), text
    for text in ("14:37", "2026-11-23", "3/4", "7", "1,250", "1257", "8,750"):
        assert lets(form, text), text
    for text in ("8,751", "99", "12,347", "14:38", "5 thousand"):
        assert not lets(form, text), text


def test_the_last_of_many_rounds_is_held_to_the_evidence() -> None:
    draft = Message("assistant", LIE)
    for rounds, held in ((0, False), (1, False), (2, True)):
        stage = work(draft=draft, route="answer", question=QUESTION, row=HIGH, rounds=rounds)
        step = next_step(stage)
        assert isinstance(step, Think)
        assert step.purpose == "revision"
        assert (step.prompt.constraint is not None) == held
    assert isinstance(step.prompt.constraint, Lark)
    assert lets(step.prompt.constraint, "The difference is 28,887,208.")
    assert not lets(step.prompt.constraint, LIE)


def test_what_comes_out_of_it_is_released() -> None:
    draft = Message("assistant", "The difference is 28,887,208.")
    step = next_step(work(draft=draft, route="answer", question=QUESTION, row=HIGH, rounds=3))
    assert isinstance(step, Release)
    message, verdicts = step.items
    assert message == draft
    assert isinstance(verdicts, Verdicts)
    assert verdicts.removed == ()


def test_false_claims_of_action_need_no_grammar() -> None:
    draft = Message("assistant", "I searched the web. It is nice.")
    step = next_step(work(draft=draft, route="answer", row=HIGH, rounds=2))
    assert isinstance(step, Think)
    assert step.prompt.constraint is None


def test_few_rounds_are_not_held() -> None:
    medium = work(draft=Message("assistant", LIE), route="answer", question=QUESTION)
    step = next_step(medium)
    assert isinstance(step, Think)
    assert step.prompt.constraint is None
