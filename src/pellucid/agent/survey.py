"""Surveys of documents: their main points, each with the sentence and the page it stands on.

The reader parts the documents and finds the sentences of each part that are most worth telling
(`tools/reader/survey`); the model says of each how sure it is that the answer should tell it
(relevance judged one by one, which is not swayed by the order; Sachan et al. 2022, arXiv
2204.07496, judge passages so). So every part is read, whatever the length, and every point is in
the document's own words.
"""

import json
import math
import re

from pellucid.agent import answer
from pellucid.agent.judge import MOST_TOKENS, NO, YES, opinions, yes_or_no
from pellucid.agent.lookup import places
from pellucid.agent.reading.number_words import SMALL, TENS
from pellucid.agent.work import Act, Judge, Release, Step, Tell, Work
from pellucid.core.effort import EffortName
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.reading import READER, Found, extent, found

MOST = 25
"""Points of one answer."""

POINTS: dict[EffortName, int] = {"minimal": 3, "low": 5, "medium": 8, "high": 12, "xhigh": 20}
"""How many there are where the question does not say."""

EACH: dict[EffortName, int] = {"minimal": 2, "low": 2, "medium": 3, "high": 4, "xhigh": 6}
"""Sentences of each part that the model reads."""

SPARE: dict[EffortName, float] = {
    "minimal": 1.0, "low": 1.0, "medium": 1.5, "high": 2.0, "xhigh": 3.0,
}  # fmt: skip
"""Parts for each point that is wanted; the best are told."""

ASK = (
    "Task: {question}\n\nA sentence of the document:\n{sentence}\n\n"
    f"Is this one of the sentences that the answer should tell? Answer {YES} or {NO}."
)

_COUNTS = {**SMALL, **TENS}
_NUMBER = rf"\d{{1,2}}|{'|'.join(_COUNTS)}"
_KINDS = (
    r"(?:points?|recommendations?|findings?|conclusions?|ideas?|messages?|takeaways?|results?|"
    r"arguments?|themes?|topics?|lessons?|risks?|warnings?|tips|rules|guidelines|changes|reasons|"
    r"facts|claims|principles|insights|goals|aims|requirements|trends|developments|statements)"
)
_MAIN = r"(?:main|key|most important|central|principal|major|top|biggest|core)"
_OF_THEM = rf"\b(?P<of>{_NUMBER})\s+(?:\w+\s+){{0,2}}{_KINDS}\b"
_SURVEY = re.compile(
    r"\b(?:summari[sz]e|summari[sz]ing|summary|tl;?dr|overview|synopsis|gist|takeaways)\b"
    rf"|\b{_MAIN}\s+(?:\w+\s+)?{_KINDS}\b|{_OF_THEM}"
    r"|\bwhat(?:['’]s| is| are)\b.{0,40}\babout\b[\s?.!]*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"{_OF_THEM}|\b(?:top|in)\s+(?P<top>{_NUMBER})\b", re.IGNORECASE)


def fits(work: Work) -> bool:
    """Whether a question is about the whole of the documents, and they have sentences."""
    failed = any(result.failed for _, result in work.pairs)
    return not failed and bool(_SURVEY.search(work.question))


def points(question: str, effort: EffortName) -> int:
    """How many points are asked for."""
    if counted := _COUNTED.search(question):
        said = (counted["of"] or counted["top"]).casefold()
        return max(1, min(MOST, _COUNTS[said] if said in _COUNTS else int(said)))
    return POINTS[effort]


def step(work: Work) -> Step:
    """Have the sentences found, then each part told, and end with all points."""
    match work.last:
        case ToolCall() as call if work.budget.calls.left and not work.out_of:
            return Act(call)
        case ToolResult() if work.turn.form is not None:
            return answer.draft(work, work.pairs[-1])
        case ToolResult(text=text):
            return _told(work, found(text))
        case None if not work.out_of:
            return Tell((_call(work),))
        case _:
            return answer.best_so_far(work)


def _call(work: Work) -> ToolCall:
    effort = work.row.name
    wanted = points(work.question, effort)
    parts = math.ceil(wanted * SPARE[effort])
    asked = {"survey": work.question, "parts": parts, "each": EACH[effort]}
    return ToolCall(f"{work.turn.turn_id}_{READER}_0", READER, json.dumps(asked))


def _told(work: Work, sentences: list[Found]) -> Step:
    """Have the sentences of the next part judged, while there is something left to think with."""
    sure = opinions(work.items)
    left = [one for one in sentences if one.text not in sure]
    part = [one.text for one in left if one.number == left[0].number]
    if not left or work.out_of or work.budget.thinking.left < MOST_TOKENS * len(part):
        return _release(work, sentences, sure)
    prompts = (ASK.format(question=work.question, sentence=text) for text in part)
    asked = tuple(yes_or_no(work, (Message("user", prompt),)) for prompt in prompts)
    return Judge(asked, tuple(part))


def chosen(sentences: list[Found], sure: dict[str, float], wanted: int) -> list[Found]:
    """Of each part the sentence that reader and model together place highest, and of the parts
    those whose sentence the model is surest of; in the order they stand in. The reader gives the
    best of a part first; what was not judged counts as even."""
    of_part = dict[int, list[Found]]()
    for one in sentences:
        of_part.setdefault(one.number, []).append(one)

    def certainty(one: Found) -> float:
        return sure.get(one.text, 0.5)

    def best(part: list[Found]) -> Found:
        judged = sorted(part, key=certainty, reverse=True)
        return min(part, key=lambda one: part.index(one) + judged.index(one))

    firsts = [best(part) for part in of_part.values()]
    surest = sorted(firsts, key=certainty, reverse=True)[:wanted]
    return [one for one in firsts if one in surest]


def _release(work: Work, sentences: list[Found], sure: dict[str, float]) -> Release:
    told = chosen(sentences, sure, points(work.question, work.row.name))
    shown = "\n\n".join(f"{at}. {one.where}\n> {one.text}" for at, one in enumerate(told, 1))
    there = extent(work.pairs[-1][1].text)
    how = (
        f"\n\nThese are the document's own words. The sentences of all {there} were compared, "
        f"those read by the model stand here: {places([one.where for one in sentences])}."
    )
    why = f"\n\nNot all that were found were read: {work.out_of}." if work.out_of else ""
    transcript = (*work.turn.items, *work.items)
    return answer.release(work, shown + how + why, transcript, "limit" if why else "answered")
