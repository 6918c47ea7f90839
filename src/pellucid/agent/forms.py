"""Solutions of different form: candidates that go wrong in different ways.

Samples of one prompt repeat one misreading; agreement says more where the ways differ
(programs beside prose: PROVE, arXiv 2410.12608; equations: MathPrompter, arXiv 2303.05398).
"""

from typing import Literal

from pellucid.core.items import Item, Message

Form = Literal["program", "restated", "equations", "prose"]

TEMPERATURE: dict[Form, float] = {
    "program": 0.7,
    "restated": 0.7,
    "equations": 0.7,
    "prose": 0.7,
}
"""Candidates after the first must differ from it, or they repeat the mistake."""

HINTS: dict[Form, str] = {
    "program": "",
    "restated": (
        "Solve this with a Python program in another way: first list every quantity with its "
        "meaning and unit in comments, say in a comment what is asked, then compute and print it."
    ),
    "equations": (
        "Solve this with sympy: define a symbol for each unknown quantity, write each sentence "
        "as an equation, solve them, and print the value that is asked for."
    ),
    "prose": (
        "Think step by step in short sentences. End with a line that gives only the result: "
        "Result: ..."
    ),
}

ORDER: tuple[Form, ...] = (
    *("program", "restated", "equations", "prose"),
    *("program", "program", "restated", "prose", "program"),
)
"""The forms of the first candidates; later ones begin again from the front."""


def form(number: int) -> Form:
    """The form of a candidate, counted from 0."""
    return ORDER[number % len(ORDER)]


def hinted(items: tuple[Item, ...], wanted: Form) -> tuple[Item, ...]:
    """A prompt whose last item is the question, asking for a solution of this form."""
    hint = HINTS[wanted]
    return (*items[:-1], Message("user", f"{items[-1].text}\n\n{hint}")) if hint else items
