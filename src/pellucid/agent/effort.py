"""Effort levels, as a table of plain numbers: published, enforced, reported."""

from dataclasses import dataclass

from pellucid.core.effort import EffortName

TOP: EffortName = "medium"
"""The highest row this version grants; higher ones are answered with it and say so."""


@dataclass(frozen=True, slots=True)
class Effort:
    """One row: what a turn may spend.

    `thinking_tokens` are decoded before the answer (programs included); `candidates`
    are programs from scratch, `repairs` corrections of each; `rounds` send an answer
    back to the model when a claim is contradicted (with none left, the sentence is
    corrected by rule); `tool_calls` bounds executions.
    """

    name: EffortName
    thinking_tokens: int
    candidates: int
    repairs: int
    rounds: int
    tool_calls: int


TABLE: dict[EffortName, Effort] = {
    "none": Effort("none", 0, 1, 0, 0, 0),
    "minimal": Effort("minimal", 256, 1, 1, 0, 3),
    "low": Effort("low", 256, 1, 1, 0, 3),
    "medium": Effort("medium", 1024, 2, 2, 1, 8),
}


def grant(asked: EffortName) -> tuple[Effort, str]:
    """The row a request gets, and why it is not the one asked for ("" when it is)."""
    if asked in TABLE:
        return TABLE[asked], ""
    return TABLE[TOP], f"effort {asked} is not available in this version; {TOP} was used"
