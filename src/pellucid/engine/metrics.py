"""What an engine counts, and how it is told: by the token loop, its process, its client.

The loop writes a Meter; the host's reading thread answers Ask with a Report of it, in the
middle of a step too; the client adds what only it can know and gives Metrics. All counts
begin at 0 when a host has loaded, so they fall back when one is started again.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from pellucid.engine.backend import Work
from pellucid.engine.sequence import Finished, Output, Rejected

Health = Literal["loading", "ready", "stuck", "dead"]


@dataclass(frozen=True, slots=True)
class Load:
    """How full the scheduler is: requests that wait, candidates that run, cells that any
    sequence holds, that running ones hold, and in all. Prefixes `evicted` and candidates
    `preempted` are counted from the start."""

    queued: int = 0
    running: int = 0
    used: int = 0
    leased: int = 0
    cells: int = 0
    evicted: int = 0
    preempted: int = 0


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Report, please; a host answers even while a step is under way."""


class Report(msgspec.Struct, frozen=True, tag="report"):
    """The numbers of one host.

    Candidates that `ended`, by reason, and requests `rejected` because the queue was full;
    `prompt`, `cached` and `completion` tokens as their Finished frames tell. `steps` of the
    token loop, the `step_seconds` they took and the tokens `computed` in them. `load` is how
    full the scheduler is now, `rss` the bytes of memory that the process holds, mapped weights
    included. `step` is how many seconds the step under way has lasted (0 between steps), `rest` how
    many have passed since the last one ended.
    """

    ended: dict[str, int] = {}
    rejected: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    steps: int = 0
    step_seconds: float = 0.0
    computed: int = 0
    load: Load = Load()
    rss: int = 0
    step: float = 0.0
    rest: float = 0.0


class Metrics(msgspec.Struct, frozen=True):
    """One engine as its client sees it.

    `health` is "stuck" when no step has ended for half the time after which the host is
    started again, and "dead" when there is no host and none is being started. `deaths` of
    hosts and `restarts` are counted from the start of the client.
    `load_seconds` is what loading took, `report` the newest one heard (of the last host,
    where there is none now).
    """

    health: Health
    pid: int | None = None
    load_seconds: float = 0.0
    deaths: int = 0
    restarts: int = 0
    report: Report = Report()


class Meter:
    """Counts what the token loop does. The loop writes it, another thread may read it:
    everything it reads is replaced whole, never changed in place."""

    def __init__(self, now: float = 0.0) -> None:
        """Nothing happened yet; `now` is on the loop's clock."""
        self._ended: dict[str, int] = {}
        self._rejected = self._prompt = self._cached = self._completion = 0
        self._steps = self._computed = 0
        self._seconds = 0.0
        self._load = Load()
        self._working = False
        self._begun = self._rested = now

    def begin(self, now: float, load: Load) -> None:
        """A step is planned and about to be computed."""
        self._begun, self._load = now, load
        self._working = True

    def end(self, now: float, work: Sequence[Work], outputs: Sequence[Output], load: Load) -> None:
        """The step ended, with all that came of it; without work it was none."""
        self._working, self._load = False, load
        if work:
            self._steps += 1
            self._seconds += now - self._begun
            self._computed += sum(len(one.tokens) for one in work)
            self._rested = now
        for output in outputs:
            self._count(output)

    def report(self, now: float, rss: int) -> Report:
        """The numbers of this moment."""
        return Report(
            ended=self._ended,
            rejected=self._rejected,
            prompt=self._prompt,
            cached=self._cached,
            completion=self._completion,
            steps=self._steps,
            step_seconds=self._seconds,
            computed=self._computed,
            load=self._load,
            rss=rss,
            step=now - self._begun if self._working else 0.0,
            rest=now - self._rested,
        )

    def _count(self, output: Output) -> None:
        """A candidate ended or a request was refused."""
        if isinstance(output, Finished):
            so_far = self._ended.get(output.reason, 0)
            self._ended = {**self._ended, output.reason: so_far + 1}
            self._prompt += output.prompt
            self._cached += output.cached
            self._completion += output.completion
        elif isinstance(output, Rejected):
            self._rejected += 1


def resident(process: str = "self") -> int:
    """Bytes of memory that a process (by its id) holds."""
    pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
