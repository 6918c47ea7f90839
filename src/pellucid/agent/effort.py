"""Effort levels, as a table of plain numbers: published, enforced, reported."""

from dataclasses import asdict, dataclass

from pellucid.core.effort import EFFORTS, EffortName


@dataclass(frozen=True, slots=True)
class Effort:
    """One row: what a turn may spend.

    `thinking_tokens` are decoded before the answer (programs included); `candidates`
    are solutions from scratch, `repairs` corrections of the first; `rounds` send an answer
    back to the model when a claim is contradicted (with none left, the sentence is
    corrected by rule); `tool_calls` bounds executions. Where many solutions are compared,
    looking ends when one result is right with a probability of at least `safe`.
    """

    name: EffortName
    thinking_tokens: int
    candidates: int
    repairs: int
    rounds: int
    tool_calls: int
    safe: float = 1.0

    @property
    def explores(self) -> bool:
        """Whether solutions of different forms are compared, many at a time."""
        return self.candidates > 2


TABLE: dict[EffortName, Effort] = {
    "none": Effort("none", 0, 1, 0, 0, 0),
    "minimal": Effort("minimal", 256, 1, 1, 0, 4),
    "low": Effort("low", 256, 1, 1, 0, 5),
    "medium": Effort("medium", 1024, 2, 2, 1, 8),
    "high": Effort("high", 4096, 9, 2, 3, 24, safe=0.9),
    "xhigh": Effort("xhigh", 16_384, 25, 3, 5, 64, safe=0.97),
}

ANSWER_TOKENS = 1024
"""Output tokens beside thinking, for a turn that names no cap."""


def table() -> dict[EffortName, dict[str, float]]:
    """The table in plain types, as it is published."""
    return {
        name: {key: value for key, value in asdict(row).items() if key != "name"}
        for name, row in TABLE.items()
    }


def grant(asked: EffortName, most: EffortName = EFFORTS[-1]) -> tuple[Effort, str]:
    """The row a request gets where no more than `most` is allowed, and why it is not the one
    asked for ("" when it is)."""
    if EFFORTS.index(asked) <= EFFORTS.index(most):
        return TABLE[asked], ""
    return TABLE[most], f"effort {asked} is more than this server grants; {most} was used"
