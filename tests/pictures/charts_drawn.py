"""Charts drawn for tests: pixels, and the words in them as if they had been read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil, cos, floor, log10, pi, sin

import pytest

pytest.importorskip("cv2", reason="charts are read with pellucid[eyes]")

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pellucid.tools.eyes.layout import Line

BLUE, ORANGE, GREEN, RED = (31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40)
COLOURS = (BLUE, ORANGE, GREEN, RED)
LETTERS = 14


@dataclass
class Drawing:
    """A picture with a plot in it; values go from `low` to `high` along its left side."""

    low: float = 0.0
    high: float = 100.0
    size: tuple[int, int] = (700, 460)
    plot: tuple[int, int, int, int] = (80, 40, 660, 400)
    log: bool = False
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.picture = Image.new("RGB", self.size, "white")
        self.pencil = ImageDraw.Draw(self.picture)
        self.font = ImageFont.load_default(LETTERS)

    def say(self, x: float, y: float, words: str, anchor: str = "mm") -> None:
        """Write words, and note them as read."""
        left, top, right, bottom = self.pencil.textbbox((x, y), words, self.font, anchor)
        self.pencil.text((x, y), words, "black", self.font, anchor)
        box = ((left, top), (right, top), (right, bottom), (left, bottom))
        self.lines.append(Line(tuple((float(a), float(b)) for a, b in box), ((words, 0.99),)))

    def row(self, value: float) -> float:
        """The row of a value."""
        _, top, _, bottom = self.plot
        if self.log:
            share = log10(value / self.low) / log10(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return bottom - share * (bottom - top)

    def axes(self, labels: Sequence[float], told: Callable[[float], str] = "{:g}".format) -> None:
        """A frame, and labels with ticks at its left side."""
        left, _, _, _ = self.plot
        self.pencil.rectangle(self.plot, outline="black")
        for value in labels:
            at = round(self.row(value))
            self.pencil.line((left - 4, at, left, at), "black")
            self.say(left - 8, at, told(value), "rm")

    def places(self, count: int) -> list[float]:
        """The middles of so many places along the lower side."""
        left, _, right, _ = self.plot
        return [left + (right - left) * (at + 0.5) / count for at in range(count)]

    def below(self, labels: Sequence[str]) -> None:
        """Labels, with ticks, below the plot."""
        bottom = self.plot[3]
        for at, label in zip(self.places(len(labels)), labels, strict=True):
            self.pencil.line((round(at), bottom, round(at), bottom + 4), "black")
            self.say(at, bottom + 16, label)

    def bar(self, left: float, right: float, value: float, start: float, colour: object) -> None:
        """A bar from one value to another."""
        top, bottom = sorted((self.row(value), self.row(start)))
        self.pencil.rectangle((round(left), ceil(top), round(right), floor(bottom)), fill=colour)

    def legend(self, names: Sequence[str], *, lines: bool = False) -> None:
        """A list of the series at the upper right."""
        right, top = self.plot[2], self.plot[1]
        for at, name in enumerate(names):
            y = top + 16 + 20 * at
            box = (right - 120, y - 5, right - 96, y + 5)
            if lines:
                self.pencil.line((box[0], y, box[2], y), COLOURS[at], 2)
            else:
                self.pencil.rectangle(box, fill=COLOURS[at])
            self.say(right - 86, y, name, "lm")

    def frame(self) -> None:
        """The frame once more, over what was drawn."""
        self.pencil.rectangle(self.plot, outline="black")

    @property
    def pixels(self) -> np.ndarray:
        """What is looked at."""
        return np.asarray(self.picture)

    def jpeg(self, quality: int) -> np.ndarray:
        """The same after it was saved with losses."""
        file = BytesIO()
        self.picture.save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(BytesIO(file.getvalue())).convert("RGB"))


def bars(values: Sequence[float], labels: Sequence[str], **axes: float) -> Drawing:
    """One series of bars."""
    return grouped([values], labels, (), **axes)


def grouped(
    series: Sequence[Sequence[float]], labels: Sequence[str], names: Sequence[str], **axes: float
) -> Drawing:
    """Bars of several series side by side."""
    drawing = Drawing(**axes)
    _tall(drawing)
    wide = 0.7 * (drawing.places(2)[1] - drawing.places(2)[0]) * 2 / len(labels) / len(series)
    for number, values in enumerate(series):
        for at, value in zip(drawing.places(len(labels)), values, strict=True):
            left = at + (number - len(series) / 2) * wide
            drawing.bar(left, left + wide - 2, value, max(0.0, drawing.low), COLOURS[number])
    return _finished(drawing, labels, names)


def stacked(
    series: Sequence[Sequence[float]], labels: Sequence[str], names: Sequence[str], **axes: float
) -> Drawing:
    """Bars of several series upon each other."""
    drawing = Drawing(**axes)
    _tall(drawing)
    for at, column in zip(drawing.places(len(labels)), zip(*series, strict=True), strict=True):
        foot = 0.0
        for number, value in enumerate(column):
            drawing.bar(at - 15, at + 15, foot + value, foot, COLOURS[number])
            foot += value
    return _finished(drawing, labels, names)


def curves(
    series: Sequence[Sequence[float]], labels: Sequence[str], names: Sequence[str], **axes: float
) -> Drawing:
    """Lines with markers."""
    drawing = Drawing(**axes)
    _tall(drawing)
    for number, values in enumerate(series):
        points = [
            (at, drawing.row(value))
            for at, value in zip(drawing.places(len(labels)), values, strict=True)
        ]
        drawing.pencil.line(points, COLOURS[number], 2)
        for x, y in points:
            x, y = round(x), round(y)
            drawing.pencil.ellipse((x - 4, y - 4, x + 4, y + 4), fill=COLOURS[number])
    return _finished(drawing, labels, names, lines=True)


def dots(points: Sequence[tuple[float, float]], across: float) -> Drawing:
    """Dots, with values from 0 to `across` along the lower side."""
    drawing = Drawing()
    _tall(drawing)
    left, _, right, bottom = drawing.plot
    for value in range(0, round(across) + 1, round(across / 5)):
        at = left + (right - left) * value / across
        drawing.pencil.line((round(at), bottom, round(at), bottom + 4), "black")
        drawing.say(at, bottom + 16, f"{value}")
    for x, y in points:
        at, row = round(left + (right - left) * x / across), round(drawing.row(y))
        drawing.pencil.ellipse((at - 4, row - 4, at + 4, row + 4), fill=BLUE)
    return drawing


def pie(shares: Sequence[float], labels: Sequence[str]) -> Drawing:
    """A pie whose slices begin at the right."""
    drawing = Drawing(size=(500, 460))
    turn = 0.0
    for number, (share, label) in enumerate(zip(shares, labels, strict=True)):
        end = turn + 360 * share / sum(shares)
        drawing.pencil.pieslice((120, 80, 400, 360), turn, end, fill=COLOURS[number])
        middle = (turn + end) / 2 * pi / 180
        drawing.say(260 + 180 * cos(middle), 220 + 165 * sin(middle), label)
        turn = end
    return drawing


def _tall(drawing: Drawing) -> None:
    step = (drawing.high - drawing.low) / 5
    if drawing.log:
        drawing.axes([drawing.low * 10**n for n in range(round(log10(drawing.high / drawing.low)))])
    else:
        drawing.axes([drawing.low + step * n for n in range(6)])


def _finished(
    drawing: Drawing, labels: Sequence[str], names: Sequence[str], *, lines: bool = False
) -> Drawing:
    drawing.below(labels)
    if names:
        drawing.legend(names, lines=lines)
    drawing.frame()
    return drawing
