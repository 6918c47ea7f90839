"""A turn as its policy sees it, and the steps a policy may ask for."""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from pellucid.agent.budget import Budget
from pellucid.agent.effort import Effort
from pellucid.agent.route import UNCHOSEN, Route, chosen
from pellucid.core.events import EndReason
from pellucid.core.items import LOADER, Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.likely import Likely
from pellucid.core.ports import Prompt
from pellucid.core.turn import Turn

Purpose = Literal["route", "thought", "candidate", "repair", "tests", "answer", "revision", "input"]

RULED = "by_rule"
"""The call of a program that no model wrote; it ends its id."""

CUT_CALL = "the limit of tokens cut a call"
"""What ended the work where the input of a call is not whole."""


def usable(result: ToolResult) -> bool:
    """Whether a run gave something to answer with."""
    ran = result.execution
    if ran is None or ran.outcome != "ok":
        return False
    return bool((ran.output + ran.result).strip() or ran.kept)


@dataclass(frozen=True, slots=True)
class Think:
    """Ask the model; what it is for decides which counter goes up."""

    prompt: Prompt
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Explore:
    """Ask the model for several candidates at the same time; they come one after the other."""

    prompts: tuple[Prompt, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Ask the model whether each of some results is right, all at the same time.

    Its replies are held to two words, one of which is `yes`; what is told of them is how likely it
    takes each to be right (`agent/judge.py`).
    """

    prompts: tuple[Prompt, ...]
    values: tuple[str, ...]
    yes: str = "Yes"


@dataclass(frozen=True, slots=True)
class Act:
    """Run a call the transcript already holds."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class Tell:
    """Items made by rule, shown as they are."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The answer stands: show it with its verdicts, and end the turn."""

    items: tuple[Item, ...]
    reason: EndReason


Step = Think | Explore | Judge | Act | Tell | Release


@dataclass(frozen=True, slots=True)
class Reply:
    """Words of the model that are no answer yet, and what they were asked for."""

    purpose: Purpose
    text: str


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a policy decides by.

    `items` are this turn's items so far, without drafts; `called` are calls of the caller's
    functions that are not handed over yet; `draft` is the answer under review, `draft_tokens` those
    it was written in, where they are asked for; `replies` are all words the model was asked for,
    drafts included, and `asked` is what it was asked last; `explored` counts the batches of
    candidates; the other counters say what was used of the row (`repairs` of the program at hand,
    `repaired` in all); `out_of` names the budget that ended the work, if one did.
    """

    turn: Turn
    row: Effort
    route: Route
    budget: Budget
    items: tuple[Item, ...] = ()
    called: tuple[ToolCall, ...] = ()
    draft: Message | None = None
    draft_cut: bool = False
    draft_tokens: tuple[Likely, ...] = ()
    replies: tuple[Reply, ...] = ()
    asked: Think | None = None
    out_of: str = ""
    candidates: int = 0
    explored: int = 0
    repairs: int = 0
    repaired: int = 0
    rounds: int = 0
    answers: int = 0
    calls: int = 0

    @property
    def question(self) -> str:
        """What the caller asked last."""
        return self.turn.question

    @property
    def last(self) -> Item | None:
        """The newest item that is not reasoning."""
        return next((i for i in reversed(self.items) if not isinstance(i, Reasoning)), None)

    @property
    def pairs(self) -> tuple[tuple[ToolCall, ToolResult], ...]:
        """Programs with their results, in order."""
        calls = {i.call_id: i for i in self.items if isinstance(i, ToolCall)}
        results = (i for i in self.items if isinstance(i, ToolResult))
        return tuple((calls[r.call_id], r) for r in results if r.call_id in calls)

    @property
    def solved(self) -> tuple[tuple[ToolCall, ToolResult], ...]:
        """The programs that gave something to answer with, the loader of attachments aside."""
        return tuple(
            (call, result)
            for call, result in self.pairs
            if usable(result) and not call.call_id.endswith(LOADER)
        )

    def saw(self, item: Item, cut: bool = False, tokens: tuple[Likely, ...] = ()) -> "Work":
        """The work after an item closed; a message is a draft until it is released."""
        seen = self
        if self.asked and type(item) is type(self.asked.prompt.into):
            reply = Reply(self.asked.purpose, item.text)
            seen = replace(self, replies=(*self.replies, reply))
            if self.asked.purpose == "input":  # of a call: no draft of an answer
                return replace(self, out_of=CUT_CALL) if cut else seen
        if isinstance(item, Message):
            return replace(seen, draft=item, draft_cut=cut, draft_tokens=tokens)
        if isinstance(item, ToolCall) and self.asked and self.asked.prompt.functions:
            return replace(seen, called=(*self.called, item))
        route = self.route
        if isinstance(item, Reasoning) and route == UNCHOSEN:
            route = chosen(item.text)
        return replace(seen, items=(*seen.items, item), route=route)

    def begun(self, step: Step) -> "Work":
        """The work once `step` is under way: what it uses is counted."""
        match step:
            case Think(_, purpose):
                return replace(self._counted(purpose), asked=step)
            case Explore(prompts):
                more, batches = self.candidates + len(prompts), self.explored + 1
                return replace(self, candidates=more, explored=batches, asked=None)
            case Act():
                return replace(self, calls=self.calls + 1, asked=None)
            case Judge() | Tell() | Release():
                return replace(self, asked=None)
            case _:
                assert_never(step)

    def _counted(self, purpose: Purpose) -> "Work":
        match purpose:
            case "route":
                return replace(self, route=UNCHOSEN)
            case "candidate":
                return replace(self, candidates=self.candidates + 1, repairs=0)
            case "repair":
                return replace(self, repairs=self.repairs + 1, repaired=self.repaired + 1)
            case "tests" | "thought" | "input":
                return self
            case "revision":
                return replace(self, rounds=self.rounds + 1, draft=None)
            case "answer":
                return replace(self, answers=self.answers + 1)
            case _:
                assert_never(purpose)
