"""Looking at a picture for a chart: what kind it is, and its table."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from pellucid.core.charts import PRINTED, Chart, Column
from pellucid.tools.eyes.charts import bars, colours, columns, curves, grids, lines, pies, values
from pellucid.tools.eyes.charts.axes import Mask, Pixels, Scale, frames, from_labels, neutral
from pellucid.tools.eyes.charts.bars import Bar
from pellucid.tools.eyes.charts.plot import Picture, Plot, picture, plot
from pellucid.tools.eyes.charts.words import Word, label, number, words
from pellucid.tools.eyes.layout import Line

LEAST_ROWS = 2
"""Values that a chart has at least."""

THICK = 14
"""Pixels from which on a line is an area."""

FEET = 3
"""Pixels by which bars may begin off their line."""

SEVERAL = ("several plots are in the picture, and the largest was read",)
UNREAD = "a chart, but its axis could not be read"
_COUNT = re.compile(r"(?P<name>.*?)\W*\(?\b(?P<value>[\d.,]+)\s*(?P<unit>%?)\)?\s*$")


def look(pixels: Pixels, read: Sequence[Line]) -> Chart | None:
    """The chart that a picture is, by its pixels and the lines read in it; None if it is none.

    One whose axis could not be read has no rows, and a note that says so.
    """
    seen = picture(pixels, words(read))
    if (table := grids.ruled(seen)) is not None:
        return table
    found = [one for one in _charts(seen) if len(one.rows) >= LEAST_ROWS]
    if found:
        return replace(found[0], notes=SEVERAL) if _several(seen) else found[0]
    return _pie(seen) or _unread(seen)


def _several(seen: Picture) -> bool:
    """Whether there are other plots beside the largest."""
    first, *others = [*frames(seen.pixels), None]
    return first is not None and any(
        one is not None
        and 4 * one.width * one.height > first.width * first.height
        and (one.left > first.right or one.right < first.left)
        | (one.top > first.bottom or one.bottom < first.top)
        for one in others
    )


def _charts(seen: Picture) -> Iterator[Chart]:
    """What the likeliest plots hold, as they stand and turned."""
    high, wide = seen.pixels.shape[:2]
    plots = list(frames(seen.pixels))[:3]
    bare = None if plots else from_labels(seen.words, (high, wide))
    for frame in [*plots, *([bare] if bare else [])]:
        upright = plot(seen, frame)
        if (chart := _chart(seen, upright)) is not None:
            yield chart
            return
        turned = seen.turn()
        side = plot(turned, frame.turned(wide, high))
        if side.left is not None and (chart := _bars(side)) is not None:
            yield chart
            return


def _chart(seen: Picture, there: Plot) -> Chart | None:
    """What a plot holds."""
    if (chart := grids.heat(seen, there)) is not None:
        return chart
    scale = there.left or there.right
    dark = neutral(seen.pixels)[
        there.frame.top : there.frame.bottom, there.frame.left : there.frame.right
    ]
    if scale is not None and (boxes := grids.boxes(there, dark)):
        return grids.spread(there, scale, boxes)
    if (chart := _bars(there)) is not None:
        return chart
    if scale is not None and (boxes := grids.filled(there, dark, columns.found(there))):
        return grids.spread(there, scale, boxes)
    return _lines(there, scale) if scale is not None else None


def _bars(there: Plot) -> Chart | None:
    """Bars that stand on a line, with the lines that cross them."""
    found = columns.found(there)
    if not _stand(found):
        return None
    chart = columns.table(there, found)
    if chart is None:
        return None
    crossing = [at for at, mask in columns.masks_left(there, found) if mask.sum() > 60]
    scale = there.right or there.left
    if not crossing or scale is None or any(not there.series[at].name for at in crossing):
        return chart
    beside = curves.table(there, scale, crossing)
    return chart if beside is None else _joined(chart, beside)


def _stand(found: Sequence[Bar]) -> bool:
    """Whether bars begin on one line, or upon others that do."""
    if len(found) < LEAST_ROWS:
        return False
    base = bars.base(found)
    groups = columns.groups(found)
    standing = sum(
        any(min(abs(one.bottom - base), abs(one.top - base)) <= FEET for one in group)
        for group in groups
    )
    return standing >= LEAST_ROWS and standing >= 0.8 * len(groups)


def _joined(chart: Chart, beside: Chart) -> Chart:
    """Two tables as one, by what names their rows."""
    first = len(chart.header) - len(chart.columns)
    others = {row[0]: row[1:] for row in beside.rows}
    blank = ("",) * len(beside.columns)
    rows = [(*row, *others.pop(row[0], blank)) for row in chart.rows]
    rows += [
        (key, *("",) * (len(chart.header) - 1), *rest) for key, rest in others.items() if first == 1
    ]
    return Chart(
        f"{chart.kind} and {beside.kind}",
        (*chart.header, *beside.header[1:]),
        tuple(rows),
        (*chart.columns, *beside.columns),
        chart.logarithmic,
    )


def _lines(there: Plot, scale: Scale) -> Chart | None:
    """Lines, dots, or a line that runs back and forth."""
    shown = [at for at, mask in enumerate(there.masks) if mask.sum() > 30]
    if not shown:
        return None
    if there.below is not None:
        dotted = [at for at in shown if lines.dotted(there.masks[at])]
        if len(dotted) * 2 > len(shown):
            return curves.scattered(there, scale, there.below, dotted)
        if len(shown) == 1 and lines.folded(there.masks[shown[0]]):
            return curves.path(there, scale, there.below, shown[0])
    thick = [at for at in shown if lines.thickness(there.masks[at]) > THICK]
    if thick:
        return curves.areas(there, scale, thick) if len(thick) == len(shown) else None
    wide = [at for at in shown if _reach(there.masks[at]) > 0.12 * there.frame.width]
    return curves.table(there, scale, wide) if wide else None


def _reach(mask: Mask) -> int:
    columns_ = np.flatnonzero(mask.any(axis=0))
    return int(columns_[-1] - columns_[0]) if len(columns_) else 0


def _pie(seen: Picture) -> Chart | None:
    """A pie or ring: the share of each slice, with the number printed in or beside it."""
    there = pies.circle(seen.clean)
    found = pies.slices(seen.clean, there) if there else []
    if there is None or not found:
        return None
    names, printed = [""] * len(found), [""] * len(found)
    for entry in seen.listed:
        far = [float(np.abs(np.subtract(one.colour, entry.colour)).max()) for one in found]
        if min(far) < 40:
            names[far.index(min(far))] = entry.name
    outside = list[tuple[float, Word]]()
    for word in seen.words:
        if word not in seen.legend and pies.inside(there, word):
            at = next(at for at, one in enumerate(found) if one.holds(pies.direction(there, word)))
            _note(word, at, names, printed)
        elif word not in seen.legend and pies.close(there, word):
            outside.append((pies.distance(there, found, word), word))
    for _, word in sorted(outside, key=lambda pair: pair[0]):
        _note(word, pies.nearest(there, found, word), names, printed)
    return _slices(found, names, printed)


def _note(word: Word, at: int, names: list[str], printed: list[str]) -> None:
    """Take a word as the name of a slice, its number, or both."""
    if number(word.text) is not None:
        printed[at] = printed[at] or word.text
    elif names[at]:
        return
    elif (both := _COUNT.fullmatch(word.text)) and number(both["value"] + both["unit"]) is not None:
        names[at], printed[at] = label(both["name"]), both["value"] + both["unit"]
    else:
        names[at] = label(word.text)


def _slices(
    found: Sequence[pies.Slice], names: Sequence[str], printed: Sequence[str]
) -> Chart | None:
    if sum(map(bool, names)) < 0.5 * len(names):
        return None
    told = [
        name or f"{colours.called(one.colour)} slice"
        for name, one in zip(names, found, strict=True)
    ]
    shares = [values.plain(f"{100 * one.share:.1f}") for one in found]
    if all(text.endswith("%") for text in printed):
        exact = [values.plain(f"{number(text):.10g}") for text in printed]
        rows = tuple(zip(told, exact, strict=True))
        return Chart("a pie", ("label", "percent"), rows, (Column("percent", PRINTED),))
    measured = Column("percent", f"± {values.significant(200 / pies.STEPS + 0.26, 1)}")
    if all(printed):
        exact = [values.plain(f"{number(text):.10g}") for text in printed]
        whole = tuple(zip(told, exact, shares, strict=True))
        return Chart(
            "a pie", ("label", "value", "percent"), whole, (Column("value", PRINTED), measured)
        )
    return Chart("a pie", ("label", "percent"), tuple(zip(told, shares, strict=True)), (measured,))


def _unread(seen: Picture) -> Chart | None:
    """A chart by its bars, whose axis could not be read."""
    for frame in list(frames(seen.pixels))[:2]:
        found = columns.found(plot(seen, frame))
        if len(found) > LEAST_ROWS and _stand(found):
            return Chart("bars", (), (), (), notes=(UNREAD,))
    return None
