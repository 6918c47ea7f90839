"""Runs that gave their place to a more important one, and how they come back. Pure.

What a run held in cells goes to host memory, and its cells stay in the prefix cache for as
long as nobody needs them. It comes back from there, or from host memory, or it reads its
tokens again; its sampler is only put aside, with all it remembers.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

from pellucid.engine.backend import Backend
from pellucid.engine.cells import Imbalance
from pellucid.engine.jobs import Job
from pellucid.engine.memory import Memory, Need


def victims(
    running: Iterable[Job], rank: int, fits: Callable[[list[Job]], bool]
) -> list[Job] | None:
    """The fewest runs of classes below `rank` without which a run fits: the least important
    first, of these the last to have begun. None if it would not fit without all of them."""
    lower = [job for job in running if job.rank > rank]
    order = sorted(reversed(lower), key=lambda job: -job.rank)
    choices = (order[:number] for number in range(len(order) + 1))
    return next((gone for gone in choices if fits(gone)), None)


class Parking:
    """Preempted runs and their host memory, at most `most` bytes in all; `preempted` counts
    how often it came to that."""

    def __init__(self, backend: Backend, memory: Memory, most: int) -> None:
        """Nobody is preempted yet."""
        self._backend, self._memory, self._most = backend, memory, most
        self._states: dict[Job, bytes] = {}  # empty where there was no room for it
        self._places = count(backend.sequences)
        self.preempted = 0

    def __len__(self) -> int:
        """Runs that wait to come back."""
        return len(self._states)

    def __iter__(self) -> Iterator[Job]:
        """Runs that wait to come back, those that came first to the engine first."""
        return iter(sorted(self._states, key=lambda job: job.submitted))

    def park(self, job: Job) -> None:
        """Take the place of a run; it keeps its sampler and, if there is room, its state."""
        self.preempted += 1
        size = self._backend.save_size(job.seq) if job.held else 0
        fits = 0 < size <= self._most - self._used
        self._states[job] = self._backend.save(job.seq) if fits else b""
        place = next(self._places)
        self._backend.move_sampler(job.seq, place)
        self._memory.keep(job.seq, job.request.owner, tuple(job.tokens[: job.held]))
        job.seq = place

    def need(self, job: Job) -> Need:
        """What a run needs to come back. It comes through the prefix cache when that has all
        of it still, or is the best there is. A deterministic one gets cells of its own, in
        order."""
        request, tokens = job.request, tuple(job.tokens)
        share = not request.deterministic
        if share and self._states[job]:
            share = self._memory.cached(request.owner, tokens) >= job.held
        return request.owner, tokens, request.max_tokens - job.written, share

    def resume(self, job: Job, seq: int, held: int) -> None:
        """A run comes back in a sequence that holds the first `held` of its tokens."""
        state = self._states.pop(job)
        if state and not held:
            held = self._restore(seq, state, job.held)
        self._backend.move_sampler(job.seq, seq)
        job.seq, job.held = seq, held

    def remove(self, job: Job) -> None:
        """A run ends while it waits: its state is forgotten. Its sampler is not closed."""
        del self._states[job]

    def audit(self) -> None:
        """Raises Imbalance when more is kept than allowed, or for one who needs none."""
        wrong = [job.seq for job in self._states if job.seq < self._backend.sequences]
        if wrong or self._used > self._most:
            raise Imbalance(f"preempted: {self._used} of {self._most} bytes, {wrong} run")

    @property
    def _used(self) -> int:
        """Bytes of host memory in use."""
        return sum(map(len, self._states.values()))

    def _restore(self, seq: int, state: bytes, held: int) -> int:
        """Put a state into cells; how many are held then: none when it is no good."""
        try:
            self._backend.restore(seq, state)
        except ValueError:
            return 0
        self._memory.grow(seq, held)
        return held
