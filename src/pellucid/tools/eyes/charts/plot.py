"""A plot with all that is known of it: scales, labels, titles, colours, numbers printed in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.tools.eyes.charts import colours
from pellucid.tools.eyes.charts.axes import (
    Frame,
    Mask,
    Pixels,
    Scale,
    apart,
    ground,
    neutral,
    scale,
    ticks,
)
from pellucid.tools.eyes.charts.colours import Entry
from pellucid.tools.eyes.charts.words import Word, exponents, label, number

REACH = 90
"""Pixels from an axis in which its labels are looked for."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the axis below a plot, and the pixel along it that it stands for."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot; `covered` is what is not ground. Masks, and what is found in them, are counted from
    the corner of its frame; scales and words from that of the picture."""

    frame: Frame
    inside: Pixels
    covered: Mask
    series: tuple[Entry, ...]
    masks: tuple[Mask, ...]
    left: Scale | None
    right: Scale | None
    below: Scale | None
    labels: tuple[Label, ...]
    printed: tuple[Word, ...]
    left_title: str
    right_title: str
    below_title: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, without letters too, its words, its legend, and which words are of that; `turned`
    tells that its left side lies below."""

    pixels: Pixels
    clean: Pixels
    erased: Mask
    words: tuple[Word, ...]
    listed: tuple[Entry, ...]
    legend: frozenset[Word]
    turned: bool = False

    def turn(self) -> "Picture":
        """The same, its left side below and the lower one left: level bars stand then."""
        high, wide = self.pixels.shape[:2]
        return Picture(
            _turned(self.pixels),
            _turned(self.clean),
            np.ascontiguousarray(self.erased[::-1, ::-1].T),
            tuple(one.turned(wide, high) for one in self.words),
            self.listed,
            frozenset(one.turned(wide, high) for one in self.legend),
            not self.turned,
        )


def _turned(pixels: Pixels) -> Pixels:
    return np.ascontiguousarray(pixels[::-1, ::-1].transpose(1, 0, 2))


def picture(pixels: Pixels, words: Sequence[Word]) -> Picture:
    """A picture with its legend."""
    listed, texts = colours.legend(pixels, words)
    clean, erased = colours.cleaned(pixels, words, texts)
    return Picture(pixels, clean, erased, tuple(words), tuple(listed), frozenset(texts))


def plot(seen: Picture, frame: Frame) -> Plot:
    """What is in a frame and beside it."""
    dark = neutral(seen.pixels, 60)
    inside = seen.clean[frame.top : frame.bottom, frame.left : frame.right]
    erased = seen.erased[frame.top : frame.bottom, frame.left : frame.right]
    series = colours.palette(inside, seen.listed)
    free = [one for one in seen.words if one not in seen.legend]
    below = _below(free, frame, seen.turned)
    labels = tuple(_labels(below, ticks(dark, frame, "bottom"), seen.turned))
    left, right = _beside(free, frame, "left"), _beside(free, frame, "right")
    return Plot(
        frame,
        inside,
        apart(inside, ground(inside)) > 40,
        tuple(series),
        tuple(colours.mended(one, erased) for one in colours.masks(inside, series)),
        scale([(one.y, one.text) for one in left], ticks(dark, frame, "left")),
        scale([(one.y, one.text) for one in right], ticks(dark, frame, "right")),
        scale([(one.at, one.text) for one in labels], ()),
        labels,
        tuple(one for one in free if frame.holds(one)),
        _title_beside(free, frame, "left", seen.turned),
        _title_beside(free, frame, "right", seen.turned),
        _title_below(free, frame, below, seen.turned) or _years(labels),
        seen.turned,
    )


def _numeric(word: Word) -> bool:
    return number(word.text) is not None or bool(exponents(word.text))


def _beside(words: Sequence[Word], frame: Frame, side: str) -> list[Word]:
    """The numbers beside a plot, at one side."""
    near = [one for one in words if _numeric(one) and frame.top - 12 < one.y < frame.bottom + 12]
    if side == "left":
        return [one for one in near if frame.left - REACH < one.right <= frame.left + 3]
    return [one for one in near if frame.right - 3 <= one.left < frame.right + REACH]


def _below(words: Sequence[Word], frame: Frame, turned: bool) -> list[Word]:
    """The labels below a plot: the first row of words there, slanted ones too."""
    under = [
        one
        for one in words
        if frame.bottom - 3 < one.top < frame.bottom + REACH
        and frame.left - 60 < one.x < frame.right + 60
    ]
    if not under:
        return []
    first = min(one.top for one in under)
    usual = float(np.median([one.bottom - one.top for one in under]))
    return [one for one in under if one.top <= first + max(10.0, 0.8 * min(usual, 20.0))]


def _labels(words: Sequence[Word], marks: Sequence[float], level: bool) -> list[Label]:
    """Labels with their places: those of the ticks where there are as many, or of their middles."""
    row = sorted(words, key=lambda one: one.x)
    if len(row) == len(marks):
        return [Label(at, label(one.text)) for one, at in zip(row, marks, strict=True)]
    pieces = [piece for one in row for piece in one.text.split()]
    if len(pieces) == len(marks) > len(row):
        return [Label(at, label(piece)) for piece, at in zip(pieces, marks, strict=True)]
    found = list[Label]()
    for one in row:
        at = one.box[1][0] - 0.3 * one.high if one.slanted and not level else one.x
        near = [mark for mark in marks if abs(mark - at) < max(6.0, 0.5 * one.high)]
        place = min(near, key=lambda mark: abs(mark - at)) if near else at
        found.append(Label(place, label(one.text)))
    return found


def _title_beside(words: Sequence[Word], frame: Frame, side: str, turned: bool) -> str:
    """The words along an axis, beyond its labels."""
    middle = (frame.top + frame.bottom) / 2
    beyond = [
        one
        for one in words
        if (one.right < frame.left if side == "left" else one.left > frame.right)
        and not _numeric(one)
        and abs(one.y - middle) < (0.25 if one.upright else 0.06) * frame.height
    ]
    far = max(beyond, key=lambda one: (one.upright, -abs(one.y - middle)), default=None)
    return label(far.text) if far else ""


def _title_below(words: Sequence[Word], frame: Frame, labels: Sequence[Word], turned: bool) -> str:
    """The words below the labels of the lower axis."""
    if not labels:
        return ""
    lowest = float(np.median([one.bottom for one in labels]))
    middle = (frame.left + frame.right) / 2
    found = [
        one
        for one in words
        if one not in labels
        and one.y > lowest
        and not _numeric(one)
        and abs(one.x - middle) < 0.12 * frame.width
        and not one.slanted
    ]
    return label(min(found, key=lambda one: one.y).text) if found else ""


def _years(labels: Sequence[Label]) -> str:
    """What an axis without a title is called where it is plain."""
    years = [1500 <= int(one.text) <= 2200 for one in labels if re.fullmatch(r"\d{4}", one.text)]
    return "year" if len(years) == len(labels) > 1 and all(years) else ""


def named(found: Plot, numbers: Sequence[int]) -> list[str]:
    """What some series are called: by the legend, else by the axis they are measured on."""
    shown = [found.series[at] for at in numbers]
    if len(shown) == 1:
        return [shown[0].name or found.left_title or found.right_title or "value"]
    return [one.name or f"{colours.called(one.colour)} series" for one in shown]
