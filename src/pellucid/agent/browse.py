"""Looking something up on the web: search, open, find in the pages, and only then answer.

What a search found is no source: pages are opened, and what is found in them is narrowed, told in a
sentence and quoted where it bears that out (`telling`). A fact that nobody asked the web for is
only looked up where a search finds what the question is about; else the answer is the model's own.
"""

import json
import re
from dataclasses import replace

from pellucid.agent import answer, telling, thought
from pellucid.agent.asking.web_cues import detail
from pellucid.agent.bearing import overlap
from pellucid.agent.context import shown
from pellucid.agent.judge import MOST_TOKENS, opinions, yes_or_no
from pellucid.agent.reading.prose import urls
from pellucid.agent.route import FACT
from pellucid.agent.work import Act, Judge, Release, Step, Tell, Work
from pellucid.core.browsing import FIND, OPEN, SEARCH, Hit, hits
from pellucid.core.constraint import Choice
from pellucid.core.effort import EffortName
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.reading import Found, found

PAGES: dict[EffortName, int] = {"minimal": 2, "low": 3, "medium": 3, "high": 6, "xhigh": 10}
"""How many pages are read at each effort."""

CHARACTERS: dict[EffortName, int] = {
    "minimal": 1_000, "low": 1_500, "medium": 2_500, "high": 5_000, "xhigh": 8_000,
}  # fmt: skip
"""How much of them is put before the model: reading is most of the time that a lookup takes."""

SPARE = 2
"""How many more hits are asked for than pages are read: some cannot be opened."""

LONGEST_QUERY = 300
"""Characters that are searched for."""

ABOUT = 0.3
"""Share of a question's words in what a search tells of a page from which on it is about that."""

SCHOOL, MANUAL = "school", "manual"
WHERE = (
    "Do not answer yet. Is this common knowledge that everybody learns at school, or a detail that "
    f"stands in a manual or in the news? Say {SCHOOL} or {MANUAL}."
)
"""Asked whether they know the answer small weights say yes to everything; how sure they are of this
parts four questions of five rightly (LOG.md)."""

DETAIL = "that this is a detail to look up"
SURE = 0.83
"""How sure the weights must be that something is a detail."""

_COMMAND = re.compile(
    r"^\W*(?:(?:please|can you|could you|would you|kindly)\W+)*"
    r"(?:(?:search|browse|look|check)(?: (?:on|in|at|up|the|for|web|internet|online|and|tell me"
    r"|find|out|quickly))+|google|look up|find out|tell me|find)\b(?: (?:for|about|that))?[\s:,]*",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:or|both|than|compared|between|versus|vs|differ\w*|same|more|larger|smaller|longer"
    r"|shorter|higher|lower|greater)\b",
    re.I,
)
_MANNER = re.compile(r"\s*\b(?:on(?: the)?|online|in the) ?(?:web|internet)?\b\s*(?=[?.!]*$)", re.I)


def step(work: Work) -> Step:
    """The next of: search, open pages, find in them, have it told, answer."""
    match work.last:
        case ToolCall() as call if work.budget.calls.left:
            return Act(call)
        case ToolCall():
            return answer.best_so_far(work)
        case ToolResult(text=text, failed=failed) if work.pairs[-1][0].name == FIND:
            return _unfound(work, text) if failed else _read(work, found(text))
        case _:
            return _go_on(work)


def _read(work: Work, passages: list[Found]) -> Step:
    """What passages say; in a form that the caller wants, where there is one."""
    if work.turn.form is not None:
        return answer.draft(work, work.pairs[-1])
    return telling.step(work, query(work.question), passages)


def query(question: str) -> str:
    """What is searched for: the question without the words that only ask to search."""
    asked = " ".join(question.split())
    bare = _MANNER.sub("", _COMMAND.sub("", asked)).strip(" \"'")
    return (bare or asked)[:LONGEST_QUERY]


def addressed(question: str) -> list[str]:
    """The addresses that a question names, whole."""
    named = (question[start:end] for start, end in urls(question))
    return [one if "://" in one else f"https://{one}" for one in named]


def _go_on(work: Work) -> Step:
    """Search first, unless the question names pages; then open what is worth it, then look."""
    named = addressed(work.question)
    done = {call.name: result for call, result in work.pairs}
    if work.route == FACT and not work.pairs and (step := _known(work)):
        return step
    if not named and SEARCH not in done:
        wanted = PAGES[work.row.name] * SPARE
        return _call(work, SEARCH, query=query(work.question), most=wanted)
    there = [Hit(url, "") for url in named] or spread(work.question, hits(done[SEARCH].text))
    if SEARCH in done and work.route == FACT and not about(work.question, there):
        if not detail(work.question):
            return thought.step(work)
        return _unfound(work, "" if there else done[SEARCH].text)
    if SEARCH in done and done[SEARCH].failed:
        return _unfound(work, done[SEARCH].text)
    tried = [json.loads(call.text)["url"] for call, _ in work.pairs if call.name == OPEN]
    open_ones = [call for call, result in work.pairs if call.name == OPEN and not result.failed]
    left = [one.url for one in there if one.url not in tried]
    if left and len(open_ones) < PAGES[work.row.name] and work.budget.calls.left > 1:
        return _call(work, OPEN, url=left[0])
    if not open_ones:
        return _unfound(work, done[OPEN].text)
    most = CHARACTERS[work.row.name]
    return _call(work, FIND, question=query(work.question), characters=most)


def _known(work: Work) -> Step | None:
    """What comes before a search that nobody asked for: whether the weights take it to be common
    knowledge, unless the question itself names something special; the answer where they do."""
    if detail(work.question):
        return None
    if (sure := opinions(work.items).get(DETAIL)) is not None:
        return thought.step(work) if sure < SURE else None
    if work.budget.thinking.left <= MOST_TOKENS:
        return thought.step(work)
    *before, question = shown(work.turn)
    asked = (*before, Message("user", f"{question.text}\n\n{WHERE}"))
    prompt = replace(yes_or_no(work, asked), constraint=Choice((SCHOOL, MANUAL)))
    return Judge((prompt,), (DETAIL,), MANUAL)


def about(question: str, there: list[Hit]) -> bool:
    """Whether one of some hits is about what a question is about."""
    told = (f"{one.title} {one.snippet}" for one in there)
    return any(overlap(question, one) >= ABOUT for one in told)


def spread(question: str, there: list[Hit]) -> list[Hit]:
    """Hits in the order they are opened in: where things are compared, after the first two those
    that tell most of what these do not."""
    if not _COMPARED.search(question):
        return there
    first, others = there[:SPARE], there[SPARE:]
    known = " ".join(f"{one.title} {one.snippet}" for one in first)
    told = {one: overlap(question, f"{known} {one.title} {one.snippet}") for one in others}
    return [*first, *sorted(others, key=lambda one: -told[one])]


def _call(work: Work, name: str, **asked: str | int) -> Step:
    call_id = f"{work.turn.turn_id}_{name.replace('.', '_')}_{len(work.pairs)}"
    return Tell((ToolCall(call_id, name, json.dumps(asked)),))


def _unfound(work: Work, why: str) -> Release:
    """Nothing was found, or nothing could be opened: that is the answer."""
    told = f"I found no page that says it. {why}".strip()
    return answer.release(work, told, (*work.turn.items, *work.items), "answered")
