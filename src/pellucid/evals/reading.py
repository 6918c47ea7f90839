"""Reading the result out of an answer, the same way for every system.

A number is the last one with the verdict "computed" where there are verdicts, else that of
the last `\\boxed{}`, else the last of the text. A choice is the last matching label. Code is
the last fenced block that defines what was asked for, else all blocks.
"""

import ast
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pellucid.evals.task import Answer

_NUMBER = re.compile(
    r"(?:(?<![\w)\]])-)?(?:(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"(?:[eE][-+]?\d+)?(?!\d|(?:st|nd|rd|th)\b)"
)
_POWER = re.compile(
    r"(?<=\d)\s*(?:\\times|\\cdot|×|\*)\s*10\s*(?:\^|\*\*)\s*[{(]?\s*([-+]?\d+)\s*[)}]?"
)
_BOXED = re.compile(r"\\boxed\s*\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
_FENCED = re.compile(
    r"^[ \t]*```[ \t]*([\w+#-]*)[^\n]*\n(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE
)


def boxed(text: str) -> str:
    """What stands in the last box of a text, else ""."""
    found: list[str] = _BOXED.findall(text)
    return found[-1] if found else ""


def last_number(text: str) -> str:
    """The last number of a text, of its last box if it has one, without separators; ordinals
    do not count. "" when there is none."""
    whole = boxed(text) or text
    plain = whole.replace("−", "-").replace("{,}", ",").replace("\\!", "").replace("\\,", "")
    found = _NUMBER.findall(_POWER.sub(r"e\1", plain))
    return found[-1].replace(",", "") if found else ""


def number(answer: Answer) -> str:
    """The number an answer gives as its result, as digits; "" when there is none."""
    computed = [c.text for c in answer.claims if c.kind == "number" and c.verdict == "computed"]
    return last_number(computed[-1] if computed else answer.text)


def same_number(mine: str, right: str, relative: float = 0.0) -> bool:
    """Whether two numerals mean the same: whole numbers exactly, others to 1e-4 or, where it
    is given, within this relative distance."""
    try:
        left, wanted = float(mine), float(right)
    except ValueError:
        return False
    if relative:
        return math.isclose(left, wanted, rel_tol=relative, abs_tol=1e-9)
    if left.is_integer() and _whole(mine) and _whole(right):
        return int(mine.split(".")[0]) == int(right.split(".")[0])
    return math.isclose(left, wanted, rel_tol=0, abs_tol=1e-4)


def _whole(numeral: str) -> bool:
    return re.fullmatch(r"[-+]?\d+(?:\.0*)?", numeral) is not None


def last_label(text: str, labels: Sequence[str]) -> str:
    """The label that stands last in a text as whole words, whatever its case; "" for none."""
    longest_first = sorted(labels, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    found = re.findall(pattern, text, re.IGNORECASE)
    known = {label.lower(): label for label in labels}
    return known[found[-1].lower()] if found else ""


def option(text: str, options: Mapping[str, str]) -> str:
    """The letter of the option an answer chooses: the last in parentheses, else the last
    that is called the answer or stands alone, else the one whose words stand last."""
    letters = "".join(options)
    for pattern in (
        rf"\(\s*([{letters}])\s*\)",
        rf"(?i:answer|option|choice)(?:\s+is|:)?[\s*:]*([{letters}])\b",
        rf"^\W*([{letters}])\b[\s.:)*]*$",
    ):
        found: list[str] = re.findall(pattern, text, re.MULTILINE)
        if found:
            return found[-1]
    words = {told: letter for letter, told in options.items()}
    return words.get(last_label(text, list(words)), "")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language in lower case, the line before it, its code."""

    language: str
    before: str
    code: str


def blocks(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a text, in order; one without an end goes to the end."""
    found = []
    for match in _FENCED.finditer(text):
        before = text[: match.start()].rstrip().rpartition("\n")[2]
        found.append(Block(match[1].lower(), before, _dedented(match[2])))
    return tuple(found)


def _dedented(code: str) -> str:
    """A block inside of a list is indented as a whole."""
    lines = code.splitlines(keepends=True)
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(margins, default=0)
    return "".join(line[margin:] if line.strip() else line for line in lines)


def code(text: str, name: str = "") -> str:
    """The program of an answer: the last Python block that defines `name`, else all Python
    blocks together, else the text itself."""
    found = [one.code for one in blocks(text) if one.language in ("", "python", "py", "python3")]
    defining = [one for one in found if name in defined(one)]
    if name and defining:
        return defining[-1]
    return "\n".join(found) if found else text


def defined(program: str) -> frozenset[str]:
    """The functions and classes a program defines at its top; none where it does not parse."""
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError):
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))
