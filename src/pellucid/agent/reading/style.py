"""Writing a number the way another one is written."""

import re
from fractions import Fraction

from pellucid.agent.reading.numbers import SEPARATOR, Number, plain

_SEPARATED = re.compile(rf"\d({SEPARATOR})\d{{3}}")
MOST_PLACES = 6


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
