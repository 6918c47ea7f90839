"""The model's own opinion of results: yes or no, and how sure.

Whether a result is right is easier to say than to find (Cobbe et al., arXiv 2110.14168; Kadavath et
al., arXiv 2207.05221): of a right and a wrong result small weights think the right one likelier in
about four pairs of five. By itself that picks no better than the first program; it is one
feature of `select`.
"""

import math
import re
from collections.abc import Iterable

from pellucid.agent.context import shown
from pellucid.agent.work import Judge, Work
from pellucid.core.constraint import Choice
from pellucid.core.events import ItemClosed
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import Prompt

YES, NO = "Yes", "No"
ASK = (
    "This program was written for it:\n```python\n{code}```\nIt printed {value}. "
    f"Is that the right answer to the question? Answer {YES} or {NO}."
)
TOLD = "The model's own opinion: {value} is right with {percent} %."
MOST_TOKENS = 2

_TOLD = re.compile(
    r"The model's own opinion: (?P<value>.+) is right with (?P<percent>\d+) %\.", re.S
)


def judge(work: Work, results: Iterable[tuple[str, ToolCall, ToolResult]]) -> Judge:
    """Ask about each result, given by its value and the program that came to it."""
    asked = tuple(results)
    *before, question = shown(work.turn)
    prompts = tuple(
        yes_or_no(work, (*before, Message("user", f"{question.text}\n\n{_about(call, result)}")))
        for _, call, result in asked
    )
    return Judge(prompts, tuple(value for value, _, _ in asked))


def yes_or_no(work: Work, items: tuple[Item, ...]) -> Prompt:
    """What asks for one token, yes or no, and for how likely it is."""
    return Prompt(
        items,
        into=Reasoning(),
        max_tokens=MOST_TOKENS,
        owner=work.turn.owner,
        constraint=Choice((YES, NO)),
        measured=True,
    )


def _about(call: ToolCall, result: ToolResult) -> str:
    return ASK.format(code=call.text.rstrip("\n") + "\n", value=result.text.strip())


def opinion(value: str, reply: ItemClosed, yes: str = YES) -> Reasoning:
    """What a reply says of a result, as reasoning that the record keeps."""
    sure = math.exp(reply.confidence) if reply.confidence is not None else 1.0
    likely = sure if reply.item.text.strip() == yes else 1 - sure
    return Reasoning(TOLD.format(value=value, percent=round(100 * likely)))


def opinions(items: Iterable[Item]) -> dict[str, float]:
    """How likely the model takes each result to be right that it was asked about."""
    texts = (item.text for item in items if isinstance(item, Reasoning))
    found = (match for text in texts if (match := _TOLD.fullmatch(text)))
    return {match["value"]: int(match["percent"]) / 100 for match in found}
