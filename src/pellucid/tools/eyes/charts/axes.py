"""The plot of a chart and its axes: where it lies, and what its pixels are worth.

Lines that run along a plot tell where it is; labels beside it are held against a straight line,
of their values or of their logarithms, and those that do not fit are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import log10

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.tools.eyes.charts.words import Word, exponents, number

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]

LONG = 0.3
"""Share of a picture's width or height from which on a line may be one of an axis."""

DARK, GREY = 110, 25
"""How far the colour of a line is from the ground, and how close its channels are to each other."""

NEAR = 2.6
"""Pixels by which a label may be off the line that most of them are on."""

TICK = 25
"""Pixels by which a tick may make a line longer than its plot."""

STEPS = 3
"""Labels that an axis has at least."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot: the first and the last column and row inside its axes."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """In pixels."""
        return self.bottom - self.top

    def holds(self, word: Word) -> bool:
        """Whether the middle of a word lies inside."""
        return self.left < word.x < self.right and self.top < word.y < self.bottom

    def turned(self, wide: int, high: int) -> "Frame":
        """The same in the picture turned so that its left side is below, and the lower one left."""
        return Frame(high - self.bottom, wide - self.right, high - self.top, wide - self.left)


@dataclass(frozen=True, slots=True)
class Scale:
    """What the pixels along an axis are worth: `start + step * pixel`, or ten to the power of that.

    `whole` tells that every label is a whole number, `off` how far labels are off it, in pixels.
    """

    start: float
    step: float
    log: bool
    whole: bool
    off: float

    def value(self, pixel: float) -> float:
        """The value at a pixel."""
        linear = self.start + self.step * pixel
        return float(10**linear) if self.log else linear

    def pixel(self, value: float) -> float:
        """The pixel of a value."""
        return ((log10(value) if self.log else value) - self.start) / self.step

    @property
    def fine(self) -> float:
        """What a pixel is worth; the share of a value where the axis is a logarithmic one."""
        return float(10 ** abs(self.step) - 1) if self.log else abs(self.step)


def background(pixels: Pixels) -> NDArray[np.int64]:
    """The commonest colour."""
    coarse = (pixels.reshape(-1, 3) >> 3).astype(np.int64)
    keys = coarse[:, 0] << 10 | coarse[:, 1] << 5 | coarse[:, 2]
    common = np.bincount(keys).argmax()
    middle: NDArray[np.int64] = np.median(pixels.reshape(-1, 3)[keys == common], axis=0).astype(int)
    return middle


def ground(inside: Pixels) -> NDArray[np.int64]:
    """The colour of a plot where nothing is drawn: the commonest grey or white, since bars may
    cover most of it."""
    plain = inside[spread(inside) < GREY]
    enough = len(plain) > 0.03 * inside.shape[0] * inside.shape[1]
    return background(plain.reshape(1, -1, 3) if enough else inside)


def spread(pixels: Pixels) -> NDArray[np.int16]:
    """How far the channels of each pixel are apart: nothing for grey."""
    red, green, blue = (pixels[..., channel].astype(np.int16) for channel in range(3))
    most = np.maximum(np.maximum(red, green), blue)
    found: NDArray[np.int16] = most - np.minimum(np.minimum(red, green), blue)
    return found


def apart(pixels: Pixels, colour: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int16]:
    """How far each pixel is from a colour, in the channel where it is farthest."""
    red, green, blue = (
        np.abs(pixels[..., channel].astype(np.int16) - np.int16(colour[channel]))
        for channel in range(3)
    )
    found: NDArray[np.int16] = np.maximum(np.maximum(red, green), blue)
    return found


def neutral(pixels: Pixels, least: int = DARK) -> Mask:
    """Pixels without a colour that differ from the ground: lines of axes, letters."""
    found: Mask = (spread(pixels) < GREY) & (apart(pixels, background(pixels)) > least)
    return found


def frames(pixels: Pixels) -> Iterator[Frame]:
    """Where plots may be: first by dark lines, then by pale ones; the largest first."""
    for least in (DARK, DARK // 4):
        dark = neutral(pixels, least)
        level, upright = _runs(dark, dark.shape[1]), _runs(dark.T, dark.shape[0])
        found = {
            frame
            for low in level
            for side in upright
            if (frame := _corner(low, side, level, upright)) is not None
        }
        yield from sorted(found, key=lambda one: (-one.width * one.height, one.left))[:8]


def _runs(dark: Mask, length: int) -> list[tuple[int, int, int]]:
    """Level lines: row, first and last column; neighbouring rows are one line."""
    least = max(40, round(LONG * length))
    opened = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    found = list[tuple[int, int, int]]()
    for row in np.flatnonzero(opened.any(axis=1)):
        columns = np.flatnonzero(opened[row])
        for part in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
            start, end = int(part[0]), int(part[-1])
            if not any(row - one[0] <= 1 and one[1] < end and start < one[2] for one in found):
                found.append((int(row), start, end))
    return found[:60]


def _corner(
    low: tuple[int, int, int],
    side: tuple[int, int, int],
    level: Sequence[tuple[int, int, int]],
    upright: Sequence[tuple[int, int, int]],
) -> Frame | None:
    """The plot to the right of an upright line and above a level one that meet."""
    (row, left, right), (column, top, bottom) = low, side
    meet = -6 <= column - left <= TICK and -6 <= bottom - row <= TICK
    if not meet or right - column < 60 or row - top < 60:
        return None
    return Frame(column + 2, top + 1, right - 1, row - 1)


def from_labels(words: Sequence[Word], size: tuple[int, int]) -> Frame | None:
    """Where a plot without lines must be, by the numbers beside it."""
    high, wide = size
    numbered = [one for one in words if number(one.text) is not None and one.x < wide / 3]
    columns = [
        [other for other in numbered if abs(other.right - one.right) < 6] for one in numbered
    ]
    labels = max(columns, key=len, default=[])
    if len(labels) < STEPS:
        return None
    left = round(max(one.right for one in labels) + 4)
    rows = sorted(one.y for one in labels)
    step = (rows[-1] - rows[0]) / (len(rows) - 1)  # a plot may go on for one more
    return Frame(left, max(0, round(rows[0] - step)), wide - 2, min(high - 1, round(rows[-1])))


def ticks(dark: Mask, frame: Frame, side: str) -> list[float]:
    """Where short lines stand at a side of a plot, in pixels along it."""
    match side:
        case "bottom":
            strip = dark[frame.bottom + 3 : frame.bottom + 6, frame.left - 4 : frame.right + 4].T
            first = frame.left - 4
        case "left":
            strip = dark[max(0, frame.top - 4) : frame.bottom + 4, frame.left - 6 : frame.left - 4]
            first = max(0, frame.top - 4)
        case _:
            strip = dark[
                max(0, frame.top - 4) : frame.bottom + 4, frame.right + 4 : frame.right + 6
            ]
            first = max(0, frame.top - 4)
    if not strip.size:
        return []
    marked = np.flatnonzero(strip.all(axis=1))
    groups = np.split(marked, np.flatnonzero(np.diff(marked) > 1) + 1)
    return [float(one.mean()) + first for one in groups if 0 < len(one) <= 4]


def scale(labels: Sequence[tuple[float, str]], marks: Sequence[float]) -> Scale | None:
    """What pixels are worth by labels with their middles; None where they are on no line."""
    placed = [(_nearest(at, marks), text) for at, text in labels]
    plain = [(at, _values(text)) for at, text in placed]
    linear = _fitted([(at, values) for at, values in plain if values])
    logs = [(at, [log10(value) for value in values if value > 0]) for at, values in plain]
    powers = [(at, [float(one) for one in exponents(text)]) for at, text in placed]
    raised = _fitted([(at, values) for at, values in powers if values])
    logarithmic = _fitted([(at, values) for at, values in logs if values])
    known = sum(bool(values) for _, values in plain)
    whole = all(value == round(value) for _, values in plain for value in values[:1])
    candidates = [(linear, False), (logarithmic, True), (raised, True)]
    fits = [(fit, log) for fit, log in candidates if fit is not None]
    if not fits:
        return None
    (start, step, fitting, off), log = max(
        fits, key=lambda pair: (pair[0][2], -pair[0][3] - pair[1])
    )
    if fitting < max(STEPS, 0.6 * max(known, len(logs))) and not fitting == known == 2:
        return None
    return Scale(start, step, log, whole and not log, off)


def _values(text: str) -> list[float]:
    """What a label may be worth: a sign is easily overlooked."""
    value = number(text)
    if value is None:
        return []
    return [value, -value] if value > 0 else [value]


def _nearest(at: float, marks: Sequence[float]) -> float:
    near = [one for one in marks if abs(one - at) < 5]
    return min(near, key=lambda one: abs(one - at)) if near else at


Fit = tuple[float, float, int, float]


def _fitted(labels: Sequence[tuple[float, list[float]]]) -> Fit | None:
    """The line that most labels are on: start, step, how many, and how far off they are."""
    best: tuple[int, float, list[tuple[float, float]]] = (0, 0.0, [])
    for (at, values), (there, others) in combinations(labels[:40], 2):
        if abs(at - there) < 8:
            continue
        for value, other in product(values, others):
            step = (other - value) / (there - at)
            if step == 0:
                continue
            close = _close(labels, value - step * at, step)
            spread = sum(abs(v - value - step * (a - at)) for a, v in close) / abs(step)
            signs = sum(v < 0 for _, v in close)
            if (len(close), -spread - signs) > (best[0], best[1]):
                best = (len(close), -spread - signs, close)
    if best[0] < 2:
        return None
    where, worth = np.array([one[0] for one in best[2]]), np.array([one[1] for one in best[2]])
    step, start = (float(one) for one in np.polyfit(where, worth, 1))
    off = float(np.abs(worth - start - step * where).mean() / abs(step))
    return start, step, best[0], off


def _close(
    labels: Sequence[tuple[float, list[float]]], start: float, step: float
) -> list[tuple[float, float]]:
    """The labels on a line, each with that of its values which is."""
    found = list[tuple[float, float]]()
    for at, values in labels:
        there = start + step * at
        away, value = min((abs(one - there), one) for one in values)
        if away <= NEAR * abs(step):
            found.append((at, value))
    return found
