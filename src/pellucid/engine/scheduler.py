"""Which tokens are computed next, for whom. Pure: no clock, no thread, no ctypes.

A step is `plan`, a decode by the backend, `commit`. Who gets a place to run is decided
here, who gets how much of a step in `shares`. Times are seconds on the caller's clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import msgspec

from pellucid.engine.adapters import Turns, spaced
from pellucid.engine.admission import Forecast, impossible, late, retry_after
from pellucid.engine.backend import DRAWS, Backend, Sampled, Work
from pellucid.engine.cells import Imbalance
from pellucid.engine.fair_queue import FairQueue, rank
from pellucid.engine.jobs import Job, Limits, Queued
from pellucid.engine.lookup import Guesses
from pellucid.engine.memory import Memory, Need
from pellucid.engine.metrics import Load
from pellucid.engine.preemption import Parking, victims
from pellucid.engine.prefix_cache import common
from pellucid.engine.sequence import Finished, FinishReason, Output, Rejected, Request, Tokens
from pellucid.engine.shares import divide
from pellucid.engine.shelf import Shelf

__all__ = ["Job", "Limits", "Scheduler"]


@dataclass(slots=True)
class Plan:
    """What a step was asked to do, until it is committed; `read` tokens are of prompts."""

    began: float = 0.0
    read: int = 0
    work: list[Work] = field(default_factory=list)
    ended: list[Output] = field(default_factory=list)


class Scheduler:
    """Continuous batching of requests over the sequences of a backend.

    Candidates of a request are runs of their own that find the prompt in the prefix
    cache: the first prefills it, the others wait for that, share all but its last token,
    and decode this one again so that the first token of each comes from its own sampler.

    Higher classes take the places of lower ones, which come back before others of their
    class. A deterministic run takes its turn like any other, and has the engine to itself:
    it waits for runs of its class and above to end, and preempts those below.
    """

    def __init__(self, backend: Backend, limits: Limits, shelf: Shelf | None = None) -> None:
        """Take over an empty backend; with a shelf, prefixes survive it."""
        self._backend = backend
        self._limits = limits
        self._memory = Memory(backend, max(1, limits.min_gain), shelf)
        self._most = min(limits.max_running, backend.sequences, backend.batch)
        self._waiting: FairQueue[Queued] = FairQueue()
        self._parking = Parking(backend, self._memory, limits.saved_bytes)
        self._running: dict[int, Job] = {}  # in the order in which they got their places
        self._due: dict[str, float] = {}  # when the first token of a request has to be there
        self._plan = Plan()
        self._turns = Turns()
        self._guesses = Guesses(min(limits.guesses, DRAWS - 1))
        self._forecast = Forecast(self._memory, self._most, limits.min_chunk)

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._running) or len(self._waiting) > 0 or len(self._parking) > 0

    @property
    def load(self) -> Load:
        """How full it is now."""
        waiting, preempted = len(self._waiting) + len(self._parking), self._parking.preempted
        return self._memory.load(waiting, len(self._running), preempted)

    def submit(self, request: Request, now: float) -> list[Output]:
        """Queue a request, or say at once why not."""
        if message := impossible(request, self._backend, self._limits):
            candidates = max(1, min(request.n, self._limits.max_candidates))
            ended = Finished(request.request_id, 0, "error", len(request.prompt), message=message)
            return [msgspec.structs.replace(ended, index=index) for index in range(candidates)]
        request = spaced(request, self._backend.adapters)
        if self._waiting.count(request.priority) >= self._limits.max_queued:
            seconds = retry_after(self._forecast.turn())
            return [Rejected(request.request_id, seconds, "the queue of the engine is full")]
        if request.deadline > 0:
            seconds = self._forecast.first_token(request, self._jobs(), self._waiting)
            if seconds > request.deadline:
                return [late(request, seconds - request.deadline, f"would take {seconds:.1f} s")]
            self._due[request.request_id] = now + request.deadline
        self._waiting.push(Queued(request, now))
        return []

    def cancel(self, request_id: str, now: float) -> list[Output]:
        """End a request wherever it is; its cells are free, or cached, when this returns."""
        jobs = [job for job in self._jobs() if job.request.request_id == request_id]
        entries = [entry for entry in self._waiting if entry.request.request_id == request_id]
        outputs: list[Output] = [self._end(job, "cancelled", now) for job in jobs]
        for entry in entries:
            outputs += self._abandon(entry, "cancelled", now)
        return outputs

    def close(self, now: float) -> list[Output]:
        """Cancel everything."""
        requests = [job.request for job in self._jobs()]
        requests += [entry.request for entry in self._waiting]
        ids = dict.fromkeys(request.request_id for request in requests)
        return [output for one in ids for output in self.cancel(one, now)]

    def fail(self, message: str, now: float) -> list[Output]:
        """Decoding failed: end every request that runs and keep none of its cells."""
        outputs, self._plan = self._plan.ended, Plan()
        requests = {job.request.request_id for job in self._running.values()}
        jobs = [job for job in self._jobs() if job.request.request_id in requests]
        outputs += [self._end(job, "error", now, message) for job in jobs]
        for entry in [one for one in self._waiting if one.request.request_id in requests]:
            outputs += self._abandon(entry, "error", now, message)
        return outputs

    def plan(self, now: float) -> list[Work]:
        """The work of the next step, within the limits and the backend's batch."""
        plan = self._plan = Plan(now)
        self._expire(now)
        self._admit(now)
        jobs = self._turns.next(self._running.values())
        for job, most in divide(jobs, self._limits, self._backend.batch):
            plan.work.append(self._work(job, most))
            plan.read += len(plan.work[-1].tokens) if job.reading else 0
        if len(plan.work) == 1:
            plan.work[0] = self._with_guess(plan.work[0])
        return plan.work

    def commit(self, sampled: list[Sampled], now: float) -> list[Output]:
        """Book what the backend did for the plan; the new tokens and who ended.

        Raises Imbalance when the backend drew other sequences than asked.
        """
        plan, self._plan = self._plan, Plan()
        drawn = {one.seq: one for one in sampled}
        if sorted(one.seq for one in sampled) != sorted(w.seq for w in plan.work if w.sample):
            raise Imbalance(f"the backend drew for {sorted(drawn)}, which is not what was asked")
        self._forecast.read(plan.read, now - plan.began)
        outputs = plan.ended
        for work in plan.work:
            if work.sample:
                outputs += self._advance(work, drawn[work.seq], now)
            else:
                self._hold(self._running[work.seq], len(work.tokens))
        if len(plan.work) == 1 and plan.work[0].sample and not plan.read:
            right = len(drawn[plan.work[0].seq].then)
            self._guesses.learn(plan.work[0].guessed, right, now - plan.began)
        return outputs

    def save(self) -> bool:
        """Save at most one prefix, if one is worth it; whether there may be more. Between
        steps only."""
        return self._memory.save()

    def audit(self) -> None:
        """Raises Imbalance when ids, cells, host memory or the prefix cache do not add up."""
        self._memory.audit(self._running)
        self._parking.audit()

    def _jobs(self) -> list[Job]:
        """All candidates that have begun: those that run and those that were preempted."""
        return [*self._running.values(), *self._parking]

    def _expire(self, now: float) -> None:
        """End the requests whose first token is overdue."""
        for one in [name for name, due in self._due.items() if now >= due]:
            items: list[Queued | Job] = [*self._waiting, *self._jobs()]
            request = next(item.request for item in items if item.request.request_id == one)
            self.cancel(one, now)
            self._plan.ended.append(late(request, self._forecast.turn(), "did not come"))

    def _admit(self, now: float) -> None:
        """Start who is next while there is a place; nobody overtakes one who lacks cells."""
        room = True
        while room:
            item = next(self._next(), None)
            room = item is not None and self._make_room(item) and self._enter(item, now)

    def _next(self) -> Iterator[Queued | Job]:
        """Who may have a place, in order: classes, and in each who was preempted first."""
        items: list[Queued | Job] = [*self._parking, *self._waiting]
        items.sort(key=lambda item: rank(item.request))
        return (item for item in items if isinstance(item, Job) or not self._held_back(item))

    def _make_room(self, item: Queued | Job) -> bool:
        """Preempt who must go for this one to run; False when that would not do."""
        request, need = item.request, self._need(item)

        def fits(gone: list[Job]) -> bool:
            stay = [job for job in self._running.values() if job not in gone]
            alone = request.deterministic or any(job.request.deterministic for job in stay)
            if len(stay) >= (1 if alone else self._most):
                return False
            return self._memory.room(*need, [job.seq for job in gone])

        gone = victims(self._running.values(), rank(request), fits)
        for job in gone or ():
            del self._running[job.seq]
            self._parking.park(job)
        return gone is not None

    def _need(self, item: Queued | Job) -> Need:
        """What a new candidate, or one that was preempted, needs in order to run."""
        if isinstance(item, Job):
            return self._parking.need(item)
        request = item.request
        return request.owner, request.prompt, request.max_tokens, not request.deterministic

    def _enter(self, item: Queued | Job, now: float) -> bool:
        """Give a place to a new candidate or one that was preempted; False without room."""
        place = self._memory.open(*self._need(item))
        if place is None:
            return False
        if isinstance(item, Job):
            self._parking.resume(item, *place)
            self._running[item.seq] = item
        else:
            self._start(item, *place, now)
        return True

    def _held_back(self, entry: Queued) -> bool:
        """Whether waiting for a prompt that is being prefilled spares this one much."""
        job = entry.behind
        if job is None or self._running.get(job.seq) is not job or job.held >= entry.common:
            self._wait_behind(entry)
        return entry.behind is not None

    def _wait_behind(self, entry: Queued) -> None:
        """Find a prompt of this owner being read, in no lower class, with much in common; what
        it has read of that already can be shared at once."""
        request, entry.behind = entry.request, None
        have, usable = self._memory.cached(request.owner, request.prompt), request.prompt[:-1]
        for job in self._running.values():
            least = 1 if job.request is request else self._limits.min_share
            likely = job.first is None and job.rank <= rank(request) and not request.deterministic
            if not likely or job.request.owner != request.owner:
                continue
            shared = common(job.request.prompt, usable)
            if shared - have >= least and job.held < shared:
                entry.behind, entry.common = job, shared
                return
            if shared - have >= least:
                self._memory.publish(job.seq, request.owner, job.request.prompt[: job.held])
                have = shared

    def _start(self, entry: Queued, seq: int, cached: int, now: float) -> None:
        """Start the next candidate of a request in a sequence that holds `cached` tokens."""
        request = entry.request
        sampling = msgspec.structs.replace(
            request.sampling, seed=request.sampling.seed + entry.started
        )
        try:
            self._backend.open_sampler(seq, sampling)
        except ValueError as error:
            self._memory.discard(seq)
            self._plan.ended += self._abandon(entry, "error", now, str(error))
            return
        job = Job(
            request, entry.started, seq, cached, entry.submitted, now, list(request.prompt), cached
        )
        self._running[seq] = job
        entry.started += 1
        self._waiting.served(entry)
        if entry.started == request.n:
            self._waiting.remove(entry)

    def _work(self, job: Job, most: int) -> Work:
        """The next tokens of a job, sampled after the last one known. A deterministic one
        that reads its answer again does that as it was written, token by token."""
        if job.request.deterministic:
            most = min(most, max(1, len(job.request.prompt) - job.held))
        tokens = tuple(job.tokens[job.held : job.held + most])
        sample = job.held + len(tokens) == len(job.tokens)
        return Work(job.seq, tokens, job.held, sample, job.request.adapter)

    def _with_guess(self, work: Work) -> Work:
        """A run's work with a guess at what follows, where that pays."""
        job = self._running[work.seq]
        room = min(job.request.max_tokens - job.written, self._backend.batch) - 1
        guess = self._guesses.guess(job, room)
        return replace(work, tokens=(*work.tokens, *guess), guessed=len(guess))

    def _hold(self, job: Job, count: int) -> None:
        """So many more tokens of a run are in cells."""
        job.held += count
        self._memory.grow(job.seq, count)

    def _advance(self, work: Work, sampled: Sampled, now: float) -> list[Output]:
        """Take what was drawn and what that forces; the first token ends prefill."""
        job = self._running[work.seq]
        request, before = job.request, len(job.tokens)
        reason = self._append(job, sampled)
        new = tuple(job.tokens[before:])
        right = len(sampled.then)
        self._hold(job, len(work.tokens) - work.guessed + min(right, len(new)))
        if right > len(new):  # the answer ends before what was drawn does
            self._backend.drop(job.seq, job.held)
        if job.first is None:
            job.first = now
            self._due.pop(request.request_id, None)
            self._memory.publish(job.seq, request.owner, request.prompt)
        logprobs = (sampled.logprob, *(0.0 for _ in new[1:])) if request.sampling.logprobs else ()
        outputs: list[Output] = []
        if new:
            tops = (sampled.top, *(() for _ in new[1:])) if request.sampling.top_logprobs else ()
            outputs.append(Tokens(request.request_id, job.index, new, logprobs, tops))
        if reason is not None:
            outputs.append(self._end(job, reason, now, sampled.error))
        return outputs

    def _append(self, job: Job, sampled: Sampled) -> FinishReason | None:
        """Append what was drawn and forced; why the answer ends there, if it does."""
        if sampled.error:
            return "error"
        tokens = (sampled.token, *sampled.then, *sampled.forced)
        for place, token in enumerate(tokens, 1):
            if token in self._backend.end_tokens:
                return "stop"
            job.tokens.append(token)
            if self._stops(job, token) or (sampled.complete and place == len(tokens)):
                return "stop"
            if job.written == job.request.max_tokens:
                return "length"
        return None

    def _stops(self, job: Job, token: int) -> bool:
        """Whether this token completes a stop string (empty ones never stop)."""
        stops = [stop for stop in job.request.stop if stop]
        if not stops:
            return False
        seen = job.tail + self._backend.piece(token)
        keep = min(len(seen), max(map(len, stops)) - 1)
        job.tail = seen[len(seen) - keep :]
        return any(stop in seen for stop in stops)

    def _end(self, job: Job, reason: FinishReason, now: float, message: str = "") -> Finished:
        """A candidate ended: its sampler is closed, its cells are cached or free."""
        request = job.request
        self._due.pop(request.request_id, None)
        self._backend.close_sampler(job.seq)
        if self._running.pop(job.seq, None) is None:
            self._parking.remove(job)
        elif reason == "error":
            self._memory.discard(job.seq)
        else:
            self._memory.keep(job.seq, request.owner, tuple(job.tokens[: job.held]))
        self._forecast.ended(now - job.admitted)
        first = now if job.first is None else job.first
        return Finished(
            request.request_id,
            job.index,
            reason,
            prompt=len(request.prompt),
            cached=job.cached,
            completion=job.written,
            queued=job.admitted - job.submitted,
            prefill=first - job.admitted,
            decode=now - first,
            message=message,
        )

    def _abandon(
        self, entry: Queued, reason: FinishReason, now: float, message: str = ""
    ) -> list[Output]:
        """End the candidates of a request that have not started."""
        self._waiting.remove(entry)
        self._due.pop(entry.request.request_id, None)
        request, queued = entry.request, now - entry.submitted
        ended = Finished(
            request.request_id,
            0,
            reason,
            prompt=len(request.prompt),
            queued=queued,
            message=message,
        )
        left = range(entry.started, request.n)
        return [msgspec.structs.replace(ended, index=index) for index in left]
