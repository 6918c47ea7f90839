"""Whole answers, and equations in every notation: what is right is never condemned."""

import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sums import drawn
from verdicts import Answer, answers, found

from pellucid.agent.verdicts.verify import verify
from pellucid.core.items import Message

ASKED = (Message("user", "Well?"),)
LABELLED = list(answers())


@pytest.mark.parametrize("answer", LABELLED, ids=[a.transcript[0].text[:30] for a in LABELLED])
def test_every_claim_of_an_answer_and_no_other(answer: Answer) -> None:
    assert sorted(found(answer)) == sorted(answer.claims)


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=10**9))
def test_right_sums_are_never_contradicted_and_wrong_ones_always(seed: int) -> None:
    for right in (True, False):
        text = drawn(Random(seed), right).text
        verdicts = [claim.verdict for claim in verify(text, ASKED)]
        assert ("contradicted" in verdicts) != right, text


NOT_WRONG = [
    "about 7/2 = 4",
    "100 / 3 = 33 each with 1 left",
    "365 / 7 = 52 weeks and 1 day",
    "26 / 4 = 6 full boxes",
    "Rounding up, 26 / 4 = 7",
    "100 / 3 = 33.\\overline{3}",
    "100 / 3 = 33.(3)",
    "pages 10-20 = 11 pages",
    "1 + 1 = 10 in binary",
    "In base 2, 1 + 1 = 10",
    "10^2 × 10^3 = 10^5",
    "6 / 2 × 10^3 = 3000",
    "5 - 2 × 10^3 = -1995",
    "6 × 10^3 / 3 × 10^2 = 20",
    "1.500 + 500 = 2.000",
    "12.000 - 500 = 11.500",
    "$50 - 10% = $45",
    "50 + 10% = 55",
    "120 × 3.5 = 420 million",
    "0900 - 0130 = 0730",
    "12 345 € + 1 € = 12 346 €",
    "10 / 3 = 3.33 × 3 = 9.99",
    "1 cm = 5 km",
    "On this map 1 km = 5000 mm",
    "1 hour = 10 minutes of rest",
    "1 inch = 12 feet",
    "200 / rate = 5",
    "x² + 3 = 7",
    "5 m × 4 m = 20 m²",
    "3 apples² + 1 = 4",
    "the sum of 3 and 4 is 7 more",
    "the quotient of 3 and 0 is 5",
    "the sum of 1,2 and 3 is 9",
    "12 ÷ 5 = 2 R 2",
    "2^3^2 = 512",
    "5 - 3% = 4.85",
]
WRONG = [
    ("3 hours = 190 minutes", "3 hours = 180 minutes"),
    ("90 minutes = 2.5 hours", "90 minutes = 1.5 hours"),
    ("12x7=85", "12x7=84"),
    ("5² + 12² = 168", "5² + 12² = 169"),
    ("½ + ¼ = 1", "½ + ¼ = 0.75"),
    ("3 + 4 =\n8", "3 + 4 =\n7"),
    ("So 3 + 4 = **8**.", "So 3 + 4 = **7**."),
    ("1.234.567 + 1 = 1.234.569", "1.234.567 + 1 = 1234568"),
    ("2,50 € × 3 = 8 €", "2,50 € × 3 = 7.5 €"),
    ("The sum of 12 and 7 is 20.", "The sum of 12 and 7 is 19."),
    ("The product of 12 and 7 is 85.", "The product of 12 and 7 is 84."),
    ("The difference between 7 and 12 equals 6.", "The difference between 7 and 12 equals 5."),
    ("The quotient of 84 and 7 is 13.", "The quotient of 84 and 7 is 12."),
    ("7 hours × $12/hour = $85", "7 hours × $12/hour = $84"),
    ("6/3 = .5 hour", "6/3 = 2 hour"),
    ("3 × 4 = 13 full boxes", "3 × 4 = 12 full boxes"),
    ("$50 - 10% = $46", "$50 - 10% = $45"),
    ("x &= 18/3 \\\\ &= 7", "x &= 18/3 \\\\ &= 6"),
]


@pytest.mark.parametrize("text", NOT_WRONG)
def test_what_may_be_right_is_not_condemned(text: str) -> None:
    assert [claim for claim in verify(text, ASKED) if claim.verdict == "contradicted"] == []


@pytest.mark.parametrize(("text", "fixed"), WRONG)
def test_what_is_wrong_is_put_right(text: str, fixed: str) -> None:
    claims = verify(text, ASKED)
    (claim,) = [c for c in claims if c.kind == "equation" and c.verdict == "contradicted"]
    assert text[: claim.start] + claim.correction + text[claim.end :] == fixed


UNITS = ["7", "123,", "1.", "(", "(1=", "1+", "1 + 1 = 2\n", "²", '"a ', "> a\n", "[a](", "```\n"]
UNITS += [
    "a.com/ ",
    "I ran ",
    "the code ",
    "Dear x,\n",
    "word",
    "12 345 ",
    "two hundred and ",
    "1/2 ",
]


@pytest.mark.speed
@pytest.mark.parametrize("unit", UNITS)
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    """Four times the text takes about four times as long; sixteen would be quadratic."""

    def seconds(length: int) -> float:
        text, taken = (unit * length)[:length], []
        for _ in range(3):
            begun = time.process_time()
            verify(text, (Message("user", text),))
            taken.append(time.process_time() - begun)
        return min(taken)

    assert seconds(6000) < 9 * seconds(1500) + 0.05
