"""The verdict on each number of an answer (DESIGN, section 7)."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pellucid.agent.reading.equations import Equation
from pellucid.agent.reading.labels import labels
from pellucid.agent.reading.numbers import Number, extract, plain
from pellucid.agent.reading.prose import (
    INLINE_CODE,
    Span,
    blanked,
    markers,
    sentence_at,
    sentences,
    urls,
    without_code,
)
from pellucid.agent.reading.sides import Side
from pellucid.agent.reading.style import restyled
from pellucid.agent.verdicts.derivations import Conversions, LongSums, between_times, operation
from pellucid.agent.verdicts.evidence import Evidence, Source
from pellucid.agent.verdicts.slips import COPIED, Slips
from pellucid.core.claims import Claim

COMMON = frozenset(
    map(Fraction, (1, 2, 3, 4, 7, 10, 12, 24, 30, 52, 60, 100, 360, 365, 1000, 3600, 86400))
) | {Fraction(1, 2)}
"""Factors that an equation may bring along without their being in the question."""

SPACED = re.compile(r"(?<![\w.,])(?<!\d )\d{1,3}(?: \d{3}){1,6}(?! ?\d|[.,]\d)")
VALUE = re.compile(r"[\s\d.,'’_+\-−*/×÷=^%$€£()<>≈:]+")
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


def claimed_numbers(answer: str, places: Collection[str] = ()) -> tuple[Number, ...]:
    """The numbers of an answer that say something.

    Not: code blocks, links, list numbers, labels ("Step 2"), inline code that is
    no value, and the `places` that it cites.
    """
    flat = without_code(answer)
    hidden: list[Span] = [*urls(flat), *markers(flat), *cited(flat, places)]
    hidden += [
        found.span() for found in INLINE_CODE.finditer(flat) if not VALUE.fullmatch(found[1])
    ]
    flat = blanked(flat, [*hidden, *labels(flat)])
    return tuple(number for number in extract(flat) if number.form != "soft")


def cited(text: str, places: Collection[str]) -> Iterator[Span]:
    """Where a text names known places: "manual.pdf, page 3", "manual.pdf, pages 3, 12"."""
    files = {place.rpartition(", ")[0] for place in places} - {""}
    for file in files:
        for found in re.finditer(rf"{re.escape(file)}, (\w+?)s? ([\d-]+(?:, [\d-]+)*)", text):
            unit, numbers = found.groups()
            known = {f"{file}, {unit} {number}" for number in numbers.split(", ")}
            plural = {f"{file}, {unit}s {number}" for number in numbers.split(", ")}
            if known <= set(places) or plural <= set(places):
                yield found.span()


RESULT = re.compile(
    r"\b(?:result|product|sum|difference|quotient|answer|total)\b"
    r"(?:\s+of\s+(?:this|that|the|your)\s+\w+)?\s+(?:is|was|equals|comes\s+to)\s*(?:[:*$\\(]|about)*\s*$",
    re.IGNORECASE,
)
NEAR = 60
"""Characters before a number that tell what it is said to be."""


def number_claims(answer: str, evidence: Evidence, equations: Sequence[Equation]) -> list[Claim]:
    """A claim for each number of the answer, in order."""
    numbers = _joined(answer, claimed_numbers(answer, evidence.places), evidence)
    sums = _sums(equations, evidence)
    first = [_direct(answer, number, evidence, sums) for number in numbers]
    spans = sentences(answer)
    homes = [sentence_at(spans, number.start) for number in numbers]
    supported: dict[Span, list[Number]] = {}
    for number, claim, home in zip(numbers, first, homes, strict=True):
        if claim and claim.verdict != "contradicted":
            supported.setdefault(home, []).append(number)
    slips, long_sums = Slips(evidence), LongSums(evidence)
    conversions = Conversions((*evidence.given, *evidence.runs))
    claims = []
    for number, claim, home in zip(numbers, first, homes, strict=True):
        beside = supported.get(home, ())
        claims.append(
            claim
            or _derived(number, beside, evidence, conversions)
            or _slipped(number, slips, computed=True)
            or _long_sum(number, long_sums)
            or _slipped(number, slips, computed=False)
            or _called_the_result(answer, number, evidence)
            or _stated(number, sums)
        )
    return claims


def _joined(answer: str, numbers: Sequence[Number], evidence: Evidence) -> list[Number]:
    """The numbers, with "1 234 567" as one where that is a number of the conversation.

    Elsewhere a space stands between two numbers as often as it groups the digits of one.
    """
    grouped = []
    for found in SPACED.finditer(answer):
        number = Number(*found.span(), found.group(), Fraction(found.group().replace(" ", "")))
        if _supported(number.value, evidence):
            grouped.append(number)
    inside = {at for whole in grouped for at in range(whole.start, whole.end)}
    apart = [number for number in numbers if number.start not in inside]
    return sorted([*apart, *grouped], key=lambda number: number.start)


def _claim(
    number: Number, verdict: str, evidence: str = "", note: str = "", right: str = ""
) -> Claim:
    return Claim(
        "number", verdict, number.start, number.end, number.text, number.normal,  # type: ignore[arg-type]
        (evidence,) if evidence else (), note, right,
    )  # fmt: skip


def _direct(answer: str, number: Number, evidence: Evidence, sums: Sums) -> Claim | None:
    """The verdict when the number itself stands in the evidence, or in an equation."""
    asserted = tuple(number.asserts())
    for source in evidence.given:
        if any(key in source.keys for key in asserted):
            return _claim(number, evidence.support(source), source.name)
    for source in evidence.runs:
        if any(key in source.keys for key in asserted):
            return _computed(answer, number, evidence, source)
    for source in evidence.runs:
        if seen := _rounded_from(number, source) or _duration_from(number, source):
            return _claim(number, "computed", source.name, f"from {seen.text}")
    if number.value in sums.refuted and number.value not in sums.proven:
        right = sums.refuted[number.value]
        return _claim(number, "contradicted", note=f"recomputed: {right}", right=right)
    if number.form in ("digits", "word", "ordinal"):
        for key in asserted:
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
    if not source.values and not source.seconds:
        return None
    for family, value in number.asserts():
        scale = abs(value / number.value) if value != number.value else Fraction(1)
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


def _derived(
    number: Number, beside: Sequence[Number], evidence: Evidence, conversions: Conversions
) -> Claim | None:
    """Derived, when it follows from known numbers nearby or is one in another unit."""
    written = ""
    if number.form == "fraction" and number.also:
        known = all(_supported(part, evidence) for part in number.also)
        written = " / ".join(map(plain, number.also)) if known else ""
    written = (
        written
        or operation(number, beside)
        or conversions.of(number)
        or between_times(number, evidence.given)
    )
    return _claim(number, "derived", written) if written else None


def _slipped(number: Number, slips: Slips, computed: bool) -> Claim | None:
    """Contradicted, when it is a near-copy of a number that was computed, or given."""
    slip = slips.of(number, computed)
    return _claim(number, "contradicted", slip.source, slip.note, slip.right) if slip else None


def _called_the_result(answer: str, number: Number, evidence: Evidence) -> Claim | None:
    """Contradicted, when it is called the result of the only sum that was asked for and is not."""
    sums = evidence.worked.values
    if len(sums) != 1 or number.significant < COPIED:
        return None
    value, asked = sums[0]
    alone = len(extract(evidence.question)) == len(extract(asked.text))
    if not alone or not RESULT.search(answer, max(0, number.start - NEAR), number.start):
        return None
    right = restyled(value, number)
    return _claim(number, "contradicted", asked.text, f"{asked.text} = {right}", right)


def _long_sum(number: Number, long_sums: LongSums) -> Claim | None:
    """Derived, when a long number is a sum of the conversation's numbers."""
    if number.significant < COPIED or not (written := long_sums.of(number)):
        return None
    return _claim(number, "derived", written)


def _stated(number: Number, sums: Sums) -> Claim:
    """Stated, with the equation it comes from when there is one."""
    if number.value in sums.doubtful:
        note = f"{sums.doubtful[number.value]} holds, but not all in it is known"
        return _claim(number, "stated", note=note)
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
