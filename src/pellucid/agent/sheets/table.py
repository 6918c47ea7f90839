"""A table as people write it, read into cells that have names.

Reports write headings over several lines, sections as rows of their own, negative numbers in
parentheses, and signs of money in front. What comes out has one name for each row and each
column, and numbers where there are numbers.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from itertools import takewhile

MOST_ROWS, MOST_COLUMNS = 60, 16
LONGEST = 6_000
"""Characters of a table whose cells can all be looked at."""

LONGEST_NAME = 160
_NUMBER = re.compile(
    r"(?P<minus>[-−–+]?)(?P<open>\(?)\s*[$£€¥]?\s*(?P<minus2>[-−–]?)(?P<open2>\(?)[$£€¥]?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)\s*(?P<percent>%?)\s*\)?\s*%?"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d(?: ?\(?\d\)?)?")
"""The same, perhaps with the number of a note."""

_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """A row under a name that no other has, and its cells in the columns' order."""

    name: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: what its columns are called (without the one that names rows), and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def years(self) -> tuple[int | None, ...]:
        """The year that the name of each column holds, if it holds one."""
        found = (_YEAR.findall(name) for name in self.columns)
        return tuple(int(years[0]) if len(set(years)) == 1 else None for years in found)


def number(text: str) -> float | None:
    """The number that a cell is: 1,310, $(77,328), -5.5 %; None for words and dashes."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    signs = "".join(match[sign] for sign in ("minus", "open", "minus2", "open2"))
    negative = bool(signs.replace("+", ""))
    value = float(match["digits"].replace(",", ""))
    return -value if negative else value


@lru_cache(maxsize=8)
def read(text: str) -> Sheet | None:
    """The table of a CSV text; None where it is none that has names for its rows and columns, or
    has too many of them to be looked at one by one."""
    if len(text) > LONGEST:
        return None
    lines = [_trimmed(row) for row in csv.reader(StringIO(text)) if any(map(str.strip, row))]
    width = max(map(len, lines), default=0)
    lines = [(*row, *[""] * (width - len(row))) for row in lines]
    above = list(takewhile(lambda row: _heading(row) or not any(row[1:]), lines))
    while above and not _heading(above[-1]):
        above.pop()  # a section begins there
    heads, body = [row for row in above if _heading(row)], lines[len(above) :]
    if not heads or not 2 <= width <= MOST_COLUMNS or not 1 <= len(body) <= MOST_ROWS:
        return None
    rows = _rows(body)
    if not rows or not any(number(cell) is not None for row in rows for cell in row.cells):
        return None
    return Sheet(_columns(heads), rows)


def _trimmed(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(_BLANK.sub(" ", cell).strip() for cell in row)


def _heading(row: tuple[str, ...]) -> bool:
    """Whether a line names columns: it holds no number but years."""
    values = [cell for cell in row[1:] if cell]
    return bool(values) and all(
        number(cell) is None or bool(_YEAR_ALONE.fullmatch(cell)) for cell in values
    )


def _columns(heads: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """One name for each column: what stands above it in all lines; a heading over several columns
    stands over the first of them."""
    spread = [_spread(row) if len(heads) > 1 and row is not heads[-1] else row for row in heads]
    names = [_joined(parts) for parts in zip(*(row[1:] for row in spread), strict=True)]
    return _told_apart([name or f"column {at}" for at, name in enumerate(names, 2)])


def _spread(row: tuple[str, ...]) -> tuple[str, ...]:
    """A line of headings with each repeated over the empty ones behind it."""
    filled = [row[0]]
    for cell in row[1:]:
        filled.append(cell or (filled[-1] if len(filled) > 1 else ""))
    return tuple(filled)


def _joined(parts: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(part for part in parts if part))[:LONGEST_NAME]


def _rows(body: Sequence[tuple[str, ...]]) -> tuple[Row, ...]:
    """The rows with cells; of a name that several have, the section it stands in is part."""
    labels = Counter(row[0] for row in body if any(row[1:]))
    names, cells, section = list[str](), list[tuple[str, ...]](), ""
    for row in body:
        if not any(row[1:]):
            section = row[0]
            continue
        label = row[0].rstrip(" .:") or "Total"
        several = labels[row[0]] > 1 and section
        names.append((f"{section.rstrip(' .:')}: {label}" if several else label)[:LONGEST_NAME])
        cells.append(row[1:])
    return tuple(map(Row, _told_apart(names), cells))


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The same names, those that come again with a number."""
    seen, apart = Counter[str](), list[str]()
    for name in names:
        seen[name] += 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(apart)
