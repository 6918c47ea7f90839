"""Arithmetic as people write it, brought to one plain spelling and cut into tokens.

LaTeX, typographic signs, words for operators, currency signs and Markdown become plain
operators; every token knows where in the original text it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import factorial
from typing import Literal

from pellucid.evals.audit_text import prose
from pellucid.evals.audit_values import Shown
from pellucid.evals.audit_words import word_set

Kind = Literal["num", "op", "open", "close", "rel", "word", "stop"]

NESTED = (
    (r"\\(?:text|mathrm|mbox|textbf|mathbf|textit|operatorname)\s*\{([^{}]*)\}", r" \1 "),
    (r"\\(?:boxed|fbox)\s*\{([^{}]*)\}", r"(\1)"),
    (r"(?<=[A-Za-z])\s?\^\s*\{[^{}]*\}", r""),
    (r"\^\s*\{([^{}]*)\}", r"**(\1)"),
    (r"(?<=\d)\s*\\[dtc]?frac\b", r"¤\\frac"),
    (r"\\[dtc]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\[dtc]?frac\s*(\d)\s*(\d)", r"(\1/\2)"),
)
PLAIN = (
    (r"https?://\S+|www\.\S+", r" ¤ "),
    (r"\{,\}|\\,(?=\d{3})|(?<=\d),\\!(?=\d{3})", r","),
    (r"\\[,;:! ]|\\q?quad\b|\\left\b|\\right\b|\\displaystyle\b|\\bigl?\b|\\bigr\b", r" "),
    (r"\\times\b|\\cdot\b|\\ast\b|[×·⋅∙✕✖]", r" × "),
    (r"\\div\b|÷", r" / "),
    (r"\\approx\b|\\simeq\b|≅", r" ≈ "),
    (r"\\%", r"%"),
    (r"−|(?<=\s)[–—](?=\s?\$?[\d(])", r"-"),
    (r"(?:\bUS)?(?:\\?\$|[€£¥])(?=\.?\d)", r""),
    (r"\\?\$|[€£¥]|\\[()\[\]]", r" "),
    (r"(?<=[A-Za-z])(?:[²³]|\s?\^\s?[23])", r""),
    (r"²", r"**2"),
    (r"³", r"**3"),
    (r"\^", r"**"),
    (r"\\\\|&(?!\w)", r" "),
    (r"\\[a-zA-Z]+", r"¤"),
    (r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))", r","),
    (r"`|__", r" "),
)
TOKEN = re.compile(
    r"""(?P<other>\d+(?:\.\d+){2,}|0\d+(?![\d.])|\d{4}-\d\d?-\d\d?|\d\d?:\d\d(?::\d\d)?|\d\d?/\d\d?/\d{2,4}
        |[<>!:=]=|=>|->|<-)
    |(?P<num>(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][+-]?\d+(?!\w))?|(?<![\d.])\.\d+)
    |(?P<rel>=|≈)
    |(?P<op>\*\*|//|[*×+/%!-])
    |(?P<open>[(\[])|(?P<close>[)\]])
    |(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)
    |(?P<line>\n\s*)
    |(?P<stop>\S)""",
    re.VERBOSE,
)
SCALES = {"dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
WORD_OPS = {"plus": "+", "minus": "-", "times": "*", "x": "*", "mod": "%", "modulo": "%"}
BY = {"multiplied": "*", "divided": "/"}
RELATIONS = frozenset({"is", "are", "equals", "equal", "makes", "gives"})
RATES = word_set(
    "hour hours hr h day week month year person people minute minutes min s second seconds sec kg"
    " km item unit piece mile lb oz box each litre liter gallon"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of arithmetic or of the words around it: kind, plain spelling, place in the
    plain text (`at`, `to`) and in the original (`start`, `end`), and the number it is."""

    kind: Kind
    text: str
    at: int
    to: int
    start: int
    end: int
    number: Shown | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in plain spelling, and for each of its characters the place it came from."""

    text: str
    origin: tuple[int, ...]

    def replaced(self, pattern: str, by: str) -> "Plain":
        """This text with every match of a pattern replaced."""
        pieces, origin, last = [], list[int](), 0
        for found in re.finditer(pattern, self.text):
            new = found.expand(by)
            pieces += [self.text[last : found.start()], new]
            origin += self.origin[last : found.start()]
            origin += [self.origin[found.start()]] * len(new)
            last = found.end()
        pieces.append(self.text[last:])
        return Plain("".join(pieces), (*origin, *self.origin[last:]))


def plain(answer: str) -> Plain:
    """An answer in plain spelling, without its fenced blocks."""
    text = Plain(prose(answer), tuple(range(len(answer) + 1)))
    for _ in range(4):
        for pattern, by in NESTED:
            text = text.replaced(pattern, by)
    for pattern, by in PLAIN:
        text = text.replaced(pattern, by)
    return text


def tokens(text: Plain) -> list[Token]:
    """The tokens of a plain text, words for operators and numbers read."""
    raw = [_token(text, found) for found in TOKEN.finditer(text.text)]
    raw = [
        token for token, after in zip(raw, [*raw[1:], None], strict=False) if _kept(token, after)
    ]
    signs = [replace(t, text="*") if t.text == "×" else t for t in _markup_dropped(raw)]
    return _operators(_numbers(signs))


def _token(text: Plain, found: re.Match[str]) -> Token:
    kind = found.lastgroup or "stop"
    at, to = found.span()
    last = text.origin[to - 1] + 1 if to > at else text.origin[at]
    places = (at, to, text.origin[at], max(last, text.origin[at]))
    written = found.group()
    if kind == "num":
        return Token("num", written, *places, number=shown(written, text.text[to : to + 3]))
    if kind in ("open", "close"):
        return Token(kind, "(" if kind == "open" else ")", *places)  # type: ignore[arg-type]
    if kind in ("other", "line"):
        return Token("stop", "¤" if kind == "other" else "\n", *places)
    return Token(kind, written, *places)  # type: ignore[arg-type]


def _kept(token: Token, after: Token | None) -> bool:
    """A line break before "=" only breaks the line."""
    return not (token.text == "\n" and after and after.kind == "rel")


def shown(written: str, after: str) -> Shown:
    """A numeral as a number; dots after it say that it goes on."""
    digits = written.replace(",", "")
    mantissa, _, exponent = digits.lower().partition("e")
    scale = Fraction(10) ** int(exponent or 0) if abs(int(exponent or 0)) < 400 else Fraction(1)
    decimals = len(mantissa.partition(".")[2])
    step = scale / 10**decimals
    bare = mantissa.replace(".", "").lstrip("0")
    zeros = 0 if decimals else len(bare) - len(bare.rstrip("0"))
    on = after.startswith(("...", "…"))
    return Shown(Fraction(mantissa) * scale, step, step * 10**zeros, len(bare), goes_on=on)


def _markup_dropped(raw: Sequence[Token]) -> list[Token]:
    """The tokens without stars that only make text bold, slanted or a list."""
    kept: list[Token] = []
    for place, token in enumerate(raw):
        after = raw[place + 1] if place + 1 < len(raw) else None
        if token.text in ("*", "**"):
            operand = kept and (kept[-1].kind in ("num", "close", "word") or kept[-1].text in "%!")
            starts = after and (after.kind in ("num", "open") or after.text in ("-", "**", "*"))
            tight = kept and kept[-1].to == token.at
            lonely = token.text == "**" and tight and after and after.at != token.to
            spaced = kept and kept[-1].to < token.at and after and after.at > token.to
            if operand and spaced and kept[-1].kind != "word":
                kept.append(token)
                continue
            if not operand or not starts or lonely or (kept[-1].kind == "word" and tight):
                continue
        kept.append(token)
    return kept


def _numbers(raw: Sequence[Token]) -> list[Token]:
    """Percent signs, factorials and words like "million" taken into their numbers."""
    kept: list[Token] = []
    for place, token in enumerate(raw):
        after = raw[place + 1] if place + 1 < len(raw) else None
        merged = _merged(kept[-1], token, after) if kept else None
        if merged:
            kept[-1] = merged
        else:
            kept.append(token)
    return kept


def _merged(before: Token, token: Token, after: Token | None) -> Token | None:
    """A number with the token after it, when that belongs to the number."""
    if (number := before.number) is None:
        return None
    word, tight = token.text.lower(), before.to == token.at
    operand = after is not None and after.kind in ("num", "open")
    spread = replace(before, to=token.to, end=token.end)
    if word in SCALES:
        by = SCALES[word]
        scaled = replace(
            number,
            scale=Fraction(by),
            value=number.value * by,
            step=number.step * by,
            round_step=number.round_step * by,
        )
        return replace(spread, number=scaled)
    if word == "percent" or (word == "%" and not (operand and (not tight or _tight(token, after)))):
        return replace(spread, number=replace(number, percent=True))
    whole = number.value.denominator == 1 and 0 <= number.value <= 150
    if word == "!" and tight and whole and after and after.kind in ("op", "rel", "close"):
        value = Fraction(factorial(int(number.value)))
        return replace(spread, number=Shown(value, Fraction(1), Fraction(1), worked=True))
    return None


def _tight(token: Token, after: Token | None) -> bool:
    return after is not None and after.at == token.to


def _operators(raw: Sequence[Token]) -> list[Token]:
    """Words that stand for operators and relations as such; rates ("km / h") as one word."""
    kept: list[Token] = []
    for place, token in enumerate(raw):
        before = kept[-1] if kept else None
        after = raw[place + 1] if place + 1 < len(raw) else None
        kept.append(_as_operator(kept, token, after))
        if kept[-1].text in "*/" and before and before.text.lower() in BY:
            del kept[-2]
        if len(kept) > 2 and kept[-1].kind == "word" and kept[-2].text in ("/", "per"):
            tight = kept[-3].to == kept[-2].at and kept[-2].to == token.at and len(token.text) > 2
            rate = tight or token.text.lower() in RATES or kept[-3].kind == "word"
            if rate and kept[-3].kind in ("word", "num", "close"):
                slash = kept.pop(-2)
                kept[-1] = replace(kept[-1], text=f"per-{token.text}", at=slash.at)
    return kept


def _as_operator(kept: Sequence[Token], token: Token, after: Token | None) -> Token:
    word, before = token.text.lower(), kept[-1] if kept else None
    operand = after is not None and (after.kind in ("num", "open") or after.text == "-")
    if token.kind != "word" or before is None:
        return token
    if word == "x" and after is not None and after.text == "-":
        return token
    if word in WORD_OPS and operand and before.kind in ("num", "close", "word"):
        return replace(token, kind="op", text=WORD_OPS[word])
    if word == "by" and before.text.lower() in BY and operand:
        return replace(token, kind="op", text=BY[before.text.lower()])
    if word in RELATIONS and before.kind in ("num", "close", "word"):
        return replace(token, kind="rel", text="is")
    if word == "of" and before.number and operand:
        part = before.number.percent or (len(kept) > 2 and kept[-2].text == "/")
        return replace(token, kind="op", text="*") if part else token
    return token
