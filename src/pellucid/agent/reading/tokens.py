"""The pieces of arithmetic as people and models write it.

`tokens` cuts a text into numerals, operators, brackets, relations and words; what reads
them as expressions is in `arithmetic`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from pellucid.agent.reading import moments
from pellucid.agent.reading.european import EUROPEAN
from pellucid.agent.reading.numbers import (
    NUMERAL,
    SUPERSCRIPT,
    VERSION,
    VULGAR,
    Number,
    european,
    numeral,
    vulgar,
)
from pellucid.agent.reading.prose import blanked
from pellucid.agent.reading.units import UNITS

TokenKind = Literal["num", "op", "open", "close", "rel", "percent", "word", "stop", "other"]

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
TOKEN = re.compile(
    r"""(?P<skip>\\[()\[\],;:! ]|\\[$%](?!\w)
        |\\(?:left|right|boxed|d?frac|tfrac|quad|displaystyle)(?![a-zA-Z]))
    | (?P<label>\\(?:text|mathrm|mathbf|textbf|mbox)\{[^{}\n]*\})
    | (?P<stop>\\\\|\\(?:begin|end)\{\w+\*?\}|\n|[.,;:?!"'“”‘’|•→⇒]|=>|->|—|<-)
    | (?P<rel><=|>=|==|!=|~=|[=≈≃≅<>≤≥≠]
        |\\(?:approx|simeq|leq?|geq?|lt|gt|neq)(?![a-zA-Z])
        |\b(?:is\ equal\ to|is|are|equals?|gives|makes|yields)\b)
    | (?P<op>\*\*|//|[-+*×·⋅∗/÷^−–]|\\(?:times|cdot|div|bmod)(?![a-zA-Z])
        |\b(?:plus|minus|times|mod|divided\ by|multiplied\ by)\b)
    | (?P<raised>[⁻⁰¹²³⁴-⁹]+)
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | (?P<percent>%|\bper\ ?cent\b)
    | (?P<word>[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*)
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
EXPONENT = re.compile(r"-?\d{1,4}")
CLOCK = re.compile(r"0\d{3}")
CHUNK = re.compile(r"(?:[^\n.!?]|[.!?](?!\s))*(?:[.!?\n]|\Z)")
NUMERIC = re.compile(r"[\d½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]")
BLANKS = re.compile(r"[ \t\u00a0\u2009\u202f$€£¥₹`_&]+")
TAIL = re.compile(r"\w*")
PLAIN_KINDS: dict[str, TokenKind] = {
    "stop": "stop", "open": "open", "close": "close", "percent": "percent", "word": "word",
    "other": "other",
}  # fmt: skip


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
    grouped = {found.start(): found for found in EUROPEAN.finditer(text)}
    fixed = [(moment.start, moment.end) for moment in moments.find(text)]
    fixed += [found.span() for found in VERSION.finditer(text) if found.start() not in grouped]
    flat = blanked(text, fixed, "\ufffc")
    pieces: list[Token] = []
    for chunk in CHUNK.finditer(flat):
        if NUMERIC.search(chunk.group()):
            _read(flat, chunk.span(), grouped, pieces)
        elif chunk.group():  # words alone: nothing there is arithmetic
            pieces.append(Token("stop", *chunk.span(), "\n"))
    return tuple(pieces)


def _read(
    flat: str, span: tuple[int, int], grouped: dict[int, re.Match[str]], pieces: list[Token]
) -> None:
    """Append the pieces of a part of a text."""
    at, end = span
    while at < end:
        if blank := BLANKS.match(flat, at):
            at = blank.end()
            continue
        if found := grouped.get(at):
            token = Token("num", at, found.end(), found.group(), "", european(flat, found))
        else:
            token = _numeral(flat, at, pieces) or _piece(flat, at, pieces)
        if token.name == "label" and pieces and pieces[-1].number:
            unit = token.text.partition("{")[2].rstrip("}").strip().lower()
            measured = replace(pieces[-1].number, unit=unit if unit in UNITS else "")
            pieces[-1] = replace(pieces[-1], number=measured)
        if token.kind != "stop" or token.text:
            pieces.append(token)
        at = token.end


def _numeral(text: str, at: int, before: Sequence[Token]) -> Token | None:
    """The numeral that begins at a position, None where there is none."""
    if text[at] != "." and not text[at].isnumeric():
        return None
    if found := VULGAR.match(text, at):
        number = Number(at, found.end(), found.group(), vulgar(found), "fraction", Fraction(0))
        return Token("num", at, found.end(), found.group(), "", number)
    found = NUMERAL.match(text, at)
    return _number(text, found, before) if found else None


def _number(text: str, found: re.Match[str], before: Sequence[Token]) -> Token:
    """A numeral, or a word when letters make it an identifier."""
    start, end = found.span()
    if (found["ten"] or found["sup"]) and before and before[-1].kind == "op":
        if before[-1].name == "/":  # 6 / 2 × 10^3 means two things
            return Token("other", start, end, found.group())
        if before[-1].name == "^":  # the exponent of 10^2 × 10^3 is no 2 × 10^3
            end = found.end("digits")
            found = NUMERAL.match(text, start, end) or found
    number = numeral(text, found)
    # "4k" is more often algebra than thousands, "0930" a time of day.
    if number is None or found["short"] or CLOCK.fullmatch(found["digits"]):
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
        case "stop" if piece in ("\n", "\\\\") and _goes_on(text, end, before):
            return Token("stop", at, end, "")
        case "rel":
            if piece == ">" and line_begins(text, at):
                return Token("stop", at, end, "\n")  # a quoted line
            name = "is" if piece.lower() == "is equal to" else RELATIONS[piece.lower()]
            return Token("rel", at, end, piece, name)
        case "op":
            return _operator(text, at, piece, before)
        case "raised":
            return _raised(at, end, piece, before)
        case "percent" if re.match(r"%[ ]?[\d(]", text[at : at + 3]):
            spaced = text[at - 1 : at] == " " and text[end : end + 1] == " "
            return Token("op" if spaced else "other", at, end, piece, "mod")
        case "word" if piece.lower() == "x" and _between_numbers(text, at, end, before):
            return Token("op", at, end, piece, "*")
        case "word" if piece.lower() == "of" and before and _shares(before):
            return Token("op", at, end, piece, "*")
    return Token(PLAIN_KINDS[kind or "other"], at, end, piece)


def _goes_on(text: str, end: int, before: Sequence[Token]) -> bool:
    """Whether a chain goes on in the next line: "3 + 4" and "= 7" there, or "3 + 4 =" and "7"."""
    following = text[end : end + 40]
    if before and before[-1].kind == "rel" and before[-1].name != "is":
        return bool(re.match(r"[ \t]*[$\\(]{0,3}\d", following))
    return bool(re.match(r"\s*&?=(?!=)", following))


def _raised(at: int, end: int, piece: str, before: Sequence[Token]) -> Token:
    """A raised number: the exponent of what stands directly before it."""
    digits = piece.translate(SUPERSCRIPT)
    if before and before[-1].end == at and EXPONENT.fullmatch(digits):
        number = Number(at, end, piece, Fraction(int(digits)))
        return Token("op", at, end, piece, "raised", number)
    return Token("other", at, end, piece)


def _operator(text: str, at: int, piece: str, before: Sequence[Token]) -> Token:
    """An operator, unless stars are emphasis or a sign opens a list item."""
    end = at + len(piece)
    left, right = text[at - 1 : at], text[end : end + 1]
    if piece in ("*", "**"):
        operand = bool(before) and before[-1].kind in ("num", "close", "percent", "word")
        even = left.isspace() == right.isspace()
        if not (operand and even and re.match(r"\s*[-−]?(?:[\d(\\$€£]|\.\d)", text[end : end + 9])):
            return Token("stop", at, end, "")
    if piece in "-+*" and right == " " and line_begins(text, at):
        return Token("stop", at, end, "\n")
    return Token("op", at, end, piece, OPERATORS[piece.lower()])


def line_begins(text: str, at: int) -> bool:
    """Whether only white space and quote marks stand before a position in its line."""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(" \t>")


def _between_numbers(text: str, start: int, end: int, before: Sequence[Token]) -> bool:
    """Whether an "x" stands between two numerals or brackets, the first perhaps with its unit."""
    if not re.match(r"[ $€£¥]*[\d(]", text[end : end + 4]):
        return False
    if re.search(r"[\d)%] *$", text[max(0, start - 3) : start]):
        return True
    counted = len(before) > 1 and before[-2].kind == "num" and before[-1].kind == "word"
    return counted and len(before[-1].text) > 2 and text[start - 1 : start].isspace()


def _shares(before: Sequence[Token]) -> bool:
    """Whether what precedes "of" is a percentage or a fraction."""
    if before[-1].kind == "percent":
        return True
    kinds = [(token.kind, token.name) for token in before[-3:]]
    return kinds == [("num", ""), ("op", "/"), ("num", "")]
