"""Sums told in words: "the sum of 3, 4 and 5 is 12"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from operator import mul

from pellucid.evals.audit_tokens import Plain, shown
from pellucid.evals.audit_values import Judgement, Shown, judged

NAMED = re.compile(
    r"\b(?P<name>sum|difference|product|total|quotient)\s+(?:of|between)\s+"
    r"(?P<numbers>[-\d.,]+(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+)[-\d.,]+)+)\s+(?:is|equals|=)\s+"
    r"(?P<hedge>(?:about|approximately|roughly|around|nearly)\s+)?(?P<result>-?[\d][\d.,]*)"
    r"(?!\s*(?:[-+*/%(=^]|million|billion|thousand|and\b|,\s*\d))",
    re.IGNORECASE,
)
NUMERAL = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Statement:
    """An arithmetic statement: its range and words in the answer, and the judgement."""

    start: int
    end: int
    text: str
    judgement: Judgement


def named_sums(answer: str, text: Plain) -> Iterator[Statement]:
    """ "The sum of 3, 4 and 5 is 12"."""
    for found in NAMED.finditer(text.text):
        numbers = [_number(each) for each in NUMERAL.findall(found["numbers"])]
        written = NUMERAL.match(found["result"])
        if written is None or len(numbers) < 2:
            continue
        result = shown(written.group().lstrip("-"), "")
        sign = "-" if written.group().startswith("-") else "+"
        ways = [
            judged((side,), (sign, result), bool(found["hedge"]))
            for side in _ways(found["name"], numbers)
        ]
        verdict: Judgement = "true" if "true" in ways else ways[0] if ways else "unclear"
        start, end = text.origin[found.start()], text.origin[found.end() - 1] + 1
        yield Statement(start, end, answer[start:end].rstrip(".,"), verdict)


def _number(written: str) -> Fraction:
    return Fraction(written.replace(",", ""))


def _ways(name: str, numbers: Sequence[Fraction]) -> list[Shown]:
    """What a sum, difference, product or quotient of numbers can be."""
    values: list[Fraction] = []
    first, second = numbers[:2]
    pair = len(numbers) == 2
    match name.lower():
        case "sum" | "total":
            values = [sum(numbers, Fraction(0))]
        case "product":
            values = [reduce(mul, numbers)]
        case "difference" if pair:
            values = [first - second, second - first]
        case "quotient" if pair and second:
            values = [first / second]
    return [Shown(value, Fraction(1), Fraction(1)) for value in values]
