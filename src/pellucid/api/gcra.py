"""The generic cell rate algorithm: so many a minute, spread out or at once, in one number each.

ITU-T I.371, annex A; https://brandur.org/rate-limiting. Kept is the time at which all that was
taken will have been given back ("theoretical arrival time"); time gives back steadily.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

MINUTE = 60.0
ROUNDING = 1e-6
"""Of one unit: sums of floats that should be whole are."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one owner stands: `remaining` units now, all of them again in `reset` seconds, and one
    in `wait` seconds (0: there is one now)."""

    remaining: int
    reset: float
    wait: float


class Gcra:
    """`most` units a minute for every owner; `clock` gives seconds and never goes back."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self.most, self._clock = most, clock
        self._every = MINUTE / most
        self._until: dict[str, float] = {}  # by owner, of whom there are as many as keys

    def look(self, owner: str) -> Standing:
        """How an owner stands."""
        reset = max(0.0, self._until.get(owner, 0.0) - self._clock())
        left = (MINUTE - reset) / self._every + ROUNDING
        wait = 0.0 if left >= 1 else reset + self._every - MINUTE
        return Standing(max(0, math.floor(left)), reset, wait)

    def charge(self, owner: str, units: int) -> None:
        """Take units, also those that are not there: then it takes longer until one is."""
        now = self._clock()
        self._until[owner] = max(now, self._until.get(owner, now)) + units * self._every
