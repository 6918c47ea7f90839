"""What a program copies from the question, and a rule that mends what got lost on the way.

Small weights leave out an item of a list, and move a date by a century. Both can be seen without
knowing what the program is for.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pellucid.agent.coding.code_blocks import parsed
from pellucid.agent.reading import moments

FEWEST = 4
"""Items from which on a list of the question is one that programs copy."""

_ITEM = r"[\w.'’-]*\w"
_LIST = re.compile(
    rf"(?<![\w.'’,-]){_ITEM}(?:, (?:and |or )?{_ITEM}){{{FEWEST - 1},}}(?= *(?:[^\w\s'’-]|\n|$))"
)
_LESS = re.compile(
    r"\b(?:except|without|exclud\w*|ignor\w*|omit\w*|remov\w*|drop\w*|skip\w*|delet\w*|leav\w* out"
    r"|other than|instead of|replac\w*|but not|first|last)\b",
    re.IGNORECASE,
)
"""Words by which a question may itself ask for fewer items."""

_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
_CALLED = re.compile(
    r"\bdate(?:time)?\( *(?P<year>\d{4}), *0?(?P<month>\d{1,2}), *0?(?P<day>\d{1,2})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Mended:
    """A program put right, and what was wrong with it ("" where nothing was)."""

    code: str
    why: str = ""


def mended(question: str, code: str) -> Mended:
    """The program with the question's lists whole and its dates in their years."""
    whole = whole_lists(question, code)
    if whole != code:
        return Mended(whole, "items of the question's list are missing")
    dated = right_years(question, code)
    if dated != code:
        return Mended(dated, "a date of the question has another year")
    return Mended(code)


def whole_lists(question: str, code: str) -> str:
    """The program with each list that leaves out some items of a list of the question made whole.

    Only where at least half of the items are there and none is foreign; and not where the
    question speaks of leaving something out.
    """
    listed = [_items(found[0]) for found in _LIST.finditer(question)]
    tree = parsed(code)
    if tree is None or not listed or _LESS.search(_LIST.sub("", question)):
        return code
    for node in sorted(_constants(tree), key=lambda node: -node.lineno):
        texts = [str(one.value) for one in node.elts if isinstance(one, ast.Constant)]
        whole = next((items for items in listed if _lacks(texts, items)), None)
        if whole:
            code = _replaced(code, node, _written(node, whole))
    return code


def _items(listed: str) -> list[str]:
    return re.findall(_ITEM, re.sub(r", (?:and|or) ", ", ", listed))


def _constants(tree: ast.Module) -> Iterator[ast.List | ast.Tuple]:
    """Lists and tuples of texts, or of numbers, in one line or several."""
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
            kinds = {type(e.value) if isinstance(e, ast.Constant) else None for e in node.elts}
            if kinds == {str} or (kinds and kinds <= {int, float}):
                yield node


def _lacks(texts: Sequence[str], items: Sequence[str]) -> bool:
    """Whether texts are at least half of the items, but not all of them."""
    foreign, missing = Counter(texts) - Counter(items), Counter(items) - Counter(texts)
    return bool(missing) and not foreign and 2 * len(texts) >= len(items)


def _written(node: ast.List | ast.Tuple, items: Sequence[str]) -> str:
    texts = isinstance(node.elts[0], ast.Constant) and isinstance(node.elts[0].value, str)
    inside = ", ".join(repr(item) if texts else item for item in items)
    return f"[{inside}]" if isinstance(node, ast.List) else f"({inside})"


def _replaced(code: str, node: ast.expr, text: str) -> str:
    """The program with another text in the place of a node; offsets count UTF-8 bytes."""
    lines = code.encode().splitlines(keepends=True)
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
    lines[first : last + 1] = [before + text.encode() + after]
    return b"".join(lines).decode()


def right_years(question: str, code: str) -> str:
    """The program with the years of the question's dates, where month and day are one's but the
    year is nobody's."""
    days = [
        date.fromordinal(int(moment.value))
        for moment in moments.find(question)
        if moment.form == "date"
    ]

    def year(found: re.Match[str]) -> str:
        meant = {
            d.year for d in days if [d.month, d.day] == [int(found["month"]), int(found["day"])]
        }
        if len(meant) != 1 or found["year"] in question:
            return found[0]
        at = found.start("year") - found.start()
        return f"{found[0][:at]}{meant.pop():04d}{found[0][at + 4 :]}"

    for pattern in (_ISO, _CALLED):
        code = pattern.sub(year, code)
    return code
