"""The scheduler with its prefix cache against a naive model, under any order of events."""

from dataclasses import replace
from itertools import combinations

import msgspec
from engine_runs import Driven, alone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from llguidance import LLMatcher

from pellucid.core.serving import Priority
from pellucid.engine import fake
from pellucid.engine.backend import Work
from pellucid.engine.jobs import Job, Limits
from pellucid.engine.sequence import Finished, Request, Sampling, Tokens
from pellucid.engine.shelf import Shelf

LENGTH = 12  # tokens of an answer, on average
ADAPTERS = {"red": "1", "blue": "2"}
OBJECT = LLMatcher.grammar_from_json_schema(
    {
        "type": "object",
        "properties": {"name": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
        "required": ["name", "size"],
        "additionalProperties": False,
    }
)
WORDS = LLMatcher.grammar_from_regex("(one|twenty|twelve)+")

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
        saved=st.sampled_from([0, 300, 10**6]),
        touchy=st.booleans(),
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
        saved: int,
        touchy: bool,
    ) -> None:
        def backend() -> fake.Backend:
            return fake.Backend(
                cells, sequences, window, batch, LENGTH, touchy=touchy, adapters=ADAPTERS
            )

        self.fresh, self.touchy = backend, touchy
        self.limits = Limits(running, queued, step, chunk, share, gain, 4, saved)
        self.driven = Driven(
            backend(), self.limits, planned=self.planned, token=0.01, shelf=self.shelf()
        )
        self.submitted: dict[str, float] = {}
        self.asked: dict[str, Request] = {}
        self.cancelled: set[str] = set()
        self.waited: dict[str, int] = {}  # adapter: steps since its last turn
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
        sampling=st.builds(
            Sampling,
            temperature=st.sampled_from([0.0, 1.0]),
            seed=st.just(7),
            grammar=st.sampled_from(["", "", "", OBJECT, WORDS]),
        ),
        stop=st.sampled_from([(), (b"e",), (b"t", b"xyz"), (b"",)]),
        deadline=st.sampled_from([0.0, 0.0, 0.2, 1.0, 9.0]),
        deterministic=st.booleans(),
        adapter=st.sampled_from(["", "", "red", "blue"]),
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
        deadline: float,
        deterministic: bool,
        adapter: str,
    ) -> None:
        """A request; with `follow`, one that extends an earlier answer."""
        whole = (*self.last[-1], *prompt) if follow else prompt
        name = f"r{len(self.asked)}"
        one = Request(
            name, whole, most, sampling, stop, n, owner, priority, deadline, deterministic, adapter
        )
        waiting = self.driven.scheduler._waiting.count(priority)
        outputs = self.driven.submit(one)
        fits = most >= 1 and len(whole) + most <= min(
            self.driven.backend.window, self.driven.backend.cells
        )
        self.asked[name], self.submitted[name] = one, self.driven.now
        if not fits:
            assert [o.reason for o in outputs] == ["error"] * n
        elif waiting >= self.limits.max_queued:
            (rejected,) = outputs
            assert rejected == self.driven.rejected()[-1]
            assert (rejected.request_id, rejected.late) == (name, False)
        elif outputs:
            assert outputs == self.driven.rejected()[-1:]
            assert self.driven.rejected()[-1].late
            assert deadline

    @precondition(lambda self: self.driven.scheduler.busy)
    @rule()
    def step(self) -> None:
        before = len(self.driven.outputs)
        self.driven.step()
        fresh = self.driven.outputs[before:]
        for token in (o for o in fresh if isinstance(o, Tokens)):
            asked = self.asked[token.request_id]
            first = token.tokens == self.driven.answer(token.request_id, token.index)
            waited = self.driven.now - self.submitted[token.request_id]
            others = any(self.driven.answer(token.request_id, i) for i in range(asked.n))
            # The step that brings it may end a little later.
            late = waited > asked.deadline + 0.01 * self.driven.backend.batch
            assert not (asked.deadline and first and not others and late)
        for ended in (o for o in fresh if isinstance(o, Finished) and o.reason != "error"):
            asked = self.asked[ended.request_id]
            answer = self.driven.answer(ended.request_id, ended.index)
            self.last.append((*asked.prompt, *answer))

    def planned(self, work: list[Work]) -> None:
        """Classes have strict priority, adapters of the highest one take turns, and who is
        deterministic is alone."""
        counts = {one.seq: len(one.tokens) for one in work}
        assert sum(counts.values()) <= self.driven.backend.batch
        top = min((job.rank for job in self.jobs()), default=0)
        wanted = {job.request.adapter for job in self.jobs() if job.rank == top}
        turns = {one.adapter for one in work}
        assert turns <= wanted
        assert len(turns) == bool(wanted)
        self.waited = {name: self.waited.get(name, 0) + 1 for name in wanted - turns}
        assert max(self.waited.values(), default=0) <= len(ADAPTERS)
        jobs = {job.seq: job for job in self.jobs() if job.request.adapter in turns}
        highest = [job for job in jobs.values() if job.rank == top]
        assert {job.seq for job in highest if not job.reading} <= set(counts)
        for rank in {job.rank for job in jobs.values()}:
            below = sum(counts.get(job.seq, 0) for job in jobs.values() if job.rank > rank)
            above = sum(counts.get(job.seq, 0) for job in jobs.values() if job.rank <= rank)
            reading = any(job.reading for job in jobs.values() if job.rank <= rank)
            assert not below or (not reading and below + above <= self.limits.step_tokens)
        assert len(self.jobs()) <= 1 or not any(j.request.deterministic for j in self.jobs())

    @rule(seconds=st.sampled_from([0.1, 2.0]))
    def time_passes(self, seconds: float) -> None:
        if hasattr(self, "driven"):
            self.driven.now += seconds

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
            scheduler = self.driven.scheduler
            samplers = {job.seq for job in scheduler._jobs()}
            assert set(self.driven.backend._samplers) == samplers
            assert set(scheduler._due) <= {
                item.request.request_id for item in [*scheduler._waiting, *scheduler._jobs()]
            }
            assert len(self.jobs()) <= self.limits.max_running

    @invariant()
    def owners_and_adapters_never_share_a_cell(self) -> None:
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
            assert not any(self.driven.answer(name, index) for index in range(one.n))
            return
        assert [end.index for end in ends] == list(range(one.n))
        for end in ends:
            got = self.driven.answer(name, end.index)
            assert end.completion == len(got)
            assert end.cached < max(1, len(one.prompt))
            if end.reason in ("stop", "length"):
                assert not self.known(one) or (got, end.reason) == self.alone(one, end.index)
            elif end.reason == "cancelled":
                assert name in self.cancelled
                assert not self.known(one) or got == self.alone(one, end.index)[0][: len(got)]
            else:
                assert not got

    def known(self, one: Request) -> bool:
        """Whether its tokens must be those of the request alone."""
        return one.deterministic or not self.touchy

    def alone(self, one: Request, index: int) -> tuple[tuple[int, ...], str]:
        """The candidate by itself: in a naive model, or on an engine without anyone else."""
        if not self.touchy:
            return alone(one, index, LENGTH)
        sampling = msgspec.structs.replace(one.sampling, seed=one.sampling.seed + index)
        only = msgspec.structs.replace(one, sampling=sampling, n=1, deadline=0.0)
        driven = Driven(self.fresh(), replace(self.limits, saved_bytes=0))
        driven.submit(only)
        return driven.finish().answer(one.request_id), driven.end(one.request_id).reason

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
