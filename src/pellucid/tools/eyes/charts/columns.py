"""Bars of a plot as a table, with the lines that cross them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pellucid.core.charts import PRINTED, Chart, Column
from pellucid.tools.eyes.charts import bars, colours, values
from pellucid.tools.eyes.charts.axes import Mask, Scale
from pellucid.tools.eyes.charts.bars import Bar
from pellucid.tools.eyes.charts.plot import Plot, named
from pellucid.tools.eyes.charts.words import Word, number

EDGE = 4
"""Pixels that the outline of a bar may be wide."""

AGREES = 0.06
"""Share of an axis by which a printed number may differ from what the pixels say."""

BEYOND = 1.3
"""Heights of a letter by which a printed number may be away from the end of its bar."""


@dataclass(frozen=True, slots=True)
class Read:
    """A value of a table, and whether it is printed in the picture."""

    text: str
    printed: bool


def found(plot: Plot) -> list[Bar]:
    """The bars of every series that is one of bars."""
    covered = plot.covered
    return [bar for number, mask in enumerate(plot.masks) for bar in bars.of(mask, covered, number)]


def table(plot: Plot, all_bars: Sequence[Bar]) -> Chart | None:
    """The bars of a plot as a table; None where they can be read neither off an axis nor off
    numbers printed beside them."""
    series = sorted({one.series for one in all_bars})
    base, upon = bars.base(all_bars), bars.stacked(all_bars)
    standing, names = groups(all_bars), named(plot, series)
    unnamed = not any(plot.series[at].name for at in series)
    if unnamed and not upon and all(len(group) == 1 for group in standing):
        all_bars = [replace(one, series=series[0]) for one in all_bars]
        series, standing = series[:1], groups(all_bars)
        names = named(plot, series)
    rows = list[list[Read]]()
    for group in standing:
        read = [_value(plot, _of(group, at), base, upon) for at in series]
        rows.append([one or Read("", True) for one in read])
    if not any(one.text for row in rows for one in row):
        return None
    heads, firsts = _places(plot, standing)
    offs = [_off(plot.left, [row[at] for row in rows], 1 + upon) for at in range(len(series))]
    looks = [_looks(plot, at, len(series)) for at in series]
    if plot.turned:
        rows, firsts = rows[::-1], firsts[::-1]
    kind = "stacked bars" if upon else "histogram" if len(heads) > 1 else "bars"
    return Chart(
        kind,
        (*heads, *names),
        tuple(
            (*first, *(one.text for one in row)) for first, row in zip(firsts, rows, strict=True)
        ),
        tuple(map(Column, names, offs, looks)),
        plot.left is not None and plot.left.log,
    )


def _looks(plot: Plot, series: int, count: int) -> str:
    return f"{colours.called(plot.series[series].colour)} bars" if count > 1 else ""


def _off(scale: Scale | None, read: Sequence[Read], ends: int) -> str:
    if scale is None or all(one.printed for one in read):
        return PRINTED
    return values.told_off(scale, ends)


def groups(all_bars: Sequence[Bar]) -> list[list[Bar]]:
    """Bars by the place along the axis they belong to: those that touch or stand upon each other,
    but only one of a series beside the others."""
    ordered = sorted(all_bars, key=lambda one: one.x)
    found = list[list[Bar]]()
    for one in ordered:
        if found and _belongs(found[-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _belongs(group: Sequence[Bar], one: Bar) -> bool:
    upon = any(abs(one.x - other.x) < 0.3 * max(one.wide, other.wide) for other in group)
    close = one.left - max(other.right for other in group) <= max(3, 0.25 * one.wide)
    return upon or (close and one.series not in {other.series for other in group})


def _of(group: Sequence[Bar], series: int) -> Bar | None:
    """The one bar of a series in a group, from its first piece to its last."""
    pieces = [one for one in group if one.series == series]
    if not pieces:
        return None
    return replace(
        pieces[0],
        top=min(one.top for one in pieces),
        bottom=max(one.bottom for one in pieces),
    )


def _value(plot: Plot, bar: Bar | None, base: int, upon: bool) -> Read | None:
    """What a bar is worth: a number printed beside its end, or else by its pixels."""
    if bar is None:
        return None
    down = abs(bar.top - base) < abs(bar.bottom - base)
    end = bar.bottom + 0.5 if down else _end(plot, bar)
    scale = plot.left
    near = _printed(plot, bar, end, upon)
    if scale is None:
        return Read(_bare(near.text), True) if near else None
    value = scale.value(end + plot.frame.top)
    if upon:
        foot = bar.bottom + 0.5 + plot.frame.top
        on_axis = not scale.log and abs(scale.pixel(0) - foot) <= EDGE
        value -= 0.0 if on_axis else scale.value(foot)
    if (
        near
        and abs((number(near.text) or 0) - value) < AGREES * abs(scale.step) * plot.frame.height
    ):
        return Read(_bare(near.text), True)
    return Read(values.written(value, scale), False)


def _bare(text: str) -> str:
    value = number(text)
    return values.plain(f"{value:.10g}") if value is not None else ""


def _end(plot: Plot, bar: Bar) -> float:
    """The upper end of a bar; the middle of its outline where it has one."""
    above = plot.covered[max(0, bar.top - EDGE) : bar.top, bar.left + 1 : bar.right]
    if not above.size:
        return bar.top - 0.5
    drawn = (above.mean(axis=1) > 0.8)[::-1]
    outline = len(drawn) if drawn.all() else int(np.argmin(drawn))
    return bar.top - 0.5 - outline / 2 if outline < EDGE else bar.top - 0.5


def _printed(plot: Plot, bar: Bar, end: float, upon: bool) -> Word | None:
    """The number that stands at the end of a bar, or in it."""
    left, right = bar.left + plot.frame.left, bar.right + plot.frame.left
    top, bottom, at = (row + plot.frame.top for row in (bar.top, bar.bottom, end))
    near = list[tuple[float, Word]]()
    for one in plot.printed:
        if number(one.text) is None or not left - 3 <= one.x <= right + 3:
            continue
        away = max(one.top - at, at - one.bottom, 0.0)
        within = top <= one.y <= bottom
        if within or (not upon and away < BEYOND * one.high):
            near.append((away, one))
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _places(
    plot: Plot, groups: Sequence[Sequence[Bar]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """How the first columns are called, and what they hold: labels, or values of the lower axis."""
    title = plot.below_title or "category"
    middles = [
        (min(one.left for one in group) + max(one.right for one in group)) / 2 + plot.frame.left
        for group in groups
    ]
    labels = _labelled(plot, middles)
    if labels is not None:
        return (title,), [(one,) for one in labels]
    if plot.below is None:
        return (title,), [(str(at + 1),) for at in range(len(groups))]
    lefts = [min(one.left for one in group) - 0.5 + plot.frame.left for group in groups]
    rights = [max(one.right for one in group) + 0.5 + plot.frame.left for group in groups]
    apart = [left - right for left, right in zip(lefts[1:], rights, strict=False)]
    if apart and float(np.median(apart)) <= 3 and _rounder(plot.below, lefts, middles):
        ends = [lefts[0] - 0.5 * max(0.0, apart[0])]
        ends += [(left + right) / 2 for left, right in zip(lefts[1:], rights, strict=False)]
        ends += [rights[-1] + 0.5 * max(0.0, apart[-1])]
        told = values.places([plot.below.value(one) for one in ends], plot.below)
        return (f"{title} from", f"{title} to"), list(pairwise(told))
    return (title,), [
        (one,) for one in values.places([plot.below.value(at) for at in middles], plot.below)
    ]


def _rounder(scale: Scale, lefts: Sequence[float], middles: Sequence[float]) -> bool:
    """Whether the edges of bars stand on rounder values than their middles do."""
    step = abs(scale.value(middles[1]) - scale.value(middles[0]))

    def off(places: Sequence[float]) -> float:
        turns = [scale.value(one) / step for one in places]
        return float(np.median([abs(one - round(one)) for one in turns]))

    return off(lefts) < off(middles)


def _labelled(plot: Plot, middles: Sequence[float]) -> list[str] | None:
    """The label of each group where each has one of its own; those that have none keep their
    number. None where labels are values along the axis."""
    labels = sorted(plot.labels, key=lambda one: one.at)
    if not labels:
        return None
    apart = [after - before for before, after in pairwise(middles)]
    reach = 0.5 * (float(np.median(apart)) if apart else plot.frame.width)
    told = list[str]()
    for middle in middles:
        near = min(labels, key=lambda one: abs(one.at - middle))
        fits = abs(near.at - middle) <= reach
        told.append(near.text if fits else "")
    if plot.below is not None and (
        len(set(told)) < len(told) or "" in told or _between(plot, middles)
    ):
        return None
    if len(set(filter(None, told))) < len(list(filter(None, told))):
        return None
    return [one or f"({at + 1})" for at, one in enumerate(told)]


def _between(plot: Plot, middles: Sequence[float]) -> bool:
    """Whether labels stand between the bars, not below them: those of a histogram do."""
    off = [min(abs(one.at - middle) for one in plot.labels) for middle in middles]
    apart = [after - before for before, after in pairwise(middles)]
    return bool(apart) and float(np.median(off)) > 0.25 * float(np.median(apart))


def masks_left(plot: Plot, all_bars: Sequence[Bar]) -> list[tuple[int, Mask]]:
    """The series that are none of bars, by their number."""
    taken = {one.series for one in all_bars}
    return [(at, mask) for at, mask in enumerate(plot.masks) if at not in taken]
