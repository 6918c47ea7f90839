"""The verdict on each number of an answer (DESIGN, section 7)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pellucid.agent.equations import Equation, Side
from pellucid.agent.evidence import Evidence, Source, digits_known
from pellucid.agent.nearness import nearest
from pellucid.agent.numbers import Number, extract, plain
from pellucid.agent.prose import (
    INLINE_CODE,
    Span,
    blanked,
    markers,
    sentence_at,
    sentences,
    urls,
    without_code,
)
from pellucid.agent.style import restyled
from pellucid.agent.units import FACTORS, UNITS
from pellucid.core.claims import Claim

COPIED = 6
"""Significant digits from which on a near-copy of a known number is a slip."""

MOST_IN_SENTENCE = 12
MOST_FOR_SUMS = 24
COMMON = frozenset(
    map(Fraction, (1, 2, 3, 4, 7, 10, 12, 24, 30, 52, 60, 100, 360, 365, 1000, 3600, 86400))
) | {Fraction(1, 2)}
"""Factors that an equation may bring along without their being in the question."""

VALUE = re.compile(r"[\s\d.,'’_+\-−*/×÷=^%$€£()<>≈:]+")
LABEL = re.compile(
    r"\b(?:step|figure|fig\.|section|chapter|example|case|part|option|question|method|approach|"
    r"note|problem|equation|table|python|version|appendix|line)s?[ \u00a0]#?$",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"(?:(?P<sure>approximately|approx\.?|roughly|circa|≈|~)"
    r"|(?:(?<=\bis )|(?<=\bwas )|(?<=\bare )|(?<=\bbe )|(?<=\bof )|(?<=\bto )|(?<=\bequals )"
    r"|(?<=\btakes )|(?<=\bcosts )|(?<=\bgives )|(?<=\bat )|(?<=, )|(?<=: )|(?<=\A))"
    r"(?:about|around))\s*(?:\*\*|\$)?\s*[$€£]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sums:
    """The results that the answer's equations prove, and those they refute."""

    proven: dict[Fraction, str]
    doubtful: dict[Fraction, str]
    refuted: dict[Fraction, str]


def claimed_numbers(answer: str) -> tuple[Number, ...]:
    """The numbers of an answer that say something.

    Not: code blocks, links, list numbers, labels ("Step 2"), and inline code that is
    no value.
    """
    flat = without_code(answer)
    hidden: list[Span] = [*urls(flat), *markers(flat)]
    hidden += [
        found.span() for found in INLINE_CODE.finditer(flat) if not VALUE.fullmatch(found[1])
    ]
    flat = blanked(flat, hidden)
    return tuple(
        number
        for number in extract(flat)
        if number.form != "soft" and not LABEL.search(flat, max(0, number.start - 14), number.start)
    )


def number_claims(answer: str, evidence: Evidence, equations: Sequence[Equation]) -> list[Claim]:
    """A claim for each number of the answer, in order."""
    numbers = claimed_numbers(answer)
    sums = _sums(equations, evidence)
    first = [_direct(answer, number, evidence, sums) for number in numbers]
    spans = sentences(answer)
    homes = [sentence_at(spans, number.start) for number in numbers]
    supported: dict[Span, list[Number]] = {}
    for number, claim, home in zip(numbers, first, homes, strict=True):
        if claim and claim.verdict != "contradicted":
            supported.setdefault(home, []).append(number)
    near = _Near(evidence)
    return [
        claim or _indirect(number, evidence, supported.get(home, []), sums, near)
        for number, claim, home in zip(numbers, first, homes, strict=True)
    ]


def _claim(
    number: Number, verdict: str, evidence: str = "", note: str = "", right: str = ""
) -> Claim:
    return Claim(
        "number", verdict, number.start, number.end, number.text, number.normal,  # type: ignore[arg-type]
        (evidence,) if evidence else (), note, right,
    )  # fmt: skip


def _direct(answer: str, number: Number, evidence: Evidence, sums: Sums) -> Claim | None:
    """The verdict when the number itself stands in the evidence, or in an equation."""
    for source in evidence.given:
        if any(key in source.keys for key in number.asserts()):
            return _claim(number, "given", source.name)
    for source in evidence.runs:
        if any(key in source.keys for key in number.asserts()):
            return _computed(answer, number, evidence, source)
    for source in evidence.runs:
        if seen := _rounded_from(number, source) or _duration_from(number, source):
            return _claim(number, "computed", source.name, f"from {seen.text}")
    if number.value in sums.refuted:
        right = sums.refuted[number.value]
        return _claim(number, "contradicted", note=f"recomputed: {right}", right=right)
    if number.form in ("digits", "word", "ordinal"):
        for key in number.asserts():
            if written := sums.proven.get(key[1]) if key[0] == "n" else None:
                return _claim(number, "derived", written)
            if worked := evidence.worked.keys.get(key):
                return _claim(number, "derived", worked.text)
    return None


def _computed(answer: str, number: Number, evidence: Evidence, source: Source) -> Claim:
    """Computed, unless the answer calls an exact result approximate."""
    seen = next(source.keys[key] for key in number.asserts() if key in source.keys)
    low = max(0, number.start - 30)
    hedge = HEDGE.search(answer[low : number.start])
    short = number.value.denominator == 1 or number.significant <= 12
    if hedge and source.exact and short and not evidence.hedged and seen.value == number.value:
        start = low + hedge.start()
        text = answer[start : number.end]
        right = re.sub(r"^(?:[a-z]+\.?|≈|~)\s*", "", text, flags=re.IGNORECASE)
        number = replace(number, start=start, text=text)
        return _claim(number, "contradicted", source.name, "exact, not approximate", right)
    return _claim(number, "computed", source.name)


def _rounded_from(number: Number, source: Source) -> Number | None:
    """The output that this number is a correct rounding of, at the precision it shows."""
    if number.step == 0 or number.form not in ("digits", "duration"):
        return None
    for family, value in number.asserts():
        scale = abs(value / number.value) if number.value else Fraction(1)
        half = number.step * scale * (2 if number.cut else 1) / 2
        for seen in source.between(value - half, value + half, family):
            finer = seen.step < number.step * scale or family == "t"
            if finer and seen.value != 0 and number.value != 0:
                return seen
    return None


def _duration_from(number: Number, source: Source) -> Number | None:
    """The bare count of minutes, hours or seconds that a written-out duration says again."""
    if number.form != "duration":
        return None
    for unit in (60, 3600, 1):
        exact = number.value / unit
        half = number.step / unit / 2 if unit == 3600 else Fraction(0)
        for seen in source.between(exact - half, exact + half):
            return seen
    if len(number.also) > 1 and all(("n", part) in source.keys for part in number.also):
        return replace(number, text=" and ".join(map(plain, number.also)))
    return None


def _indirect(
    number: Number, evidence: Evidence, beside: Sequence[Number], sums: Sums, near: "_Near"
) -> Claim:
    """The verdict when the number has to be put together, or is a slip, or only stated."""
    if number.form == "fraction" and all(_supported(part, evidence) for part in number.also):
        if number.also:
            return _claim(number, "derived", " / ".join(map(plain, number.also)))
    if written := _operation(number, [other.value for other in beside][:MOST_IN_SENTENCE]):
        return _claim(number, "derived", written)
    if written := _converted(number, evidence):
        return _claim(number, "derived", written)
    if slip := near.of(number, computed=True):
        return slip
    if number.significant >= COPIED and (written := _from_input(number, evidence)):
        return _claim(number, "derived", written)
    if slip := near.of(number, computed=False):
        return slip
    if number.value in sums.doubtful:
        return _claim(
            number,
            "stated",
            note=f"{sums.doubtful[number.value]} holds, but not all in it is known",
        )
    return _claim(number, "stated")


def _sums(equations: Iterable[Equation], evidence: Evidence) -> Sums:
    """What the equations of the answer prove; results become operands of later ones."""
    sums = Sums({}, {}, {})
    for equation in equations:
        for wrong, right in equation.wrong:
            sums.refuted.setdefault(wrong.value, right)
        for relation in equation.relations:
            if not relation.holds or relation.name not in ("=", "≈", "is"):
                continue
            for result, side in ((relation.right, relation.left), (relation.left, relation.right)):
                if result.lone and side.operators:
                    _learn(result.lone, side, evidence, sums)
    return sums


def _learn(result: Number, side: Side, evidence: Evidence, sums: Sums) -> None:
    """What a true equation proves: its result, or the one operand that was not known."""
    unknown = [each for each in side.numbers if not _operand(each, evidence, sums)]
    if not unknown:
        sums.proven.setdefault(result.value, side.text)
    elif len(unknown) == 1 and _operand(result, evidence, sums):
        for value in (unknown[0].value, -unknown[0].value):
            sums.proven.setdefault(value, f"{side.text} = {result.text}")
    else:
        sums.doubtful.setdefault(result.value, side.text)


def _operand(number: Number, evidence: Evidence, sums: Sums) -> bool:
    """Whether a number, its sign aside, needs no proof in an equation."""
    return abs(number.value) in COMMON or any(
        value in sums.proven or _supported(value, evidence)
        for value in (number.value, -number.value)
    )


def _supported(value: Fraction, evidence: Evidence) -> bool:
    key = ("n", value)
    return any(key in source.keys for source in (*evidence.given, *evidence.runs, evidence.worked))


def _operation(number: Number, values: Sequence[Fraction]) -> str:
    """ "a + b" when one operation on two of the values gives the number, else ""."""
    if number.form not in ("digits", "word"):
        return ""
    known = set(values)
    for one in values:
        for sign, other in _partners(number.value, one):
            if other in known and (other != one or values.count(one) > 1):
                return f"{plain(one)} {sign} {plain(other)}"
    return ""


def _partners(value: Fraction, one: Fraction) -> Iterator[tuple[str, Fraction]]:
    """What must stand beside one operand for an operation to give the value."""
    yield "+", value - one
    yield "-", one - value
    if one and value:
        yield "*", value / one
        yield "/", one / value


def _converted(number: Number, evidence: Evidence) -> str:
    """ "1115 / 60" when the number is a supported one in another unit, else ""."""
    family = UNITS.get(number.unit, ("",))[0]
    if not family or number.form != "digits" or number.value == 0:
        return ""
    half = number.step / 2 if number.step < 1 else Fraction(0)
    for factor in FACTORS[family]:
        for source in (*evidence.given, *evidence.runs):
            for sign, scale in (("/", Fraction(factor)), ("*", Fraction(1, factor))):
                low, high = (number.value - half) * scale, (number.value + half) * scale
                for seen in source.between(low, high):
                    if UNITS.get(seen.unit, (family,))[0] == family:
                        return f"{plain(seen.value)} {sign} {factor}"
    return ""


def _from_input(number: Number, evidence: Evidence) -> str:
    """One or two operations on given numbers that give a long number, which is no accident."""
    values: list[Fraction] = []
    for source in (*evidence.given, *evidence.runs):
        values += [value for value, seen in source.values if value == seen.value and value]
    values = values[:MOST_FOR_SUMS]
    if written := _operation(number, values):
        return written
    for one in values:
        for sign, other in _partners(number.value, one):
            inner = replace(number, value=other, form="digits")
            if written := _operation(inner, [each for each in values if each != one]):
                return f"{plain(one)} {sign} ({written})"
    return ""


class _Near:
    """Finds the known number that a wrong one is a near-copy of."""

    def __init__(self, evidence: Evidence) -> None:
        self.computed = digits_known((*evidence.runs, evidence.worked))
        self.given = digits_known(evidence.given)
        self.names = {
            id(number): source.name
            for source in (*evidence.given, *evidence.runs, evidence.worked)
            for _, number in source.values
        }
        self.ends = {True: _by_ends(self.computed), False: _by_ends(self.given)}

    def of(self, number: Number, computed: bool) -> Claim | None:
        """The contradicted claim for a slip, None when nothing known is near."""
        if number.significant < COPIED or number.form != "digits":
            return None
        digits = plain(abs(number.value))
        known = self.computed if computed else self.given
        ends = self.ends[computed]
        alike = ends.get(digits[:2], set()) | ends.get("…" + digits[-2:], set())
        if not (found := nearest(digits, sorted(alike))):
            return None
        meant = known[found]
        if not computed and abs(abs(number.value) - abs(meant.value)) == 1:
            return None  # "the next number after 1234567 is 1234568"
        right = restyled(abs(meant.value), number)
        if number.value < 0:
            right = "-" + right
        note = f"{right} was miscopied"
        return _claim(number, "contradicted", self.names[id(meant)], note, right)


def _by_ends(known: Iterable[str]) -> dict[str, set[str]]:
    """Digits by their first two and by their last two: a slip seldom spoils both ends."""
    ends: dict[str, set[str]] = {}
    for digits in known:
        ends.setdefault(digits[:2], set()).add(digits)
        ends.setdefault("…" + digits[-2:], set()).add(digits)
    return ends
