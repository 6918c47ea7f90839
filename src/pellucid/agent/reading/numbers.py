"""Numbers in a text: where each stands and what it is worth, exactly.

`extract` finds numerals with any thousands separator, decimals, signs, powers of ten,
magnitudes ("3 million"), fractions, percentages, money, times, durations, dates and
number words. Values are `Fraction`s; integers may have any length. Identifiers,
versions and numerals glued to unknown letters are no numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal
from unicodedata import numeric

from pellucid.agent.reading import moments, number_words
from pellucid.agent.reading.european import EUROPEAN, worth
from pellucid.agent.reading.prose import blanked
from pellucid.agent.reading.units import ATTACHED, UNITS

Form = Literal["digits", "word", "soft", "ordinal", "fraction", "time", "duration", "date", "day"]
"""`time` and `duration` are worth seconds, `date` its day's ordinal, `day` month * 100 + day.
`soft` words ("half", "one", "twice") speak of a number but are not a claim."""

Key = tuple[str, Fraction]
"""What a number can be looked up by: a family ("n", "t", "d", "md") and a value."""

LONGEST_EXPONENT = 5_000
MAGNITUDES = {
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "quadrillion": 15,
    "k": 3, "K": 3, "M": 6, "bn": 9, "B": 9,
}  # fmt: skip

SEPARATOR = r"(?:[,'’_\u00a0\u2009\u202f]|\{,\}|,\\!|\\,)"
NUMERAL = re.compile(
    rf"""(?:(?<![A-Za-z_\d])(?<![A-Za-z_\d]\.)
      | (?<!(?<!\d)0x)(?<=\dx)  # 12x7
      | (?<=\\cdot)|(?<=\\times)|(?<=\\div)|(?<=\\approx)|(?<=\\le)|(?<=\\ge)|(?<=\\neq))
    (?P<digits>
        \d{{1,3}}(?P<sep>{SEPARATOR})\d{{3}}(?:(?P=sep)\d{{3}})*(?!\d)(?P<dec>\.\d+)?
      | \d{{1,2}}(?:,\d{{2}})+,\d{{3}}(?!\d)(?P<dec2>\.\d+)?
      | \d+(?P<dec3>\.\d+)?
      | (?<!\.)\.\d+
    )
    (?:[eE](?P<exp>[+\-−]?\d{{1,5}})(?![\w])
      | (?:\ ?(?:×|x|\*|\\times|\\cdot|·)\ ?10\ ?
          (?:(?:\^|\*\*)\ ?\{{?(?P<ten>[\-−+]?\d{{1,5}})\}}?(?!\d)|(?P<sup>[⁻⁰¹²³⁴-⁹]+)))
      | [\ \u00a0-](?P<mag>hundred|thousand|million|billion|trillion|quadrillion)s?\b
      | (?P<short>k|K|M|bn|B)(?![A-Za-z0-9^])
    )?
    (?P<dots>\.\.\.|…)?""",
    re.VERBOSE,
)
POWER_OF_TEN = re.compile(
    r"(?<![\w.,])10(?:(?:\^|\*\*)(?:\{(?P<a>[-−]?\d{1,5})\}|(?P<b>[-−]?\d{1,5}))(?!\d)"
    r"|(?P<sup>[⁻⁰¹²³⁴-⁹]+))"
)
VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){2,}(?![\w])")
VULGAR = re.compile(r"(?:(?<![\w.,])(?P<plus>\d{1,9}) ?)?(?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])")
FRACTION = re.compile(
    r"\\[dt]?frac\{(?P<a>\d{1,9})\}\{(?P<b>\d{1,9})\}"
    r"|(?<![\w/.,^])(?:(?P<whole>\d{1,3})[ -](?=\d{1,3}/))?"
    r"(?P<c>\d{1,4})/(?P<d>\d{1,4})(?![\w/]|[.,]\d)"
    rf"|{VULGAR.pattern}"
)
ONE = Fraction(1)
SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SUFFIX = re.compile(r"\\?%|[A-Za-zµ°¢€£%]+\d*")
UNIT_AFTER = re.compile(r"[ \u00a0\u202f-]?(\\?%|per ?cent\b|[A-Za-zµ°]+|[¢€£$¥₹](?! ?\d))")
MONEY_BEFORE = re.compile(r"[$€£¥₹] ?$")
TIMES_BEFORE = re.compile(r"(?:[×x*·]|\\times|\\cdot) ?$")
TIMES_AFTER = re.compile(r"x\d+(?![\w.])")
LETTER_DASH = re.compile(r"[A-Za-z][-‑]$")
OPENERS = "([{=<>≈≤≥≠,:;|*/×÷·^$€£¥\"'`“‘\\"


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a text: its range, what it is worth, and how precisely it is shown.

    `step` is the worth of its last digit (1 in "28", 1/100 in "3.14", 100,000 in
    "28.9 million"); `cut` tells that dots follow ("3.333..."). `unit` is the unit
    beside it, in lower case. `also` holds other plain values the same words supply:
    the 3 and the 4 of "3/4", the year of a date.
    """

    start: int
    end: int
    text: str
    value: Fraction
    form: Form = "digits"
    step: Fraction = Fraction(1)
    unit: str = ""
    also: tuple[Fraction, ...] = ()
    cut: bool = False

    @property
    def normal(self) -> str:
        """The normal form: "28887208", "3.14", "1/3", "12%", "18:35:00", "2026-11-23"."""
        match self.form:
            case "time" | "duration":
                return moments.clock(self.value)
            case "date":
                return moments.iso(int(self.value))
            case "day":
                return f"--{int(self.value) // 100:02d}-{int(self.value) % 100:02d}"
            case _:
                return plain(self.value) + ("%" if self.unit == "%" else "")

    @property
    def significant(self) -> int:
        """Count of significant digits as written; 0 for what is not a plain numeral."""
        if self.form not in ("digits", "ordinal"):
            return 0
        return len(significant_digits(self.value))

    def supplies(self) -> frozenset[Key]:
        """What another number may be found equal to when this one is evidence."""
        keys = {("n", value) for value in self.also}
        match self.form:
            case "time" | "duration":
                keys.add(("t", self.value))
            case "date":
                month, day = moments.month_day(int(self.value))
                keys |= {("d", self.value), ("md", Fraction(month * 100 + day))}
            case "day":
                keys.add(("md", self.value))
            case _:
                keys |= {("n", self.value)} | self._in_base()
        return frozenset(keys)

    def asserts(self) -> tuple[Key, ...]:
        """What must be found, any of it, for this number to be supported."""
        match self.form:
            case "time" | "duration":
                return (("t", self.value),)
            case "date":
                return (("d", self.value),)
            case "day":
                return (("md", self.value),)
            case _:
                return (("n", self.value), *self._in_base())

    def _in_base(self) -> set[Key]:
        """Its value in the base of its unit, where that says something."""
        if self.unit == "%":
            return {("n", self.value / 100)}
        known = UNITS.get(self.unit)
        if known and known[0] == "time" and self.unit not in ("s", "m", "d", "h"):
            return {("t", self.value * known[1])}
        return set()


SHORT_BITS = 13_000
"""Integers up to this long are written by `str`, which refuses more than 4,300 digits."""


def extract(text: str) -> tuple[Number, ...]:
    """All numbers of a text in order of position, none inside another."""
    return _remembered(text) if len(text) <= LONGEST_REMEMBERED else _extract(text)


REMEMBERED, LONGEST_REMEMBERED = 64, 20_000
"""Texts whose numbers are read once, and characters of the longest of them: a turn holds the same
question and the same outputs against every program and every draft."""


@lru_cache(maxsize=REMEMBERED)
def _remembered(text: str) -> tuple[Number, ...]:
    return _extract(text)


def _extract(text: str) -> tuple[Number, ...]:
    found: list[Number] = []
    for search in (_moments, _european, _versions, _fractions, _powers, _numerals, _words):
        here = list(search(text))
        found += [number for number in here if number.text]
        text = blanked(text, ((number.start, number.end) for number in here), "\ufffc")
    return tuple(sorted(found, key=lambda number: number.start))


def plain(value: Fraction) -> str:
    """Digits of an integer, a decimal that ends, else "a/b"; always in full."""
    if value.denominator == 1 and value.numerator.bit_length() <= SHORT_BITS:
        return str(value.numerator)
    sign, value = ("-", -value) if value.numerator < 0 else ("", value)
    if value.denominator == 1:
        return sign + digits_of(value.numerator)
    twos, rest = _power_in(value.denominator, 2)
    fives, rest = _power_in(rest, 5)
    if rest != 1:
        return f"{sign}{digits_of(value.numerator)}/{digits_of(value.denominator)}"
    places = max(twos, fives)
    digits = digits_of(int(value * 10**places))
    digits = digits.zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def whole(digits: str) -> int:
    """An integer of any length; Python's own `int` stops at 4,300 digits."""
    if len(digits) <= 4000:
        return int(digits)
    middle = len(digits) // 2
    power: int = 10**middle
    return whole(digits[:-middle]) * power + whole(digits[-middle:])


def digits_of(number: int) -> str:
    """The digits of a non-negative integer of any length."""
    if number.bit_length() <= SHORT_BITS:
        return str(number)
    places = number.bit_length() * 3 // 20
    high, low = divmod(number, 10**places)
    return digits_of(high) + digits_of(low).zfill(places)


def significant_digits(value: Fraction) -> str:
    """The digits of a value without sign, point, leading and trailing zeros."""
    if value.denominator == 1:
        return plain(value).lstrip("-").rstrip("0") or "0"
    return plain(abs(value)).replace(".", "").replace("/", "").strip("0") or "0"


def _power_in(number: int, base: int) -> tuple[int, int]:
    """How often `base` divides a number, and what is left."""
    count = 0
    while number % base == 0:
        number //= base
        count += 1
    return count, number


def _moments(text: str) -> Iterator[Number]:
    """Dates, times and durations."""
    for moment in moments.find(text):
        yield Number(
            moment.start,
            moment.end,
            text[moment.start : moment.end],
            moment.value,
            moment.form,
            moment.step,
            also=moment.parts,
        )


def _european(text: str) -> Iterator[Number]:
    """1.234,56 and 12 345 km."""
    for found in EUROPEAN.finditer(text):
        yield _signed(text, european(text, found))


def european(text: str, found: re.Match[str]) -> Number:
    """One match of EUROPEAN without its sign."""
    start, end = found.span()
    value, step = worth(found.group())
    return Number(start, end, found.group(), value, step=step, unit=_unit(text, start, end))


def _versions(text: str) -> Iterator[Number]:
    """Versions and network addresses, as empty numbers so that they are passed over."""
    for found in VERSION.finditer(text):
        yield Number(found.start(), found.end(), "", Fraction(0))


def _fractions(text: str) -> Iterator[Number]:
    """3/4, 1 1/2, ½ and LaTeX fractions of two integers."""
    for found in FRACTION.finditer(text):
        above, below = found["a"] or found["c"], found["b"] or found["d"]
        if found["vulgar"]:
            value = vulgar(found)
            also: tuple[Fraction, ...] = ()
        elif int(below) == 0:
            continue
        else:
            value = Fraction(int(above), int(below)) + int(found["whole"] or 0)
            also = (Fraction(int(above)), Fraction(int(below)))
        yield Number(
            found.start(), found.end(), found.group(), value, "fraction", Fraction(0), also=also
        )


def vulgar(found: re.Match[str]) -> Fraction:
    """What ½ or 1½ is worth, of a match of VULGAR."""
    return Fraction(numeric(found["vulgar"])).limit_denominator(10) + int(found["plus"] or 0)


def _powers(text: str) -> Iterator[Number]:
    """10^6 and 10⁶ standing alone."""
    for found in POWER_OF_TEN.finditer(text):
        if TIMES_BEFORE.search(text, max(0, found.start() - 8), found.start()):
            continue
        exponent = _exponent(found["a"] or found["b"] or found["sup"])
        if exponent is not None:
            value = Fraction(10) ** exponent
            yield Number(
                found.start(), found.end(), found.group(), value, step=value, also=(Fraction(10),)
            )


def _exponent(text: str) -> int | None:
    """An exponent, None when it is too large to be worth computing."""
    try:
        exponent = int(text.translate(SUPERSCRIPT).replace("−", "-"))
    except ValueError:  # a lone or doubled superscript sign
        return None
    return exponent if abs(exponent) <= LONGEST_EXPONENT else None


def _numerals(text: str) -> Iterator[Number]:
    """Numerals, with sign, magnitude and unit."""
    for found in NUMERAL.finditer(text):
        number = numeral(text, found)
        if number:
            yield _signed(text, number)


def numeral(text: str, found: re.Match[str]) -> Number | None:
    """One match of NUMERAL without its sign, None for identifiers."""
    start, end = found.span()
    if LETTER_DASH.search(text, max(0, start - 2), start):
        return None  # GPT-4, COVID-19
    value, step = _worth(found["digits"], found["sep"])
    also: tuple[Fraction, ...] = ()
    exponent = _scale(found)
    if exponent is None:
        return None
    if exponent:
        also = (value,) if found["short"] else ()
        value, step = value * Fraction(10) ** exponent, step * Fraction(10) ** exponent
    form: Form = "digits"
    glued = not (found["short"] or found["mag"] or (value and TIMES_AFTER.match(text, end)))
    if glued and (suffix := SUFFIX.match(text, end)):
        word = suffix.group().lower().replace("\\", "")
        if word in ("st", "nd", "rd", "th"):
            form, end = "ordinal", suffix.end()
        elif word not in UNITS and word not in ATTACHED:
            return None
    return Number(
        start, end, text[start:end], value, form, step, _unit(text, start, end), also,
        cut=bool(found["dots"]),
    )  # fmt: skip


def _worth(digits: str, separator: str | None) -> tuple[Fraction, Fraction]:
    """Value and worth of the last digit of a numeral."""
    digits = digits.replace(separator, "") if separator else digits.replace(",", "")
    before, _, after = digits.partition(".")
    if not after:
        return Fraction(whole(before)), ONE
    return Fraction(whole(before + after), 10 ** len(after)), Fraction(1, 10 ** len(after))


def _scale(found: re.Match[str]) -> int | None:
    """The power of ten a numeral is multiplied by, None when it is absurd."""
    written = found["exp"] or found["ten"] or found["sup"]
    if written:
        return _exponent(written)
    return MAGNITUDES[found["mag"] or found["short"]] if found["mag"] or found["short"] else 0


def _unit(text: str, start: int, end: int) -> str:
    """The unit beside a numeral, in lower case; "" when there is none known."""
    after = UNIT_AFTER.match(text, end)
    if after:
        word = after[1].lower().replace("\\", "")
        word = "%" if word.startswith("per") else word
        if word in UNITS:
            return word
    return "$" if MONEY_BEFORE.search(text, max(0, start - 3), start) else ""


def _signed(text: str, number: Number) -> Number:
    """The number with its sign: a minus counts when it is no subtraction, dash or range."""
    at = number.start - 1
    money = MONEY_BEFORE.search(text, max(0, at - 2), number.start)
    if money and text[money.start() - 1 : money.start()] in ("-", "−"):
        at = money.start() - 1
    if at < 0 or text[at] not in "-−":
        return number
    before = text[at - 1] if at else " "
    if not (before.isspace() or before in OPENERS):
        return number
    line = text[max(text.rfind("\n", 0, at) + 1, at - 8) : at].rstrip()
    if line and (line[-1].isdigit() or line[-1] in ")%"):
        # "5 -3": a subtraction in prose, two numbers when a program prints them.
        return replace(number, also=(*number.also, -number.value))
    return replace(number, start=at, text=text[at : number.end], value=-number.value)


def _words(text: str) -> Iterator[Number]:
    """Number words."""
    for word in number_words.find(text):
        yield Number(
            word.start, word.end, text[word.start : word.end], word.value,
            "soft" if word.soft else "word", Fraction(0), _unit(text, word.start, word.end),
            word.also,
        )  # fmt: skip
