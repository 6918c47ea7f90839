"""How a number follows from others: one operation, two for long numbers, or a unit converted.

Kept tight on purpose: almost any small integer is some combination of some others, so
small ones must follow from numbers of their own sentence.
"""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import islice

from pellucid.agent.reading.numbers import Number, plain
from pellucid.agent.reading.units import FACTORS, UNITS
from pellucid.agent.verdicts.evidence import Evidence, Source

MOST_OPERANDS = 16
MOST_LONG = 40
DAY = 86_400

Exact = int | Fraction


def exact(value: Fraction) -> Exact:
    """The value as an int where it is whole, which is what makes this fast."""
    return value.numerator if value.denominator == 1 else value


def shown(value: Exact) -> str:
    """The value's digits."""
    return plain(Fraction(value))


def operation(number: Number, beside: Sequence[Number]) -> str:
    """ "a + b" when one operation on two numbers of the sentence gives the number, else ""."""
    if number.form not in ("digits", "word"):
        return ""
    plainly = (exact(other.value) for other in beside if other.form in ("digits", "word"))
    values = list(islice(plainly, MOST_OPERANDS))
    known = set(values)
    value = exact(number.value)
    for one in values:
        for sign, other in partners(value, one):
            if other in known and (other != one or values.count(one) > 1):
                return f"{shown(one)} {sign} {shown(other)}"
    return ""


def partners(value: Exact, one: Exact) -> Iterator[tuple[str, Exact]]:
    """What must stand beside one operand for an operation to give the value."""
    yield "+", value - one
    yield "-", one - value
    if one and value:
        yield "*", _quotient(value, one)
        yield "/", _quotient(one, value)


def _quotient(above: Exact, below: Exact) -> Exact:
    if isinstance(above, int) and isinstance(below, int) and above % below == 0:
        return above // below
    return exact(Fraction(above) / below)


class Conversions:
    """Finds the supported number that another one is in another unit."""

    def __init__(self, sources: Sequence[Source]) -> None:
        """Remember where supported numbers stand."""
        self._sources = sources
        self._found: dict[tuple[Fraction, str], str] = {}

    def of(self, number: Number) -> str:
        """ "1115 / 60", "" when the number is none such."""
        family = UNITS.get(number.unit, ("",))[0]
        if not family or number.form != "digits" or number.value == 0:
            return ""
        key = (number.value, number.unit)
        if key not in self._found:
            self._found[key] = self._search(number, family)
        return self._found[key]

    def _search(self, number: Number, family: str) -> str:
        half = number.step / 2 if number.step < 1 else Fraction(0)
        for factor in FACTORS[family]:
            for sign, scale in (("/", Fraction(factor)), ("*", Fraction(1, factor))):
                low, high = (number.value - half) * scale, (number.value + half) * scale
                for seen in (
                    seen for source in self._sources for seen in source.between(low, high)
                ):
                    if UNITS.get(seen.unit, (family,))[0] == family:
                        return f"{plain(seen.value)} {sign} {factor}"
        return ""


def between_times(number: Number, sources: Iterable[Source]) -> str:
    """ "09:12 - 14:37" when a duration lies between two times of the conversation, else ""."""
    if number.form not in ("time", "duration"):
        return ""
    times = [seen for source in sources for _, seen in source.seconds if seen.form == "time"]
    for one in times[:MOST_OPERANDS]:
        for other in times[:MOST_OPERANDS]:
            if one is not other and (other.value - one.value) % DAY == number.value:
                return f"{other.text} - {one.text}"
    return ""


class LongSums:
    """Finds one or two operations on the conversation's numbers that give a long number.

    That a number of six digits is such a result is no accident. Only the first few
    numbers of the conversation, and of the answer, are tried.
    """

    def __init__(self, evidence: Evidence) -> None:
        """Look at the numbers of the conversation; nothing is computed yet."""
        self._evidence = evidence
        self._found: dict[Fraction, str] = {}

    def of(self, number: Number) -> str:
        """ "a - (b + c)", "" when the number is none such."""
        value = number.value
        if value not in self._found:
            tried = len(self._found) < MOST_LONG
            self._found[value] = self._search(exact(value)) if tried else ""
        return self._found[value]

    @cached_property
    def _operands(self) -> list[Exact]:
        operands: dict[Exact, None] = {}
        for source in (*self._evidence.given, *self._evidence.runs):
            for value, seen in source.values[:MOST_OPERANDS]:
                if value == seen.value and value:
                    operands[exact(value)] = None
        return list(operands)[:MOST_OPERANDS]

    @cached_property
    def _pairs(self) -> dict[Exact, tuple[str, Exact, Exact]]:
        """What one operation on two of the operands gives."""
        pairs: dict[Exact, tuple[str, Exact, Exact]] = {}
        for one in self._operands:
            for other in self._operands:
                if one != other:
                    pairs.setdefault(one - other, ("-", one, other))
                    pairs.setdefault(_quotient(one, other), ("/", one, other))
                pairs.setdefault(one + other, ("+", one, other))
                pairs.setdefault(one * other, ("*", one, other))
        return pairs

    def _search(self, value: Exact) -> str:
        if found := self._pairs.get(value):
            return _written(found)
        for one in self._operands:
            for sign, rest in (*partners(value, one), ("+-", value + one)):
                found = self._pairs.get(rest)
                if found and one not in found[1:]:
                    if sign == "+-":
                        return f"{_written(found)} - {shown(one)}"
                    return f"{shown(one)} {sign} ({_written(found)})"
        return ""


def _written(pair: tuple[str, Exact, Exact]) -> str:
    sign, one, other = pair
    return f"{shown(one)} {sign} {shown(other)}"
