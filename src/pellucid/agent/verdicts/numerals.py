"""Numerals from evidence: a grammar in which no other number can be written.

The last resort for an answer whose numbers stay wrong: it is decoded again under a
constraint that lets through any words, and of all numerals only the supported ones: those
of the caller's words, those that executions printed (also rounded, grouped or as a
percentage), and those that the draft derived rightly from them. Nothing between two
numerals may make a new one of them: no "28" and "887" in "28,887", no sign, no exponent,
no "million".
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from pellucid.agent.reading.number_words import SCALES, SMALL, TENS
from pellucid.agent.reading.numbers import Number, extract, plain
from pellucid.agent.reading.style import grouped
from pellucid.agent.verdicts.evidence import gather
from pellucid.core.claims import Claim
from pellucid.core.constraint import Lark
from pellucid.core.items import Item

MOST = 400
"""Numerals let through; the newest evidence comes first."""

LONGEST = 2_000
"""Characters of the longest numeral let through."""

MOST_PLACES = 6

_GRAMMAR = r"""start: ANSWER
ANSWER: WORDS & ~NUMBER_WORD
TAIL: /[^\p{N}^]*/ & ~LARGER
LARGER: /( |-|\x{a0})?(hundred|thousand|million|billion|trillion|quadrillion)(.|\n)*/
      | /(k|K|M|B|bn)(.|\n)*/
"""
_GAPS = r"""HEAD: /[^\p{N}^]*[^\p{N}^A-Za-z.\-−\/\\%@#'’]/
GAP: HEAD & ~LARGER & ~JOINT
JOINT: /[^\n|+=<>×÷–—≈]/ | "**" | "}{" | "{,}" | ",\\!"
"""


def supported(claims: Sequence[Claim], transcript: Sequence[Item]) -> Lark:
    """The constraint that lets only supported numerals through.

    `claims` are those of the draft that is to be written anew.
    """
    evidence = gather(transcript)
    written: dict[str, None] = {}
    for source in reversed(evidence.runs):
        written |= dict.fromkeys(_forms(extract(source.text), computed=True))
    for text in _derived(claims):
        written |= dict.fromkeys(_forms(extract(text), computed=False))
    for source in (*reversed(evidence.given), evidence.worked):
        numbers = [number for _, number in source.values] + [n for _, n in source.seconds]
        written |= dict.fromkeys(_forms(numbers, computed=False))
    return grammar([text for text in written if len(text) <= LONGEST][:MOST])


def needed(claims: Iterable[Claim]) -> bool:
    """Whether a number or an equation of a draft is contradicted."""
    return any(
        claim.verdict == "contradicted" and claim.kind in ("number", "equation") for claim in claims
    )


def grammar(numerals: Sequence[str]) -> Lark:
    """The grammar of texts whose numerals are these, each as it is written."""
    literals = " | ".join(json.dumps(text, ensure_ascii=False) for text in numerals)
    known = {number.value for text in numerals for number in extract(text)}
    words = "|".join(word for word, value in _words() if value not in known)
    banned = rf"/((.|\n)*[^A-Za-z])?(?i:{words})([^A-Za-z](.|\n)*)?/"
    words_only = "WORDS: TAIL\n"
    with_numerals = f"WORDS: HEAD? NUMERAL (GAP NUMERAL)* TAIL | TAIL\nNUMERAL: {literals}\n{_GAPS}"
    rules = with_numerals if numerals else words_only
    return Lark(f"{_GRAMMAR}{rules}NUMBER_WORD: {banned}\n")


def _words() -> Iterator[tuple[str, int]]:
    """Number words from two on; "one" is more often no number."""
    yield from ((word, value) for word, value in SMALL.items() if value > 1)
    yield from TENS.items()
    yield "hundred", 100
    yield from SCALES.items()


def _derived(claims: Iterable[Claim]) -> Iterator[str]:
    """The numbers of a draft that stand, and what puts right those that do not."""
    for claim in claims:
        if claim.kind == "number" and claim.verdict not in ("stated", "contradicted"):
            yield claim.text
        elif claim.verdict == "contradicted" and claim.kind in ("number", "equation"):
            yield claim.correction


def _forms(numbers: Iterable[Number], computed: bool) -> Iterator[str]:
    """How numbers may be written; computed ones also rounded and as percentages."""
    for number in numbers:
        if number.form not in ("soft", "word"):
            yield " ".join(number.text.split())
        values = [*number.also]
        if number.form in ("digits", "ordinal", "word", "fraction"):
            values.append(number.value)
        for value in values:
            yield from _plainly(value)
            if computed and number.form == "digits":
                yield from _rounded(value)
                if abs(value) <= 1:
                    yield from _rounded(value * 100)


def _plainly(value: Fraction) -> Iterator[str]:
    """A value's digits, plainly and in groups of three; nothing where they never end."""
    text = plain(value)
    if "/" not in text:
        yield text
        if abs(value) >= 1000:
            yield grouped(text, ",")


def _rounded(value: Fraction) -> Iterator[str]:
    """A value rounded to each number of places, down to none."""
    if value.denominator == 1:
        yield from _plainly(value)
        return
    for places in range(MOST_PLACES, -1, -1):
        near = round(value, places) if places else Fraction(round(value))
        before, _, after = plain(near).partition(".")
        padded = f"{before}.{after.ljust(places, '0')}" if places else before
        yield padded
        if abs(near) >= 1000:
            yield grouped(padded, ",")
