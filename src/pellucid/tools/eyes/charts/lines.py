"""Lines and dots: where a line is at each column, and where its markers or the dots are."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.tools.eyes.charts.axes import Mask

DOTS = 0.68
"""Share of a series' pixels in round parts from which on it is one of dots."""

Point = tuple[float, float]


def thickness(mask: Mask) -> float:
    """How thick lines are, in pixels: the shorter of the runs through their pixels."""
    runs = np.minimum(_lengths(mask), _lengths(mask.T).T)
    inside = runs[mask]
    return float(np.percentile(inside, 35)) if len(inside) else 0.0


def _lengths(mask: Mask) -> NDArray[np.int64]:
    """For each pixel how long the run in its row is."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    found = np.zeros(mask.shape, dtype=np.int64)
    change = np.diff(padded, axis=1)
    starts, ends = np.argwhere(change == 1), np.argwhere(change == -1)
    for (row, start), (_, end) in zip(starts, ends, strict=True):
        found[row, start:end] = end - start
    return found


def _round(mask: Mask, size: int) -> Mask:
    """What is left of a mask where its lines are taken away."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    plain = mask.astype(np.uint8)
    opened = cv2.morphologyEx(plain, cv2.MORPH_OPEN, kernel)
    turned = cv2.morphologyEx(plain[::-1, ::-1].copy(), cv2.MORPH_OPEN, kernel)[::-1, ::-1]
    both: Mask = (opened | turned).astype(bool)  # kernels of even size shift what they leave
    return both


def dotted(mask: Mask) -> bool:
    """Whether a series is one of dots without a line."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 4:
        return False
    areas = stats[1:, cv2.CC_STAT_AREA]
    full = areas / (stats[1:, cv2.CC_STAT_WIDTH] * stats[1:, cv2.CC_STAT_HEIGHT])
    solid = float(areas[full > 0.3].sum()) / max(1, int(areas.sum()))
    return solid >= DOTS and float(_round(mask, 4).sum()) >= DOTS * float(mask.sum())


def dots(mask: Mask) -> list[Point]:
    """The middles of dots; those that touch are parted by their usual size."""
    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    single = [
        number
        for number in range(1, count)
        if stats[number, cv2.CC_STAT_AREA] >= 5
        and stats[number, cv2.CC_STAT_AREA]
        >= 0.6 * stats[number, cv2.CC_STAT_WIDTH] * stats[number, cv2.CC_STAT_HEIGHT]
    ]
    if not single:
        return []
    usual = float(np.percentile([stats[number, cv2.CC_STAT_AREA] for number in single], 40))
    side = (usual / 0.8) ** 0.5
    found = list[Point]()
    for number in range(1, count):
        left, top, wide, high, area = (int(one) for one in stats[number])
        if area < 0.35 * usual:
            continue
        if max(wide, high) <= 1.35 * side:
            found.append((float(centres[number][0]), float(centres[number][1])))
        else:
            part = labels[top : top + high, left : left + wide] == number
            found += [(x + left, y + top) for x, y in _parted(part, side)]
    return found


def _parted(part: Mask, side: float) -> list[Point]:
    """The middles of touching dots: where a dot of that size fits best, one after the other."""
    size = max(3, round(side)) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)).astype(np.float32)
    reach = size // 2
    left = np.pad(part, reach).astype(np.float32)
    found = list[Point]()
    for _ in range(200):
        fits = cv2.filter2D(left, -1, disc / disc.sum(), borderType=cv2.BORDER_CONSTANT)
        fits[np.pad(~part, reach, constant_values=True)] = 0
        row, column = np.unravel_index(int(fits.argmax()), fits.shape)
        if fits[row, column] < 0.62:
            break
        found.append((float(column - reach), float(row - reach)))
        spot = left[row - reach : row + reach + 1, column - reach : column + reach + 1]
        spot[disc[: spot.shape[0], : spot.shape[1]] > 0] = 0
    return found


def markers(mask: Mask) -> list[Point]:
    """The middles of the markers along a line, from left to right; none if it has none."""
    thick = max(1.0, thickness(mask))
    size = int(thick) + 2
    left = _round(mask, size)
    _, _, stats, centres = cv2.connectedComponentsWithStats(left.astype(np.uint8), connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if len(areas) < 3:
        return []
    usual = float(np.median(areas))
    alike = (areas > 0.45 * usual) & (areas < 1.9 * usual)
    square = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    even = np.percentile(square, 80) <= 1.6 * max(3.0, usual**0.5)
    if alike.mean() < 0.7 or not even or usual < size * size * 0.6:
        return []
    found = sorted((float(x), float(y)) for x, y in centres[1:][areas > 0.45 * usual])
    columns = np.flatnonzero(mask.any(axis=0))
    ends = found[0][0] - columns[0] < 10 and columns[-1] - found[-1][0] < 10
    return found if ends else []


def trace(mask: Mask) -> list[float]:
    """The row of a line at each column, not-a-number where it has none."""
    thick = max(1.0, thickness(mask))
    tops = [_column(mask[:, column], thick) for column in range(mask.shape[1])]
    rows = [float("nan") if one is None else (one[0] + one[1]) / 2 for one in tops]
    found = list(rows)
    for column, one in enumerate(tops):
        if one is None or one[1] - one[0] + 1 <= 2.5 * thick:
            continue
        beside = [rows[at] for at in (column - 3, column + 3) if 0 <= at < len(rows)]
        beside = [row for row in beside if row == row]
        if beside and all(row > rows[column] for row in beside):
            found[column] = one[0] + (thick - 1) / 2
        elif beside and all(row < rows[column] for row in beside):
            found[column] = one[1] - (thick - 1) / 2
    return found


def _column(column: Mask, thick: float) -> tuple[int, int] | None:
    """The first and last row of the line in a column: its longest run, gaps closed."""
    rows = np.flatnonzero(column)
    if not len(rows):
        return None
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > thick + 2) + 1)
    longest = max(groups, key=len)
    return int(longest[0]), int(longest[-1])


def run(mask: Mask, column: int) -> tuple[int, int] | None:
    """The first and last row of a series in a column."""
    return _column(mask[:, column], 2.0)


def folded(mask: Mask) -> bool:
    """Whether a line runs back and forth: many columns have it more than once."""
    twice = 0
    columns = np.flatnonzero(mask.any(axis=0))
    for column in columns:
        rows = np.flatnonzero(mask[:, column])
        twice += bool((np.diff(rows) > 8).any())
    return twice > 0.15 * max(1, len(columns))


def bridged(rows: Sequence[float], most: int) -> list[float]:
    """The rows of a line with short gaps closed, where another line hides it."""
    found = np.array(rows, dtype=float)
    known = np.flatnonzero(~np.isnan(found))
    for start, end in pairwise(known):
        if 1 < end - start <= most:
            found[start : end + 1] = np.linspace(found[start], found[end], end - start + 1)
    return [float(one) for one in found]
