"""The picture of a comparison: accuracy against output tokens, as SVG.

One panel for each set. The bare weights are a point, Pellucid's efforts a curve; bars are
95 % intervals, dashed lines what others published.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pellucid.evals.summary import Row
from pellucid.evals.systems import BARE
from pellucid.evals.task import Task

WIDTH, HEIGHT = 440, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 40, 46
OURS, THEIRS, GRID, INK = "#0b6e8f", "#c2571a", "#e3e6e8", "#33383b"
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:" + INK + "}"
    ".title{font-weight:600;font-size:14px}.small{font-size:11px;fill:#6a7176}"
)
STEPS = (1, 2, 5)
LETTER = 6.2
"""Pixels a letter takes, about."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Place = tuple[float, float, str]
"""Where a text is anchored, and at which of its ends."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a panel puts tokens and accuracy; `ticks` are marked on the axis of tokens."""

    ticks: tuple[float, ...]
    left: float

    def x(self, tokens: float) -> float:
        """Pixels from the left."""
        return self.left + LEFT + (WIDTH - LEFT - RIGHT) * tokens / self.ticks[-1]

    def y(self, share: float) -> float:
        """Pixels from the top."""
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - share)


def draw(panels: Sequence[tuple[Task, Sequence[Row]]]) -> str:
    """The picture of one or more sets, side by side."""
    width = WIDTH * len(panels)
    body = "".join(_panel(task, rows, WIDTH * n) for n, (task, rows) in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        f'width="{width}" height="{HEIGHT}"><style>{STYLE}</style>'
        f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>{body}</svg>\n'
    )


def ticks(most: float) -> tuple[float, ...]:
    """Four to nine round numbers from 0 to at least `most`."""
    size = max(most, 1.0) / 6
    power = 10.0 ** math.floor(math.log10(size))
    step = next((s * power for s in STEPS if s * power >= size), 10 * power)
    return tuple(step * n for n in range(math.ceil(max(most, 1.0) / step) + 1))


def _panel(task: Task, rows: Sequence[Row], left: float) -> str:
    scale = Scale(ticks(1.15 * max(row.tokens for row in rows)), left)
    ours = [row for row in rows if row.system != BARE]
    taken = [_dot(row, scale) for row in rows]
    parts = [_axes(scale, task.name, rows[0].items)]
    if len(ours) > 1:
        points = " ".join(f"{scale.x(r.tokens):.1f},{scale.y(r.accuracy):.1f}" for r in ours)
        line = f'<polyline points="{points}" fill="none" stroke="{OURS}" stroke-width="2"/>'
        parts.append(line)
    parts += [_point(row, scale, taken) for row in rows]
    return "".join([*parts, *_published(task, scale, taken)])


def _axes(scale: Scale, name: str, items: int) -> str:
    right, bottom = scale.x(scale.ticks[-1]), scale.y(0)
    parts = [_text(scale.left + LEFT, 20, f"{name} ({items} questions)", "title")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = scale.y(share)
        parts.append(_line(scale.x(0), y, right, y, GRID))
        parts.append(_text(scale.x(0) - 6, y + 4, f"{100 * share:.0f} %", "small", "end"))
    for tick in scale.ticks:
        parts.append(_line(scale.x(tick), bottom, scale.x(tick), bottom + 4, INK))
        parts.append(_text(scale.x(tick), bottom + 16, f"{tick:g}", "small", "middle"))
    parts.append(_line(scale.x(0), bottom, right, bottom, INK))
    middle = (scale.x(0) + right) / 2
    parts.append(_text(middle, bottom + 34, "output tokens an item", "small", "middle"))
    return "".join(parts)


def _published(task: Task, scale: Scale, taken: list[Box]) -> list[str]:
    parts = []
    begin, end = scale.x(0), scale.x(scale.ticks[-1])
    for one in task.published:
        y = scale.y(one.percent / 100)
        places = [
            (x, y + dy, anchor)
            for dy in (-4, 12)
            for x, anchor in ((end, "end"), (begin + 4, "start"), ((begin + end) / 2, "middle"))
        ]
        parts.append(_line(begin, y, end, y, "#9aa3a8", dashed=True))
        parts.append(_placed(f"{one.whose}: {one.percent:g}", "small", places, taken))
    return parts


def _dot(row: Row, scale: Scale) -> Box:
    x, y = scale.x(row.tokens), scale.y(row.accuracy)
    return x - 6, y - 6, x + 6, y + 6


def _point(row: Row, scale: Scale, taken: list[Box]) -> str:
    colour = THEIRS if row.system == BARE else OURS
    x, y = scale.x(row.tokens), scale.y(row.accuracy)
    bar = _line(x, scale.y(row.low), x, scale.y(row.high), colour, opacity=0.45)
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}"/>'
    told = "bare weights" if row.system == BARE else row.system
    places = [
        *((x + 8, y + 14, "start"), (x + 8, y - 8, "start"), (x - 8, y + 14, "end")),
        *((x - 8, y - 8, "end"), (x + 8, y + 28, "start"), (x + 8, y - 22, "start")),
    ]
    return bar + dot + _placed(f"{told}, {100 * row.accuracy:.0f} %", "", places, taken)


def _placed(told: str, kind: str, places: Sequence[Place], taken: list[Box]) -> str:
    """A text at the first place where it covers nothing, else at the first; it takes it."""
    boxes = [_box(told, *place) for place in places]
    free = (n for n, box in enumerate(boxes) if not any(_meet(box, other) for other in taken))
    chosen = next(free, 0)
    taken.append(boxes[chosen])
    x, y, anchor = places[chosen]
    return _text(x, y, told, kind, anchor)


def _box(told: str, x: float, y: float, anchor: str) -> Box:
    """About what a text covers."""
    width = LETTER * len(told)
    left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return left, y - 10, left + width, y + 3


def _meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _line(
    x1: float,
    y1: float,
    x2: float,
    y2: float,
    colour: str,
    *,
    dashed: bool = False,
    opacity: float = 1.0,
) -> str:
    dashes = ' stroke-dasharray="4 4"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-opacity="{opacity:g}"{dashes}/>'
    )


def _text(x: float, y: float, told: str, kind: str, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(told)}</text>'
    )
