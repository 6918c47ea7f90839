"""Writing a number the way another one is written."""

import re
from decimal import Decimal
from fractions import Fraction

from pellucid.agent.reading.numbers import SEPARATOR, Number, plain

_SEPARATED = re.compile(rf"\d({SEPARATOR})\d{{3}}")
_FLOAT = re.compile(r"-?\d+\.\d+(?:e[-+]?\d+)?", re.I)
MOST_PLACES = 6

NOISY, NOISY_PLACES = 15, 8
"""Significant digits and decimals that a float takes to show its noise."""

_MEANT = ((12, Decimal("1e-14")), (9, Decimal("1e-12")))
"""How many digits a decimal may have that is meant, and how much noise, relative to it, binary
fractions may have added: after a few operations, and where much was subtracted."""


def restyled(value: Fraction, like: Number) -> str:
    """The value with the other number's separators and, where it shows any, its decimals."""
    places = len(like.text.partition(".")[2].rstrip(".")) if "." in like.text else 0
    plainly = like.form in ("digits", "ordinal") and like.step == Fraction(1, 10**places)
    text = rounded(value, places if plainly else 0)
    separated = _SEPARATED.search(like.text)
    return grouped(text, separated[1]) if separated else text


def rounded(value: Fraction, places: int = 0) -> str:
    """The exact decimal where it is short enough, else rounded to the places or to three digits.

    Never rounds a whole number, and never to a whole number what is none.
    """
    exact = plain(value)
    if "/" not in exact and len(exact.partition(".")[2]) <= max(places, MOST_PLACES):
        return exact
    least = 2
    while abs(value) * 10**least < 100 and least < 12:
        least += 1
    count = places or least
    text = plain(round(value, count))
    before, _, after = text.partition(".")
    return f"{before}.{after.ljust(count, '0')}"


def grouped(text: str, separator: str) -> str:
    """A numeral with its integer digits in groups of three."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    before, point, after = digits.partition(".")
    first = len(before) % 3 or 3
    groups = [before[:first], *(before[at : at + 3] for at in range(first, len(before), 3))]
    return sign + separator.join(groups) + point + after


def denoised(numeral: str) -> str:
    """A float as people write it: 284.0 as 284, and without what binary fractions add to a
    decimal, 0.30000000000000004 as 0.3.

    Others stay: 0.3333333333333333 is no short decimal with noise.
    """
    if re.fullmatch(r"-?\d+\.0", numeral):
        return numeral.removesuffix(".0")
    digits = re.sub(r"e.*|\D", "", numeral, flags=re.I).lstrip("0")
    if len(digits) < NOISY or not _FLOAT.fullmatch(numeral):
        return numeral
    exact = Decimal(numeral)
    if exact.as_tuple().exponent > -NOISY_PLACES:  # type: ignore[operator]  # not NaN: matched
        return numeral
    for digits_meant, noise in _MEANT:
        meant = Decimal(f"{exact:.{digits_meant}g}").normalize()
        short = len(meant.as_tuple().digits) < digits_meant
        if short and abs(exact - meant) <= noise * abs(meant):
            return f"{meant:f}"
    return numeral
