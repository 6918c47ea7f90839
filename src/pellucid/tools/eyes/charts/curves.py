"""Lines and dots of a plot as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.core.charts import Chart, Column
from pellucid.tools.eyes.charts import colours, lines, values
from pellucid.tools.eyes.charts.axes import Mask, Scale
from pellucid.tools.eyes.charts.lines import Point
from pellucid.tools.eyes.charts.plot import Plot, named
from pellucid.tools.eyes.charts.words import Word, label

MOST_ROWS = 800
"""Rows of a table of lines without markers: it has one for each pixel, or each few."""

ROWS_BETWEEN = 150
"""Rows of such a table where labels are no numbers."""

HIDDEN = 24
"""Pixels that other lines may hide of one."""

SAME = 4.0
"""Pixels by which markers of one place may differ."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line: the row at each column, not-a-number where it is not, and its markers."""

    rows: tuple[float, ...]
    points: tuple[Point, ...]

    def row(self, x: float) -> float:
        """The row at a place along the axis; that of the marker there, if there is one."""
        near = [y for at, y in self.points if abs(at - x) <= SAME / 2]
        if near:
            return near[0]
        column = round(x)
        around = [
            self.rows[at] for at in (column, column - 1, column + 1) if 0 <= at < len(self.rows)
        ]
        known = [one for one in around if one == one]
        return known[0] if known else float("nan")


def curve(mask: Mask) -> Curve:
    """A line with its markers."""
    rows = lines.bridged(lines.trace(mask), HIDDEN)
    return Curve(tuple(rows), tuple(lines.markers(mask)))


def table(plot: Plot, scale: Scale, numbers: Sequence[int]) -> Chart | None:
    """The lines of a plot as a table with a row for each marker, label, or few pixels."""
    curves = [curve(plot.masks[at]) for at in numbers]
    names = named(plot, numbers)
    title = plot.below_title or ("x" if plot.below else "category")
    where, firsts = _places(plot, curves)
    if not where:
        return None
    rows = list[tuple[str, ...]]()
    for x, first in zip(where, firsts, strict=True):
        read = [one.row(x) for one in curves]
        told = [
            values.written(scale.value(row + plot.frame.top), scale) if row == row else ""
            for row in read
        ]
        if any(told):
            rows.append((first, *told))
    looks = [f"{colours.called(plot.series[at].colour)} line" for at in numbers]
    thick = max(lines.thickness(plot.masks[at]) for at in numbers)
    offs = [values.told_off(scale, more=max(0.0, thick - 2) / 3)] * len(numbers)
    return Chart(
        "lines", (title, *names), tuple(rows), tuple(map(Column, names, offs, looks)), scale.log
    )


def _places(plot: Plot, curves: Sequence[Curve]) -> tuple[list[float], list[str]]:
    """Where along the axis values are read, counted from the frame, and what stands there."""
    marked = _merged([x for one in curves for x, _ in one.points])
    usual = max((len(one.points) for one in curves), default=0)
    if marked and len(marked) > 1.5 * usual:
        marked = _merged(
            [x for one in curves if len(one.points) >= 0.6 * usual for x, _ in one.points]
        )
    if plot.below is not None:
        where = marked or _sampled(curves)
        there = [plot.below.value(x + plot.frame.left) for x in where]
        told = (
            values.places(there, plot.below)
            if marked
            else [values.written(one, plot.below) for one in there]
        )
        return where, told
    labels = sorted(plot.labels, key=lambda one: one.at)
    if not marked and not all(
        _straight(one, [there.at - plot.frame.left for there in labels]) for one in curves
    ):
        marked = _sampled(curves, ROWS_BETWEEN)
    if len(marked) > len(labels):
        told = [
            _between(x + plot.frame.left, [(one.at, one.text) for one in labels]) for x in marked
        ]
        return marked, told
    return [one.at - plot.frame.left for one in labels], [one.text for one in labels]


def _between(x: float, labels: Sequence[tuple[float, str]]) -> str:
    """The label at a place, or the one before it and how far it is to the next."""
    before = [pair for pair in labels if pair[0] <= x + SAME]
    if not before:
        return f"before {labels[0][1]}" if labels else ""
    at, text = before[-1]
    after = [pair for pair in labels if pair[0] > x + SAME]
    if abs(at - x) <= SAME:
        return text
    if not after:
        return f"after {text}"
    return f"{text} + {(x - at) / (after[0][0] - at):.2f}"


def _merged(places: Sequence[float]) -> list[float]:
    """Places that are one within a few pixels."""
    found = list[list[float]]()
    for x in sorted(places):
        if found and x - found[-1][-1] <= SAME:
            found[-1].append(x)
        else:
            found.append([x])
    return [sum(one) / len(one) for one in found]


def _straight(curve: Curve, places: Sequence[float]) -> bool:
    """Whether a line is straight between places along the axis."""
    rows = np.array(curve.rows)
    known = np.flatnonzero(~np.isnan(rows))
    bends = [at for at in places if 0 <= at < len(rows) and not np.isnan(rows[round(at)])]
    if len(bends) < 2:
        return False
    inside = known[(known >= bends[0]) & (known <= bends[-1])]
    ideal = np.interp(inside, bends, [rows[round(at)] for at in bends])
    beyond = len(known) - len(inside)
    return beyond < 0.1 * len(known) and float(np.percentile(np.abs(rows[inside] - ideal), 95)) < 3


def _sampled(curves: Sequence[Curve], most: int = MOST_ROWS) -> list[float]:
    known = [at for one in curves for at, row in enumerate(one.rows) if row == row]
    if not known:
        return []
    step = max(1, round((max(known) - min(known)) / most))
    return [float(at) for at in range(min(known), max(known) + 1, step)]


def areas(plot: Plot, scale: Scale, numbers: Sequence[int]) -> Chart | None:
    """Areas upon each other: how high each is at each place."""
    names, step = named(plot, numbers), max(1, round(plot.frame.width / MOST_ROWS))
    if plot.below is None:
        return None
    rows = list[tuple[str, ...]]()
    for column in range(0, plot.frame.width, step):
        read = [_height(plot, scale, at, column) for at in numbers]
        if any(read):
            rows.append(
                (values.written(plot.below.value(column + plot.frame.left), plot.below), *read)
            )
    looks = [f"{colours.called(plot.series[at].colour)} area" for at in numbers]
    offs = [values.told_off(scale, 2)] * len(numbers)
    header = (plot.below_title or "x", *names)
    return Chart("areas", header, tuple(rows), tuple(map(Column, names, offs, looks)), scale.log)


def _height(plot: Plot, scale: Scale, number: int, column: int) -> str:
    run = lines.run(plot.masks[number], column)
    if run is None:
        return ""
    top, foot = run[0] - 0.5 + plot.frame.top, run[1] + 0.5 + plot.frame.top
    if abs(scale.pixel(0) - foot) <= SAME:
        foot = scale.pixel(0)
    return values.written(scale.value(top) - scale.value(foot), scale)


def scattered(plot: Plot, scale: Scale, below: Scale, numbers: Sequence[int]) -> Chart:
    """The dots of a plot: series and both values of each."""
    names = dict(zip(numbers, named(plot, numbers), strict=True))
    rows = list[tuple[str, ...]]()
    for at in numbers:
        for x, y in sorted(lines.dots(plot.masks[at])):
            rows.append((names[at], *_both(plot, scale, below, x, y)))
    several = len(numbers) > 1
    heads = (plot.below_title or "x", plot.left_title or "y")
    offs = (values.told_off(below), values.told_off(scale))
    header = ("series", *heads) if several else heads
    kept = rows if several else [row[1:] for row in rows]
    return Chart("dots", header, tuple(kept), tuple(map(Column, heads, offs)), scale.log)


def _both(plot: Plot, scale: Scale, below: Scale, x: float, y: float) -> tuple[str, str]:
    there = below.value(x + plot.frame.left), scale.value(y + plot.frame.top)
    return values.written(there[0], below), values.written(there[1], scale)


def path(plot: Plot, scale: Scale, below: Scale, number: int) -> Chart | None:
    """A line that runs back and forth: its markers, with the words beside them."""
    points = lines.markers(plot.masks[number])
    if not points:
        return None
    tags = _tags(plot, points)
    rows = [
        (tags.get(at, ""), *_both(plot, scale, below, x, y)) for at, (x, y) in enumerate(points)
    ]
    heads = (plot.below_title or "x", plot.left_title or "y")
    offs = (values.told_off(below), values.told_off(scale))
    return Chart(
        "a path", ("label", *heads), tuple(rows), tuple(map(Column, heads, offs)), scale.log
    )


def _tags(plot: Plot, points: Sequence[Point]) -> dict[int, str]:
    """The words beside points: each beside the nearest; words stand to the right of theirs."""
    pairs = list[tuple[float, int, Word]]()
    for word in plot.printed:
        left, bottom = word.left - plot.frame.left, word.bottom - plot.frame.top
        middle = word.y - plot.frame.top
        for at, (x, y) in enumerate(points):
            far = float(np.hypot(x - left, min(abs(y - bottom), abs(y - middle))))
            if far < 1.5 * word.high:
                pairs.append((far, at, word))
    found, taken = dict[int, str](), set[Word]()
    for _, at, word in sorted(pairs, key=lambda pair: pair[0]):
        if at not in found and word not in taken:
            found[at] = label(word.text)
            taken.add(word)
    return found
