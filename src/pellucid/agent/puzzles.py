"""Puzzles that a solver deduces once the model has said what each clue means."""

from typing import Protocol

from pellucid.agent.arrangements import puzzle
from pellucid.agent.truth_tellers import island
from pellucid.core.constraint import Lark

LONGEST = 6_000
"""Characters of a question that may be a puzzle; a longer one is a text."""


class Translated(Protocol):
    """A puzzle with a program that only lacks what the clues mean."""

    @property
    def beginning(self) -> str:
        """How the program begins."""
        ...

    @property
    def form(self) -> Lark:
        """What it can go on with."""
        ...


def translated(question: str) -> Translated | None:
    """The puzzle that a question is, if it is one."""
    return (puzzle(question) or island(question)) if len(question) <= LONGEST else None
