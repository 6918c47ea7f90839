"""Equations in the notations that people and models use, right ones and wrong ones.

Drawn from a random generator that the caller seeds. Values are computed with exact fractions,
not by the code under test.
"""

from dataclasses import dataclass
from fractions import Fraction
from random import Random

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
OPERATORS = {
    "ascii": {"+": " + ", "-": " - ", "*": " * ", "/": " / "},
    "tight": {"+": "+", "-": "-", "*": "*", "/": "/"},
    "typographic": {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "},
    "latex": {"+": " + ", "-": " - ", "*": r" \times ", "/": r" \div "},
    "words": {"+": " plus ", "-": " minus ", "*": " times ", "/": " divided by "},
}
SEPARATORS = {"latex": ["", "{,}", r"\,"], "words": ["", ","]}
ENVELOPES = {
    "ascii": ["{}", "So {}.", "- {}", "| {} | yes |", "1. {}", "`{}`", "> {}", "Total: {} apples"],
    "latex": [
        r"\( {} \)",
        "${}$",
        "$$\n{}\n$$",
        r"\[ {} \]",
        r"\begin{{aligned}} {} \end{{aligned}}",
    ],
}
RESULTS = {"ascii": ["{}", "**{}**", "{} (exactly)"], "latex": ["{}", r"\boxed{{{}}}"]}


@dataclass(frozen=True, slots=True)
class Sum:
    """One equation as text, and whether it is right."""

    text: str
    right: bool


def drawn(random: Random, right: bool) -> Sum:
    """An equation in a random notation, right or wrong."""
    style = random.choice(list(OPERATORS))
    left, value = random.choice([_chain, _bracket, _share, _power, _fraction])(random, style)
    shown, rounded = _shown(random, value, style)
    if not right:
        shown = _wrong(random, value, style)
        rounded = False
    relation = {"words": " is ", "tight": "="}.get(style, " = ")
    if rounded and style not in ("words", "tight"):
        relation = random.choice([relation, r" \approx " if style == "latex" else " ≈ "])
    group = "latex" if style == "latex" else "ascii"
    result = random.choice(RESULTS[group]).format(shown) if style != "tight" else shown
    text = random.choice(ENVELOPES[group]).format(f"{left}{relation}{result}")
    return Sum(text, right)


def _chain(random: Random, style: str) -> tuple[str, Fraction]:
    """a + b - c, or a × b + c, with the usual precedence."""
    numbers = [_number(random) for _ in range(random.randint(2, 4))]
    signs = [random.choice("+-*") for _ in numbers[1:]]
    text, terms = _written(random, numbers[0], style), [numbers[0]]
    for sign, number in zip(signs, numbers[1:], strict=True):
        text += OPERATORS[style][sign] + _written(random, number, style)
        if sign == "*":
            terms[-1] *= number
        else:
            terms.append(number if sign == "+" else -number)
    return text, sum(terms, Fraction(0))


def _bracket(random: Random, style: str) -> tuple[str, Fraction]:
    """(a + b) × c or (a - b) / c."""
    one, other, third = (_number(random) for _ in range(3))
    add, times = random.choice("+-"), random.choice("*/")
    inner = one + other if add == "+" else one - other
    signs, parts = OPERATORS[style], [_written(random, each, style) for each in (one, other, third)]
    text = f"({parts[0]}{signs[add]}{parts[1]}){signs[times]}{parts[2]}"
    return text, inner * third if times == "*" else inner / third


def _share(random: Random, style: str) -> tuple[str, Fraction]:
    """p% of a, or p% × a."""
    share, whole = Fraction(random.randint(1, 99)), _number(random)
    sign = r"\%" if style == "latex" else "%"
    joint = " of " if style != "latex" else r" \times "
    return f"{share}{sign}{joint}{_written(random, whole, style)}", share * whole / 100


def _power(random: Random, style: str) -> tuple[str, Fraction]:
    """a squared plus b."""
    base, exponent, more = random.randint(2, 40), random.randint(2, 4), _number(random)
    raised = {
        "latex": f"{base}^{{{exponent}}}",
        "typographic": f"{base}{str(exponent).translate(RAISED)}",
        "tight": f"{base}**{exponent}",
    }.get(style, f"{base}^{exponent}")
    value = Fraction(base) ** exponent + more
    return raised + OPERATORS[style]["+"] + _written(random, more, style), value


def _fraction(random: Random, style: str) -> tuple[str, Fraction]:
    """a/b of c, or its LaTeX form times c."""
    above, below, whole = random.randint(1, 9), random.randint(2, 9), _number(random)
    value = Fraction(above, below) * whole
    if style == "latex":
        return rf"\frac{{{above}}}{{{below}}} \times {_written(random, whole, style)}", value
    return f"({above}/{below}){OPERATORS[style]['*']}{_written(random, whole, style)}", value


def _number(random: Random) -> Fraction:
    kind = random.random()
    if kind < 0.5:
        return Fraction(random.randint(1, 200))
    if kind < 0.8:
        return Fraction(random.randint(1_000, 10**9))
    return Fraction(random.randint(1, 99_999), random.choice([10, 100]))


def _written(random: Random, number: Fraction, style: str) -> str:
    """The exact decimal, sometimes grouped; one with three decimals at most."""
    separator = random.choice(SEPARATORS.get(style, ["", ",", "\u202f"]))
    whole, _, places = f"{float(number):.2f}".partition(".")
    if number.denominator == 1:
        return f"{int(number):,}".replace(",", separator)
    return f"{int(whole):,}".replace(",", separator) + "." + places.rstrip("0")


def _shown(random: Random, value: Fraction, style: str) -> tuple[str, bool]:
    """The value as a result: exact where it ends soon, else rounded to two or three places."""
    places = next((n for n in range(7) if (value * 10**n).denominator == 1), None)
    rounded = places is None
    shown = places if places is not None else random.choice([2, 3])
    scaled = round(value * 10**shown)
    return _placed(random, scaled, shown, style), rounded


def _placed(random: Random, scaled: int, places: int, style: str) -> str:
    """An integer of units of the last place, as a decimal, grouped at random."""
    sign = "" if scaled >= 0 else random.choice(["-", "−"]) if style != "latex" else "-"
    digits = str(abs(scaled)).zfill(places + 1)
    whole, after = (digits[:-places], digits[-places:]) if places else (digits, "")
    separator = random.choice(SEPARATORS.get(style, ["", ","]))
    text = sign + f"{int(whole):,}".replace(",", separator)
    return f"{text}.{after}" if after else text


def _wrong(random: Random, value: Fraction, style: str) -> str:
    """A result that is off by more than any rounding: a digit changed, or a tenth too much."""
    exact = round(value)
    slip = random.choice([1, -1, 2, 10, max(3, abs(exact) // 10)])
    off = exact + slip if abs(exact + slip - value) > Fraction(1, 2) else exact + 3
    return _placed(random, off, 0, style)
