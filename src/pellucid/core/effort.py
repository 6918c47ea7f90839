"""Effort: its names, and what was asked, granted and used of it."""

from dataclasses import dataclass
from typing import Literal, get_args

EffortName = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
EFFORTS: tuple[EffortName, ...] = get_args(EffortName)

USUAL: dict[str, EffortName] = {"pellucid-mini": "medium", "pellucid-mini-alto": "high"}
"""The models, and what each does when no effort is asked for."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Effort asked and granted (a `note` says why they differ), and what was used."""

    asked: EffortName
    granted: EffortName
    note: str = ""
    thinking_tokens: int = 0
    candidates: int = 0
    repairs: int = 0
    rounds: int = 0
    tool_calls: int = 0
