"""Equations and comparisons in a text, recomputed exactly.

Only what can be read with certainty is judged: variables, functions, mixed units,
remainders and anything unclear give no equation at all rather than a wrong verdict.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pellucid.agent.arithmetic import (
    MOST_UNIT_WORDS,
    STOP_WORDS,
    Expression,
    Reading,
    Token,
    Unreadable,
    tokens,
)
from pellucid.agent.numbers import Number
from pellucid.agent.prose import Span, word_set
from pellucid.agent.style import restyled, rounded
from pellucid.agent.units import UNITS

FUNCTIONS = word_set(
    """
    sin cos tan cot sec log ln lg exp sqrt root cbrt gcd lcm max min abs floor ceil round
    mean average median mode sum product factorial choose binomial percent modulo base hex
    binary than least most above below over under negative
    """
)
HEDGE = re.compile(r"\s*(?:about|approximately|approx\.?|roughly|around|nearly|almost)\b", re.I)
NOT_PLAIN = re.compile(
    r"[^\S\n]*(?:,? ?(?:with )?(?:a )?(?:remainder|rem\.?|r\.?) ?\d|\(?mod\b|\\pmod|R\d)"
    r"|[^.\n]{0,40}\b(?:round|floor|truncat|integer division|whole|full|remainder|left over)",
    re.IGNORECASE,
)
FRAC = re.compile(r"\\[dt]?frac$")
CLEARLY_ARITHMETIC = re.compile(
    r"\s[-+*×·÷/x−–]\s|[+*×÷^%]|\b(?:plus|minus|times|by|mod)\b|[%\d] of\b|\\[a-z]"
)
READINGS: tuple[Reading, ...] = ("plain", "percent", "units")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: its range, its values by reading, and its numerals."""

    start: int
    end: int
    text: str
    values: tuple[Fraction, ...]
    operators: int
    multiplied: bool
    numbers: tuple[Number, ...]

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


@dataclass(frozen=True, slots=True)
class Relation:
    """Two sides that are said to be equal or ordered, and whether they are."""

    left: Side
    right: Side
    name: str
    at: Span
    holds: bool
    run_on: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """A chain of relations as one range of the text.

    `fixed` is the text with every wrong side recomputed (the text itself when all
    hold), `note` says what is wrong, `wrong` pairs wrong results with right ones.
    """

    start: int
    end: int
    text: str
    relations: tuple[Relation, ...]
    fixed: str
    note: str = ""
    wrong: tuple[tuple[Number, str], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every relation of the chain holds."""
        return all(relation.holds for relation in self.relations)


def find(text: str) -> tuple[Equation, ...]:
    """The equations of a text, in order, none overlapping another."""
    pieces = tokens(text)
    places = [at for at, token in enumerate(pieces) if token.kind == "rel"]
    relations = []
    for before, place, after in zip(
        [-1, *places], places, [*places[1:], len(pieces)], strict=False
    ):
        relation = _relation(text, pieces, before + 1, place, after)
        if relation:
            relations.append(relation)
    return tuple(_equation(text, chain) for chain in _chains(relations))


def _chains(relations: Iterable[Relation]) -> list[list[Relation]]:
    """Relations that share a side, together."""
    chains: list[list[Relation]] = []
    for relation in relations:
        if chains and relation.left.start < chains[-1][-1].right.end:
            chains[-1].append(relation)
        else:
            chains.append([relation])
    return chains


def _relation(
    text: str, pieces: Sequence[Token], low: int, place: int, high: int
) -> Relation | None:
    """The relation at a place between two others, None when a side is unreadable."""
    rel = pieces[place]
    try:
        right, hedged = _right(text, pieces, place, high)
        left = _left(text, pieces, low, place)
    except Unreadable:
        return None
    name = "≈" if hedged and rel.name in ("=", "is") else rel.name
    if not _judgeable(left, right, name):
        return None
    mixed = _mixed(left, right)
    first = len(READINGS) - 1 if mixed and not (left.multiplied or right.multiplied) else 0
    holds = any(
        _holds(one, other, right, name)
        for one, other in list(zip(left.values, right.values, strict=True))[first:]
    )
    if not holds and (mixed or NOT_PLAIN.match(text, right.end)):
        return None
    return Relation(left, right, name, (rel.start, rel.end), holds)


def _judgeable(left: Side, right: Side, name: str) -> bool:
    """Whether this is arithmetic at all: "12 = 12" is not, and "3-4 is 2 pages" hardly."""
    if name in ("=", "≈", "is") and not (left.operators or right.operators):
        return False
    if name == "is":
        return bool(left.operators and CLEARLY_ARITHMETIC.search(left.text))
    return True


def _mixed(left: Side, right: Side) -> bool:
    """Whether units of one family but of different size occur: hours and minutes."""
    sizes: dict[str, set[Fraction]] = {}
    for number in (*left.numbers, *right.numbers):
        known = UNITS.get(number.unit)
        if known and known[0] != "share":
            sizes.setdefault(known[0], set()).add(known[1])
    return any(len(found) > 1 for found in sizes.values())


def _holds(left: Fraction, right: Fraction, side: Side, name: str) -> bool:
    """Whether a relation holds, within the rounding the right side shows."""
    match name:
        case "<":
            return left < right
        case ">":
            return left > right
        case "≤":
            return left <= right
        case "≥":
            return left >= right
        case "≠":
            return left != right
    if left == right:
        return True
    number, gap = side.lone, abs(left - right)
    if number is None:
        return name == "≈" and gap <= abs(left) / 100
    scale = abs(right / number.value) if number.value else Fraction(1)
    step = number.step * scale
    if number.cut or name == "≈":
        return gap < max(step, _shown(number) * scale)
    decimals = "." in number.text
    return decimals and (gap <= step / 2 or gap <= abs(left) / 10**12)


def _shown(number: Number) -> Fraction:
    """The worth of the last digit of a round number: 100,000 for 28,900,000."""
    if number.value.denominator != 1 or number.value == 0:
        return number.step
    digits = str(number.normal).rstrip("%")
    return Fraction(10) ** (len(digits) - len(digits.rstrip("0")))


def _right(text: str, pieces: Sequence[Token], place: int, high: int) -> tuple[Side, bool]:
    """The expression that begins after a relation, and whether it is hedged."""
    hedge = HEDGE.match(text, pieces[place].end)
    first = place + 1
    while hedge and first < high and pieces[first].start < hedge.end():
        first += 1
    read = [Expression(pieces, first, high, reading).read() for reading in READINGS]
    after = pieces[read[0].at] if read[0].at < len(pieces) else None
    last = pieces[read[0].at - 1]
    if after and read[0].at < high:
        _check_end(after, last, pieces[read[0].at + 1 : read[0].at + 2])
    return _side(text, pieces, first, read), bool(hedge)


def _check_end(after: Token, last: Token, beyond: Sequence[Token]) -> None:
    """Raise Unreadable when what follows an expression belongs to it."""
    attached = after.start == last.end
    if after.kind in ("num", "other") and (attached or after.kind == "num" or after.text in "π√"):
        raise Unreadable("more of a number")
    if after.text == "{":
        raise Unreadable("a mixed number")
    if after.kind == "word" and attached and after.text.lower() not in UNITS:
        raise Unreadable("a variable")
    if after.kind == "stop" and attached and after.text in ",:.":
        for following in beyond:
            if following.kind == "num" and following.start == after.end:
                raise Unreadable("more of a number")


def _left(text: str, pieces: Sequence[Token], low: int, place: int) -> Side:
    """The expression that ends before a relation."""
    first = _first(pieces, low, place)
    if first == place:
        raise Unreadable("nothing there")
    _check_start(text, pieces, first)
    read = [Expression(pieces, first, place, reading).read() for reading in READINGS]
    if read[0].at != place:
        raise Unreadable("not one expression")
    return _side(text, pieces, first, read)


def _side(text: str, pieces: Sequence[Token], first: int, read: Sequence[Expression]) -> Side:
    start, end = pieces[first].start, pieces[read[0].at - 1].end
    if latex := FRAC.search(text, max(0, start - 6), start):
        start = latex.start()
    return Side(
        start,
        end,
        text[start:end],
        tuple(expression.value for expression in read),
        read[0].operators,
        read[0].multiplied,
        tuple(read[0].numbers),
    )


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
    if pieces[run - 1].name == "/" and run - 1 > low and pieces[run - 2].kind == "word":
        return True
    if pieces[run - 1].kind not in ("num", "close", "percent"):
        return False
    follows = pieces[end].kind in ("op", "rel", "close")
    return follows and all(word.text.lower() not in STOP_WORDS for word in pieces[run:end])


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
        attached or (len(word) == 1 and word != "a") or word in FUNCTIONS or word == "of"
    ):
        raise Unreadable("a function or a variable before it")
    if before.kind in ("other", "num", "close", "percent", "op"):
        raise Unreadable("more of a formula before it")
    outside = pieces[first - 2] if before.kind == "open" and first > 1 else before
    if outside.end == before.start and outside.kind in ("word", "num", "other"):
        raise Unreadable("an argument")
    if before.kind == "stop" and before.text == ":" and text[: before.start].endswith(" "):
        raise Unreadable("a ratio")
    if before.kind == "stop" and before.text in ",:." and attached:
        raise Unreadable("more of a number")


def _equation(text: str, chain: Sequence[Relation]) -> Equation:
    """One claim of a chain of relations, with what puts it right."""
    start, end = chain[0].left.start, chain[-1].right.end
    chain = _with_run_ons(chain)
    fixed, wrong, notes = text[start:end], [], []
    truth = chain[0].left
    replaced: list[tuple[int, int, str]] = []
    for relation in chain:
        if relation.name not in ("=", "≈", "is"):
            if not relation.holds:
                replaced.append((*relation.at, _order(relation)))
                notes.append(f"{text[relation.left.start : relation.right.end]} does not hold")
            truth = relation.right
            continue
        if relation.run_on:
            truth = relation.right
        if relation.holds and not replaced:
            continue
        right = relation.right
        result = _result(truth, right)
        if result == (right.lone or right).text:
            continue
        place = right.lone or right
        replaced.append((place.start, place.end, result))
        notes.append(f"{truth.text} = {result}")
        if right.lone:
            wrong.append((right.lone, result))
    for low, high, piece in reversed(replaced):
        fixed = fixed[: low - start] + piece + fixed[high - start :]
    note = f"{'; '.join(notes)}, not as written" if notes else ""
    return Equation(start, end, text[start:end], tuple(chain), fixed, note, tuple(wrong))


def _order(relation: Relation) -> str:
    """The relation that does hold between two sides."""
    left, right = relation.left.values[0], relation.right.values[0]
    return "=" if left == right else "<" if left < right else ">"


def _with_run_ons(chain: Sequence[Relation]) -> list[Relation]:
    """The chain with "3 + 4 = 7 + 2 = 9" accepted: people write on, and mean it in steps."""
    accepted = []
    for relation in chain:
        opening = relation.right.numbers[0] if relation.right.numbers else None
        if (
            not relation.holds
            and relation.right.operators
            and opening is not None
            and opening.value in relation.left.values
            and relation is not chain[-1]
        ):
            relation = replace(relation, holds=True, run_on=True)
        accepted.append(relation)
    return accepted


def _result(truth: Side, wrong: Side) -> str:
    """How the right value is written in the place of a wrong side."""
    number = wrong.lone
    if number is None:
        return rounded(truth.values[0])
    choices = []
    for left, right in zip(truth.values, wrong.values, strict=True):
        scale = right / number.value if number.value else Fraction(1)
        choices.append(left / scale)
    value = min(choices, key=lambda choice: abs(choice - number.value))
    return restyled(value, number)
