"""Claims of action in an answer, and what in the conversation they rest on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from pellucid.agent.coding.checks import checked
from pellucid.agent.reading.prose import Span, blanked, quoted, sentences, without_code
from pellucid.agent.verdicts import first_person
from pellucid.agent.verdicts.action_patterns import SAYINGS, Deed
from pellucid.agent.verdicts.evidence import Evidence
from pellucid.agent.verdicts.first_person import Said
from pellucid.agent.verdicts.foreign_sayings import FOREIGN, UNREAL_ELSEWHERE
from pellucid.agent.verdicts.number_claims import claimed_numbers
from pellucid.core.claims import Claim
from pellucid.core.executions import Execution

UNREAL = re.compile(
    r"\b(?:if|unless|nobody|none|neither|had\s+I|imagine|suppose|assum\w+|pretend|whether|until|before|would|wish|never|not|cannot"
    r"|without|said|claimed|stated|implied|suggested|as\s+though|should|could|can|will|may|might|you"
    r"|try|ensure|make\s+sure|sure\s+that|how\s+(?:do|to)|please|instead\s+of|rather\s+than|no|once"
    rf"|{UNREAL_ELSEWHERE})\b|n['’]t\b",
    re.IGNORECASE,
)
INVERTED = re.compile(r"\b(?:had|should|were)\s*$", re.IGNORECASE)
CLAUSE_END = re.compile(r"[,;:(—–]\s|\s(?:but|and|so|because)\s|\.\s")
WORD = re.compile(r"[^\W\d_]+")
SALUTATION = re.compile(
    r"[ \t>*_]*(?:Subject:|(?:Dear|Hi|Hello)\b[^\n.!?]{0,60},[ \t*_]*$)", re.IGNORECASE
)
SIGN_OFF = re.compile(
    r"[ \t>*_]*(?:(?:best|kind|warm)(?: regards| wishes)?|regards|sincerely|yours|thanks|thank you"
    r"|cheers|love)\b[^\n]{0,30},?[ \t*_]*$",
    re.IGNORECASE,
)
READS_FILES = re.compile(r"\bopen\(|\bread_\w+\(|\bPath\(|\bimread\(|\bload\w*\(")
WRITES_FILES = re.compile(r"\.to_\w+\(|savefig\(|open\([^)]*['\"][wax]|write_\w+\(|\.save\(")
TOOLS: dict[Deed, tuple[str, ...]] = {
    "search": ("search", "google", "lookup"),
    "open": ("open", "fetch", "brows", "visit", "url", "page", "web", "http"),
    "read": ("read", "file", "document", "find", "open", "pdf", "image"),
}
"""Parts of the names of tools that do each kind of thing."""

PASTED_WORDS = 40
"""A question this long carries the text that "I read the document" speaks of."""


@dataclass(frozen=True, slots=True)
class Action:
    """A claim that something was done: its range, its sentence, and what kind of deed."""

    start: int
    end: int
    sentence: Span
    deed: Deed


def find(answer: str, question: str = "") -> tuple[Action, ...]:
    """The claims of action in the answer to a question, in order, none overlapping another.

    Negations, conditions, plans, instructions, questions, quoted words and letters written
    for the user are none.
    """
    flat = without_code(answer)
    flat = blanked(flat, _letters(flat))
    flat = blanked(flat, quoted(flat))
    voice = first_person.voice(question)
    theirs = first_person.own_story(question)
    actions: list[Action] = []
    if voice == "invented":
        return ()
    for start, end in sentences(flat):
        if not flat[start:end].rstrip('*_)"” ').endswith("?"):
            known = _apart(_matches(flat, start, end))
            read = (
                first_person.read(flat, start, end, theirs)
                if voice == "own"
                else first_person.impersonal(flat, start, end)
            )
            more = (one for one in _real(flat, start, end, read) if not _beside(one, known))
            actions += _apart([*known, *more])
    yes = first_person.affirmed(flat, question)
    if yes and not any(action.start < yes.end for action in actions):
        first = next(iter(sentences(flat)))
        actions.insert(0, Action(yes.start, yes.end, first, yes.deed))
    return tuple(actions)


def _real(text: str, start: int, end: int, read: Iterable[Said]) -> Iterator[Action]:
    """What was read of a sentence, less what its words take back."""
    for one in read:
        taken_back = UNREAL.search(text[one.start : one.end]) if one.deed != "memory" else None
        if not taken_back and not _unreal_before(text, start, one.start):
            yield Action(one.start, one.end, (start, end), one.deed)


def _letters(text: str) -> Iterator[Span]:
    """Letters written for the user to send: what "I" did in them, the user did."""
    begun, at = -1, 0
    for line in text.splitlines(keepends=True):
        if begun < 0 and SALUTATION.match(line):
            begun = at
        elif begun >= 0 and SIGN_OFF.match(line):
            yield begun, at
            begun = -1
        at += len(line)


def _beside(one: Action, known: Sequence[Action]) -> bool:
    """Whether a claim is another reading of one that is known."""
    return any(one.start < other.end and other.start < one.end for other in known)


def _apart(found: Iterable[Action]) -> list[Action]:
    """The claims of one sentence, the earliest first; of two that overlap the earlier one."""
    found = sorted(found, key=lambda action: (action.start, -action.end))
    apart: list[Action] = []
    for action in found:
        if not apart or action.start >= apart[-1].end:
            apart.append(action)
    return apart


_ALL = (*SAYINGS, *FOREIGN)
_OF_WORD = {
    word: tuple(number for number, saying in enumerate(_ALL) if word in saying.words)
    for word in frozenset().union(*(saying.words for saying in _ALL))
}
"""The sayings that a word may belong to, by their numbers: few of all are tried on a sentence."""


def _matches(text: str, start: int, end: int) -> Iterator[Action]:
    figure = any(map(str.isdigit, text[start:end]))
    words = WORD.findall(text[start:end].lower())
    for number in sorted({number for word in words for number in _OF_WORD.get(word, ())}):
        saying = _ALL[number]
        if saying.figure and not figure:
            continue
        for match in saying.pattern.finditer(text, start, end):
            if not UNREAL.search(match.group()) and not _unreal_before(text, start, match.start()):
                yield Action(match.start(), match.end(), (start, end), saying.deed)


def _unreal_before(text: str, start: int, at: int) -> bool:
    """Whether the words before, in the same clause, take the claim back."""
    low = max(start, at - 60)
    for found in CLAUSE_END.finditer(text, low, at):
        if found.end() < at or text[found.start()] in ",;:(—–.":
            low = found.end()
    return bool(UNREAL.search(text, low, at) or INVERTED.search(text, low, at))


def action_claims(answer: str, evidence: Evidence) -> list[Claim]:
    """A claim for each action: computed with what supports it, else contradicted."""
    claims = []
    for action in find(answer, evidence.question):
        proof = support(action.deed, answer[slice(*action.sentence)], evidence)
        text = answer[action.start : action.end]
        if proof is None:
            claims.append(
                Claim(
                    "action",
                    "contradicted",
                    action.start,
                    action.end,
                    text,
                    note=MISSING[action.deed],
                )
            )
        else:
            verdict = "given" if proof == "input" else "computed"
            claims.append(
                Claim("action", verdict, action.start, action.end, text, evidence=(proof,))  # type: ignore[arg-type]
            )
    return claims


def deed_asked_about(question: str) -> Deed | None:
    """The deed that a question asks about ("Did you run it?"), None when it asks about none."""
    yes = first_person.affirmed("Yes.", question)
    return yes.deed if yes else None


def affirmed_by(question: str, evidence: Evidence) -> str | None:
    """What in the record makes "yes" the true answer to such a question, if anything does."""
    deed = deed_asked_about(question)
    return support(deed, question, evidence) if deed else None


MISSING: dict[Deed, str] = {
    "run": "nothing was executed in this conversation",
    "passed": "nothing was executed successfully in this conversation",
    "calculator": "no execution in this conversation shows this",
    "search": "nothing was searched in this conversation",
    "open": "no page was opened in this conversation",
    "read": "no file was read in this conversation",
    "change": "nothing was sent, saved or changed in this conversation",
    "own": "there is no such machine",
    "check": "nothing was executed, searched or read to check it",
    "act": "nothing in this conversation shows that it was done",
    "memory": "nothing is remembered from outside this conversation",
}


def support(deed: Deed, sentence: str, evidence: Evidence) -> str | None:
    """The id of what makes a claimed deed true, "input" when the caller's words do, else None."""
    good = [run for run in evidence.executions if run.outcome == "ok"]
    match deed:
        case "run":
            return _first(good) or _first(evidence.executions)
        case "passed":
            return _first([run for run in good if _all_met(run)])
        case "calculator":
            return _displayed(sentence, evidence)
        case "own" | "memory":
            return None
        case "check" | "act":
            return _first(good) or (evidence.did[0][1] if evidence.did else None)
        case "change":
            wrote = [run for run in good if run.files or WRITES_FILES.search(run.code)]
            return _first(wrote) or (evidence.did[0][1] if evidence.did else None)
        case "search" | "open" | "read":
            named = [call for name, call in evidence.did if _does(name, deed)]
            read = [run for run in good if deed == "read" and READS_FILES.search(run.code)]
            pasted = deed != "search" and len(evidence.asked.split()) >= PASTED_WORDS
            return named[0] if named else _first(read) or ("input" if pasted else None)
        case _:
            assert_never(deed)


def _all_met(run: Execution) -> bool:
    """Whether a run ended well; one that checked code, whether all of its examples are met."""
    check = checked(run)
    return check is None or (check.ran and all(result.passed for result in check.results))


def _does(name: str, deed: Deed) -> bool:
    return any(part in name.lower() for part in TOOLS[deed])


def _first(executions: Sequence[Execution]) -> str | None:
    return executions[-1].execution_id if executions else None


def _displayed(sentence: str, evidence: Evidence) -> str | None:
    """The execution whose output holds a number of the sentence; any good one when it has none."""
    numbers = claimed_numbers(sentence)
    for source in evidence.runs:
        if not numbers or any(key in source.keys for number in numbers for key in number.asserts()):
            return source.name
    return None
