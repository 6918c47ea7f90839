"""What the engine's tests share: a naive model of a run, and a scheduler driven by hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from soak_books import undisturbed

from pellucid.engine import fake
from pellucid.engine.backend import Sampled, Work
from pellucid.engine.jobs import Limits
from pellucid.engine.scheduler import Scheduler
from pellucid.engine.sequence import Finished, Output, Rejected, Request, Tokens
from pellucid.engine.shelf import Shelf

SMALL = Limits(max_running=4, max_queued=8, step_tokens=16, min_chunk=4, min_share=4, min_gain=2)


# The naive model: a candidate by itself on a fresh backend, token by token.
alone = undisturbed


def limits(**changes: int) -> Limits:
    return replace(SMALL, **changes)


def request(name: str, prompt: str, max_tokens: int = 8, **more: object) -> Request:
    return Request(name, tuple(prompt.encode()), max_tokens, **more)  # type: ignore[arg-type]


@dataclass
class Driven:
    """A scheduler over a fake backend, the steps taken by the test."""

    backend: fake.Backend = field(default_factory=fake.Backend)
    limits: Limits = SMALL
    now: float = 0.0
    outputs: list[Output] = field(default_factory=list)
    planned: Callable[[list[Work]], None] = lambda work: None
    token: float = 0.0
    shelf: Shelf | None = None

    def __post_init__(self) -> None:
        self.scheduler = Scheduler(self.backend, self.limits, self.shelf)

    def submit(self, *requests: Request) -> list[Output]:
        return self.note(o for one in requests for o in self.scheduler.submit(one, self.now))

    def cancel(self, name: str) -> list[Output]:
        return self.note(self.scheduler.cancel(name, self.now))

    def step(self) -> list[Work]:
        """One step, which takes as long as its tokens; what was planned."""
        work = self.scheduler.plan(self.now)
        self.planned(work)
        self.now += self.token * sum(len(one.tokens) for one in work)
        self.note(self.scheduler.commit(self.decode(work), self.now))
        self.scheduler.audit()
        return work

    def running(self) -> list[str]:
        """Ids of the requests that run, in the order in which they got their places."""
        return [job.request.request_id for job in self.scheduler._running.values()]

    def decode(self, work: list[Work]) -> list[Sampled]:
        return self.backend.decode(work)

    def finish(self, most: int = 2000) -> "Driven":
        """Steps until nothing is left; each must do something."""
        for _ in range(most):
            if not self.scheduler.busy:
                return self
            before = len(self.outputs)
            assert self.step() or len(self.outputs) > before, "busy, but nothing to do"
        raise AssertionError("the scheduler does not come to an end")

    def note(self, outputs: Iterable[Output]) -> list[Output]:
        fresh = list(outputs)
        self.outputs += fresh
        return fresh

    def answer(self, name: str, index: int = 0) -> tuple[int, ...]:
        return tuple(
            token
            for one in self.outputs
            if isinstance(one, Tokens) and (one.request_id, one.index) == (name, index)
            for token in one.tokens
        )

    def ends(self, name: str) -> list[Finished]:
        """The endings of a request, by candidate."""
        found = [o for o in self.outputs if isinstance(o, Finished) and o.request_id == name]
        return sorted(found, key=lambda one: one.index)

    def end(self, name: str) -> Finished:
        (only,) = self.ends(name)
        return only

    def rejected(self) -> list[Rejected]:
        return [one for one in self.outputs if isinstance(one, Rejected)]


def order_of_first_tokens(outputs: list[Output]) -> list[str]:
    """Request ids in the order in which they began to answer or ended."""
    return list(dict.fromkeys(one.request_id for one in outputs))
