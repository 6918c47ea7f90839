"""The numbers in a program, held against the conversation before it runs.

A program that computes with a miscopied number gives a wrong answer with full evidence.
So a long literal must be a number of the conversation, a constant everybody knows, or
the result of an earlier execution.
"""

import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pellucid.agent.reading.nearness import nearest
from pellucid.agent.reading.numbers import extract, plain, significant_digits

LONG = 5
"""Significant digits from which on a literal must be accounted for."""

_KNOWN = """
86400 604800 525600 31536000 31557600 31622400 365.25 365.2425
1000000007 1000000009 998244353
299792458 9.80665 101325 273.15 459.67 8.314462618 96485.33212
6.02214076e23 6.62607015e-34 1.380649e-23 1.602176634e-19 6.6743e-11
1609.344 1.609344 0.45359237 28.349523125 3.785411784 149597870.7
"""
"""Seconds, minutes and days of days, weeks and years; moduli; physics; measures as defined."""

KNOWN = frozenset(map(Fraction, _KNOWN.split()))
IRRATIONAL = (
    "3.14159265358979323846264338327950288",
    "2.71828182845904523536028747135266249",
    "1.61803398874989484820458683436563811",
    "1.41421356237309504880168872420969807",
    "1.73205080756887729352744634150587236",
    "0.57721566490153286060651209008240243",
    "0.69314718055994530941723212145817656",
)
"""pi, e, the golden ratio, the square roots of two and three, Euler's gamma, ln 2."""

NUMERAL = re.compile(r"(?<![\w.])\d+(?:,\d{3}|_\d+)*(?:\.\d+)?(?:[eE][+-]?\d{1,4})?(?![\w])")
RANGES = frozenset({"range", "arange", "randint", "randrange", "islice", "linspace", "primerange"})
IGNORED_TOKENS = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
)


@dataclass(frozen=True, slots=True)
class LiteralFinding:
    """A literal that nothing accounts for, and the known number it was meant to be, if one is near.

    `line` counts from 1, `col` and `end` (in that line) from 0, in characters.
    """

    literal: str
    line: int
    col: int
    end: int
    nearest: str | None


@dataclass(frozen=True, slots=True)
class _Literal:
    """A numeral of a program; `bound` when it is an argument of range() or its like."""

    text: str
    line: int
    col: int
    value: Fraction
    bound: bool


def check_literals(code: str, given: str | Sequence[str]) -> tuple[LiteralFinding, ...]:
    """The long literals of a program that do not come from the conversation.

    `given` is what may be copied from: the words of the conversation and the outputs of
    earlier executions. Numerals inside strings count too. Code that Python cannot
    tokenize is judged as far as it can be.
    """
    texts = [given] if isinstance(given, str) else list(given)
    numbers = [number for text in texts for number in extract(text)]
    known = {abs(value) for number in numbers for _, value in number.supplies()}
    copied = {
        plain(abs(n.value))
        for n in numbers
        if n.form in ("digits", "ordinal") and n.significant >= LONG - 1
    }
    findings = []
    for literal in _literals(code):
        if len(significant_digits(literal.value)) < LONG or _accounted(literal, known):
            continue
        if any(re.search(rf"(?<!\d){re.escape(literal.text)}(?!\d)", text) for text in texts):
            continue  # copied to the letter, as part of a name
        meant = nearest(plain(literal.value), sorted(copied))
        end = literal.col + len(literal.text)
        findings.append(LiteralFinding(literal.text, literal.line, literal.col, end, meant))
    return tuple(findings)


def fix_literals(code: str, findings: Sequence[LiteralFinding]) -> str:
    """The program with each finding that has a nearest number replaced by it, in its place."""
    lines = code.splitlines(keepends=True)
    for finding in sorted(findings, key=lambda each: (each.line, each.col), reverse=True):
        if finding.nearest is not None:
            line = lines[finding.line - 1]
            lines[finding.line - 1] = line[: finding.col] + finding.nearest + line[finding.end :]
    return "".join(lines)


def _accounted(literal: _Literal, known: set[Fraction]) -> bool:
    """Whether a literal is a number of the conversation or one that needs no source."""
    value = literal.value
    if value in known or value in KNOWN or _is_power(value):
        return True
    if literal.bound and (value + 1 in known or value - 1 in known):
        return True  # range(1, n + 1)
    places = len(literal.text.partition(".")[2])
    return places >= LONG - 1 and any(
        constant.startswith(literal.text)
        or plain(round(Fraction(constant), places)) == literal.text
        for constant in IRRATIONAL
    )


def _is_power(value: Fraction) -> bool:
    """Whether it is a power of ten or of two, or one off, as bounds are."""
    if value.denominator != 1:
        return False
    for near in (value.numerator - 1, value.numerator, value.numerator + 1):
        if near > 0 and (near & (near - 1) == 0 or re.fullmatch(r"10*", plain(Fraction(near)))):
            return True
    return False


def _literals(code: str) -> Iterator[_Literal]:
    """The numerals of a program, in numbers and in strings, in order."""
    calls: list[str] = []
    before = ""
    for token in _tokens(code):
        if token.type == tokenize.OP and token.string in "([{":
            calls.append(before if token.string == "(" else "")
        elif token.type == tokenize.OP and token.string in ")]}" and calls:
            calls.pop()
        elif token.type == tokenize.NUMBER or token.type == tokenize.STRING:
            bound = token.type == tokenize.NUMBER and bool(calls) and calls[-1] in RANGES
            yield from _in_token(token, bound)
        before = token.string


def _tokens(code: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a program as far as Python can read it, without comments."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type not in IGNORED_TOKENS:
                yield token
    except (tokenize.TokenError, SyntaxError):
        return


def _in_token(token: tokenize.TokenInfo, bound: bool) -> Iterator[_Literal]:
    """The decimal numerals of a number or a string, each in its own line."""
    first, column = token.start
    for ahead, line in enumerate(token.string.split("\n")):
        for found in NUMERAL.finditer(line):
            value = _value(found.group())
            if value is not None:
                col = found.start() + (column if ahead == 0 else 0)
                yield _Literal(found.group(), first + ahead, col, value, bound)


def _value(text: str) -> Fraction | None:
    """The exact value of a numeral, None where there is none."""
    numbers = extract(text.replace("_", ""))
    return numbers[0].value if len(numbers) == 1 else None
