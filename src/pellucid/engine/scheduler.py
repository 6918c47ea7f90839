"""Which tokens are computed next, for whom. Pure: no clock, no thread, no ctypes.

A step is `plan`, a decode by the backend, `commit`. Answers that are being written come
first, one token each; the rest of the step's budget goes to prompts, in chunks. Times
are seconds on the caller's clock.
"""

from dataclasses import dataclass, field

import msgspec

from pellucid.engine.backend import Backend, Sampled, Work
from pellucid.engine.cells import Imbalance
from pellucid.engine.fair_queue import CLASSES, FairQueue
from pellucid.engine.memory import Memory
from pellucid.engine.metrics import Load
from pellucid.engine.prefix_cache import common
from pellucid.engine.sequence import Finished, FinishReason, Output, Rejected, Request, Tokens


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, in tokens unless said otherwise.

    `max_running` candidates decode together (never more than the backend has sequences
    or its batch has tokens); a backend with two to four times as many sequences has ids
    left to cache prefixes in. `max_queued` requests wait. A step holds `step_tokens`, or
    more where it takes that to give prompts `min_chunk`: the time of a step is the pause
    between two tokens of an answer and what a cancellation waits (docs/decisions/0011 has
    why these are small and constant). A request waits for a prompt that is being
    prefilled when that spares it `min_share` or more; a prefix is kept when it adds
    `min_gain`. `max_candidates` bounds `n`.
    """

    max_running: int = 16
    max_queued: int = 256
    step_tokens: int = 32
    min_chunk: int = 16
    min_share: int = 32
    min_gain: int = 16
    max_candidates: int = 128


@dataclass(slots=True, eq=False)
class Queued:
    """A request in the queue; `started` of its candidates have left it."""

    request: Request
    submitted: float
    started: int = 0
    behind: "Job | None" = None


@dataclass(slots=True, eq=False)
class Job:
    """A running candidate. Of `tokens` (prompt and answer), `held` are in cells; `tail`
    are the last bytes produced, as many as a stop string still to complete may need."""

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

    @property
    def written(self) -> int:
        """Tokens of the answer so far."""
        return len(self.tokens) - len(self.request.prompt)


@dataclass(slots=True)
class Plan:
    """What a step was asked to do, until it is committed."""

    work: list[Work] = field(default_factory=list)
    ended: list[Output] = field(default_factory=list)


class Scheduler:
    """Continuous batching of requests over the sequences of a backend.

    Candidates of a request are runs of their own that find the prompt in the prefix
    cache: the first prefills it, the others wait for that, share all but its last token,
    and decode this one again so that the first token of each comes from its own sampler.
    """

    def __init__(self, backend: Backend, limits: Limits) -> None:
        """Take over an empty backend."""
        self._backend = backend
        self._limits = limits
        self._memory = Memory(backend, max(1, limits.min_gain))
        self._most = min(limits.max_running, backend.sequences, backend.batch)
        self._waiting: FairQueue[Queued] = FairQueue()
        self._prefilling: FairQueue[Job] = FairQueue()
        self._running: dict[int, Job] = {}
        self._plan = Plan()
        self._seconds = 1.0  # a candidate runs, as a moving average

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._running) or len(self._waiting) > 0

    @property
    def load(self) -> Load:
        """How full it is now."""
        return self._memory.load(queued=len(self._waiting), running=len(self._running))

    def submit(self, request: Request, now: float) -> list[Output]:
        """Queue a request, or say at once why not."""
        if message := self._impossible(request):
            candidates = max(1, min(request.n, self._limits.max_candidates))
            ended = Finished(request.request_id, 0, "error", len(request.prompt), message=message)
            return [msgspec.structs.replace(ended, index=index) for index in range(candidates)]
        if len(self._waiting) >= self._limits.max_queued:
            retry_after = min(60.0, max(1.0, self._seconds / self._most))
            return [Rejected(request.request_id, retry_after, "the queue of the engine is full")]
        self._waiting.push(Queued(request, now))
        return []

    def cancel(self, request_id: str, now: float) -> list[Output]:
        """End a request wherever it is; its cells are free, or cached, when this returns."""
        jobs = [job for job in self._running.values() if job.request.request_id == request_id]
        entries = [entry for entry in self._waiting if entry.request.request_id == request_id]
        outputs: list[Output] = [self._end(job, "cancelled", now) for job in jobs]
        for entry in entries:
            outputs += self._abandon(entry, "cancelled", now)
        return outputs

    def close(self, now: float) -> list[Output]:
        """Cancel everything."""
        requests = [job.request for job in self._running.values()]
        requests += [entry.request for entry in self._waiting]
        ids = dict.fromkeys(request.request_id for request in requests)
        return [output for one in ids for output in self.cancel(one, now)]

    def fail(self, message: str, now: float) -> list[Output]:
        """Decoding failed: end every request that runs and keep none of its cells."""
        outputs, self._plan = self._plan.ended, Plan()
        jobs = list(self._running.values())
        requests = {job.request.request_id for job in jobs}
        outputs += [self._end(job, "error", now, message) for job in jobs]
        for entry in [one for one in self._waiting if one.request.request_id in requests]:
            outputs += self._abandon(entry, "error", now, message)
        return outputs

    def plan(self, now: float) -> list[Work]:
        """The work of the next step, within the limits and the backend's batch: one token
        for each answer, and always some for prompts."""
        self._plan = Plan()
        self._admit(now)
        work = self._plan.work
        for job in self._running.values():
            if job.first is not None:
                work.append(self._work(job, 1))
        left = max(self._limits.step_tokens - len(work), self._limits.min_chunk, 1)
        left = min(left, self._backend.batch - len(work))
        for job in list(self._prefilling):
            if left > 0:
                work.append(self._work(job, left))
                left -= len(work[-1].tokens)
                self._prefilling.served(job)
        return work

    def commit(self, sampled: list[Sampled], now: float) -> list[Output]:
        """Book what the backend did for the plan; the new tokens and who ended.

        Raises Imbalance when the backend drew other sequences than asked.
        """
        plan, self._plan = self._plan, Plan()
        drawn = {one.seq: one for one in sampled}
        if sorted(one.seq for one in sampled) != sorted(w.seq for w in plan.work if w.sample):
            raise Imbalance(f"the backend drew for {sorted(drawn)}, which is not what was asked")
        outputs = plan.ended
        for work in plan.work:
            job = self._running[work.seq]
            job.held += len(work.tokens)
            self._memory.grow(job.seq, len(work.tokens))
            if work.sample:
                outputs += self._advance(job, drawn[work.seq], now)
        return outputs

    def audit(self) -> None:
        """Raises Imbalance when ids, cells or the prefix cache do not add up."""
        self._memory.audit(self._running)

    def _impossible(self, request: Request) -> str:
        """Why the request can never run; empty when it can."""
        prompt, tokens = len(request.prompt), len(request.prompt) + request.max_tokens
        most = min(self._backend.window, self._backend.cells)
        if not prompt:
            return "the prompt is empty"
        if request.max_tokens < 1:
            return f"max_tokens must be at least 1, not {request.max_tokens}"
        if not 1 <= request.n <= self._limits.max_candidates:
            return f"n must be 1 to {self._limits.max_candidates}, not {request.n}"
        if tokens > most:
            return (
                f"{prompt} prompt tokens and {request.max_tokens} of answer are {tokens}; "
                f"the engine holds {most}"
            )
        return ""

    def _admit(self, now: float) -> None:
        """Start who is next while there is a place; nobody overtakes one who lacks cells."""
        room = True
        while room and len(self._running) < self._most:
            entry = next((one for one in self._waiting if not self._held_back(one)), None)
            room = entry is not None and self._start(entry, now)

    def _held_back(self, entry: Queued) -> bool:
        """Whether waiting for a prompt that is being prefilled spares this one much."""
        behind = entry.behind
        prefilling = behind is not None and self._running.get(behind.seq) is behind
        if behind is None or not prefilling or behind.first is not None:
            entry.behind = self._worth_waiting_for(entry.request)
        return entry.behind is not None

    def _worth_waiting_for(self, request: Request) -> Job | None:
        """A prompt of this owner being prefilled, in no lower class, with much in common."""
        usable = request.prompt[:-1]
        have = self._memory.cached(request.owner, request.prompt)
        for job in self._prefilling:
            least = 1 if job.request is request else self._limits.min_share
            if (
                job.request.owner == request.owner
                and CLASSES.index(job.request.priority) <= CLASSES.index(request.priority)
                and common(job.request.prompt, usable) - have >= least
            ):
                return job
        return None

    def _start(self, entry: Queued, now: float) -> bool:
        """Start the next candidate of a request; False while there is no room for it."""
        request = entry.request
        place = self._memory.open(request.owner, request.prompt, request.max_tokens)
        if place is None:
            return False
        seq, cached = place
        sampling = msgspec.structs.replace(
            request.sampling, seed=request.sampling.seed + entry.started
        )
        try:
            self._backend.open_sampler(seq, sampling)
        except ValueError as error:
            self._memory.discard(seq)
            self._plan.ended += self._abandon(entry, "error", now, str(error))
            return True
        job = Job(
            request, entry.started, seq, cached, entry.submitted, now, list(request.prompt), cached
        )
        self._running[seq] = job
        self._prefilling.push(job)
        entry.started += 1
        self._waiting.served(entry)
        if entry.started == request.n:
            self._waiting.remove(entry)
        return True

    def _work(self, job: Job, most: int) -> Work:
        """The next tokens of a job, sampled after the last one known."""
        tokens = tuple(job.tokens[job.held : job.held + most])
        return Work(job.seq, tokens, job.held, job.held + len(tokens) == len(job.tokens))

    def _advance(self, job: Job, sampled: Sampled, now: float) -> list[Output]:
        """Take a drawn token; the first one ends prefill."""
        request = job.request
        if job.first is None:
            job.first = now
            self._prefilling.remove(job)
            self._memory.publish(job.seq, request.owner, request.prompt)
        if sampled.token in self._backend.end_tokens:
            return [self._end(job, "stop", now)]
        job.tokens.append(sampled.token)
        logprobs = (sampled.logprob,) if request.sampling.logprobs else ()
        outputs: list[Output] = [Tokens(request.request_id, job.index, (sampled.token,), logprobs)]
        if self._stops(job, sampled.token):
            outputs.append(self._end(job, "stop", now))
        elif job.written == request.max_tokens:
            outputs.append(self._end(job, "length", now))
        return outputs

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
        if job.first is None:
            self._prefilling.remove(job)
        del self._running[job.seq]
        self._backend.close_sampler(job.seq)
        if reason == "error":
            self._memory.discard(job.seq)
        else:
            self._memory.keep(job.seq, request.owner, tuple(job.tokens[: job.held]))
        self._seconds += (now - job.admitted - self._seconds) / 10
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
