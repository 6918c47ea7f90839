"""Values as they are written: as many places as pixels bear, and how far they may be off."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil, floor, log10

from pellucid.tools.eyes.charts.axes import Scale

PIXELS = 0.8
"""How far the end of a bar or the middle of a line may be off, in pixels."""


def off(scale: Scale) -> float:
    """How far values of an axis may be off; a share of the value where it is logarithmic."""
    return (PIXELS + min(1.0, scale.off)) * scale.fine


def told_off(scale: Scale, ends: int = 1, more: float = 0.0) -> str:
    """The same as it is told: "± 0.8", "± 3 %"; of a value between two `ends`, by both of them,
    and by so many pixels `more`."""
    far = off(scale) * ends**0.5 + more * scale.fine
    return f"± {significant(100 * far, 2)} %" if scale.log else f"± {significant(far, 2)}"


def significant(value: float, digits: int) -> str:
    """A value with so many digits that tell something."""
    if value == 0:
        return "0"
    places = digits - 1 - floor(log10(abs(value)))
    return f"{round(value, places):.{max(0, places)}f}"


def written(value: float, scale: Scale) -> str:
    """A value with a place more than its pixels bear."""
    if scale.log:
        return significant(value, 3) if value else "0"
    places = max(0, ceil(-log10(off(scale)) + 0.3))
    return plain(f"{value:.{places}f}")


def plain(text: str) -> str:
    """A number without zeros at its end, and without a sign before nothing."""
    bare = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if bare == "-0" else bare


def step(values: Sequence[float], scale: Scale) -> float:
    """The round step that places along an axis of whole numbers keep to, 0 if there is none."""
    if not scale.whole or scale.log or len(values) < 2:
        return 0.0
    near = min(abs(after - before) for before, after in pairwise(values))
    for power in range(6, -1, -1):
        for digit in (5, 2, 1):
            size = float(digit * 10**power)
            far = max(2.5 * scale.fine, 0.12 * size)
            close = sum(abs(value - size * round(value / size)) < far for value in values)
            if 6 * scale.fine <= size <= 1.2 * near and close >= 0.95 * len(values):
                return size
    return 0.0


def places(values: Sequence[float], scale: Scale) -> list[str]:
    """Places along an axis; round ones where they all are."""
    size = step(values, scale)
    if size:
        return [f"{round(size * round(value / size))}" for value in values]
    return [written(value, scale) for value in values]
