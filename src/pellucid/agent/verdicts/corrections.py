"""The last resort: a draft's contradicted claims put right or taken out by rule."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from pellucid.agent.reading.prose import Span, fences, sentence_at, sentences
from pellucid.agent.verdicts import actions
from pellucid.agent.verdicts.sources import NO_RUN
from pellucid.core.claims import Claim

NOTHING_LEFT = (
    "The draft of this answer claimed things that did not happen, and nothing else was left of it."
)
RECOMPUTED = "Recomputed: {}."
UNPROVEN = "The draft of this answer gave {} without evidence."
LINK_GONE = "[link removed]"
OUTPUT_GONE = "[output removed: this code was not run]"
MARKDOWN_LINK = re.compile(r"!?\[(?P<words>[^\]\n]*)\]\(\s*<?$")
REST = re.compile(
    r"\s*(?:,?\s*\b(?:and|so)\b|[,;:—–])\s+(?=(?:the|it|this|there|its|a|an|in|so|we)\b|[A-Z])"
)

EMPTIED = re.compile(
    r"^[ \t]*(?:[-*+>#]+|\d+[.)])?[ \t*_]*\n|\n[ \t]*(?:[-*+>#]+|\d+[.)])[ \t*_]*\Z",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """An answer that stands, and what was removed or put right in it, for people."""

    text: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A replacement in the draft and the words people are told about it."""

    start: int
    end: int
    text: str
    told: str


def applied(answer: str, claims: Sequence[Claim]) -> Correction:
    """The answer without its contradicted claims; never empty.

    Numbers and equations get the recomputed value, unknown links are taken out, code
    that is no Python is no longer called Python; a sentence with an action that did
    not happen or words that nobody wrote is removed.
    """
    wrong = [claim for claim in claims if claim.verdict == "contradicted"]
    if not wrong:
        return Correction(answer, ())
    spans = sentences(answer)
    edits = [
        _removal(answer, claim, spans) for claim in wrong if claim.kind in ("action", "quotation")
    ]
    edits += [edit for claim in wrong for edit in _repair(answer, claim)]
    return _edited(answer, edits, _instead(answer, claims, spans))


def cut(answer: str, claims: Sequence[Claim]) -> Correction:
    """The answer without any sentence or block that a contradicted claim stands in."""
    spans = sentences(answer)
    wrong = [claim for claim in claims if claim.verdict == "contradicted"]
    return _edited(answer, [_removal(answer, claim, spans) for claim in wrong], NOTHING_LEFT)


def _edited(answer: str, edits: Sequence[_Edit], instead: str) -> Correction:
    """The answer with the edits made, or what stands in its place when nothing is left of it."""
    apart = _apart(sorted(edits, key=lambda edit: (edit.start, -edit.end)))
    text = answer
    for edit in reversed(apart):
        text = text[: edit.start] + edit.text + text[edit.end :]
    text = _tidied(text) if any(not edit.text for edit in apart) else text
    text = text if re.search(r"\w", text) else instead
    return Correction(text, tuple(dict.fromkeys(edit.told for edit in apart)))


def _removal(answer: str, claim: Claim, spans: tuple[Span, ...]) -> _Edit:
    """Take the whole sentence out."""
    start, end = sentence_at(spans, claim.start)
    start, end = min(start, claim.start), max(end, claim.end)
    return _Edit(start, end, "", f"removed: {answer[start:end]!r} ({claim.note})")


def _repair(answer: str, claim: Claim) -> list[_Edit]:
    """What puts a claim right in its place."""
    match claim.kind:
        case "number" | "equation":
            told = f"corrected: {claim.text!r} to {claim.correction!r}"
            return [_Edit(claim.start, claim.end, claim.correction, told)]
        case "link":
            return [_without_link(answer, claim)]
        case "code" if claim.note == NO_RUN:
            told = f"removed: {claim.text!r} ({claim.note})"
            return [_Edit(claim.start, claim.end, OUTPUT_GONE, told)]
        case "code":
            opening = answer.find("\n", claim.start)
            mark = re.match(r"[ \t]*[`~]+", answer[claim.start : opening])
            start = claim.start + (mark.end() if mark else 0)
            return [
                _Edit(
                    start, opening, "text", "a code block that is no Python is no longer called so"
                )
            ]
        case "action" | "quotation":
            return []
        case _:
            assert_never(claim.kind)


def _without_link(answer: str, claim: Claim) -> _Edit:
    """[words](address) becomes the words, an address alone a remark."""
    told = f"removed: {claim.text} ({claim.note})"
    before = MARKDOWN_LINK.search(answer, answer.rfind("\n", 0, claim.start) + 1, claim.start)
    after = re.compile(r">?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)").match(answer, claim.end)
    if before and after:
        words = before["words"]
        return _Edit(before.start(), after.end(), "" if "://" in words else words, told)
    return _Edit(claim.start, claim.end, LINK_GONE, told)


def _apart(edits: Sequence[_Edit]) -> list[_Edit]:
    """Of edits that overlap, the one that begins first and reaches furthest."""
    apart: list[_Edit] = []
    for edit in edits:
        if not apart or edit.start >= apart[-1].end:
            apart.append(edit)
    return apart


def _tidied(text: str) -> str:
    """The text without the bullets, blanks and empty lines that removed sentences leave.

    Code blocks stay as they are.
    """
    pieces, at = [], 0
    for block in fences(text):
        pieces += [_evened(text[at : block.start]), text[block.start : block.end]]
        at = block.end
    return "".join([*pieces, _evened(text[at:])]).strip()


def _evened(text: str) -> str:
    text = EMPTIED.sub("\n", text)
    text = re.sub(r"(?<=\S)[ \t]{2,}(?=\S)", " ", text)
    return re.sub(r"\n{3,}", "\n\n", text)


def _instead(answer: str, claims: Sequence[Claim], spans: tuple[Span, ...]) -> str:
    """What stands in the place of an answer of which nothing is left."""
    wrong = [claim for claim in claims if claim.verdict == "contradicted"]
    for claim in wrong:
        _, end = sentence_at(spans, claim.start)
        found = REST.search(answer, claim.end, end)
        if found:
            rest = answer[found.end() : end]
            doubtful = any(other.start < end and found.end() < other.end for other in wrong)
            if not actions.find(rest) and not doubtful:
                return rest[:1].upper() + rest[1:]
    right = [claim.correction for claim in wrong if claim.kind == "number"]
    if right:
        return RECOMPUTED.format(" and ".join(dict.fromkeys(right)))
    numbers = [claim.text for claim in claims if claim.kind == "number"]
    return UNPROVEN.format(" and ".join(dict.fromkeys(numbers))) if numbers else NOTHING_LEFT
