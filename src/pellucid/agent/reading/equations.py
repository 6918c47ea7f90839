"""Equations and comparisons in a text, recomputed exactly.

Only what can be read with certainty is judged: variables, functions, mixed units,
remainders and anything unclear give no equation at all rather than a wrong verdict.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pellucid.agent.reading.arithmetic import Unreadable
from pellucid.agent.reading.numbers import MAGNITUDES, Number
from pellucid.agent.reading.phrases import told
from pellucid.agent.reading.prose import Span
from pellucid.agent.reading.sides import READINGS, Side, left_side, right_side
from pellucid.agent.reading.style import restyled, rounded
from pellucid.agent.reading.tokens import Token, tokens
from pellucid.agent.reading.units import UNITS

REMAINDER = re.compile(
    r"[^\S\n]*(?:,? ?(?:with )?(?:a )?(?:remainder|rem\.?|r\.?) ?\d|\(?mod\b|\\pmod|R\d)", re.I
)
OTHER_BASE = re.compile(
    r"\b(?:binary|hex(?:adecimal)?|octal|base[- ]?\d+|mod|modulo)\b|\\p?mod\b", re.I
)
WHOLE = re.compile(
    r"\b(?:round|floor|ceil|truncat|integer|nearest|whole|full|complete|remain|left\b|left ?over"
    r"|extra|partial|at least|at most)",
    re.I,
)
AND_REST = re.compile(r"(?: [a-z]+){0,2},? (?:and|with|plus) (?:an? |\d)", re.I)
RANGE = re.compile(r"(\d+)[-–](\d+)")
MAGNITUDE = re.compile(rf"\b({'|'.join(MAGNITUDES)})s?$")
CONVERTED = ("time", "length", "mass", "volume")
SCALE = re.compile(r"\b(?:scale|map|model|drawing|represent\w*|every|each|per|for|if|let)\b", re.I)
ENDS = re.compile(r"[ \u00a0]?[^\W\d_]+(?:[^\w\n]*(?:\n|$)|[.,;)*$])")
IN_PHRASE = re.compile(
    r"(?<!answer )(?<!solution )(?<!result )\b(?:to|in|on|at|by|for|with|within|under|over|until"
    r"|through|per)\s*[\\($*]*$|\bbetween\b[^.;\n]{0,40}\band\s*[\\($*]*$",
    re.IGNORECASE,
)
"""What makes an expression a part of the subject: "the sum from 1 to 10^6 is ..."."""
NEAR = 60
"""Characters around an equation in which words say how it is meant."""
CLEARLY_ARITHMETIC = re.compile(
    r"\s[-+*×·÷/x−–]\s|[+*×÷^%]|\b(?:plus|minus|times|by|mod)\b|[%\d] of\b|cent of\b|\\[a-z]|[²³]"
)


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
    for left, at, right in told(text):
        relations.append(Relation(left, right, "=", at, _equal(left, right)))
    relations.sort(key=lambda relation: relation.left.start)
    return tuple(_equation(text, chain) for chain in _chains(relations))


def _equal(left: Side, right: Side) -> bool:
    return _holds(left.values[0], right.values[0], right, "=")


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
        right = right_side(text, pieces, place, high)
        left = left_side(text, pieces, low, place)
    except Unreadable:
        return None
    name = "≈" if (left.hedged or right.hedged) and rel.name in ("=", "is") else rel.name
    if rel.name == "is" and IN_PHRASE.search(text[max(0, left.start - NEAR) : left.start]):
        return None
    converted = name in ("=", "≈") and _converted(text, left, right)
    if not (converted or _judgeable(left, right, name)):
        return None
    mixed = _mixed(left, right)
    first = len(READINGS) - 1 if mixed and not (left.multiplied or right.multiplied) else 0
    holds = any(
        _holds(one, other, right, name)
        for one, other in list(zip(left.values, right.values, strict=True))[first:]
    )
    if not holds and ((mixed and not converted) or _meant_otherwise(text, left, right)):
        return None
    return Relation(left, right, name, (rel.start, rel.end), holds)


def _judgeable(left: Side, right: Side, name: str) -> bool:
    """Whether this is arithmetic at all: "12 = 12" is not, and "3-4 is 2 pages" hardly."""
    if name in ("=", "≈", "is") and not (left.operators or right.operators):
        return False
    if name == "is":
        return bool(left.operators and CLEARLY_ARITHMETIC.search(left.text))
    pages = RANGE.fullmatch(left.text)  # "days 3-5 = 3 days"
    return not (pages and int(pages[1]) < int(pages[2]) and right.values[0] > 0)


def _converted(text: str, left: Side, right: Side) -> bool:
    """Whether a quantity is said again in another unit: "3 hours = 180 minutes".

    Not the scale of a map, not "1 hour = 10 minutes of rest", and not days, weeks and tons,
    which have more than one meaning.
    """
    one, other = left.lone, right.lone
    if one is None or other is None or not (one.value and other.value):
        return False
    (family, size), (same, smaller) = (UNITS.get(each.unit, ("", 0)) for each in (one, other))
    if family not in CONVERTED or same != family or size == smaller or max(size, smaller) > 10**4:
        return False
    ratio = one.value * Fraction(size) / (other.value * Fraction(smaller))
    return bool(
        Fraction(1, 10) <= abs(ratio) <= 10
        and ENDS.match(text, other.end)
        and not SCALE.search(text[max(0, left.start - NEAR) : left.start])
    )


def _meant_otherwise(text: str, left: Side, right: Side) -> bool:
    """Whether the words around two unequal sides say that no plain equality is meant."""
    number = right.lone
    at = number.end if number else right.end
    before = text[max(0, left.start - NEAR) : left.start].rpartition("\n")[2]
    after = text[at : at + NEAR].partition("\n")[0]
    if REMAINDER.match(after) or OTHER_BASE.search(before) or OTHER_BASE.search(after):
        return True
    gap = left.values[0] - right.values[0]
    if number and (size := MAGNITUDE.search(number.text)):  # "120 × 3.5 = 420 million", of millions
        return left.values[0] * Fraction(10) ** MAGNITUDES[size[1]] == number.value
    if number is None or abs(gap) >= max(Fraction(1), _shown(number)):
        return False
    rest = left.divided and gap > 0 and AND_REST.match(after)
    return bool(rest or WHOLE.search(before) or WHOLE.search(after))


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
        if (
            not relation.holds
            and relation.right.operators
            and relation is not chain[-1]
            and _opens_with(relation.left, relation.right.numbers[0])
        ):
            relation = replace(relation, holds=True, run_on=True)
        accepted.append(relation)
    return accepted


def _opens_with(left: Side, opening: Number) -> bool:
    """Whether the next step begins with the value of the one before, or with it rounded."""
    half = opening.step / 2 if opening.step < 1 else Fraction(0)
    return any(abs(value - opening.value) <= half for value in left.values)


def _result(truth: Side, wrong: Side) -> str:
    """How the right value is written in the place of a wrong side."""
    number = wrong.lone
    if number is None:
        return rounded(truth.values[0])
    families = {UNITS[each.unit][0] for each in truth.numbers if each.unit in UNITS}
    measured = UNITS.get(number.unit, ("",))[0] in families
    choices = []
    for reading, left, right in zip(READINGS, truth.values, wrong.values, strict=True):
        if _mixed(truth, wrong) and not truth.multiplied and not wrong.multiplied:
            wanted = reading == "units"
        else:
            wanted = reading != "units" or measured
        if wanted:
            scale = right / number.value if number.value else Fraction(1)
            choices.append(left / scale)
    value = min(choices, key=lambda choice: abs(choice - number.value))
    return restyled(value, number)
