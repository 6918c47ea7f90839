"""Pies and rings: how much of the circle each colour takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, hypot, pi

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.tools.eyes.charts.axes import Pixels, apart, background
from pellucid.tools.eyes.charts.words import Word

LEAST = 40
"""Pixels of the radius of a pie."""

STEPS = 1440
"""Directions in which colours are looked at."""

SMALLEST = 8
"""Directions that a slice takes at least."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A disc or ring: its middle, and at which radius every direction has the colour of a slice."""

    x: float
    y: float
    radius: float
    at: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice: its first direction and its last, in shares of a full turn, and its colour."""

    first: float
    last: float
    colour: tuple[int, int, int]

    @property
    def share(self) -> float:
        """How much of the circle it takes."""
        return self.last - self.first

    def holds(self, direction: float) -> bool:
        """Whether it lies in a direction."""
        return self.first <= direction < self.last or self.first <= direction + 1 < self.last


def circle(pixels: Pixels) -> Circle | None:
    """The largest disc or ring of colours; None if there is none."""
    ground = background(pixels)
    away = apart(pixels, ground) > 40
    shut = cv2.morphologyEx(away.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    opened = cv2.morphologyEx(shut, cv2.MORPH_OPEN, np.ones((7, 7), np.uint8))
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    (x, y), radius = cv2.minEnclosingCircle(outline)
    if radius < LEAST or cv2.contourArea(outline) < 0.93 * pi * radius**2:
        return None
    for part in (0.75, 0.85, 0.92, 0.6):
        found = Circle(x, y, radius, part * radius)
        around = _around(pixels, found)
        if (np.abs(around - ground).max(axis=1) > 40).mean() > 0.93:
            return found
    return None


def _around(pixels: Pixels, there: Circle) -> NDArray[np.int64]:
    """The colours around a circle, clockwise from the right."""
    turns = np.arange(STEPS) * 2 * pi / STEPS
    columns = np.clip(np.round(there.x + there.at * np.cos(turns)), 0, pixels.shape[1] - 1)
    rows = np.clip(np.round(there.y + there.at * np.sin(turns)), 0, pixels.shape[0] - 1)
    around: NDArray[np.int64] = pixels[rows.astype(int), columns.astype(int)].astype(np.int64)
    return around


def slices(pixels: Pixels, there: Circle) -> list[Slice]:
    """The slices of a pie, clockwise; thin edges between them belong to both."""
    around = _around(pixels, there)
    change = np.abs(around - np.roll(around, 1, axis=0)).max(axis=1) > 30
    edges = [int(one) for one in np.flatnonzero(change)]
    if len(edges) < 2:
        return []
    runs = list[tuple[int, int]]()
    for start, end in zip(edges, [*edges[1:], edges[0] + STEPS], strict=True):
        if end - start >= SMALLEST:
            runs.append((start, end))
    found = list[Slice]()
    for number, (start, end) in enumerate(runs):
        before = runs[number - 1][1] - (STEPS if number == 0 else 0)
        after = runs[(number + 1) % len(runs)][0] + (STEPS if number == len(runs) - 1 else 0)
        first, last = (start + before) / 2, (end + after) / 2
        inside = around[np.arange(start, end) % STEPS]
        red, green, blue = (int(one) for one in np.median(inside, axis=0))
        found.append(Slice(first / STEPS, last / STEPS, (red, green, blue)))
    return found if len(found) >= 2 else []


def direction(there: Circle, word: Word) -> float:
    """In which direction a word stands, in shares of a full turn: that of its nearest point."""
    x = min(max(there.x, word.left), word.right)
    y = min(max(there.y, word.top), word.bottom)
    if hypot(word.x - there.x, word.y - there.y) < there.radius:
        x, y = word.x, word.y
    return (atan2(y - there.y, x - there.x) / (2 * pi)) % 1.0


def inside(there: Circle, word: Word) -> bool:
    """Whether the middle of a word lies in the circle."""
    return hypot(word.x - there.x, word.y - there.y) < there.radius


def close(there: Circle, word: Word) -> bool:
    """Whether a word stands just outside the circle."""
    x = min(max(there.x, word.left), word.right)
    y = min(max(there.y, word.top), word.bottom)
    far = hypot(x - there.x, y - there.y)
    return not inside(there, word) and far < 1.35 * there.radius + 10


def _far(there: Circle, one: Slice, word: Word) -> float:
    """How far a word is from the outer edge of a slice."""
    turns = np.linspace(one.first, one.last, 18)[1:-1] * 2 * pi
    x, y = there.x + there.radius * np.cos(turns), there.y + there.radius * np.sin(turns)
    off_x = np.clip(x, word.left, word.right) - x
    off_y = np.clip(y, word.top, word.bottom) - y
    return float(np.hypot(off_x, off_y).min())


def nearest(there: Circle, found: Sequence[Slice], word: Word) -> int:
    """The number of the slice that a word outside stands beside."""
    return min(range(len(found)), key=lambda number: _far(there, found[number], word))


def distance(there: Circle, found: Sequence[Slice], word: Word) -> float:
    """How far a word stands from the slice it is beside."""
    return _far(there, found[nearest(there, found, word)], word)
