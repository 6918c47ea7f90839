"""An answer with its verdicts: a mark behind every claim, and a legend of the evidence."""

from collections.abc import Sequence

from rich.text import Text

from pellucid.cli.text import plain, shortened
from pellucid.core.claims import Claim, Verdict

STYLES: dict[Verdict, str] = {
    "computed": "green",
    "derived": "cyan",
    "read": "blue",
    "given": "bold",
    "stated": "yellow",
    "contradicted": "bold red",
}
LETTERS: dict[Verdict, str] = {
    "computed": "ᶜ",
    "derived": "ᵈ",
    "read": "ʳ",
    "given": "ᵍ",
    "stated": "ˢ",
    "contradicted": "ˣ",
}
LONGEST = 60
"""Characters of a claim shown in the legend."""


def mark(verdict: Verdict, letters: bool) -> str:
    """What stands behind a claim: a letter where the terminal has it, else the word."""
    return LETTERS[verdict] if letters else f"[{verdict}]"


def marked(answer: str, claims: Sequence[Claim], *, letters: bool) -> Text:
    """The answer, each innermost claim coloured and marked; readable without colour."""
    shown, at = Text(), 0
    for claim in sorted(innermost(claims), key=lambda one: one.start):
        shown.append(plain(answer[at : claim.start]))
        shown.append(plain(answer[claim.start : claim.end]), style=STYLES[claim.verdict])
        shown.append(mark(claim.verdict, letters), style=f"{STYLES[claim.verdict]} not bold")
        at = claim.end
    shown.append(plain(answer[at:]))
    return shown


def innermost(claims: Sequence[Claim]) -> list[Claim]:
    """Claims no other lies in: the numbers of an equation are marked, not the equation too."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda one: (one.end - one.start, one.start)):
        if all(claim.end <= other.start or other.end <= claim.start for other in kept):
            kept.append(claim)
    return kept


def legend(claims: Sequence[Claim], runs: Sequence[str], *, letters: bool) -> Text:
    """`28,887,208 computed (run 1) · 48271964, 19384756 given`: each claim and its evidence.

    `runs` are the execution ids of the turn in order; evidence shows their numbers.
    """
    groups: dict[tuple[Verdict, str], list[str]] = {}
    for claim in sorted(claims, key=lambda one: (list(STYLES).index(one.verdict), one.start)):
        named = groups.setdefault((claim.verdict, evidence(claim, runs)), [])
        if (words := shortened(claim.text, LONGEST)) not in named:
            named.append(words)
    parts = []
    for (verdict, why), named in groups.items():
        letter = mark(verdict, letters) if letters else ""
        part = Text().append(", ".join(name + letter for name in named), style=STYLES[verdict])
        part.append(f" {verdict}" + (f" ({why})" if why else ""))
        parts.append(part)
    return Text(" · ").join(parts)


def evidence(claim: Claim, runs: Sequence[str]) -> str:
    """What supports a claim, in words; empty where the verdict says it all."""
    words = [f"run {runs.index(e) + 1}" if e in runs else e for e in claim.evidence if e != "input"]
    if not words and claim.verdict in ("stated", "contradicted"):
        words = [claim.note or "no evidence"]
    return shortened(", ".join(words), LONGEST)
