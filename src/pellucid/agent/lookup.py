"""Looking up in documents: find, narrow, copy out the words that answer, and only then answer.

A small model is easily lost in a long text (Lost in the Middle, arXiv 2307.03172), so it is shown
a few passages and has to say first where the answer stands, in words copied from there. Words that
are not there are no answer. What sections and sentences are called needs no model at all.
"""

import json
import re

from pellucid.agent import answer
from pellucid.agent.asking.picture_cues import wants_all, wants_looks
from pellucid.agent.bearing import overlap
from pellucid.agent.reading.prose import sentences
from pellucid.agent.work import Act, Release, Step, Tell, Think, Work
from pellucid.core.charts import SUFFIX
from pellucid.core.constraint import Lark
from pellucid.core.items import Message, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import Prompt
from pellucid.core.reading import READER, Found, extent, found, seen

CHARACTERS = {"minimal": 1_000, "low": 1_000, "medium": 2_500, "high": 5_000, "xhigh": 10_000}
"""How much of the documents is read at each effort; prefilling takes most of a lookup's time."""

NONE = "none"
MOST_SHOWN = 20_000
"""Characters of pictures that are shown where all of them is asked for."""

REPLY = 256
"""Tokens of quotation and answer."""

ASK = (
    "{passages}\n\n---\nQuestion: {question}\n\nFirst copy the words of the passages that answer "
    f'the question, after "{{words}}", or write "{NONE}" there if no passage says it. Then answer '
    'the question in a short sentence, after "{answer}".'
)
WORDS, ANSWER = "Words: ", "Answer: "
ALIKE = 0.75
"""Share of the question's words in a passage from which on it is taken to speak of that."""

ONLY_TEXT = "I read the text of pictures, and see nothing else in them. It says:"
CHART_TOO = (
    "I read the text of pictures and the values of their charts, and see nothing else in them."
    " They say:"
)
NOTHING = "The document does not say, as far as I have read it."

_SECTION = re.compile(
    r"\b(?:which|what) (?:page|slide)\b[^\"“”]*[\"“](?P<title>.+)[\"”]", re.I | re.S
)
_SENTENCE = re.compile(
    r"\bsentence\b[^\"“”]*[\"“](?P<beginning>.+?)\s*(?:\.\.\.|…)?[\"”]", re.I | re.S
)
_COMPLETED = re.compile(r"\b(?:rest of|complete|finish|continue|go on|goes on|end)\b", re.I)
_COUNTED = (", page", ", slide")
_NUMBERED = re.compile(
    r"(?P<unit>.+(?:, page|, slide|\blines)) (?P<number>(?P<first>\d+)(?:-\d+)?)"
)
_WORD = re.compile(r"\w+")


def step(work: Work) -> Step:
    """Look up, have the answer copied out, and say where it stands."""
    if thoughts := [one.text for one in work.replies if one.purpose == "thought"]:
        return said(work, thoughts[-1], again=len(thoughts) > 1)
    match work.last:
        case ToolCall() as call if work.budget.calls.left:
            return Act(call)
        case ToolCall():
            return answer.best_so_far(work)
        case ToolResult(text=text, failed=True):
            searched = "search" in _asked(work)
            return _release(work, f"{NOTHING} {text}") if searched else _call(work)
        case ToolResult(text=text):
            return read(work, found(text))
        case _:
            return _call(work)


def _call(work: Work) -> Step:
    call_id = f"{work.turn.turn_id}_{READER}_{len(work.pairs)}"
    return Tell((ToolCall(call_id, READER, json.dumps(query(work))),))


def _asked(work: Work) -> dict[str, str | int]:
    """What the reader was asked last."""
    asked: dict[str, str | int] = json.loads(work.pairs[-1][0].text)
    return asked


def query(work: Work) -> dict[str, str | int]:
    """What the reader is asked: all of a picture, a title, how a sentence begins, or the question
    itself; only that, where the others were not found."""
    question = work.question
    if work.pairs:
        return {"search": question, "characters": CHARACTERS[work.row.name]}
    files = work.turn.attachments
    if files and all(one.seen for one in files) and (wants_all(question) or wants_looks(question)):
        return {"all": MOST_SHOWN}
    if section := _SECTION.search(question):
        return {"heading": section["title"]}
    if _COMPLETED.search(question) and (sentence := _SENTENCE.search(question)):
        return {"sentence": sentence["beginning"]}
    return {"search": question, "characters": CHARACTERS[work.row.name]}


def read(work: Work, passages: list[Found]) -> Step:
    """What becomes of passages: the answer where they are it, else words copied out of them."""
    asked = _asked(work)
    if "all" in asked and work.turn.form is None:
        charts = any(one.name.endswith(SUFFIX) for one in work.turn.attachments)
        begun = [] if wants_all(work.question) else [CHART_TOO if charts else ONLY_TEXT]
        text = "\n\n".join([*begun, *(one.text for one in passages)])
        return answer.copied(work, text + how(work, passages), (*work.turn.items, *work.items))
    if "heading" in asked:
        several = len(work.turn.documents) > 1
        told = [f'"{one.text}" begins on {_place(one.where, several)}.' for one in passages]
        return _release(work, "\n".join(told))
    if "sentence" in asked:
        start = len(str(asked["sentence"]))
        told = [f"{one.text[start:].strip()}\n\n{cited(one.text, one.where)}" for one in passages]
        return _release(work, "\n\n".join(told))
    if work.turn.form is not None:
        return answer.draft(work, work.pairs[-1])
    if work.budget.thinking.left == 0:
        return answer.best_so_far(work)
    return ask(work, passages)


def ask(work: Work, passages: list[Found], sure: bool = False) -> Step:
    """Have the model copy the words that answer, and then answer: in this order. It may say that
    there are none unless we are `sure`."""
    shown = "\n\n".join(one.text for one in passages)
    asked = ASK.format(passages=shown, question=work.question, words=WORDS, answer=ANSWER)
    prompt = Prompt(
        (Message("user", asked),),
        into=Reasoning(),
        max_tokens=min(REPLY, work.budget.thinking.left),
        constraint=Lark(copied_and_said([one.text for one in passages], sure)),
        seed=work.turn.seed,
        owner=work.turn.owner,
    )
    return Think(prompt, "thought")


def copied_and_said(texts: list[str], sure: bool) -> str:
    """The grammar of a reply that copies from one of some texts, word for word, and answers, or
    says that none does."""
    rules = [
        f"copied_{number}: %regex {json.dumps({'substring_words': text})}"
        for number, text in enumerate(texts)
    ]
    copied = " | ".join(f"copied_{number}" for number in range(len(texts)))
    found = f'({copied}) "\\n{ANSWER}" said'
    start = f'start: "{WORDS}" {found}' if sure else f'start: "{WORDS}" ("{NONE}" | {found})'
    return "\n".join([start, *rules, r"said: /[^\s][^\n]{0,500}/"])


def said(work: Work, reply: str, again: bool) -> Step:
    """The answer with its words and their place; none where none were copied."""
    passages = found(work.last.text) if work.last else []
    copied, _, words = (part.strip() for part in reply.removeprefix(WORDS).partition(f"\n{ANSWER}"))
    home = next((one for one in passages if copied and copied in one.text), None)
    if home is not None and words and copied.casefold() != NONE:
        return _release(
            work, f"{words}\n\n{cited(_whole(copied, home.text), home.where)}", passages
        )
    likely = [one for one in passages if overlap(work.question, one.text) >= ALIKE]
    if likely and not again and work.budget.thinking.left:
        return ask(work, likely, sure=True)
    return _release(work, NOTHING, passages)


def _whole(copied: str, text: str) -> str:
    """The sentences that copied words are part of."""
    at = text.index(copied)
    inside = [
        (start, end) for start, end in sentences(text) if start < at + len(copied) and at < end
    ]
    return text[inside[0][0] : inside[-1][1]] if inside else copied


def _place(where: str, several: bool) -> str:
    """A place of the document; of which one, where there are several."""
    file, _, place = where.rpartition(", ")
    return f"{place} of {file}" if several else place


def cited(words: str, where: str) -> str:
    """Words as a quotation, and where they stand."""
    quoted = "\n".join(f"> {line}" for line in words.splitlines())
    return f"{quoted}\n\n({where})"


def _release(work: Work, text: str, passages: list[Found] | None = None) -> Release:
    told = text + how(work, passages or [])
    return answer.release(work, told, (*work.turn.items, *work.items), "answered")


def how(work: Work, passages: list[Found]) -> str:
    """What was read, and how sure that is where it was read from pictures."""
    result = work.last.text if work.last else ""
    read = places([one.where for one in passages])
    told = f"Read: {read} (of {extent(result)})." if read else ""
    return "".join(f"\n\n{one}" for one in (told, seen(result)) if one)


def places(all_of_them: list[str]) -> str:
    """Places in order, each once: "report.pdf, pages 3, 12"."""
    of_unit: dict[str, list[str]] = {}
    for place in sorted(set(all_of_them), key=_in_order):
        if there := _NUMBERED.fullmatch(place):
            of_unit.setdefault(there["unit"], []).append(there["number"])
        else:
            of_unit[place] = []
    told = (
        f"{unit}{'s' if unit.endswith(_COUNTED) and len(numbers) > 1 else ''} {', '.join(numbers)}"
        for unit, numbers in of_unit.items()
    )
    return "; ".join(map(str.strip, told))


def _in_order(place: str) -> tuple[str, int]:
    there = _NUMBERED.fullmatch(place)
    return (there["unit"], int(there["first"])) if there else (place, 0)
