"""Choosing among results: the work that sampling leaves over.

Plain voting gains little from more samples (Large Language Monkeys, arXiv 2407.21787); what
tells right from wrong is agreement between different forms and what speaks against a result.
Equal results merge into a group, and a logistic model scores the group by a few features.
Sampling stops when one result is safe (adaptive consistency, arXiv 2305.11860).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import get_args

from pellucid.agent.forms import Form
from pellucid.agent.judge import opinions
from pellucid.agent.plausible import doubt
from pellucid.agent.reading.numbers import extract
from pellucid.agent.work import Work
from pellucid.core.items import Reasoning, ToolCall, ToolResult

FORMS: tuple[Form, ...] = get_args(Form)

FEATURES = (
    "constant",
    *("program", "restated", "equations", "prose"),  # how many of the form came to it
    "first",  # 1 where the greedy program did
    "forms",  # how many different forms did
    "share",  # of all candidates that came to anything
    "doubted",  # 1 where a rule says that it cannot answer the question
    "unused",  # 1 where each program leaves a number of the question out
    "opinion",  # the model's own, from -0.5 to 0.5; 0 where it was not asked
)

WEIGHTS = (-2.2, 0.5, 0.6, 0.5, 0.6, 0.4, 0.5, 1.5, -2.0, -0.9, 1.5)
"""One for each feature, set by hand so far; `benchmarks/selection.py curve --fit` fits them."""

RESULT = "result:"
"""What stands before the result of a candidate in prose."""

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?", re.I)
_SMALL = frozenset({"0", "1", "2", "100"})
"""Numbers that programs may well do without."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One solution: its form, what it came to, and the program with its result if it is one.

    `first` is the greedy one; `unused` tells that a number of the question is not in it;
    `opinion` is how likely the model takes its result to be right, 0.5 where it was not asked.
    """

    form: Form
    value: str
    first: bool = False
    unused: bool = False
    opinion: float = 0.5
    run: tuple[ToolCall, ToolResult] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates that came to one result, and how likely it is to be right."""

    value: str
    candidates: tuple[Candidate, ...]
    likely: float

    @property
    def run(self) -> tuple[ToolCall, ToolResult] | None:
        """A program that came to it, the first one if there are several."""
        return next((one.run for one in self.candidates if one.run is not None), None)


def value(output: str) -> str:
    """What an output comes to, so that equal results are equal texts: the number of its last
    line, where that has just one, else its words."""
    lines = output.strip().splitlines() or [""]
    numbers = _NUMBER.findall(lines[-1])
    return _plain(numbers[0]) if len(numbers) == 1 else " ".join(output.casefold().split())


def _plain(number: str) -> str:
    try:
        exact = round(Decimal(number.replace(",", "")), 6).normalize()
    except InvalidOperation:  # more digits than a Decimal of this context can round
        return number.replace(",", "")
    return f"{exact:f}"


def unused(question: str, code: str) -> bool:
    """Whether the program leaves out a number that the question writes in digits."""
    there = {_plain(found) for found in _NUMBER.findall(code)}
    asked = {_plain(str(n.value)) for n in extract(question) if n.form == "digits"}
    return bool(asked - there - _SMALL)


def spoken(text: str) -> str:
    """What a solution in prose comes to: what its last line calls the result, if it does."""
    _, found, result = text.casefold().rpartition(RESULT)
    lines = result.strip().splitlines()
    return value(lines[0]) if found and lines else ""


def candidates(work: Work) -> tuple[Candidate, ...]:
    """All solutions of a turn so far that came to something."""
    found: list[Candidate] = []
    results = {call.call_id: result for call, result in work.solved}
    known = opinions(work.items)
    for item in work.items:
        match item:
            case Reasoning(text) if spoken(text):
                came_to = spoken(text)
                found.append(Candidate("prose", came_to, opinion=known.get(came_to, 0.5)))
            case ToolCall(call_id, text=code) if call_id in results:
                result, form = results[call_id], _form(call_id)
                there = Candidate(
                    form or "program",
                    value(result.text),
                    first=form is None,
                    unused=unused(work.question, code),
                    opinion=known.get(value(result.text), 0.5),
                    run=(item, result),
                )
                found.append(there)
            case _:
                pass
    return tuple(found)


def _form(call_id: str) -> Form | None:
    """The form of a candidate of a batch; None for the first program and its repairs."""
    return next((form for form in FORMS if f"_{form}" in call_id), None)


def compared(work: Work) -> tuple[Group, ...]:
    """What the candidates so far came to, the most likely result first."""
    return groups(work.question, candidates(work))


def groups(question: str, candidates: Sequence[Candidate]) -> tuple[Group, ...]:
    """Equal results merged, the most likely first."""
    found = []
    for result in dict.fromkeys(one.value for one in candidates):
        members = tuple(one for one in candidates if one.value == result)
        found.append(Group(result, members, likely(features(question, members, len(candidates)))))
    return tuple(sorted(found, key=lambda group: -group.likely))


def features(question: str, members: Sequence[Candidate], told: int) -> tuple[float, ...]:
    """The features of a group, as FEATURES names them; `told` candidates came to anything."""
    counts = [sum(one.form == form for one in members) for form in FORMS]
    programs = [one for one in members if one.run is not None]
    output = programs[0].run[1].text if programs and programs[0].run else members[0].value
    return (
        1.0,
        *map(float, counts),
        float(any(one.first for one in members)),
        float(sum(map(bool, counts))),
        len(members) / told,
        float(bool(doubt(question, output))),
        float(bool(programs) and all(one.unused for one in programs)),
        members[0].opinion - 0.5,
    )


def likely(found: Sequence[float], weights: Sequence[float] = WEIGHTS) -> float:
    """The probability that a group with these features is right (logistic model)."""
    return 1 / (1 + math.exp(-sum(w * f for w, f in zip(weights, found, strict=True))))
