"""Graders that compare: numbers, labels, exact texts, typed answers. They run nothing."""

import re
from collections.abc import Callable

from pellucid.evals.reading import boxed, last_label, number, option, same_number
from pellucid.evals.task import Answer, Grade, Question

FOLIO = ("True", "False", "Uncertain")
NUMBER_RE = re.compile(r"[-+]?\d+(?:\.\d+)?")
_OPTION = re.compile(r"^\(([A-Z])\)\s*(.*)$", re.MULTILINE)
_DASHED = re.compile(r"^-\s*(\S.*?)\s*$", re.MULTILINE)
_BRACKETS = re.compile(r"[][(){}<>\s]{1,}")
THEOREM_EPS = 0.04
"""Relative distance TheoremQA allows to a number that is not whole (its own grader)."""


def graded(got: str, right: bool, expected: str) -> Grade:
    """The grade of what was read."""
    why = "" if right else (f"read {got!r}" if got else "nothing to read")
    return Grade(right, got, why and f"{why}, expected {expected!r}")


def numeric(relative: float = 0.0) -> Callable[[Question, Answer], Grade]:
    """The result is a number: whole ones exactly, others to 1e-4 or the relative distance."""

    def judge(question: Question, answer: Answer) -> Grade:
        got, wanted = number(answer), question.expected.replace(",", "")
        return graded(got, same_number(got, wanted, relative), question.expected)

    return judge


def label(question: Question, answer: Answer) -> Grade:
    """One of FOLIO's labels: the last one named."""
    got = last_label(answer.text, FOLIO)
    return graded(got, got == question.expected, question.expected)


def bbh(question: Question, answer: Answer) -> Grade:
    """BIG-Bench Hard (arXiv 2210.09261): exact match with the target, of its own form: an
    option's letter, a word among the given ones, a number, brackets, or a list of words."""
    target, asked = question.expected, question.turns[0]
    options = dict(_OPTION.findall(asked))
    if re.fullmatch(r"\([A-Z]\)", target):
        got = f"({option(answer.text, options)})"
    elif re.fullmatch(r"-?\d+", target):
        got = number(answer)
    elif re.fullmatch(r"[][(){}<> ]+", target):
        got = _closing(answer.text, asked)
        return graded(got, got.split() == target.split(), target)
    elif question.group == "word_sorting":
        unnumbered = re.sub(r"^\s*\d+[.)]", "", answer.text.lower(), flags=re.MULTILINE)
        got = " ".join(re.findall(r"[\w'-]+", unnumbered))
        return graded(got, f" {target.lower()} " in f" {got} ", target)
    else:
        labels = _DASHED.findall(asked) or _pair(target)
        got = last_label(answer.text, [*labels, target])
    return graded(got, got.lower() == target.lower(), target)


def _pair(target: str) -> tuple[str, ...]:
    """Both words of the question's kind: True and False, Yes and No."""
    return ("True", "False") if target.lower() in ("true", "false") else ("Yes", "No")


def _closing(text: str, asked: str) -> str:
    """The closing brackets an answer gives: its last run of brackets, without the opening
    sequence of the question where that is repeated."""
    runs = [run for run in _BRACKETS.findall(boxed(text) or text) if run.strip()]
    given = "".join(asked.rpartition("Input:")[2].split())
    last = "".join(runs[-1].split()) if runs else ""
    return " ".join(last.removeprefix(given))


def theorem(question: Question, answer: Answer) -> Grade:
    """TheoremQA (arXiv 2305.12524): a whole number after rounding, another within 4 percent,
    lists member by member, truth values and options by their last mention. Written after the
    rules of the set's own grader, which is on no package index."""
    kind, wanted = str(question.row["Answer_type"]), question.row["Answer"]
    match kind:
        case "bool":
            got = last_label(boxed(answer.text) or answer.text, ("True", "False", "Yes", "No"))
            right = bool(got) and (got in ("True", "Yes")) is bool(wanted)
        case "option":
            got = f"({option(answer.text, dict.fromkeys('abcdefg', ''))})"
            right = got == wanted
        case _ if kind.startswith("list"):
            found = re.findall(r"[\[(]([^][()]*\d[^][()]*)[\])]", answer.text)
            members = NUMBER_RE.findall(found[-1] if found else "")
            got = ", ".join(members)
            right = len(members) == len(wanted) and all(map(close, members, wanted))
        case _:
            got = number(answer)
            right = close(got, wanted)
    return graded(got, right, question.expected)


def close(mine: str, wanted: float) -> bool:
    """TheoremQA's comparison of numbers."""
    try:
        value = float(mine)
    except ValueError:
        return False
    if isinstance(wanted, int):
        return abs(value - wanted) <= 0.5 and round(value) == wanted
    return abs(value - wanted) <= max(abs(wanted) * THEOREM_EPS, 1e-9)
