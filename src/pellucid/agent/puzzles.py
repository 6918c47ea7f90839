"""Puzzles that a program solves: written by rule, or once the model has said what clues mean."""

from typing import Protocol

from pellucid.agent import number_game, sudoku
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


def by_rule(question: str) -> str:
    """The whole program for a puzzle that a rule can read; "" for all else."""
    if len(question) > LONGEST:
        return ""
    return sudoku.program(question) or number_game.program(question)
