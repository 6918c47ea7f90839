"""Claims of action read from the clause, not from known wordings.

A pattern knows one way of saying a deed. Here every verb that the model says of itself in the
past is looked at, and whatever is neither speech nor work on paper claims a deed (`deeds.py`). Read
only where the model speaks for itself: not in a piece of writing that was asked for, nor where the
user said the same of themselves.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pellucid.agent.asking.asked import asked
from pellucid.agent.asking.cues import says, some
from pellucid.agent.asking.text_cues import FICTION, REWORDING, TRANSLATION, WRITING
from pellucid.agent.reading import equations
from pellucid.agent.reading.prose import blanked, quoted, word_set
from pellucid.agent.verdicts import clause_patterns as of
from pellucid.agent.verdicts.action_patterns import Deed
from pellucid.agent.verdicts.deeds import BROUGHT_ABOUT, STRONG, kind, lemmas

FOR_OTHERS = some(WRITING, REWORDING, TRANSLATION, FICTION)
"""Questions whose answer is a text in somebody else's name."""

PROVOKED = says(
    r"\b(?:search|browse|google|look (?:it |this |them )?up|online|run|execute|test|open|calculator"
    r"|check|verify|attached|upload|save|send)"
)
"""Questions that ask for a deed besides."""

EXECUTES = word_set("run execute rerun re-run compile debug")

LONGEST_STORY = 20_000
"""Characters of a question that are read for what users tell of themselves, and what they ask."""

NEAR = 160
"""Characters before a further verb in which its subject stands."""


@dataclass(frozen=True, slots=True)
class Said:
    """A deed that a clause claims, as a range of the text."""

    start: int
    end: int
    deed: Deed


Voice = Literal["own", "theirs", "invented"]
"""Whose "I" an answer has: the model's, one in a text that was given, or one that it makes up."""


def voice(question: str) -> Voice:
    """Whose "I" is in the answer to a question. Where a piece is to be written after something
    was looked up or run, that is still the model's to do."""
    about = asked(question)
    if FICTION(about) or (WRITING(about) and not PROVOKED(about)):
        return "invented"
    return "theirs" if FOR_OTHERS(about) else "own"


def own_story(question: str) -> frozenset[str]:
    """The verbs by which the user tells what they did themselves."""
    told = of.SUBJECT.finditer(question, 0, LONGEST_STORY)
    return frozenset(verb for found in told for verb in lemmas(found["verb"]))


def read(text: str, start: int, end: int, theirs: frozenset[str]) -> Iterator[Said]:
    """The deeds that one sentence claims, in any order; some may overlap. `theirs` are verbs that
    the user said of themselves."""
    for found in of.SUBJECT.finditer(text, start, end):
        yield from _of_verb(text, found, end, theirs)
    for found in of.DID.finditer(text, start, end):
        if found["verb"].lower() in STRONG:
            yield Said(
                found.start(),
                found.end(),
                _sort(found["verb"].lower(), _clause(text, found.end(), end)),
            )
    for pattern in (of.FOLLOWING, of.GERUND, of.PASSIVE, of.DONE_NOW):
        yield from _of_strong(text, pattern, start, end)
    for found in of.YOURS_DONE.finditer(text, start, end):
        about = found.group() + _clause(text, found.end(), end)
        reached = about.lower().startswith("your") or of.YOURS.search(about)
        if reached and lemmas(found["verb"]) & (BROUGHT_ABOUT | STRONG):
            yield Said(found.start(), found.end(), "change")
    opening = of.OPENING.match(text, start, end)
    if opening and _strong(opening["verb"]) and not of.BARE.fullmatch(opening["verb"]):
        yield Said(
            opening.start("verb"),
            opening.end(),
            _deed(opening["verb"], text[opening.start() : end]),
        )
    begun = of.UNDER_WAY.match(text, start, end)
    if begun and _strong(begun["verb"]):
        yield Said(begun.start(), begun.end(), _deed(begun["verb"], text[begun.start() : end]))
    yield from impersonal(text, start, end)


def _of_verb(text: str, found: re.Match[str], end: int, theirs: frozenset[str]) -> Iterator[Said]:
    """What a verb of the first person claims."""
    verb = found["verb"].lower()
    aux = (found["aux"] or found["weaux"] or "").strip().lower()
    if aux in ("am", "was", "'m", "’m"):
        if not verb.endswith("ing") or not _strong(verb):
            return
    elif verb.endswith("ing") != bool(of.BEEN.search(found.group())):
        return
    if lemmas(verb) & theirs and not _strong(verb):
        return
    claimed, clause = kind(verb), _clause(text, found.end(), end)
    if of.MACHINE.match(clause):
        yield Said(found.start(), found.end(), "run")
        return
    about = f"{verb} {clause}"
    for pattern, deed in _ABOUT:
        if claimed and pattern.search(about):
            yield Said(found.start(), found.end(), deed)
            return
    if claimed in (None, "said"):
        return
    if found["we"] and not _outward(verb, clause):
        return
    if claimed == "worked" and not _outward(verb, clause):
        return
    if not of.at_place(clause) and not of.by_device(clause):
        if claimed == "checked" and _on_paper(clause):
            return
        if claimed == "done" and _in_words(verb, clause):
            return
    yield Said(found.start(), found.end(), _deed(verb, clause))


_ABOUT: tuple[tuple[re.Pattern[str], Deed], ...] = (
    (of.YOURS, "change"),
    (of.YOU_GAVE, "read"),
    (of.LATELY, "act"),
)
"""What makes a deed of whatever is said to have been done."""


def _outward(verb: str, clause: str) -> bool:
    """Whether a clause names a device or a place outside."""
    words = f"{verb} {clause}"
    return of.by_device(words) or of.at_place(words)


def _on_paper(clause: str) -> bool:
    """Whether a check is one that the words themselves can be."""
    return bool(of.ON_PAPER.search(clause) or any(one.holds for one in equations.find(clause)))


def _in_words(verb: str, clause: str) -> bool:
    """Whether a deed is a figure of speech, or done to words, terms or code that stand here."""
    if of.IDIOM.match(clause):
        return True
    if lemmas(verb) & EXECUTES:
        return False
    matter = of.MATTER.match(clause.strip()) or (
        not _strong(verb) and of.PROGRAM.match(clause.strip())
    )
    return bool(matter or (not _strong(verb) and of.HERE.search(clause)))


def _of_strong(text: str, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Said]:
    """Deeds that their verb alone claims, "I" before it or not."""
    for found in pattern.finditer(text, start, end):
        clause = _clause(text, found.end(), end)
        if _strong(found["verb"]) and not (kind(found["verb"]) == "checked" and _on_paper(clause)):
            near = max(start, found.start() - NEAR)
            if pattern is of.FOLLOWING and not of.SUBJECT.search(text, near, found.start()):
                continue
            yield Said(found.start(), found.end(), _deed(found["verb"], clause))


_SHOWN: tuple[tuple[re.Pattern[str], Deed], ...] = (
    (of.ASKED, "own"),
    (of.TRIED, "check"),
    (of.FROM_RUNNING, "run"),
    (of.SEARCHES, "search"),
)


def impersonal(text: str, start: int, end: int) -> Iterator[Said]:
    """Deeds that nobody is named for: what a display shows, what a check confirms."""
    for found in of.NOMINAL.finditer(text, start, end):
        yield Said(
            found.start(), found.end(), _sort(found["noun"].lower().rstrip("s"), found.group())
        )
    if any(map(str.isdigit, text[start:end])):
        for found in of.DISPLAY.finditer(text, start, end):
            yield Said(found.start(), found.end(), "calculator")
    for found in of.BODY.finditer(text, start, end):
        yield Said(found.start(), found.end(), "own")
    if looking := of.LOOKING.match(text, start, end):
        yield Said(looking.start(), looking.end(), "read")
    for pattern, deed in _SHOWN:
        for found in pattern.finditer(text, start, end):
            yield Said(found.start(), found.end(), deed)
    for pattern in (of.SEEING, of.WENT_THROUGH):
        for found in pattern.finditer(text, start, end):
            yield Said(found.start(), found.end(), "read")
    recalled = of.RECALLING.search(text, start, end)
    if recalled and (when := of.REMEMBERED.search(text, start, end)):
        yield Said(min(recalled.start(), when.start()), max(recalled.end(), when.end()), "memory")


def affirmed(answer: str, question: str) -> Said | None:
    """The deed that a bare "Yes, I did." claims, when the question was about one."""
    question = question[-LONGEST_STORY:]
    found = list(of.QUESTIONED.finditer(blanked(question, quoted(question))))
    yes = of.AFFIRMED.match(answer)
    if not found or not yes:
        return None
    verb = found[-1]["verb"].lower()
    if not (verb in STRONG or _strong(verb)):
        return None
    return Said(yes.start(), max(yes.end(), 1), _sort(verb, question[found[-1].start() :]))


def _strong(verb: str) -> bool:
    return bool(lemmas(verb) & STRONG)


def _clause(text: str, start: int, end: int) -> str:
    """The rest of a clause."""
    found = of.CLAUSE.match(text, start, end)
    return found.group() if found else ""


def _deed(verb: str, clause: str) -> Deed:
    """What kind of deed a verb claims."""
    known, clause = lemmas(verb), f"{verb} {clause}"
    return _sort(min(known & STRONG or known, default=verb), clause, kind(verb))


_SEARCHES = word_set("search google browse research consult lookup look-up")
_CHANGES = word_set(
    """
    send forward email save export upload download install deploy book call contact message phone
    notify submit purchase order pay
    """
)
_PAGES = word_set("open visit access fetch")
_RUNS = word_set("run execute rerun re-run compile debug benchmark profile time")


def _sort(verb: str, clause: str, claimed: str | None = None) -> Deed:
    """The deed of a base form with what follows it."""
    if verb in _SEARCHES or of.at_place(clause):
        return "search"
    if verb in _CHANGES:
        return "change"
    if verb in _PAGES:
        return "open"
    if verb in _RUNS or of.by_device(clause):
        return "run"
    return "check" if claimed == "checked" or kind(verb + "ed") == "checked" else "act"
