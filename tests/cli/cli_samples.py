"""Turns as real core events, for what shows them."""

from collections.abc import Iterator
from dataclasses import replace

from pellucid.core.claims import Claim, Verdict
from pellucid.core.effort import Spent
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.usage import Usage

USAGE = Usage(prompt=312, cached=40, reasoning=57, completion=83, first_token=1.94, seconds=5.4)
SPENT = Spent("medium", "medium", thinking_tokens=57, candidates=1, tool_calls=1)
CODE = 'a = 48271964\nb = 19384756\n# the """difference"""\nprint(f"{a - b:,}")\n'
RUN = Execution("turn_1_e1", CODE, "ok", output="28,887,208\n", seconds=0.0042)
ANSWER = "48271964 - 19384756 is 28,887,208, which is about half of 48271964.\n\nPi is 3.14."


def claim(text: str, verdict: Verdict, *evidence: str, answer: str = ANSWER, at: int = 0) -> Claim:
    """A claim about the first place of `text` in the answer at or after `at`."""
    start = answer.index(text, at)
    return Claim("number", verdict, start, start + len(text), text, evidence=evidence)


CLAIMS = (
    claim("48271964", "given", "input"),
    claim("19384756", "given", "input"),
    claim("28,887,208", "computed", "turn_1_e1"),
    claim("48271964", "given", "input", at=20),
    claim("3.14", "stated"),
)


def told(item: Item, size: int = 5) -> Iterator[Event]:
    """The events of one item, its text in pieces."""
    yield ItemOpened(replace(item, text=""))
    for at in range(0, len(item.text), size):
        yield ItemGrew(item.text[at : at + size])
    yield ItemClosed(item)


def turn(*items: Item, spent: Spent = SPENT) -> list[Event]:
    """A turn that says these items and ends well."""
    events: list[Event] = [TurnStarted("turn_1", "pellucid-mini", 1_700_000_000)]
    for item in items:
        events += told(item)
    return [*events, TurnFinished("answered", USAGE, spent)]


def failed(*items: Item, code: str = "engine_died", message: str = "gone") -> list[Event]:
    """A turn that says these items and then fails."""
    return [*turn(*items)[:-1], TurnFailed(code, message, USAGE)]


SUBTRACTION = turn(
    Reasoning("I should compute this.\n"),
    ToolCall("c1", "python", CODE),
    ToolResult("c1", "28,887,208\n", execution=RUN),
    Message("assistant", ANSWER),
    Verdicts(CLAIMS, ("The calculator displays 29.",), "5 numbers"),
)
