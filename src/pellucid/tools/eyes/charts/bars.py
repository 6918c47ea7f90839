"""Bars: where each begins and ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from pellucid.tools.eyes.charts.axes import Mask

LEAST = 0.75
"""Share of a series' pixels that must be in rectangles for it to be one of bars."""

FULL = 0.88
"""How much of its box a rectangle fills."""

GAP = 17
"""Pixels of other series, lines and letters that may lie across a bar."""

LOW = 4
"""Pixels of height below which only what stands on the line of the others is a bar."""

SAME = 2
"""Pixels by which the ends of the columns of a bar may differ."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar by its first and last column and row, and the number of its series."""

    left: int
    top: int
    right: int
    bottom: int
    series: int

    @property
    def x(self) -> float:
        """Its middle."""
        return (self.left + self.right) / 2

    @property
    def wide(self) -> int:
        """How wide it is."""
        return self.right - self.left + 1

    @property
    def high(self) -> int:
        """How high it is."""
        return self.bottom - self.top + 1


def of(mask: Mask, covered: Mask, series: int) -> list[Bar]:
    """The bars of a series; none if it is not one of bars. `covered` is what is not ground."""
    filled = _bridged(mask, covered)
    opened = cv2.morphologyEx(filled.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    found = list[Bar]()
    held = 0
    for number in range(1, count):
        left, top, wide, high, area = (int(one) for one in stats[number])
        if area < 8 or wide < 4:
            continue
        part = labels[top : top + high, left : left + wide] == number
        if area >= FULL * wide * high:
            inside = [_straight(part, left, top, series)]
        else:
            inside = _columns(part, left, top, series)
        found += inside
        held += sum(one.wide * one.high for one in inside)
    total = max(1, int(filled.sum()))
    tall = [one for one in found if one.high >= LOW]
    feet = base(tall) if tall else 0
    found = tall + [one for one in found if one.high < LOW and abs(one.bottom - feet) <= SAME]
    regular = sum(one.wide >= 8 or one.high >= 3 * one.wide for one in found)
    return found if held >= LEAST * total and regular > 0.6 * len(found) else []


def _bridged(mask: Mask, covered: Mask) -> Mask:
    """The mask with narrow gaps closed, from above to below, where something else covers it."""
    shut = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((GAP, 1), np.uint8))
    found: Mask = mask | (shut.astype(bool) & covered)
    return found


def _straight(part: Mask, left: int, top: int, series: int) -> Bar:
    """A rectangle, its ends where most of its columns have theirs."""
    first = int(np.median(part.argmax(axis=0)))
    last = int(np.median(part.shape[0] - 1 - part[::-1].argmax(axis=0)))
    return Bar(left, top + first, left + part.shape[1] - 1, top + last, series)


def _columns(part: Mask, left: int, top: int, series: int) -> list[Bar]:
    """Bars that touch, told apart where their ends jump."""
    firsts = part.argmax(axis=0)
    lasts = part.shape[0] - 1 - part[::-1].argmax(axis=0)
    jumps = (np.abs(np.diff(firsts)) > SAME) | (np.abs(np.diff(lasts)) > SAME)
    found = list[Bar]()
    for columns in np.split(np.arange(part.shape[1]), np.flatnonzero(jumps) + 1):
        piece = part[:, columns]
        first, last = int(np.median(firsts[columns])), int(np.median(lasts[columns]))
        full = piece[first : last + 1].mean() if last >= first else 0.0
        if len(columns) >= 3 and full >= FULL:
            start, end = left + int(columns[0]), left + int(columns[-1])
            found.append(Bar(start, top + first, end, top + last, series))
    return found


def stacked(bars: Sequence[Bar]) -> bool:
    """Whether bars of different series stand upon each other."""
    above = 0
    for one in bars:
        for other in bars:
            shared = min(one.right, other.right) - max(one.left, other.left) + 1
            alike = shared >= 0.7 * max(one.wide, other.wide)
            if one.series < other.series and alike:
                above += 1
    return above >= max(1, len({one.series for one in bars}) - 1)


def base(bars: Sequence[Bar]) -> int:
    """The row that bars begin on at most places along the axis."""
    rows = {row for one in bars for row in (one.bottom, one.top)}

    def places(row: int) -> int:
        ends = [one for one in bars if min(abs(one.bottom - row), abs(one.top - row)) <= SAME]
        return len({one.left // 4 for one in ends})

    return max(rows, key=lambda row: (places(row), row))
