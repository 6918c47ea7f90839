"""Arithmetic as people and models write it, read exactly and without `eval`.

`Expression` is a precedence parser over tokens with exact fractions. It is bounded: what
would be huge, deep or unclear raises `Unreadable`, and no verdict is spoken.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from typing import Literal

from pellucid.agent.reading.numbers import Number
from pellucid.agent.reading.prose import word_set
from pellucid.agent.reading.tokens import Token
from pellucid.agent.reading.units import UNITS

Reading = Literal["plain", "percent", "relative", "dotted", "units"]
"""How numerals count: bare, percentages as hundredths, "50 - 10%" as ten percent off, "1.500"
as a German thousand and a half, or all in base units."""

HUNDREDTHS = ("percent", "relative", "units")
LARGEST_BITS = 16_000
DEEPEST = 40
MOST_UNIT_WORDS = 3

PER = frozenset(UNITS) - {"%", "percent"} | word_set(
    """
    person people child children student students worker workers mile miles gallon gallons pound
    pounds lb page pages class night trip game box bag pack unit bottle ticket car lap customer
    """
)
"""What amounts come by: dollars per hour, slices per person."""

STOP_WORDS = word_set(
    """
    and or so is are was were then which that this because but since if when while where
    with we i you he she it they to from at for by as there here thus hence therefore let
    the
    """
)
DOTTED = re.compile(r"[1-9]\d{0,2}\.\d{3}")


class Unreadable(Exception):
    """What stands there is no arithmetic that this module reads, or too much of it."""


class Expression:
    """The value of one expression, read from a token on as far as it goes.

    After `read`, `value` holds the exact value, `at` the first token not used,
    `operators` how many were applied and `numbers` the numerals, as they stand.
    """

    def __init__(self, pieces: Sequence[Token], at: int, stop: int, reading: Reading) -> None:
        """Be ready to read the pieces from `at` on, up to `stop`."""
        self.pieces, self.at, self.stop, self.reading = pieces, at, stop, reading
        self.value = Fraction(0)
        self.operators = self.depth = 0
        self.numbers: list[Number] = []
        self.divided = self.joined = self.multiplied = self.percents = False

    def read(self) -> "Expression":
        """Read it; raises Unreadable."""
        self.value = self._sum()
        if self.divided and self.joined:
            raise Unreadable("6 / 2(1 + 2) means two things")
        return self

    def _peek(self, ahead: int = 0) -> Token | None:
        at = self.at + ahead
        return self.pieces[at] if at < self.stop else None

    def _takes(self, *names: str) -> str:
        """Step over one of these operators when an operand follows; "" when none is there."""
        token, following = self._peek(), self._peek(1)
        if token is None or token.kind != "op" or token.name not in names:
            return ""
        if following is not None and (
            following.kind in ("num", "open") or (following.kind == "op" and following.name == "-")
        ):
            self.at += 1
            return token.name
        if token.name == "-" or (token.name == "/" and following and following.kind == "word"):
            return ""  # a dash, or "per": the expression ends before it
        raise Unreadable("an operator without operand")

    def _sum(self) -> Fraction:
        value = self._product()
        while name := self._takes("+", "-"):
            self.operators += 1
            first = self.at
            right = self._product()
            if self.reading == "relative" and self.at == first + 2 and self._percent_at(first + 1):
                right *= value
            value = small(value + right if name == "+" else value - right)
        return value

    def _percent_at(self, at: int) -> bool:
        return self.pieces[at].kind == "percent"

    def _product(self) -> Fraction:
        value = self._signed()
        while name := self._takes("*", "/", "//", "mod") or self._implied():
            self.operators += 1
            self.multiplied = True
            right = self._signed()
            if name in ("/", "//", "mod") and right == 0:
                raise Unreadable("division by zero")
            self.divided = self.divided or name == "/"
            if name == "*":
                value = small(value * right)
            elif name == "/":
                value = small(value / right)
            else:
                value = Fraction(value // right) if name == "//" else value % right
        return value

    def _implied(self) -> str:
        """Whether a bracket follows directly, as in 2(3 + 4)."""
        token = self._peek()
        if token is None or token.text != "(" or token.start != self.pieces[self.at - 1].end:
            return ""
        self.joined = True
        return "*"

    def _signed(self) -> Fraction:
        token = self._peek()
        if token is not None and token.kind == "op" and token.name == "-":
            self.at += 1
            self._deeper()
            value = -self._signed()
            self.depth -= 1
            return value
        return self._power()

    def _power(self) -> Fraction:
        base = self._atom()
        token = self._peek()
        if token is not None and token.name == "raised" and token.number:
            self.at += 1
            self.operators += 1
            return power(base, token.number.value)
        if not self._takes("^"):
            return base
        self.operators += 1
        self._deeper()
        exponent = self._signed()
        self.depth -= 1
        return power(base, exponent)

    def _atom(self) -> Fraction:
        token = self._peek()
        self.at += 1
        if token is not None and token.kind == "open":
            if token.text == "{":
                return self._braced()
            return self._suffixed(self._bracketed(), None)
        if token is None or token.number is None:
            raise Unreadable("no operand")
        self.numbers.append(token.number)
        self.operators += token.name == "scientific"
        dotted = self.reading == "dotted" and DOTTED.fullmatch(token.text)
        value = token.number.value * 1000 if dotted else token.number.value
        return self._suffixed(value, token.number)

    def _braced(self) -> Fraction:
        """{a}, and {a}{b}, which is what a LaTeX fraction leaves behind."""
        value = self._bracketed()
        token = self._peek()
        if token is not None and token.text == "{" and token.start == self.pieces[self.at - 1].end:
            self.at += 1
            below = self._bracketed()
            self.operators += 1
            if below == 0:
                raise Unreadable("division by zero")
            value = small(value / below)
        return value

    def _bracketed(self) -> Fraction:
        self._deeper()
        value = self._sum()
        self.depth -= 1
        token = self._peek()
        if token is None or token.kind != "close":
            raise Unreadable("a bracket that is not closed")
        self.at += 1
        return value

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("too deep")

    def _suffixed(self, value: Fraction, number: Number | None) -> Fraction:
        """The value after percent sign, factorial and unit words."""
        token = self._peek()
        if number is not None:
            self._pass_per()
        if token is not None and token.kind == "percent":
            self.at += 1
            self.percents = True
            return value / 100 if self.reading in HUNDREDTHS else value
        if token is not None and token.text == "!" and self._factorial_here(value):
            self.at += 1
            self.operators += 1
            return Fraction(factorial(int(value)))
        self._pass_units(token, number)
        known = UNITS.get(number.unit) if number else None
        if known and self.reading == "units":
            return value * known[1]
        return value

    def _factorial_here(self, value: Fraction) -> bool:
        """Whether "!" is an operator: what follows is no new sentence."""
        following = self.pieces[self.at + 1 : self.at + 2]
        whole = value.denominator == 1 and 0 <= value <= 1000
        return whole and bool(following) and following[0].kind in ("op", "rel", "close")

    def _pass_units(self, token: Token | None, number: Number | None) -> None:
        """Step over the unit words of an operand, when more of the expression follows them."""
        if token is None or token.kind != "word":
            return
        if number and token.start == number.end and token.text.lower() not in UNITS:
            raise Unreadable("2x is no number")
        words = 0
        ahead = token
        while ahead.kind == "word" and ahead.text.lower() not in STOP_WORDS:
            words += 1
            following = self._peek(words)
            if following is None:
                break
            ahead = following
        ends = self.at + words >= self.stop
        if words and words <= MOST_UNIT_WORDS and (ends or ahead.kind in ("op", "close")):
            if any(map(_letter, self.pieces[self.at : self.at + words], range(words))):
                raise Unreadable("a variable")
            if ahead.name == "^":
                raise Unreadable("a power of a unit")
            self.at += words + (ahead.text in ("²", "³"))
            self._pass_per()

    def _pass_per(self) -> None:
        """Step over "/ hour" behind a unit or an amount; 12 / rate is no such thing."""
        token, following = self._peek(), self._peek(1)
        if token and token.name == "/" and following and following.text.lower() in PER:
            self.at += 2


def _letter(word: Token, place: int) -> bool:
    """Whether a unit word is a variable; "9 pages a day" has none."""
    return len(word.text) == 1 and not (place and word.text == "a")


def small(value: Fraction) -> Fraction:
    """The value itself; raises Unreadable when it has become too long to go on with."""
    if value.numerator.bit_length() + value.denominator.bit_length() > LARGEST_BITS:
        raise Unreadable("too large")
    return value


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """base ** exponent for whole exponents whose result stays small."""
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        raise Unreadable("no exact power")
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if abs(exponent) * bits > LARGEST_BITS:
        raise Unreadable("too large")
    return base ** int(exponent)
