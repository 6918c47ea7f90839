"""Exact values of arithmetic, and whether a shown number is one of them.

Expressions are evaluated as Python's own syntax tree over fractions, under several readings
(a percentage as a share, as a plain number or as a markup; units as labels or converted):
a statement is false only when no reading makes it true.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

Judgement = Literal["true", "false", "unclear"]
Percent = Literal["share", "plain", "markup"]

MOST_DIGITS, MOST_POWER, MOST_PARTS = 2000, 4000, 600
NEAR, NEAR_HEDGED, LONG_FLOAT = Fraction(1, 200), Fraction(1, 10), 12
TINY = Fraction(1, 10**11)

FACTORS: dict[str, tuple[str, Fraction]] = {
    name: (family, Fraction(worth))
    for family, table in {
        "time": "second 1 sec 1 minute 60 min 60 hour 3600 hr 3600 h 3600 day 86400 week 604800",
        "years": "month 1 year 12 yr 12",
        "length": "mm 1/1000 cm 1/100 m 1 meter 1 metre 1 km 1000 kilometer 1000 kilometre 1000",
        "feet": "inch 1 inche 1 in 1 foot 12 feet 12 ft 12 yard 36 mile 63360",
        "mass": "mg 1/1000 g 1 gram 1 kg 1000 kilogram 1000 ton 1000000 tonne 1000000",
        "pounds": "oz 1 ounce 1 lb 16 pound 16",
        "volume": "ml 1/1000 l 1 liter 1 litre 1",
        "money": "cent 1/100 dollar 1 euro 1 penny 1/100 pennie 1/100 dime 1/10 quarter 1/4",
    }.items()
    for name, worth in zip(table.split()[::2], table.split()[1::2], strict=True)
}
"""Units that convert into others of their family, in the singular."""


class Unreadable(Exception):
    """No value with certainty."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as written: value, worth of its last digit, of its last digit that is no
    zero, percent or not, unit, dots after it that say it goes on, whether it is the
    value of a factorial rather than a numeral, and the worth of a "million" after it."""

    value: Fraction
    step: Fraction
    round_step: Fraction
    digits: int = 0
    percent: bool = False
    unit: str = ""
    goes_on: bool = False
    worked: bool = False
    scale: Fraction = Fraction(1)


Part = Shown | str
"""A number, or an operator or parenthesis in Python's spelling."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of taking percentages and units."""

    percent: Percent
    convert: bool

    def factor(self, number: Shown) -> Fraction:
        """What a number is to be multiplied by."""
        share = Fraction(1, 100) if number.percent and self.percent != "plain" else Fraction(1)
        if self.convert and number.unit in FACTORS:
            return share * FACTORS[number.unit][1]
        return share


def judged(left: Sequence[Part], right: Sequence[Part], hedged: bool) -> Judgement:
    """Whether two sides are equal: under some reading, surely under none, or not to be said."""
    found = {_judged(left, right, hedged, reading) for reading in _readings([*left, *right])}
    if "true" in found or "unclear" in found:
        return "true" if "true" in found else "unclear"
    bare = [[_unscaled(part) for part in side] for side in (left, right)]
    if bare != [list(left), list(right)] and judged(bare[0], bare[1], hedged) == "true":
        return "unclear"  # 120 × 3.5 = 420 million: the operands were millions too
    return "false"


def _unscaled(part: Part) -> Part:
    if isinstance(part, str) or part.scale == 1:
        return part
    return replace(
        part, value=part.value / part.scale, step=part.step / part.scale, scale=Fraction(1)
    )


def _readings(parts: Sequence[Part]) -> Iterator[Reading]:
    numbers = [part for part in parts if isinstance(part, Shown)]
    families = [FACTORS[n.unit] for n in numbers if n.unit in FACTORS]
    mixed = len({unit for unit in families}) > 1
    percents: tuple[Percent, ...] = (
        ("share", "plain", "markup") if any(n.percent for n in numbers) else ("share",)
    )
    for percent in percents:
        yield Reading(percent, False)
        if mixed:
            yield Reading(percent, True)


def _judged(
    left: Sequence[Part], right: Sequence[Part], hedged: bool, reading: Reading
) -> Judgement:
    try:
        one, two = value_of(left, reading), value_of(right, reading)
    except Unreadable:
        return "unclear"
    if one == two:
        return "true"
    for side, exact in ((right, one), (left, two)):
        if (number := alone(side)) is not None:
            scale = reading.factor(number)
            return _rounded(number, value_of(side, reading) / scale, exact / scale, hedged)
    return "unclear" if abs(one - two) <= NEAR * max(abs(one), abs(two)) else "false"


def alone(side: Sequence[Part]) -> Shown | None:
    """The number a side is, when it is nothing but one, with a sign or in parentheses."""
    numbers = [part for part in side if isinstance(part, Shown)]
    others = {part for part in side if isinstance(part, str)}
    lone = len(numbers) == 1 and not numbers[0].worked
    return numbers[0] if lone and others <= {"-", "+", "(", ")"} else None


def _rounded(number: Shown, shown: Fraction, exact: Fraction, hedged: bool) -> Judgement:
    """Whether a number shows an exact value rounded as its digits or its hedge allow."""
    gap = abs(shown - exact)
    if number.goes_on and gap < number.step:
        return "true"
    if hedged:
        close = gap <= max(number.round_step / 2, number.step)
        return "true" if close else "unclear" if gap <= NEAR_HEDGED * abs(exact) else "false"
    if number.step < 1 and gap <= number.step / 2:
        return "true"
    if number.digits >= LONG_FLOAT and gap <= TINY * abs(exact) and number.step < 1:
        return "unclear"
    whole = number.step >= 1 and exact.denominator != 1
    return "unclear" if whole and gap <= number.step / 2 and gap < NEAR * abs(exact) else "false"


def operators(side: Sequence[Part]) -> int:
    """How many operators a side has, signs not counted."""
    count, operand = 0, False
    for part in side:
        if isinstance(part, Shown) or part == ")":
            operand = True
            count += isinstance(part, Shown) and part.worked
        elif part != "(":
            count += operand
            operand = False
    return count


def value_of(side: Sequence[Part], reading: Reading) -> Fraction:
    """The value of a side; Unreadable when it has none or would be enormous."""
    if not side or len(side) > MOST_PARTS:
        raise Unreadable
    known: dict[str, Fraction] = {}
    marked: set[str] = set()
    source: list[str] = []
    for part in side:
        if isinstance(part, str):
            source.append(part)
            continue
        name = f"n{len(known)}"
        known[name] = part.value * reading.factor(part)
        if part.percent and reading.percent == "markup":
            marked.add(name)
        source.append(name)
    try:
        tree = ast.parse(" ".join(source), mode="eval")
        return _walked(tree.body, known, marked)
    except (SyntaxError, RecursionError, MemoryError, ZeroDivisionError, ValueError):
        raise Unreadable from None


def _walked(node: ast.expr, known: dict[str, Fraction], marked: set[str]) -> Fraction:
    match node:
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_walked(operand, known, marked)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _walked(operand, known, marked)
        case ast.BinOp(left=left, op=op, right=right):
            one, two = _walked(left, known, marked), _walked(right, known, marked)
            if (
                isinstance(right, ast.Name)
                and right.id in marked
                and isinstance(op, ast.Add | ast.Sub)
            ):
                two *= one
            return _applied(op, one, two)
        case _:
            raise Unreadable


def _applied(op: ast.operator, one: Fraction, two: Fraction) -> Fraction:
    match op:
        case ast.Add():
            value = one + two
        case ast.Sub():
            value = one - two
        case ast.Mult():
            value = one * two
        case ast.Div():
            value = one / two
        case ast.FloorDiv():
            value = Fraction(one // two)
        case ast.Mod():
            value = one % two
        case ast.Pow():
            value = _power(one, two)
        case _:
            raise Unreadable
    if max(abs(value.numerator), value.denominator) > 10**MOST_DIGITS:
        raise Unreadable
    return value


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    size = max(abs(base.numerator), base.denominator).bit_length()
    if exponent.denominator != 1 or abs(exponent) * size > MOST_POWER * 2:
        raise Unreadable
    return base ** int(exponent)
