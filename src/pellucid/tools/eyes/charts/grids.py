"""Tables of numbers in a picture, and boxes with whiskers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from pellucid.core.charts import PRINTED, Chart, Column
from pellucid.tools.eyes.charts import values
from pellucid.tools.eyes.charts.axes import Mask, Scale, apart, background, neutral
from pellucid.tools.eyes.charts.axes import spread as spread_of
from pellucid.tools.eyes.charts.bars import Bar
from pellucid.tools.eyes.charts.colours import COLOURFUL
from pellucid.tools.eyes.charts.plot import Picture, Plot
from pellucid.tools.eyes.charts.words import Word, label, number

LEAST = 3
"""Columns, and rows, of numbers that make a table of what is written in a plot."""

FILLED = 0.85
"""Share of the cells of a table that must be read."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box with whiskers, in rows and columns of its plot."""

    x: float
    top: float
    middle: float
    bottom: float
    high: float
    low: float


def rows_of(words: Sequence[Word]) -> list[list[Word]]:
    """Words by the row they stand in, from the left."""
    found = list[list[Word]]()
    for one in sorted(words, key=lambda word: word.y):
        if found and abs(found[-1][-1].y - one.y) < 0.5 * min(one.high, found[-1][-1].high):
            found[-1].append(one)
        else:
            found.append([one])
    return [sorted(row, key=lambda word: word.x) for row in found]


def heat(seen: Picture, plot: Plot) -> Chart | None:
    """The numbers printed in the cells of a plot, by the labels beside and below it."""
    cells = [one for one in plot.printed if number(one.text) is not None]
    rows = [row for row in rows_of(cells) if len(row) >= LEAST]
    labels = sorted(plot.labels, key=lambda one: one.at)
    if len(rows) < LEAST or len(labels) < LEAST:
        return None
    beside = [one for one in seen.words if one.right < plot.frame.left + 4]
    read = [(_label_of(row, beside), _cells(row, [one.at for one in labels])) for row in rows]
    filled = sum(bool(cell) for _, row in read for cell in row)
    if filled < FILLED * len(labels) * len(rows) or not all(name for name, _ in read):
        return None
    names = tuple(one.text for one in labels)
    table = tuple((name, *row) for name, row in read)
    columns = tuple(Column(name, PRINTED) for name in names)
    return Chart("a grid of printed numbers", ("row", *names), table, columns)


def _label_of(row: Sequence[Word], beside: Sequence[Word]) -> str:
    y = float(np.median([one.y for one in row]))
    near = [one for one in beside if abs(one.y - y) < 0.6 * one.high and not one.upright]
    return label(max(near, key=lambda one: one.right).text) if near else ""


def _cells(row: Sequence[Word], places: Sequence[float]) -> list[str]:
    apart = min((abs(b - a) for a, b in pairwise(places)), default=0.0)
    found = list[str]()
    for at in places:
        near = [one for one in row if abs(one.x - at) < 0.45 * apart]
        found.append(values.plain(f"{number(near[0].text):.10g}") if near else "")
    return found


def ruled(seen: Picture) -> Chart | None:
    """A table with ruled lines, its first row the heads of its columns."""
    dark = neutral(seen.pixels)
    level = _lines(dark, dark.shape[1])
    upright = _lines(dark.T, dark.shape[0])
    if len(level) < LEAST + 1 or len(upright) < LEAST:
        return None
    cells: dict[tuple[int, int], list[str]] = {}
    for one in sorted(seen.words, key=lambda word: word.x):
        row, column = np.searchsorted(level, one.y), np.searchsorted(upright, one.x)
        if 0 < row < len(level) and 0 < column < len(upright):
            cells.setdefault((int(row), int(column)), []).append(one.text)
    table = [
        tuple(" ".join(cells.get((row, column), [])) for column in range(1, len(upright)))
        for row in range(1, len(level))
    ]
    table = [row for row in table if any(row)]
    if len(table) < LEAST or sum(bool(cell) for row in table for cell in row) < FILLED * (
        len(table) * len(table[0])
    ):
        return None
    head, *rest = table
    if not any(number(cell) is not None for row in rest for cell in row[1:]):
        return None
    names = [name or ("row" if at == 0 else f"column {at + 1}") for at, name in enumerate(head)]
    columns = tuple(Column(name, PRINTED) for name in names[1:])
    read = tuple(tuple(map(_plain, row)) for row in rest)
    return Chart("a table", tuple(names), read, columns)


def _plain(cell: str) -> str:
    value = number(cell) if cell[:1].isdigit() or cell[:1] in tuple("-−$€£") else None
    return values.plain(f"{value:.12g}") if value is not None else cell


def _lines(dark: Mask, length: int) -> list[float]:
    """The rows that level lines run along."""
    kernel = np.ones((1, max(40, length // 3)), np.uint8)
    opened = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    rows = np.flatnonzero(opened.any(axis=1))
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1)
    return [float(one.mean()) for one in groups if len(one)]


def boxes(plot: Plot, dark: Mask) -> list[Box]:
    """Boxes with whiskers: outlines that a level line parts."""
    lines = dark | (plot.covered & (spread_of(plot.inside) >= COLOURFUL))
    outlines, tree = cv2.findContours(lines.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if tree is None:
        return []
    holes = list[tuple[int, int, int, int]]()
    for outline, (_, _, _, parent) in zip(outlines, tree[0], strict=True):
        left, top, wide, high = (int(one) for one in cv2.boundingRect(outline))
        full = cv2.contourArea(outline) > 0.8 * (wide - 1) * (high - 1)
        if parent >= 0 and wide >= 8 and high >= 3 and full:
            holes.append((left, top, wide, high))
    drawn = dark | plot.covered
    parted = list[Box]()
    for left, top, wide, high in holes:
        for other_left, other_top, other_wide, other_high in holes:
            gap = other_top - (top + high)
            if abs(other_left - left) <= 2 and abs(other_wide - wide) <= 3 and -2 <= gap <= 5:
                end, line = other_top + other_high, (top + high + other_top - 1) / 2
                parted.append(_whiskers(drawn, left + (wide - 1) / 2, top, line, end))
    whole = [
        _whiskers(drawn, left + (wide - 1) / 2, top, middle, top + high)
        for left, top, wide, high in holes
        if (middle := _middle(plot, left, top, wide, high)) is not None
    ]
    return sorted(parted or whole, key=lambda one: one.x)


def filled(plot: Plot, dark: Mask, bars: Sequence[Bar]) -> list[Box]:
    """The same of boxes that have a colour; none where not all of them are boxes."""
    middles = [_middle(plot, one.left - 1, one.top - 1, one.wide + 2, one.high + 2) for one in bars]
    found = [
        _whiskers(dark | plot.covered, one.x, one.top, middle, one.bottom + 1)
        for one, middle in zip(bars, middles, strict=True)
        if middle is not None
    ]
    return sorted(found, key=lambda one: one.x) if len(found) == len(bars) else []


def _middle(plot: Plot, left: int, top: int, wide: int, high: int) -> float | None:
    """The row of a level line of another colour that parts a box from side to side."""
    inside = plot.inside[top + 1 : top + high - 1, left + 2 : left + wide - 2]
    if inside.shape[0] < 3 or inside.shape[1] < 3:
        return None
    other = (apart(inside, background(inside)) > 40).mean(axis=1) > 0.85
    rows = np.flatnonzero(other)
    if not len(rows) or rows[-1] - rows[0] > 5 or rows[0] < 2 or rows[-1] > len(other) - 3:
        return None
    return float(rows.mean()) + top + 1


def _whiskers(drawn: Mask, x: float, top: int, middle: float, end: int) -> Box:
    """The box with the ends of the lines that run from its middle up and down."""
    column = {int(row) for row in np.flatnonzero(drawn[:, round(x)])}
    high, low = top, end
    while high - 1 in column:
        high -= 1
    while low in column:
        low += 1
    return Box(x, top - 0.5, middle, end - 0.5, float(high), float(low - 1))


def spread(plot: Plot, scale: Scale, found: Sequence[Box]) -> Chart:
    """Boxes with whiskers as a table."""
    labels = sorted(plot.labels, key=lambda one: one.at)
    rows = list[tuple[str, ...]]()
    for at, one in enumerate(found):
        x = one.x + plot.frame.left
        near = min(labels, key=lambda there: abs(there.at - x), default=None)
        read = (one.low, one.bottom, one.middle, one.top, one.high)
        told = (values.written(scale.value(row + plot.frame.top), scale) for row in read)
        rows.append((near.text if near else str(at + 1), *told))
    names = ("lower end", "lower quartile", "median", "upper quartile", "upper end")
    title = f" of {plot.left_title}" if plot.left_title else ""
    heads = tuple(f"{name}{title}" for name in names)
    off = values.told_off(scale)
    header = (plot.below_title or "category", *heads)
    columns = tuple(Column(name, off) for name in heads)
    return Chart("boxes with whiskers", header, tuple(rows), columns, scale.log)
