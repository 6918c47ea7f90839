"""Which known number a miscopied one was meant to be."""

from collections.abc import Iterable

LARGEST_DISTANCE = 8


def allowed(length: int) -> int:
    """How many slips of the pen are a copy of so many digits and not another number."""
    if length <= 8:
        return 1
    if length <= 15:
        return 2
    return min(LARGEST_DISTANCE, length // 6)


def distance(one: str, other: str, most: int) -> int:
    """Slips between two strings: a character changed, dropped, doubled, or two swapped.

    Counts up to `most`; anything beyond is `most + 1`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    start = 0
    shorter = min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    stop = 0
    while stop < shorter - start and one[-1 - stop] == other[-1 - stop]:
        stop += 1
    return _table(one[start : len(one) - stop], other[start : len(other) - stop], most)


def _table(one: str, other: str, most: int) -> int:
    """The optimal string alignment distance, computed in a band of `most` around the diagonal."""
    far = most + 1
    before: list[int] = []
    last = [min(at, far) for at in range(len(other) + 1)]
    for row in range(1, len(one) + 1):
        here = [far] * (len(other) + 1)
        here[0] = min(row, far)
        for at in range(max(1, row - most), min(len(other), row + most) + 1):
            changed = last[at - 1] + (one[row - 1] != other[at - 1])
            best = min(changed, last[at] + 1, here[at - 1] + 1)
            if (
                row > 1
                and at > 1
                and one[row - 1] == other[at - 2]
                and one[row - 2] == other[at - 1]
            ):
                best = min(best, before[at - 2] + 1)
            here[at] = min(best, far)
        if min(here) >= far:
            return far
        before, last = last, here
    return last[-1]


def nearest(digits: str, known: Iterable[str]) -> str | None:
    """The one known string within the allowed distance that is nearest; None when two are."""
    best, winners = allowed(len(digits)) + 1, set[str]()
    for candidate in known:
        gap = distance(digits, candidate, min(best, allowed(len(digits))))
        if gap < best:
            best, winners = gap, {candidate}
        elif gap == best <= allowed(len(digits)):
            winners.add(candidate)
    return winners.pop() if len(winners) == 1 else None
