"""From lines with places to text in the order in which people read it.

Pages are straightened by the slope of their lines; columns of prose are read one after the other;
what stands in a row stays in a row, its columns apart by tabs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin
from statistics import median

APART = 1.5
"""Heights of a line from which on a gap in a row is one between columns."""

SAME_ROW = 0.5
"""Heights of a line by which the middles of one row may differ."""

WIDE = 0.55
"""Share of a page's width from which on a line is no part of a column."""

LEAST_ROWS, FILLED, LEAST_WIDTH = 4, 0.6, 9
"""What makes a column one of prose: its rows, how much of its width the median line fills, and
how many heights that has."""

STEEP = 0.3
"""Slope, in radians, from which on a line is not one of the page's own: labels of charts are."""

UNSURE = 0.6
"""Confidence below which a word is marked."""

MARK = "(?)"


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that stand side by side: the middle, width and height, in pixels of a straight page."""

    x: float
    y: float
    width: float
    height: float
    words: tuple[tuple[str, float], ...]

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box as it was found: four corners, the upper left first, and words."""

    box: tuple[tuple[float, float], ...]
    words: tuple[tuple[str, float], ...]


def text(lines: Sequence[Line], *, marked: bool = True) -> str:
    """The words in reading order, a row a line; words that are not sure are `marked`."""
    segments = straight([one for one in lines if not _runs_up(one)])
    aside = straight([one for one in lines if _runs_up(one)])
    rows = [*ordered(segments), *([one] for one in aside)]
    return "\n".join(_row(row, marked) for row in rows)


def confidence(lines: Sequence[Line]) -> float:
    """How sure the letters are on average, from 0 to 1; 0 where there are none."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word) for word, _ in words)
    return sum(len(word) * sure for word, sure in words) / letters if letters else 0.0


def straight(lines: Sequence[Line]) -> list[Segment]:
    """The lines where they were if the page were not turned by a few degrees."""
    if not lines:
        return []
    slopes = [(_length(one), _slope(one)) for one in lines]
    level = sorted((pair for pair in slopes if abs(pair[1]) < STEEP), reverse=True)
    longest = [slope for _, slope in level[: (len(level) + 1) // 2]]
    turn = median(longest) if longest else 0.0
    return [_turned(one, -turn) for one in lines]


def _turned(line: Line, by: float) -> Segment:
    x = sum(corner[0] for corner in line.box) / 4
    y = sum(corner[1] for corner in line.box) / 4
    height = hypot(line.box[3][0] - line.box[0][0], line.box[3][1] - line.box[0][1])
    there = (x * cos(by) - y * sin(by), x * sin(by) + y * cos(by))
    return Segment(*there, _length(line), height, line.words)


def _length(line: Line) -> float:
    return hypot(line.box[1][0] - line.box[0][0], line.box[1][1] - line.box[0][1])


def _slope(line: Line) -> float:
    return atan2(line.box[1][1] - line.box[0][1], line.box[1][0] - line.box[0][0])


def _runs_up(line: Line) -> bool:
    return line.box[2][1] - line.box[0][1] > 1.5 * (line.box[2][0] - line.box[0][0]) and (
        sum(len(word) for word, _ in line.words) > 1
    )


def ordered(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Rows from top to bottom, a column after the other where columns are of prose."""
    if not segments:
        return []
    width = max(one.right for one in segments) - min(one.left for one in segments)
    rows, block = list[list[Segment]](), list[Segment]()
    for one in sorted(segments, key=lambda segment: segment.y):
        if one.width > WIDE * width:
            rows += [*_columns(block), [one]]
            block = []
        else:
            block.append(one)
    return [row for one in _rejoined([*rows, *_columns(block)]) for row in [one]]


def _columns(block: Sequence[Segment]) -> list[list[Segment]]:
    """The rows of what stands between two lines over the whole width."""
    reach, ordered_ = float("-inf"), sorted(block, key=lambda segment: segment.left)
    for at, one in enumerate(ordered_):
        if one.left > reach and at:
            left, right = ordered_[:at], ordered_[at:]
            if _prose(left) and _prose(right):
                return [*_rows(left), *_columns(right)]
        reach = max(reach, one.right)
    return _rows(block)


def _prose(side: Sequence[Segment]) -> bool:
    width = max(one.right for one in side) - min(one.left for one in side)
    usual = median(one.width for one in side)
    high = median(one.height for one in side)
    return len(_rows(side)) >= LEAST_ROWS and usual > FILLED * width and usual > LEAST_WIDTH * high


def _rows(block: Sequence[Segment]) -> list[list[Segment]]:
    rows = list[list[Segment]]()
    for one in sorted(block, key=lambda segment: segment.y):
        if rows and _level(rows[-1][-1], one):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda segment: segment.left) for row in rows]


def _rejoined(rows: Sequence[list[Segment]]) -> list[list[Segment]]:
    """A long line and what stands beside it are one row."""
    joined = list[list[Segment]]()
    for row in rows:
        if joined and all(_beside(one, other) for one in joined[-1] for other in row):
            joined[-1] = sorted([*joined[-1], *row], key=lambda segment: segment.left)
        else:
            joined.append(row)
    return joined


def _level(one: Segment, other: Segment) -> bool:
    return abs(one.y - other.y) < SAME_ROW * min(one.height, other.height)


def _beside(one: Segment, other: Segment) -> bool:
    shared = min(one.right, other.right) - max(one.left, other.left)
    return _level(one, other) and shared < min(one.height, other.height)


def _row(row: Sequence[Segment], marked: bool) -> str:
    told = ""
    for at, one in enumerate(row):
        if at:
            before = row[at - 1]
            apart = one.left - before.right > APART * max(one.height, before.height)
            told += "\t" if apart else " "
        told += " ".join(_word(word, sure, marked) for word, sure in one.words)
    return told


def _word(word: str, sure: float, marked: bool) -> str:
    return word + MARK if marked and sure < UNSURE else word
