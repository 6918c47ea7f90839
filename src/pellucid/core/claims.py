"""Claims: the checkable parts of an answer, and the verdict on each (DESIGN: verdicts).

A claim is a character range of the answer's text with what supports it.
"""

from dataclasses import dataclass
from typing import Literal

ClaimKind = Literal["number", "equation", "quotation", "link", "action", "code"]
Verdict = Literal["given", "computed", "read", "derived", "stated", "contradicted"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable part of an answer.

    `start` and `end` are character offsets into the answer's text; `text` is that
    slice. `value` is the normal form of a number ("28887208"), else empty.
    `evidence` names what supports it: "input", an execution id, or the derivation
    ("17 * 4"). `note` says what was found, for people and for the model.
    `correction` is the text that puts a contradicted claim right, where a rule knows
    it; "" where nothing but removing helps.
    """

    kind: ClaimKind
    verdict: Verdict
    start: int
    end: int
    text: str
    value: str = ""
    evidence: tuple[str, ...] = ()
    note: str = ""
    correction: str = ""
