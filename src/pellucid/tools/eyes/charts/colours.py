"""The colours of a chart: its legend, and which pixels belong to which series."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from pellucid.tools.eyes.charts.axes import (
    Mask,
    Pixels,
    apart,
    background,
    ground,
    neutral,
    spread,
)
from pellucid.tools.eyes.charts.words import Word, going_on, label, number

COLOURFUL = 40
"""How far the channels of a colour are apart that is told from grey."""

ALIKE = 48.0
"""How far a pixel may be from a series' colour, of 441."""

LEAST, MOST_SERIES = 0.0008, 12
"""Share of a plot from which on a colour is one of a series, and how many are told apart."""

COVERED = 0.5
"""How much of a pixel a line must cover to be counted as its colour."""

_NAMES = {
    **{"red": (220, 30, 30), "blue": (31, 100, 190), "green": (40, 150, 50)},
    **{"orange": (255, 140, 20), "purple": (140, 90, 190), "brown": (140, 86, 75)},
    **{"pink": (227, 119, 194), "grey": (127, 127, 127), "yellow": (235, 215, 40)},
    **{"cyan": (23, 190, 207), "black": (20, 20, 20), "tan": (222, 184, 135)},
}

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend, or a colour without one: its name is empty."""

    name: str
    colour: Colour


def called(colour: Colour) -> str:
    """What people call a colour."""
    return min(_NAMES, key=lambda name: float(np.linalg.norm(np.subtract(_NAMES[name], colour))))


def legend(pixels: Pixels, words: Sequence[Word]) -> tuple[list[Entry], list[Word]]:
    """The lines of the legend with their colours, and the words that are of it."""
    free = background(pixels)
    found = [(one, there) for one in words if (there := _patch(pixels, one, free)) is not None]
    later = [other for one, _ in found for other in going_on(one, words)[1:]]
    found = [pair for pair in found if pair[0] not in later]
    lines = max(
        ([pair for pair in found if _listed(pair[0], one)] for one, _ in found),
        key=len,
        default=[],
    )
    if len({colour for _, colour in lines}) < len(lines):
        return [], []
    if len(lines) == 1 and number(lines[0][0].text) is not None:
        return [], []
    lines.sort(key=lambda pair: (round(pair[0].y / 8), pair[0].x))
    names = [going_on(word, words) for word, _ in lines]
    entries = [
        Entry(label(" ".join(one.text for one in name)), colour)
        for name, (_, colour) in zip(names, lines, strict=True)
    ]
    return entries, [one for name in names for one in name]


def _listed(word: Word, other: Word) -> bool:
    """Whether two words are lines of one list, one below or beside the other."""
    below = abs(word.left - other.left) < 1.2 * other.high
    beside = abs(word.y - other.y) < 0.4 * other.high
    return below or beside


def _patch(pixels: Pixels, word: Word, free: NDArray[np.int64]) -> Colour | None:
    """The colour of what stands before a word: a small patch, a line or a dot, and free space."""
    if word.slanted or word.upright:
        return None
    high = word.high
    top, bottom = round(word.y - 0.45 * high), round(word.y + 0.45 * high) + 1
    right, left = round(word.left - 1), max(0, round(word.left - 3.8 * high))
    above, below = round(word.y - 0.62 * high), round(word.y + 0.62 * high)
    if above < 0 or below >= pixels.shape[0] or right - left < 6:
        return None
    strip = pixels[top:bottom, left:right]
    away = (apart(strip, free) > 60) & (spread(strip) >= COLOURFUL)
    if not away.any():
        away = _dark_line(apart(strip, free) > 90, high)
    columns = np.flatnonzero(away.any(axis=0))
    if not len(columns):
        return None
    start, end = int(columns[0]), int(columns[-1])
    gaps = np.flatnonzero(np.diff(columns) > 0.3 * high)
    if len(gaps):
        start = int(columns[gaps[-1] + 1])
    room = right - left - 1 - end
    if start <= 1 or not 2 <= room <= 2.2 * high or end - start < 2:
        return None
    outside = pixels[[above, below], left + start : left + end + 1]
    if (apart(outside, free) > 60).mean() > 0.2:
        return None
    inside = strip[:, start : end + 1][away[:, start : end + 1]]
    return _solid(inside.astype(np.int64))


def _dark_line(away: Mask, high: float) -> Mask:
    """A level line without a colour, of those drawn before words; none where there are letters."""
    rows = np.flatnonzero(away.any(axis=1))
    long = int(away.any(axis=0).sum()) > 1.2 * high
    thin = len(rows) > 0 and rows[-1] - rows[0] < 0.3 * high
    return away if long and thin else np.zeros_like(away)


def _solid(inside: NDArray[np.int64]) -> Colour | None:
    """The one colour of most of some pixels, which are no letters."""
    coarse = inside >> 4
    keys = coarse[:, 0] << 8 | coarse[:, 1] << 4 | coarse[:, 2]
    common = np.bincount(keys).argmax()
    colour = np.median(inside[keys == common], axis=0)
    share = float((np.abs(inside - colour).max(axis=1) < 70).mean())
    if len(inside) < 6 or share < 0.5:
        return None
    red, green, blue = (int(one) for one in colour)
    return red, green, blue


def cleaned(pixels: Pixels, words: Sequence[Word], listed: Sequence[Word]) -> tuple[Pixels, Mask]:
    """The picture without its legend and without letters that are level, and where those were."""
    clean = pixels.copy()
    for word in words:
        if not word.slanted and not word.upright:
            _erase_letters(clean, word)
    erased: Mask = (clean != pixels).any(axis=2)
    free = background(pixels)
    for word in listed:
        left, right = round(word.left - 3.6 * word.high), round(word.right + 3)
        top, bottom = round(word.y - 0.75 * word.high), round(word.y + 0.75 * word.high)
        clean[max(0, top) : bottom, max(0, left) : right] = free
    return clean, erased


def mended(mask: Mask, erased: Mask) -> Mask:
    """A series with what letters hid of it, and without holes of a pixel."""
    plain = mask.astype(np.uint8)
    shut = cv2.morphologyEx(plain, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)).astype(bool)
    around = cv2.filter2D(plain, -1, np.ones((3, 3), np.float32), borderType=cv2.BORDER_CONSTANT)
    found: Mask = mask | (shut & erased) | (around >= 6)
    return found


def _erase_letters(pixels: Pixels, word: Word) -> None:
    """Put the colour around a word in the place of its letters; what has a colour stays."""
    rows = slice(max(0, round(word.top) - 1), round(word.bottom) + 1)
    columns = slice(max(0, round(word.left) - 1), round(word.right) + 1)
    spot = pixels[rows, columns]
    if not spot.size:
        return
    free = background(spot)
    letters = (spread(spot) < COLOURFUL) & (apart(spot, free) > 30)
    spot[letters] = free


def palette(inside: Pixels, listed: Sequence[Entry]) -> list[Entry]:
    """The colours of the series: those of the legend that are there, or the commonest."""
    free = ground(inside)
    if listed:
        shown = [one for one in listed if _covers(inside, one.colour, free).sum() > 12]
        return shown if len(shown) * 2 > len(listed) else []
    left = (spread(inside) >= COLOURFUL) & (apart(inside, free) > 40)
    found = list[Entry]()
    while len(found) < MOST_SERIES and left.sum() > LEAST * left.size:
        colour = _commonest(inside[left])
        covered = _blend(inside, colour, free)
        near = apart(inside, colour) < 30
        if (near & left).sum() < 0.3 * LEAST * left.size:
            break
        if covered[left].sum() < 1:
            break
        left &= ~(covered | near)
        found.append(Entry("", colour))
    return found or _greys(inside)


def _greys(inside: Pixels) -> list[Entry]:
    """A series without a colour, where there is one: black lines, grey bars."""
    dark = neutral(inside, 70)
    if dark.sum() < 4 * LEAST * dark.size:
        return []
    return [Entry("", _commonest(inside[dark]))]


def _commonest(pixels: NDArray[np.uint8]) -> Colour:
    coarse = (pixels >> 4).astype(np.int64)
    keys = coarse[:, 0] << 8 | coarse[:, 1] << 4 | coarse[:, 2]
    common = np.bincount(keys).argmax()
    red, green, blue = (int(one) for one in np.median(pixels[keys == common], axis=0))
    return red, green, blue


def _blend(inside: Pixels, colour: Colour, free: NDArray[np.int64]) -> Mask:
    """Pixels that are a mixture of a colour and the free: edges of lines are."""
    share, off = _mixed(inside, colour, free)
    found: Mask = (share > 0.12) & (share < 1.3) & (off < ALIKE * 0.75)
    return found


def _mixed(
    inside: Pixels, colour: Colour, free: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each pixel as a mixture of a colour and the free: the colour's share, and how far off."""
    way = [float(one - two) for one, two in zip(colour, free, strict=True)]
    away = [inside[..., at].astype(float) - float(free[at]) for at in range(3)]
    length = max(1.0, sum(one * one for one in way))
    share = sum(one * two for one, two in zip(away, way, strict=True)) / length
    rest = (one - share * two for one, two in zip(away, way, strict=True))
    off = np.sqrt(sum(one * one for one in rest))
    return np.asarray(share), np.asarray(off)


def _covers(inside: Pixels, colour: Colour, free: NDArray[np.int64]) -> Mask:
    share, off = _mixed(inside, colour, free)
    found: Mask = (off < ALIKE) & (share < 1.4) & (share >= COVERED)
    return found


def _distance(inside: Pixels, colour: Colour) -> NDArray[np.float64]:
    squares = [(inside[..., at].astype(float) - colour[at]) ** 2 for at in range(3)]
    return np.asarray(np.sqrt(sum(squares)))


def masks(inside: Pixels, series: Sequence[Entry]) -> list[Mask]:
    """The pixels of each series; each pixel is of that whose colour is closest to it."""
    free = ground(inside)
    if not series:
        return []
    off = np.stack([_distance(inside, one.colour) for one in series])
    both = [_mixed(inside, one.colour, free) for one in series]
    mixed = np.stack([rest for _, rest in both])
    covers = np.stack(
        [np.where((rest < ALIKE) & (share < 1.4), share, 0.0) for share, rest in both]
    )
    best = np.where(off.min(axis=0) < ALIKE, off.argmin(axis=0), mixed.argmin(axis=0))
    close = (off.min(axis=0) < ALIKE) | (covers.max(axis=0) >= COVERED)
    return [
        close & (best == number) & ((covers[number] >= COVERED) | (off[number] < ALIKE))
        for number in range(len(series))
    ]


def without_specks(mask: Mask, least: int) -> Mask:
    """The mask without its smallest parts."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        mask.astype(np.uint8), connectivity=8
    )
    keep = np.zeros(count, dtype=bool)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= least
    found: Mask = keep[labels]
    return found


def named(entries: Sequence[Entry], names: Sequence[str]) -> list[Entry]:
    """The entries under other names."""
    return [replace(one, name=name) for one, name in zip(entries, names, strict=True)]
