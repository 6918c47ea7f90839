"""Arithmetic as people and models write it, read exactly and without `eval`.

`tokens` cuts a text into numerals, operators, brackets, relations and words;
`Expression` is a precedence parser over them with exact fractions. Both are bounded:
what would be huge, deep or unclear raises `Unreadable`, and no verdict is spoken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import Literal

from pellucid.agent import moments
from pellucid.agent.numbers import NUMERAL, VERSION, Number, numeral
from pellucid.agent.prose import blanked, word_set
from pellucid.agent.units import UNITS

TokenKind = Literal["num", "op", "open", "close", "rel", "percent", "word", "stop", "other"]
Reading = Literal["plain", "percent", "units"]
"""How numerals with a unit count: bare, percentages as hundredths, or all in base units."""

LARGEST_BITS = 16_000
DEEPEST = 40
MOST_UNIT_WORDS = 3

RELATIONS = {
    "=": "=", "==": "=", "≈": "≈", "≃": "≈", "≅": "≈", "\\approx": "≈", "\\simeq": "≈",
    "<": "<", ">": ">", "≤": "≤", "≥": "≥", "<=": "≤", ">=": "≥", "\\leq": "≤", "\\geq": "≥",
    "\\le": "≤", "\\ge": "≥", "\\lt": "<", "\\gt": ">", "≠": "≠", "!=": "≠", "\\neq": "≠",
    "is": "is", "are": "is", "equals": "is", "equal": "is",
    "gives": "is", "makes": "is", "yields": "is",
}  # fmt: skip
OPERATORS = {
    "+": "+", "-": "-", "−": "-", "–": "-", "*": "*", "×": "*", "·": "*", "⋅": "*", "∗": "*",
    "\\times": "*", "\\cdot": "*", "/": "/", "÷": "/", "\\div": "/", "//": "//", "**": "^",
    "^": "^", "plus": "+", "minus": "-", "times": "*", "mod": "mod", "\\bmod": "mod",
    "divided by": "/", "multiplied by": "*",
}  # fmt: skip
STOP_WORDS = word_set(
    """
    and or so is are was were then which that this because but since if when while where
    with we i you he she it they to from at for by as there here thus hence therefore let
    the
    """
)
TOKEN = re.compile(
    r"""(?P<skip>[ \t\u00a0\u2009\u202f$€£¥₹`_&]+|\\[()\[\],;:! ]|\\[$%](?!\w)
        |\\(?:left|right|boxed|d?frac|tfrac|quad|displaystyle)(?![a-zA-Z]))
    | (?P<label>\\(?:text|mathrm|mathbf|textbf|mbox)\{[^{}\n]*\})
    | (?P<stop>\\\\|\n|[.,;:?!"'“”‘’|•→⇒]|=>|->|—|<-)
    | (?P<rel><=|>=|==|!=|~=|[=≈≃≅<>≤≥≠]
        |\\(?:approx|simeq|leq?|geq?|lt|gt|neq)(?![a-zA-Z])
        |\b(?:is\ equal\ to|is|are|equals?|gives|makes|yields)\b)
    | (?P<op>\*\*|//|[-+*×·⋅∗/÷^−–]|\\(?:times|cdot|div|bmod)(?![a-zA-Z])
        |\b(?:plus|minus|times|mod|divided\ by|multiplied\ by)\b)
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | (?P<percent>%|\bpercent\b)
    | (?P<word>[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


TAIL = re.compile(r"\w*")
PLAIN_KINDS: dict[str, TokenKind] = {
    "stop": "stop", "open": "open", "close": "close", "percent": "percent", "word": "word",
    "other": "other",
}  # fmt: skip


class Unreadable(Exception):
    """What stands there is no arithmetic that this module reads, or too much of it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text. `name` is the operator or relation in its one spelling."""

    kind: TokenKind
    start: int
    end: int
    text: str
    name: str = ""
    number: Number | None = None


def tokens(text: str) -> tuple[Token, ...]:
    """The pieces of a text that arithmetic may be made of; dates and times are `other`."""
    fixed = [(moment.start, moment.end) for moment in moments.find(text)]
    fixed += [found.span() for found in VERSION.finditer(text)]
    flat = blanked(text, fixed, "\ufffc")
    pieces: list[Token] = []
    numerals = {found.start(): found for found in NUMERAL.finditer(flat)}
    at = 0
    while at < len(flat):
        token = _number(flat, numerals[at]) if at in numerals else _piece(flat, at, pieces)
        if token.name == "label" and pieces and pieces[-1].number:
            unit = token.text.partition("{")[2].rstrip("}").strip().lower()
            measured = replace(pieces[-1].number, unit=unit if unit in UNITS else "")
            pieces[-1] = replace(pieces[-1], number=measured)
        if token.kind != "stop" or token.text:
            pieces.append(token)
        at = token.end
    return tuple(pieces)


def _number(text: str, found: re.Match[str]) -> Token:
    """A numeral, or a word when letters make it an identifier."""
    start, end = found.span()
    number = numeral(text, found)
    if number is None or found["short"]:  # "4k" is more often algebra than thousands
        return Token("other", start, next(TAIL.finditer(text, end)).end(), found.group())
    name = "scientific" if found["ten"] or found["sup"] else ""
    return Token("num", start, end, found.group(), name, number)


def _piece(text: str, at: int, before: Sequence[Token]) -> Token:
    """The token at a position that holds no numeral; a skipped one is a `stop` without text."""
    found = next(TOKEN.finditer(text, at))  # the last alternative takes any character
    kind, piece, end = found.lastgroup, found.group(), found.end()
    match kind:
        case "skip":
            return Token("stop", at, end, "")
        case "label":
            return Token("word", at, end, piece, "label")
        case "stop" if piece == "\n" and re.match(r"\s*&?=(?!=)", text[end : end + 40]):
            return Token("stop", at, end, "")  # a chain that goes on in the next line
        case "rel":
            if piece == ">" and line_begins(text, at):
                return Token("stop", at, end, "\n")  # a quoted line
            name = "is" if piece.lower() == "is equal to" else RELATIONS[piece.lower()]
            return Token("rel", at, end, piece, name)
        case "op":
            return _operator(text, at, piece, before)
        case "percent" if re.match(r"%[ ]?[\d(]", text[at : at + 3]):
            spaced = text[at - 1 : at] == " " and text[end : end + 1] == " "
            return Token("op" if spaced else "other", at, end, piece, "mod")
        case "word" if piece.lower() == "x" and _between_numbers(text, at, end):
            return Token("op", at, end, piece, "*")
        case "word" if piece.lower() == "of" and before and _shares(before):
            return Token("op", at, end, piece, "*")
    return Token(PLAIN_KINDS[kind or "other"], at, end, piece)


def _operator(text: str, at: int, piece: str, before: Sequence[Token]) -> Token:
    """An operator, unless stars are emphasis or a sign opens a list item."""
    end = at + len(piece)
    left, right = text[at - 1 : at], text[end : end + 1]
    if piece in ("*", "**"):
        operand = bool(before) and before[-1].kind in ("num", "close", "percent", "word")
        even = left.isspace() == right.isspace()
        if not (operand and even and re.match(r"\s*[-−]?[\d(\\$€£.]", text[end : end + 9])):
            return Token("stop", at, end, "")
    if piece in "-+*" and right == " " and line_begins(text, at):
        return Token("stop", at, end, "\n")
    return Token("op", at, end, piece, OPERATORS[piece.lower()])


def line_begins(text: str, at: int) -> bool:
    """Whether only white space and quote marks stand before a position in its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>")


def _between_numbers(text: str, start: int, end: int) -> bool:
    """Whether an "x" stands between two numerals or brackets."""
    before, after = text[max(0, start - 3) : start], text[end : end + 4]
    return bool(re.search(r"[\d)%] *$", before) and re.match(r"[ $€£¥]*[\d(]", after))


def _shares(before: Sequence[Token]) -> bool:
    """Whether what precedes "of" is a percentage or a fraction."""
    if before[-1].kind == "percent":
        return True
    kinds = [(token.kind, token.name) for token in before[-3:]]
    return kinds == [("num", ""), ("op", "/"), ("num", "")]


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
        self.divided = self.joined = self.multiplied = False

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
            value = small(value + self._product() if name == "+" else value - self._product())
        return value

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
        return self._suffixed(token.number.value, token.number)

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
        if token is not None and token.kind == "percent":
            self.at += 1
            return value / 100 if self.reading != "plain" else value
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
            if any(len(word.text) == 1 for word in self.pieces[self.at : self.at + words]):
                raise Unreadable("a variable")
            if ahead.name == "^":
                raise Unreadable("a power of a unit")
            self.at += words
            self._pass_per()

    def _pass_per(self) -> None:
        """Step over "/ hour" behind a unit."""
        token, following = self._peek(), self._peek(1)
        if token and token.name == "/" and following and following.kind == "word":
            self.at += 2


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
