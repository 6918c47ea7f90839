"""Which requests cannot run, and which would come too late: how long things take here, and what
is ahead. Pure."""

from collections.abc import Iterable

from pellucid.engine.adapters import objection
from pellucid.engine.backend import Backend
from pellucid.engine.fair_queue import rank
from pellucid.engine.jobs import Job, Limits, Queued
from pellucid.engine.memory import Memory
from pellucid.engine.sequence import Rejected, Request
from pellucid.engine.shares import SHARE

# Tokens read before a forecast is made, and how many of the last ones read count, roughly.
ENOUGH, RECENT = 128, 1024


class Forecast:
    """How long things take, in seconds, as moving averages of what is measured."""

    def __init__(self, memory: Memory, places: int, least: int) -> None:
        """Nothing is measured; a run is taken to last a second. `places` run at once, and a
        step that reads fewer than `least` tokens tells nothing about longer prompts."""
        self._memory, self._places, self._least = memory, places, max(1, least)
        self._tokens = self._seconds = 0.0
        self._run = 1.0

    def read(self, tokens: int, seconds: float) -> None:
        """A step read so many tokens of prompts, beside whatever else it did."""
        if tokens >= self._least:
            keep = max(0.0, 1 - tokens / RECENT)
            self._tokens = self._tokens * keep + tokens
            self._seconds = self._seconds * keep + seconds

    def ended(self, seconds: float) -> None:
        """A candidate ran that long."""
        self._run += (seconds - self._run) / 10

    def turn(self) -> float:
        """When one of the places, all taken, is free again."""
        return self._run / self._places

    def first_token(
        self, request: Request, jobs: Iterable[Job], waiting: Iterable[Queued]
    ) -> float:
        """In how many seconds the first token may be expected beside what runs and waits;
        0 before enough was measured to tell."""
        if self._tokens < ENOUGH:
            return 0.0
        begun, level = list(jobs), rank(request)
        others = [(job.rank, job.left if job.reading else 0) for job in begun]
        others += [(rank(one.request), self._unread(one.request)) for one in waiting]
        ahead = tokens_ahead(self._unread(request), level, others)
        places = 1 if request.deterministic else self._places
        before = sum(other <= level for other, _ in others) - places + 1
        return ahead * self._seconds / self._tokens + max(0, before) * self.turn()

    def _unread(self, request: Request) -> int:
        """How many tokens of its prompt are not in the prefix cache."""
        shared = 0 if request.deterministic else self._memory.cached(request.owner, request.prompt)
        return len(request.prompt) - shared


def impossible(request: Request, backend: Backend, limits: Limits) -> str:
    """Why a request can never run; empty when it can."""
    prompt, tokens = len(request.prompt), len(request.prompt) + request.max_tokens
    most = min(backend.window, backend.cells)
    if not prompt:
        return "the prompt is empty"
    if request.max_tokens < 1:
        return f"max_tokens must be at least 1, not {request.max_tokens}"
    if not 1 <= request.n <= limits.max_candidates:
        return f"n must be 1 to {limits.max_candidates}, not {request.n}"
    if tokens > most:
        return (
            f"{prompt} prompt tokens and {request.max_tokens} of answer are {tokens}; "
            f"the engine holds {most}"
        )
    return objection(request, backend.adapters)


def tokens_ahead(own: int, level: int, others: Iterable[tuple[int, int]]) -> float:
    """Tokens read until a prompt with `own` tokens left is read, when the others of (rank,
    tokens left) are to be read too: those of higher classes and shorter ones of its own go
    first, and longer ones get their share of the steps (engine/shares.py)."""
    known = list(others)
    first = own + sum(left for other, left in known if (other, left) <= (level, own))
    slowed = any(other == level and left > own for other, left in known)
    return first * SHARE / (SHARE - 1) if slowed else first


def late(request: Request, seconds: float, how: str) -> Rejected:
    """The refusal of a request whose first token is late, or would be, by these seconds."""
    message = f"the first token, due after {request.deadline:g} s, {how}"
    return Rejected(request.request_id, retry_after(seconds), message, late=True)


def retry_after(seconds: float) -> float:
    """What to tell who was refused: at least a second, at most a minute."""
    return min(60.0, max(1.0, seconds))
