"""reasoning-gym (arXiv 2505.24760): generated problems, graded by the package's own scorer.

The scorers want the bare result. It is read from the answer by the kind of problem, alike
for every system: a number, a word of the question, a list, a grid, an expression. Right is
a score of 1.
"""

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pellucid.evals.mathematics import missing
from pellucid.evals.reading import blocks, boxed, last_label, number
from pellucid.evals.scoring import graded
from pellucid.evals.task import Answer, Grade, Question

Reader = Callable[[Question, Answer], str]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
RELATIONS = (
    *("mother", "father", "sister", "brother", "daughter", "son", "wife", "husband"),
    *("grandmother", "grandfather", "granddaughter", "grandson", "aunt", "uncle", "niece"),
    *("nephew", "cousin", "mother-in-law", "father-in-law", "sister-in-law", "brother-in-law"),
    *("daughter-in-law", "son-in-law"),
)
_TIME = re.compile(r"(?:\d+ days?,? )?\d+:\d{2}(?::\d{2}(?:\.\d+)?)?|\d+ days?")
_TOLD = re.compile(r"^.*(?:\bare\b|\bis\b|:)(?=.*\d)", re.I)
"""What leads to the roots of an equation: "The solutions of 2*x = 0 are"."""

_LEAD = re.compile(r"^.*?(?:\banswer is|\bresult is|\banswer:|\bresult:|=(?!.*=)|\bis:?)\s+", re.I)


def scored(question: Question, answer: Answer) -> Grade:
    """Whether the package's scorer gives the result it reads full marks; BadRequest when the
    package is missing."""
    kind = question.group
    got = READERS.get(kind, line)(question, answer)
    entry = {name: question.row[name] for name in ("question", "answer", "metadata")}
    dataset = _dataset(kind, json.dumps(question.row["config"], sort_keys=True))
    score = float(dataset.score_answer(got, entry)) if got else 0.0
    return graded(got, score > 0.999, question.expected)


@lru_cache(maxsize=64)
def _dataset(kind: str, config: str) -> Any:  # noqa: ANN401 - the package is not typed
    try:
        import reasoning_gym
    except ImportError:
        raise missing("reasoning_gym", "reasoning-gym") from None
    return reasoning_gym.create_dataset(kind, **json.loads(config))


def line(question: Question, answer: Answer) -> str:
    """The result as a text: what is boxed, else a block, else the last line without its
    introduction and its full stop."""
    text = answer.text
    told = boxed(text)
    if not told and blocks(text):
        told = blocks(text)[-1].code
    lines = [one for one in (told or text).splitlines() if one.strip()]
    last = lines[-1].strip() if lines else ""
    return _LEAD.sub("", last).strip().strip("`*$\"'").removesuffix(".").strip("`*$\"'")


def digits(question: Question, answer: Answer) -> str:
    """The result as a number."""
    return number(answer)


def named(question: Question, answer: Answer) -> str:
    """The last name or word of the answer that the question holds with a capital letter, as
    names are."""
    names = set(re.findall(r"\b[A-Z][\w'-]+", question.turns[0]))
    return last_label(boxed(answer.text) or answer.text, sorted(names))


def housed(question: Question, answer: Answer) -> str:
    """The last of the names that a zebra puzzle lists."""
    listed = re.search(r"unique name: (.+)", question.turns[0])
    names = listed[1].split(", ") if listed else []
    return last_label(boxed(answer.text) or answer.text, names) if names else ""


def dated(question: Question, answer: Answer) -> str:
    """A weekday, Yes or No, or a number: what the question asks for."""
    asked = question.turns[0].lower()
    if "yes or no" in asked:
        return last_label(answer.text, ("Yes", "No"))
    if re.search(r"\bnumber|\bnumer", asked):
        return number(answer)
    return last_label(answer.text, DAYS)


def lasted(question: Question, answer: Answer) -> str:
    """The last length of time, with days where it has any."""
    found = _TIME.findall(answer.text)
    return found[-1] if found else number(answer)


def labelled(*labels: str) -> Reader:
    """The last of some words."""
    return lambda question, answer: last_label(boxed(answer.text) or answer.text, labels)


def kinds(question: Question, answer: Answer) -> str:
    """Who is a knight and who is a knave: the last line that says it of somebody."""
    lines = re.findall(r"^.*\bis an? .*$", answer.text, re.MULTILINE)
    told = re.search(r"[A-Z]\w+ is an? .*", lines[-1]) if lines else None
    return told[0].rstrip(".") if told else ""


def grid(question: Question, answer: Answer) -> str:
    """The last rows of digits, as many as the puzzle has."""
    rows = re.findall(r"(?<![\d,])(\d(?:[ |,]+\d)+)[ |\],`.]*$", answer.text, re.MULTILINE)
    size = 4 if "4x4" in question.turns[0] else 9
    wanted = [" ".join(re.findall(r"\d", row)) for row in rows]
    return "\n".join([row for row in wanted if len(row) == 2 * size - 1][-size:])


def path(question: Question, answer: Answer) -> str:
    """The last run of directions, or that there is none."""
    steps = r"(?:up|down|left|right)"
    found = re.findall(rf"\b{steps}(?:[\s,'\"→>-]+{steps})*\b|\binfeasible\b", answer.text.lower())
    return " ".join(re.findall(r"\w+", found[-1])) if found else ""


def listed(question: Question, answer: Answer) -> str:
    """The last line with commas, without brackets and quotes."""
    lines = [one for one in answer.text.splitlines() if "," in one]
    told = boxed(answer.text) or (lines[-1] if lines else line(question, answer))
    told = re.sub(r"^[^,]*(?::|\bis|\bare)\s+", "", told)
    return ", ".join(re.sub(r"[][`'\"*.]", "", one).strip() for one in told.split(","))


def roots(question: Question, answer: Answer) -> str:
    """The numbers of the last line that has any, behind what says which they are."""
    lines = [_TOLD.sub("", one) for one in answer.text.splitlines()]
    found = [re.findall(r"-?\d+(?:\.\d+)?", one) for one in lines]
    numbers = [one for one in found if one]
    return ", ".join(numbers[-1]) if numbers else ""


def expression(question: Question, answer: Answer) -> str:
    """The last arithmetic expression, without what it is said to come to."""
    found = re.findall(r"-?[(\d][\d\s()+*/-]*[)\d]", boxed(answer.text) or answer.text)
    told = [one for one in found if re.search(r"\d[\s)]*[-+*/]", one)]
    return told[-1].strip() if told else ""


def word(question: Question, answer: Answer) -> str:
    """The last word."""
    found = re.findall(r"[^\W\d_]+", boxed(answer.text) or answer.text)
    return found[-1] if found else ""


READERS: dict[str, Reader] = {
    "calendar_arithmetic": dated,
    "chain_sum": digits,
    "countdown": expression,
    "decimal_chain_sum": digits,
    "family_relationships": labelled(*RELATIONS),
    "gsm_symbolic": digits,
    "knights_knaves": kinds,
    "letter_counting": digits,
    "mini_sudoku": grid,
    "needle_haystack": named,
    "number_sequence": digits,
    "polynomial_equations": roots,
    "products": digits,
    "self_reference": digits,
    "shortest_path": path,
    "simple_geometry": digits,
    "spell_backward": word,
    "sudoku": grid,
    "syllogism": labelled("Yes", "No"),
    "time_intervals": lasted,
    "word_sorting": listed,
    "zebra_puzzles": housed,
}
"""How the result of each kind is read; others by their last line."""
