"""Requests on their way through the scheduler, and the limits it keeps to."""

from dataclasses import dataclass

from pellucid.engine.fair_queue import rank
from pellucid.engine.sequence import Request


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, in tokens unless said otherwise.

    `max_running` candidates decode together (never more than the backend has sequences
    or its batch has tokens); a backend with two to four times as many sequences has ids
    left to cache prefixes in. `max_queued` requests of a class wait. A step holds
    `step_tokens`, or more where it takes that to give prompts `min_chunk`: the time of a
    step is the pause between two tokens of an answer and what a cancellation waits
    (docs/decisions/0011 has why these are small and constant). A request waits for a prompt
    that is being prefilled when that spares it `min_share` or more; a prefix is kept when it
    adds `min_gain`. `max_candidates` bounds `n`. Preempted runs may keep `saved_bytes` of
    host memory in all; those beyond read their tokens again. Of an answer that has a step to
    itself, `guesses` tokens are guessed where that pays.
    """

    max_running: int = 16
    max_queued: int = 256
    step_tokens: int = 32
    min_chunk: int = 16
    min_share: int = 32
    min_gain: int = 16
    max_candidates: int = 128
    saved_bytes: int = 1 << 29
    guesses: int = 7


@dataclass(slots=True, eq=False)
class Queued:
    """A request in the queue; `started` of its candidates have left it. It waits until
    `behind` has read the `common` tokens that both prompts begin with."""

    request: Request
    submitted: float
    started: int = 0
    behind: "Job | None" = None
    common: int = 0


@dataclass(slots=True, eq=False)
class Job:
    """A candidate that runs, or was preempted. Of `tokens` (prompt and answer), `held` are
    in cells; `tail` are the last bytes produced, as many as a stop string still to complete
    may need. Others of its class came first in the last `passed` steps."""

    request: Request
    index: int
    seq: int
    cached: int
    submitted: float
    admitted: float
    tokens: list[int]
    held: int
    first: float | None = None
    tail: bytes = b""
    passed: int = 0

    @property
    def written(self) -> int:
        """Tokens of the answer so far."""
        return len(self.tokens) - len(self.request.prompt)

    @property
    def left(self) -> int:
        """Tokens to read before the next one can be drawn."""
        return len(self.tokens) - self.held

    @property
    def reading(self) -> bool:
        """Whether it reads its prompt (or reads again, after preemption), not writes."""
        return self.first is None or self.left > 1

    @property
    def rank(self) -> int:
        """How important it is; 0 is the highest class."""
        return rank(self.request)
