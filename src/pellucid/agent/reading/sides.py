"""The two sides of a relation: how far each reaches, and what it is worth.

An expression is read from a relation outwards. Where something that is not read with
certainty belongs to it (a variable, a function, a ratio), `Unreadable` is raised.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from pellucid.agent.reading.arithmetic import (
    DOTTED,
    MOST_UNIT_WORDS,
    PER,
    STOP_WORDS,
    Expression,
    Reading,
    Unreadable,
)
from pellucid.agent.reading.numbers import Number
from pellucid.agent.reading.prose import word_set
from pellucid.agent.reading.tokens import Token
from pellucid.agent.reading.units import UNITS

FUNCTIONS = word_set(
    """
    sin cos tan cot sec log ln lg exp sqrt root cbrt gcd lcm max min abs floor ceil round
    mean average median mode sum product factorial choose binomial percent modulo base hex
    binary than least most above below over under negative
    """
)
TOTALS = word_set(
    "total maximum minimum amount cost price score profit value weight distance length"
)
"""What "of" may follow without taking a part: a total of 3 * 4."""
HEDGE = re.compile(r"\s*(?:about|approximately|approx\.?|roughly|around|nearly|almost)\b", re.I)
HEDGED = re.compile(
    r"(?:\b(?:about|approximately|approx\.?|roughly|around|nearly|almost)|[≈~])[\s(*$]*$", re.I
)
FRAC = re.compile(r"\\[dt]?frac$")
READINGS: tuple[Reading, ...] = ("plain", "percent", "relative", "dotted", "units")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: its range, its values by reading, and its numerals.

    `hedged` tells that a word before it says that it is no exact value; `divided` that
    it divides.
    """

    start: int
    end: int
    text: str
    values: tuple[Fraction, ...]
    operators: int
    multiplied: bool
    divided: bool
    numbers: tuple[Number, ...]
    hedged: bool = False

    @property
    def lone(self) -> Number | None:
        """The number this side is, with its sign, when it is nothing but one."""
        if self.operators or len(self.numbers) != 1:
            return None
        number = self.numbers[0]
        if self.values[0] == number.value:
            return number
        text = self.text[: number.end - self.start]
        return replace(number, start=self.start, text=text, value=-number.value)


def right_side(text: str, pieces: Sequence[Token], place: int, high: int) -> Side:
    """The expression that begins after a relation; raises Unreadable."""
    hedge = HEDGE.match(text, pieces[place].end)
    first = place + 1
    while hedge and first < high and pieces[first].start < hedge.end():
        first += 1
    read = Expression(pieces, first, high, "plain").read()
    last = pieces[read.at - 1]
    if read.at < high:
        _check_end(pieces[read.at], last, pieces[read.at + 1 : read.at + 2])
    return _side(text, pieces, first, high, read, bool(hedge))


def left_side(text: str, pieces: Sequence[Token], low: int, place: int) -> Side:
    """The expression that ends before a relation; raises Unreadable."""
    first = _first(pieces, low, place)
    if first == place:
        raise Unreadable("nothing there")
    _check_start(text, pieces, first)
    read = Expression(pieces, first, place, "plain").read()
    if read.at != place:
        raise Unreadable("not one expression")
    start = pieces[first].start
    return _side(
        text, pieces, first, place, read, bool(HEDGED.search(text[max(0, start - 20) : start]))
    )


def _side(
    text: str, pieces: Sequence[Token], first: int, stop: int, read: Expression, hedged: bool
) -> Side:
    """The side that an expression is, with its value in each reading."""
    start, end = pieces[first].start, pieces[read.at - 1].end
    if latex := FRAC.search(text, max(0, start - 6), start):
        start = latex.start()
    values = tuple(
        Expression(pieces, first, stop, reading).read().value
        if _matters(reading, read)
        else read.value
        for reading in READINGS
    )
    return Side(
        start,
        end,
        text[start:end],
        values,
        read.operators,
        read.multiplied,
        read.divided,
        tuple(read.numbers),
        hedged,
    )


def _matters(reading: Reading, plain: Expression) -> bool:
    """Whether an expression may be worth something else in another reading."""
    match reading:
        case "plain":
            return False
        case "percent" | "relative":
            return plain.percents
        case "dotted":
            return any(DOTTED.fullmatch(number.text) for number in plain.numbers)
        case "units":
            return plain.percents or any(number.unit in UNITS for number in plain.numbers)
        case _:
            assert_never(reading)


def _check_end(after: Token, last: Token, beyond: Sequence[Token]) -> None:
    """Raise Unreadable when what follows an expression belongs to it."""
    attached = after.start == last.end
    if after.kind in ("num", "other") and (attached or after.kind == "num" or after.text in "π√"):
        raise Unreadable("more of a number")
    if after.text == "{":
        raise Unreadable("a mixed number")
    if after.kind == "word" and attached and after.text.lower() not in UNITS:
        raise Unreadable("a variable")
    if after.kind == "stop" and attached and after.text in (",", ":", "."):
        for following in beyond:
            more = following.kind in ("num", "other") or following.text == "("
            if more and following.start == after.end:
                raise Unreadable("more of a number")


def _first(pieces: Sequence[Token], low: int, place: int) -> int:
    """Where the expression before a relation begins: as far back as its pieces go."""
    at, depth = place, 0
    while at > low:
        token = pieces[at - 1]
        if token.kind == "word":
            run = at - 1
            while run > low and pieces[run - 1].kind == "word":
                run -= 1
            if not _units(pieces, low, run, at):
                return at
            at = run
            continue
        if token.kind in ("stop", "other", "rel") and token.text != "!":
            return at
        depth += (token.kind == "close") - (token.kind == "open")
        if depth < 0:
            return at
        at -= 1
    return at


def _units(pieces: Sequence[Token], low: int, run: int, end: int) -> bool:
    """Whether a run of words stands behind an operand, as units do."""
    if run <= low or end - run > MOST_UNIT_WORDS:
        return False
    if pieces[run - 1].name == "/" and run - 1 > low:
        return pieces[run - 2].kind == "word" or pieces[run].text.lower() in PER
    if pieces[run - 1].kind not in ("num", "close", "percent"):
        return False
    follows = pieces[end].kind in ("op", "rel", "close")
    return follows and all(word.text.lower() not in STOP_WORDS for word in pieces[run:end])


def _part(pieces: Sequence[Token], at: int) -> bool:
    """Whether "of" says that what follows is only taken a part of, as in "half of 3 * 4"."""
    total = at > 0 and pieces[at - 1].text.lower() in TOTALS
    return pieces[at].text.lower() == "of" and not total


def _check_start(text: str, pieces: Sequence[Token], first: int) -> None:
    """Raise Unreadable when what stands before an expression belongs to it."""
    token = pieces[first]
    spaced = text[token.start - 1 : token.start] in (*" \t\n([{$", "")
    if token.kind == "op" and not (
        token.name == "-" and spaced and text[token.end : token.end + 1] != " "
    ):
        raise Unreadable("an operand before it")
    if first == 0:
        return
    before = pieces[first - 1]
    attached = before.end == token.start
    word = before.text.lower()
    if before.kind == "word" and (
        attached
        or (len(word) == 1 and word != "a")
        or word in FUNCTIONS
        or _part(pieces, first - 1)
    ):
        raise Unreadable("a function or a variable before it")
    if before.kind in ("other", "num", "close", "percent", "op"):
        raise Unreadable("more of a formula before it")
    outside = pieces[first - 2] if before.kind == "open" and first > 1 else before
    if outside.end == before.start and outside.kind in ("word", "num", "other"):
        raise Unreadable("an argument")
    if before.text == ":" and text[before.start - 1 : before.start] == " ":
        raise Unreadable("a ratio")
    if before.kind == "stop" and before.text in (",", ":", ".") and attached:
        raise Unreadable("more of a number")
