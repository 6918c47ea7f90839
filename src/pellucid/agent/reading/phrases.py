"""Sums told in words: "the product of 12 and 7 is 84"."""

import re
from collections.abc import Iterator
from fractions import Fraction

from pellucid.agent.reading.numbers import Number, extract
from pellucid.agent.reading.sides import READINGS, Side

_NUMBER = r"\$?\d[\d,]*(?:\.\d+)?"
TOLD = re.compile(
    rf"""\b(?P<left>(?P<kind>sum|product|difference|quotient)\ (?:of|between)\ \**
        (?P<a>{_NUMBER})\**\ and\ \**(?P<b>{_NUMBER}))\**
    \ (?P<rel>is|=|equals|was)\ (?:exactly\ )?\**(?P<c>{_NUMBER})
    (?![\d%]|[.,]\d|\**\ ?(?:[-+*×·÷/^%–−<>=]|\\|(?:more|less|times|percent|plus|minus|over|hundred
        |thousand|million|billion|trillion|dozen|and\ a)\b))""",
    re.VERBOSE | re.IGNORECASE,
)


def told(text: str) -> Iterator[tuple[Side, tuple[int, int], Side]]:
    """The sums told in words: what is worked out, where the verb stands, and the result."""
    for found in TOLD.finditer(text):
        numbers = [_number(text, found, name) for name in "abc"]
        if None in numbers:
            continue
        one, other, result = [number for number in numbers if number is not None]
        value = _value(found["kind"].lower(), one.value, other.value)
        if value is not None:
            left = _side(text, found.span("left"), value, (one, other))
            right = _side(text, found.span("c"), result.value, (result,))
            yield left, found.span("rel"), right


def _number(text: str, found: re.Match[str], name: str) -> Number | None:
    """The one number of a group, in its place in the text; None where there is another."""
    start, end = found.span(name)
    inside = extract(text[start:end])
    if len(inside) != 1:
        return None
    return Number(start, end, text[start:end], inside[0].value, step=inside[0].step)


def _value(kind: str, one: Fraction, other: Fraction) -> Fraction | None:
    match kind:
        case "sum":
            return one + other
        case "product":
            return one * other
        case "difference":
            return abs(one - other)
        case _:
            return one / other if other else None


def _side(text: str, span: tuple[int, int], value: Fraction, numbers: tuple[Number, ...]) -> Side:
    start, end = span
    several = len(numbers) > 1
    return Side(
        start,
        end,
        text[start:end],
        (value,) * len(READINGS),
        operators=int(several),
        multiplied=several,
        divided=False,
        numbers=numbers,
    )
