"""What a soak keeps: what came of each request, what processes held, what was not kept."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import msgspec

from pellucid.engine import fake
from pellucid.engine.backend import Work
from pellucid.engine.metrics import resident
from pellucid.engine.sequence import Finished, Request, Tokens

FLAT = 1.05
"""So much may memory grow between the first third and the end."""
MOST_COMPLAINTS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """What client and host hold in a pause; memory in bytes, `at` in seconds from the start."""

    at: float
    pid: int
    client_memory: int
    client_files: int
    client_threads: int
    host_memory: int
    host_files: int
    host_threads: int


@dataclass(slots=True)
class Books:
    """What happened so far; `wrong` are the promises that were not kept."""

    asked: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    compared: int = 0
    cached: int = 0
    prompt: int = 0
    samples: list[Sample] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def complain(self, what: str) -> None:
        """Write down what should not have happened."""
        if len(self.wrong) < MOST_COMPLAINTS:
            self.wrong.append(what)


@dataclass(slots=True)
class Heard:
    """What came of one request, checked as it comes."""

    request: Request
    books: Books
    tokens: dict[int, list[int]] = field(default_factory=dict)
    ends: dict[int, Finished] = field(default_factory=dict)
    outputs: int = 0

    def hear(self, output: Tokens | Finished) -> None:
        """One output; nothing may follow the end of a candidate."""
        self.outputs += 1
        if output.index in self.ends or not 0 <= output.index < self.request.n:
            self._complain(f"candidate {output.index} goes on after its end, or is none")
        elif isinstance(output, Finished):
            self.ends[output.index] = output
        else:
            self.tokens.setdefault(output.index, []).extend(output.tokens)
            self.books.tokens += len(output.tokens)

    def close(self, whole: bool, known: bool) -> None:
        """Nothing more comes; `whole` when it ended by itself, `known` when the answer is."""
        if whole and len(self.ends) != self.request.n:
            self._complain(f"{len(self.ends)} of {self.request.n} candidates ended")
        for index, end in self.ends.items():
            self.books.prompt += end.prompt
            self.books.cached += end.cached
            told = (end.completion, end.prompt)
            if told != (len(self.tokens.get(index, ())), len(self.request.prompt)):
                self._complain(f"candidate {index}: the counts at its end are wrong: {told}")
        for index in range(self.request.n) if known else ():
            got, end = tuple(self.tokens.get(index, ())), self.ends.get(index)
            expected, reason = undisturbed(self.request, index)
            same = got == expected[: len(got)]
            if not same or (end is not None and (got, end.reason) != (expected, reason)):
                self._complain(f"candidate {index} is not that of an undisturbed run")
            self.books.compared += 1

    def _complain(self, what: str) -> None:
        self.books.complain(f"{self.request.request_id}: {what}")


def undisturbed(
    request: Request, index: int = 0, length: int = fake.LENGTH
) -> tuple[tuple[int, ...], str]:
    """What the fake backend answers when nothing else runs, token by token, and why it ends
    there; `length` as in fake.Backend."""
    room = len(request.prompt) + max(1, request.max_tokens)
    known = {request.adapter: ""} if request.adapter else None
    backend = fake.Backend(room, 1, room, room, length, adapters=known)
    sampling = request.sampling
    alone = msgspec.structs.replace(sampling, seed=sampling.seed + index, forced=False)
    backend.open_sampler(0, alone)
    fed, answer, text = request.prompt, tuple[int, ...](), b""
    while len(answer) < request.max_tokens:
        work = Work(0, fed, backend.length(0), sample=True, adapter=request.adapter)
        (drawn,) = backend.decode([work])
        if drawn.token in backend.end_tokens:
            return answer, "stop"
        fed, answer, text = (drawn.token,), (*answer, drawn.token), text + bytes((drawn.token,))
        if drawn.complete or any(stop in text for stop in request.stop if stop):
            return answer, "stop"
    return answer, "length"


def held(process: str) -> tuple[int, int, int]:
    """Memory in bytes, open files and threads of a process."""
    place = Path("/proc") / process
    files, threads = (len(os.listdir(place / what)) for what in ("fd", "task"))
    return resident(process), files, threads


@dataclass(frozen=True, slots=True)
class Growth:
    """One thing that should stay as it is: its median in an early and in a late stretch."""

    name: str
    early: float
    late: float
    flat: bool


def growths(samples: Sequence[Sample]) -> list[Growth]:
    """The client between the first third and the end, the last host in its own life."""
    if not samples:
        return []
    last = [one for one in samples if one.pid == samples[-1].pid]
    found = []
    for side, seen in (("client", samples), ("host", last)):
        third = max(1, len(seen) // 3)
        early, late = seen[third // 2 : third] or seen[:1], seen[-third // 2 :]
        for what, most in (("memory", FLAT), ("files", 1.0), ("threads", 1.0)):
            name = f"{side}_{what}"
            a, b = (median(getattr(one, name) for one in part) for part in (early, late))
            found.append(Growth(name.replace("_", ", "), a, b, b <= a * most))
    return found
