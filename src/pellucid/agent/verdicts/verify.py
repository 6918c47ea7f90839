"""Accept an answer or say what is wrong with it: a verdict on every claim it makes.

Deterministic, without any model, in milliseconds. `verify` binds each number, equation,
quotation, link, action and code block to what the conversation holds; `findings` words
what is wrong for the model; `correct` is the last resort.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from pellucid.agent.reading import equations
from pellucid.agent.reading.equations import Equation
from pellucid.agent.reading.prose import blanked, markers, urls, without_code
from pellucid.agent.verdicts import corrections
from pellucid.agent.verdicts.actions import action_claims
from pellucid.agent.verdicts.corrections import Correction
from pellucid.agent.verdicts.evidence import gather
from pellucid.agent.verdicts.links import link_claims
from pellucid.agent.verdicts.number_claims import number_claims
from pellucid.agent.verdicts.quotations import quotation_claims
from pellucid.agent.verdicts.sources import code_claims
from pellucid.core.claims import Claim
from pellucid.core.items import Item

__all__ = ["Correction", "correct", "findings", "summary", "verify"]

VERDICTS = ("given", "computed", "read", "derived", "stated", "contradicted")


def verify(answer: str, transcript: Sequence[Item]) -> tuple[Claim, ...]:
    """Every claim of an answer with its verdict, in order of position.

    The transcript is the conversation before the answer: messages, tool calls, and
    tool results with their executions. Claims of one kind never overlap.
    """
    evidence = gather(transcript)
    flat = without_code(answer)
    found = equations.find(blanked(flat, [*urls(flat), *markers(flat)]))
    numbers = number_claims(answer, evidence, found)
    slips = [claim for claim in numbers if claim.verdict == "contradicted"]
    quotations = quotation_claims(answer, evidence)
    claims = [
        *numbers,
        *(_equation_claim(equation, slips) for equation in found),
        *link_claims(answer, evidence),
        *action_claims(answer, evidence),
        *code_claims(answer, evidence),
    ]
    claims = [*quotations, *(_as_quoted(claim, quotations) for claim in claims)]
    return tuple(sorted(claims, key=lambda claim: (claim.start, -claim.end)))


def _as_quoted(claim: Claim, quotations: Sequence[Claim]) -> Claim:
    """What a true quotation says is its source's claim, right or wrong, and stays as it is."""
    if claim.verdict != "contradicted":
        return claim
    for quotation in quotations:
        inside = quotation.start <= claim.start and claim.end <= quotation.end
        if inside and quotation.verdict != "contradicted":
            verdict, evidence = quotation.verdict, quotation.evidence
            return replace(claim, verdict=verdict, evidence=evidence, note="", correction="")
    return claim


def _equation_claim(equation: Equation, slips: Sequence[Claim]) -> Claim:
    """The claim of an equation; one with a miscopied operand is put right as a whole."""
    inside = [
        slip
        for slip in slips
        if equation.start <= slip.start < equation.end and (slip.evidence or equation.holds)
    ]
    text = equation.text
    for slip in reversed(inside):
        at = slip.start - equation.start
        text = text[:at] + slip.correction + text[slip.end - equation.start :]
    claim = Claim("equation", "derived", equation.start, equation.end, equation.text)
    if inside:
        mended = "".join(_mended(text))
        return replace(claim, verdict="contradicted", note=f"should be {mended}", correction=mended)
    if equation.holds:
        return replace(claim, evidence=("recomputed",))
    return replace(claim, verdict="contradicted", note=equation.note, correction=equation.fixed)


def _mended(text: str) -> list[str]:
    """A text with its equations put right, in pieces."""
    pieces, at = [], 0
    for equation in equations.find(text):
        pieces += [text[at : equation.start], equation.fixed]
        at = equation.end
    return [*pieces, text[at:]]


def correct(
    answer: str, claims: Sequence[Claim], transcript: Sequence[Item] | None = None
) -> Correction:
    """The answer without its contradicted claims, and what was put right or removed.

    With the transcript the result is verified again, and sentences in which that has
    brought something to light (a corrected number in another equation, a code block
    that now begins a line) are removed until it stands.
    """
    correction = corrections.applied(answer, claims)
    if transcript is None:
        return correction
    removed = list(correction.removed)
    left = verify(correction.text, transcript)
    while findings(left):  # ends: every cut makes the text shorter
        correction = corrections.cut(correction.text, left)
        removed += correction.removed
        left = verify(correction.text, transcript)
    return Correction(correction.text, tuple(dict.fromkeys(removed)))


def findings(claims: Sequence[Claim]) -> tuple[str, ...]:
    """One sentence for each contradicted claim, for sending a draft back to the model."""
    return tuple(dict.fromkeys(_finding(c) for c in claims if c.verdict == "contradicted"))


def _finding(claim: Claim) -> str:
    match claim.kind:
        case "number":
            return (
                f"The number {claim.text} is wrong: {claim.note}; it should be {claim.correction}."
            )
        case "equation":
            return f"The equation {claim.text!r} is wrong: {claim.note}."
        case "quotation":
            return f"The quotation {claim.text} is wrong: {claim.note}."
        case "link":
            return f"The link {claim.text} must go: {claim.note}."
        case "action":
            return f"You wrote {claim.text!r}, but {claim.note}; do not claim it."
        case "code":
            return f"The code block {claim.text.splitlines()[0]!r} {claim.note}."
        case _:
            assert_never(claim.kind)


def summary(claims: Sequence[Claim]) -> str:
    """One line: "3 numbers: 2 computed, 1 given; 1 equation: 1 derived"; "" without claims."""
    lines = []
    for kind in ("number", "equation", "quotation", "link", "action", "code"):
        counts = Counter(claim.verdict for claim in claims if claim.kind == kind)
        if counts:
            total = sum(counts.values())
            word = {"code": "code block"}.get(kind, kind) + ("s" if total != 1 else "")
            order = sorted(counts, key=lambda verdict: (-counts[verdict], VERDICTS.index(verdict)))
            parts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in order)
            lines.append(f"{total} {word}: {parts}")
    return "; ".join(lines)
