"""The scheduler with its prefix cache against a naive model, under any order of events."""

from itertools import combinations

from engine_runs import Driven, alone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pellucid.engine import fake
from pellucid.engine.scheduler import Job, Limits
from pellucid.engine.sequence import Finished, Priority, Request, Sampling, Tokens
from pellucid.engine.shelf import Shelf

LENGTH = 12  # tokens of an answer, on average

# Prompts from few letters, so that they share prefixes of every length.
RUNS = st.lists(st.sampled_from([1, 2]), min_size=1, max_size=6)
PROMPTS = st.lists(st.sampled_from([(1,) * 9, (1, 2) * 5, (2, 2, 1), (3,)]), max_size=4).flatmap(
    lambda parts: RUNS.map(lambda run: (*(t for part in parts for t in part), *run))
)


class SchedulerMachine(RuleBasedStateMachine):
    """Requests come, are cancelled, and steps are taken, in any order."""

    @initialize(
        cells=st.integers(40, 400),
        sequences=st.integers(1, 12),
        window=st.integers(40, 160),
        batch=st.integers(1, 24),
        running=st.integers(1, 8),
        queued=st.integers(1, 12),
        step=st.integers(1, 20),
        chunk=st.integers(0, 6),
        share=st.integers(1, 12),
        gain=st.integers(0, 8),
    )
    def start(
        self,
        cells: int,
        sequences: int,
        window: int,
        batch: int,
        running: int,
        queued: int,
        step: int,
        chunk: int,
        share: int,
        gain: int,
    ) -> None:
        backend = fake.Backend(cells, sequences, window, batch, length=LENGTH)
        self.limits = Limits(running, queued, step, chunk, share, gain, max_candidates=4)
        self.driven = Driven(backend, self.limits, shelf=self.shelf())
        self.asked: dict[str, Request] = {}
        self.cancelled: set[str] = set()
        self.last: list[tuple[int, ...]] = [(1,)]

    def shelf(self) -> Shelf | None:
        """Where prefixes survive a restart (test_shelf_model.py has one)."""
        return None

    @rule(
        prompt=PROMPTS,
        follow=st.booleans(),
        most=st.integers(-1, 20),
        n=st.integers(1, 4),
        owner=st.sampled_from(["ann", "bob"]),
        priority=st.sampled_from(["interactive", "background", "batch"]),
        sampling=st.builds(Sampling, temperature=st.sampled_from([0.0, 1.0]), seed=st.just(7)),
        stop=st.sampled_from([(), (b"e",), (b"t", b"xyz"), (b"",)]),
    )
    def submit(
        self,
        prompt: tuple[int, ...],
        follow: bool,
        most: int,
        n: int,
        owner: str,
        priority: Priority,
        sampling: Sampling,
        stop: tuple[bytes, ...],
    ) -> None:
        """A request; with `follow`, one that extends an earlier answer."""
        whole = (*self.last[-1], *prompt) if follow else prompt
        name = f"r{len(self.asked)}"
        one = Request(name, whole, most, sampling, stop, n, owner, priority)
        waiting = self.waiting()
        outputs = self.driven.submit(one)
        fits = most >= 1 and len(whole) + most <= min(
            self.driven.backend.window, self.driven.backend.cells
        )
        self.asked[name] = one
        if not fits:
            assert [o.reason for o in outputs] == ["error"] * n
        elif waiting >= self.limits.max_queued:
            assert self.driven.rejected()[-1].request_id == name
        else:
            assert outputs == []

    @precondition(lambda self: self.driven.scheduler.busy)
    @rule()
    def step(self) -> None:
        """Who writes an answer gets one token in each step, whatever else goes on."""
        writing = {(j.request.request_id, j.index) for j in self.jobs() if j.first is not None}
        before = len(self.driven.outputs)
        work = self.driven.step()
        assert sum(len(one.tokens) for one in work) <= self.driven.backend.batch
        fresh = self.driven.outputs[before:]
        heard = {(o.request_id, o.index) for o in fresh if isinstance(o, Tokens | Finished)}
        assert writing <= heard
        for ended in (o for o in fresh if isinstance(o, Finished) and o.reason != "error"):
            asked = self.asked[ended.request_id]
            answer = self.driven.answer(ended.request_id, ended.index)
            self.last.append((*asked.prompt, *answer))

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Cancelling frees at once: the audit after it sees no cell of the request."""
        name = data.draw(st.sampled_from(sorted(self.asked)))
        ended = {one.index for one in self.driven.ends(name)}
        rejected = name in {one.request_id for one in self.driven.rejected()}
        outputs = self.driven.cancel(name)
        left = set() if rejected else set(range(self.asked[name].n)) - ended
        assert sorted(one.index for one in outputs) == sorted(left)
        self.cancelled |= {name} if left else set()
        assert all(job.request.request_id != name for job in self.jobs())

    @invariant()
    def books_balance(self) -> None:
        if hasattr(self, "driven"):
            self.driven.scheduler.audit()
            assert self.waiting() <= self.limits.max_queued
            assert len(self.jobs()) <= self.limits.max_running

    @invariant()
    def owners_never_share_a_cell(self) -> None:
        if hasattr(self, "driven"):
            for (_, ours), (_, theirs) in combinations(self.cells_by_owner().items(), 2):
                assert not ours & theirs

    def teardown(self) -> None:
        if hasattr(self, "driven"):
            self.driven.finish()
            assert self.driven.scheduler._memory._cells.leased == 0
            for name, one in self.asked.items():
                self.check(name, one)

    def check(self, name: str, one: Request) -> None:
        """Each candidate ended once, with the tokens it has when it runs alone."""
        ends = self.driven.ends(name)
        if name in {rejected.request_id for rejected in self.driven.rejected()}:
            assert not ends
            return
        assert [end.index for end in ends] == list(range(one.n))
        for end in ends:
            got = self.driven.answer(name, end.index)
            assert end.completion == len(got)
            assert end.cached < max(1, len(one.prompt))
            if end.reason in ("stop", "length"):
                assert (got, end.reason) == alone(one, end.index, LENGTH)
            elif end.reason == "cancelled":
                assert name in self.cancelled
                assert got == alone(one, end.index, LENGTH)[0][: len(got)]
            else:
                assert not got

    def waiting(self) -> int:
        return len(self.driven.scheduler._waiting)

    def jobs(self) -> list[Job]:
        return list(self.driven.scheduler._running.values())

    def cells_by_owner(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        entries = self.driven.scheduler._memory._prefixes._entries
        owners = {seq: entry.owner for seq, entry in entries.items()}
        owners |= {job.seq: job.request.owner for job in self.jobs()}
        for seq, owner in owners.items():
            found.setdefault(owner, set()).update(c for c, _ in self.driven.backend.held(seq))
        return found


TestScheduler = SchedulerMachine.TestCase
TestScheduler.settings = settings(
    max_examples=100,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
