"""Which requests would come too late: how long things take here, and what is ahead. Pure."""

from collections.abc import Iterable

from pellucid.engine.shares import SHARE

# Tokens read before a forecast is made, and how fast what was measured is forgotten, per step.
ENOUGH = 128
FADE = 0.95


class Forecast:
    """How long things take, in seconds, as moving averages of what is measured."""

    def __init__(self) -> None:
        """Nothing is measured; a run is taken to last a second."""
        self._tokens = self._seconds = 0.0
        self._run = 1.0

    def read(self, tokens: int, seconds: float) -> None:
        """A step read so many tokens of prompts, beside whatever else it did."""
        if tokens:
            self._tokens = self._tokens * FADE + tokens
            self._seconds = self._seconds * FADE + seconds

    def ended(self, seconds: float) -> None:
        """A candidate ran that long."""
        self._run += (seconds - self._run) / 10

    def turn(self, places: int, waiting: int = 0) -> float:
        """When one of so many places, all taken, is free for who has so many before it."""
        return self._run * (waiting + 1) / places

    def reading(self, tokens: float) -> float | None:
        """How long it takes to read so many tokens; None before enough was measured."""
        return tokens * self._seconds / self._tokens if self._tokens >= ENOUGH else None


def tokens_ahead(own: int, rank: int, others: Iterable[tuple[int, int]]) -> float:
    """Tokens read until a prompt with `own` tokens left is read, when the others of (rank,
    tokens left) are to be read too: those of higher classes and shorter ones of its own go
    first, and longer ones get their share of the steps (engine/shares.py)."""
    known = list(others)
    first = sum(left for other, left in known if (other, left) <= (rank, own))
    slowed = any(other == rank and left > own for other, left in known)
    return (own + first) * (SHARE / (SHARE - 1) if slowed else 1)


def retry_after(seconds: float) -> float:
    """What to tell who was refused: at least a second, at most a minute."""
    return min(60.0, max(1.0, seconds))
