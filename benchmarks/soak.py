"""An engine under random load, cancellations and kills of its process, and what it kept of its
promises.

    python benchmarks/soak.py [--minutes 30] [--model FILE.gguf] [--json FILE] [--store]

Clients ask at random moments, for several owners and in all classes: long and short prompts,
many with a common beginning, some that go on from an earlier answer, some held to a grammar, with
a deadline, or deterministic. Some read to the end,
some walk away in the middle, some are cancelled at any moment. Meanwhile the host is killed,
stopped for a while, and stopped for good (which only the engine itself can notice). Without
`--model` the fake backend answers, whose every token is known beforehand.

What must hold: each request ends exactly once, finished or with a typed error; no token comes
twice or is missing; with the fake backend each answer is that of an undisturbed run; the host
dies only when it is killed here (it ends itself when its books do not balance, which it checks
whenever it is idle, so the clients pause now and then); nothing runs, waits or is leased then;
memory, open files and threads stay as they are. In the last third nothing is killed, so that
one host grows old enough to be measured.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from machine import describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from soak_books import MOST_COMPLAINTS, Books, Heard, Sample, growths, held

from pellucid.core.constraint import Choice, Constraint, JsonSchema, Marked, Regex
from pellucid.core.errors import EngineBusy, EngineDied, EngineError
from pellucid.core.serving import Priority
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.metrics import Metrics
from pellucid.engine.sequence import Request, Sampling
from pellucid.model.constraint import compiled

SEED = 20260101
OWNERS = ("ann", "bob", "eve")
PERSON = {
    "type": "object",
    "properties": {"given_name": {"type": "string"}, "year_of_birth": {"type": "integer"}},
    "required": ["given_name", "year_of_birth"],
    "additionalProperties": False,
}
HELD: tuple[Constraint, ...] = (
    JsonSchema(json.dumps(PERSON)),
    Choice(("yes", "no", "that depends on the weather")),
    Marked("th", Regex("[0-9]{3}")),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz "
REFUSED = "refused, queue full"
LEAST_SECONDS = 300.0
"""In shorter runs everything is still warming up, and growth is shown and not judged."""

Way = Literal["read", "leave", "cancel"]
Fault = Literal["kill", "pause", "hang"]
WAYS: tuple[Way, ...] = ("read", "read", "read", "leave", "cancel")
FAULTS: tuple[Fault, ...] = ("kill", "pause", "hang", "kill", "pause")


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard; times are seconds.

    `clients` ask, think for `think` on average, and ask again; they pause after each
    `round`. A fault comes every `fault` on average. The host is `stuck` when no step ended
    for so long, and paused for half of that at most. A request that has not ended after
    `lost` is lost.
    """

    seconds: float
    clients: int = 12
    think: float = 0.5
    round: float = 20.0
    fault: float = 25.0
    stuck: float = 20.0
    lost: float = 600.0


class Asker:
    """Makes up requests: the same for the same seed and course of events."""

    def __init__(self, draw: random.Random, window: int) -> None:
        """`window` is in tokens; prompts and answers take most of it at times."""
        self._draw, self._window = draw, window
        self._number = 0
        self._grammars = ("", "", "", *map(compiled, HELD))
        self._beginnings = [self._text(draw.randint(40, window // 2)) for _ in range(6)]
        self._earlier: dict[str, tuple[int, ...]] = {}

    async def request(self, engine: EngineClient) -> Request:
        """The next one; its text is split by the engine."""
        draw = self._draw
        self._number += 1
        name = f"r{self._number}"
        owner, most = draw.choice(OWNERS), draw.choice((1, 8, 40, 40, 120))
        beginning = draw.choice(("", *self._beginnings))
        text = beginning + self._text(draw.choice((1, 20, 60, 60, 300)))
        prompt = await engine.tokenize(text.encode(), special=False)
        if draw.random() < 0.3:
            prompt = self._earlier.pop(owner, ()) + prompt
        greedy = draw.random() < 0.6
        return Request(
            name,
            prompt[-(self._window - most) :],
            most,
            Sampling(
                0.0 if greedy else 1.0,
                seed=draw.randrange(1000),
                grammar=draw.choice(self._grammars),
            ),
            draw.choice(((), (), (), (b"th", b" a"))),
            n=draw.choice((1, 1, 1, 1, 2, 3)),
            owner=owner,
            priority=draw.choice(get_args(Priority)),
            deadline=draw.choice((0.0, 0.0, 0.0, 5.0)),
            deterministic=draw.random() < 0.1,
        )

    def answered(self, request: Request, tokens: Sequence[int]) -> None:
        """An answer that a later prompt may go on from."""
        self._earlier[request.owner] = (*request.prompt, *tokens)

    def _text(self, length: int) -> str:
        return "".join(self._draw.choices(LETTERS, k=length))


class Soak:
    """One run."""

    def __init__(self, engine: EngineClient, plan: Plan, window: int, known: bool) -> None:
        """`known` when the engine's answers are those of the fake backend."""
        self.books = Books()
        self._engine, self._plan, self._known = engine, plan, known
        self._draw = random.Random(SEED)
        self._asker = Asker(self._draw, window)
        self._faults = 0
        self._pausing = asyncio.Event()
        self._begun = time.monotonic()

    async def run(self, step: Callable[[float], None]) -> Books:
        """Rounds of work with pauses in between, until the time is over."""
        while self._at() < self._plan.seconds and len(self.books.wrong) < MOST_COMPLAINTS:
            self._pausing.clear()
            pausing = asyncio.create_task(self._pause())
            clients = (self._client() for _ in range(self._plan.clients))
            await asyncio.gather(pausing, self._chaos(), *clients)
            await self._check()
            step(self._at())
        return self.books

    def _at(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._begun

    async def _pause(self) -> None:
        """Tell the clients when the round is over."""
        await asyncio.sleep(self._plan.round)
        self._pausing.set()

    async def _client(self) -> None:
        """Ask, read, think, and again; think longer after a refusal."""
        ended = ""
        while not self._pausing.is_set():
            think = self._plan.think * (4 if ended == REFUSED else 1)
            await asyncio.sleep(self._draw.expovariate(1 / think))
            self.books.asked += 1
            try:
                request = await self._asker.request(self._engine)
            except EngineError as error:
                ended = self._kind(error)
            else:
                ended = await self._ask(request, self._draw.choice(WAYS))
            self.books.ended[ended] += 1

    async def _ask(self, request: Request, way: Way) -> str:
        """Ask in one of the ways; how it ended."""
        heard = Heard(request, self.books)
        patience = self._draw.expovariate(2) if way == "cancel" else self._plan.lost
        enough = self._draw.randint(1, 30) if way == "leave" else sys.maxsize
        try:
            ended = "finished"
            async with (
                asyncio.timeout(patience),
                aclosing(self._engine.generate(request)) as outputs,
            ):
                async for output in outputs:
                    heard.hear(output)
                    if heard.outputs >= enough:
                        ended = "left"
                        break
        except TimeoutError:
            ended = "cancelled"
            if way != "cancel":
                self.books.complain(f"{request.request_id} is lost")
        except EngineError as error:
            ended = self._kind(error)
        heard.close(whole=ended == "finished", known=self._known)
        if ended == "finished":
            self._asker.answered(request, heard.tokens.get(0, ()))
        return ended

    def _kind(self, error: EngineError) -> str:
        """The error in a word; one that nothing explains is wrong."""
        match error:
            case EngineBusy():
                return REFUSED
            case EngineDied():
                return "died with its host"
        if "gave up" not in str(error):
            self.books.complain(f"an error without a reason: {error}")
        return "failed"

    async def _chaos(self) -> None:
        """Faults at random moments of a round; in the last third only pauses."""
        await self._wait()
        while not self._pausing.is_set():
            late = self._at() > self._plan.seconds * 2 / 3
            fault = "pause" if late else FAULTS[self._faults % len(FAULTS)]
            self._faults += 1
            with suppress(EngineError):  # the engine gave up; the next question starts it again
                await self._engine.ready()
            if (pid := self._engine.pid) is not None:
                self.books.faults[fault] += 1
                await self._strike(fault, pid)
            await self._wait()

    async def _wait(self) -> None:
        """Until the next fault; no longer than to the end of the round."""
        with suppress(TimeoutError):
            seconds = self._draw.expovariate(1 / self._plan.fault)
            await asyncio.wait_for(self._pausing.wait(), seconds)

    async def _strike(self, fault: Fault, pid: int) -> None:
        """Do it to the host, and wait until one answers again."""
        os.kill(pid, signal.SIGKILL if fault == "kill" else signal.SIGSTOP)
        if fault == "pause":
            await asyncio.sleep(self._draw.uniform(0, self._plan.stuck / 2))
            os.kill(pid, signal.SIGCONT)
        while fault != "pause" and self._engine.pid in (pid, None):
            with suppress(EngineError):
                await self._engine.tokenize(b"x", special=False)

    async def _check(self) -> None:
        """Everything is at rest: do the books balance, and what is held?"""
        numbers = await self._rest()
        report, pid = numbers.report, numbers.pid
        at_rest = not (report.load.queued or report.load.running or report.load.leased)
        if numbers.health != "ready" or pid is None or not at_rest:
            self.books.complain(f"not at rest in a pause: {numbers}")
            return
        killed = self.books.faults["kill"] + self.books.faults["hang"]
        if numbers.deaths != killed:
            self.books.complain(f"{killed} hosts were killed, and {numbers.deaths} died")
        mine, theirs = held("self"), held(str(pid))
        self.books.samples.append(Sample(self._at(), pid, *mine, *theirs))

    async def _rest(self) -> Metrics:
        """The numbers once what was cancelled has ended in the host, too."""
        numbers = await self._engine.metrics()
        for _ in range(100):
            if not (numbers.report.load.running or numbers.report.load.queued) and numbers.pid:
                return numbers
            await asyncio.sleep(0.1)
            with suppress(EngineError):
                await self._engine.tokenize(b"x", special=False)
            numbers = await self._engine.metrics()
        return numbers


async def soak(
    settings: HostSettings, plan: Plan, step: Callable[[float], None] = lambda at: None
) -> Books:
    """Run against an engine of its own; `step` hears how many seconds are over."""
    async with EngineClient(settings, plan.stuck) as engine:
        window = (await engine.ready()).window
        books = await Soak(engine, plan, window, known=not settings.path).run(step)
    if plan.seconds >= LEAST_SECONDS:
        for one in growths(books.samples):
            if not one.flat:
                books.complain(f"{one.name} grew from {one.early:,.0f} to {one.late:,.0f}")
    return books


def summary(books: Books) -> dict[str, Any]:
    """What is stored."""
    return {
        "asked": books.asked,
        "ended": dict(books.ended),
        "faults": dict(books.faults),
        "tokens": books.tokens,
        "prompt": books.prompt,
        "cached": books.cached,
        "compared": books.compared,
        "pauses_checked": len(books.samples),
        "growth": [asdict(one) for one in growths(books.samples)],
        "wrong": books.wrong,
    }


def table(books: Books) -> Table:
    """For people."""
    shown = Table(title="soak: everything that was asked, done to the host, and held")
    shown.add_column("what")
    shown.add_column("how many", justify="right")
    shown.add_row("requests", f"{books.asked:,}")
    for group in (books.ended, books.faults):
        for name, count in sorted(group.items()):
            shown.add_row(f"  {name}", f"{count:,}")
    shown.add_row("tokens heard", f"{books.tokens:,}")
    shown.add_row("prompt tokens, cached", f"{books.prompt:,}, {books.cached:,}")
    shown.add_row("answers compared with an undisturbed run", f"{books.compared:,}")
    shown.add_row("pauses with balanced books", f"{len(books.samples):,}")
    for one in growths(books.samples):
        unit = 1e6 if "memory" in one.name else 1
        name = f"{one.name}{' (MB)' if unit > 1 else ''}, early and late"
        shown.add_row(name, f"{one.early / unit:,.1f}, {one.late / unit:,.1f}")
    shown.add_row("[bold]promises not kept[/bold]", f"[bold]{len(books.wrong)}[/bold]")
    return shown


def main() -> int:
    """Run, print a table and one JSON line; the exit code tells whether all promises held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30.0, help="how long (default: 30)")
    parser.add_argument("--model", type=Path, help="a GGUF file (default: the fake backend)")
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument(
        "--store", action="store_true", help="keep the result in benchmarks/results"
    )
    options = parser.parse_args()
    if options.model and not options.model.is_file():
        sys.exit(f"no such file: {options.model}")
    path = str(options.model) if options.model else ""
    settings = HostSettings(path, 2048, sequences=4, queue=6, fake_seconds=0.005)
    plan = Plan(60 * options.minutes)
    before = describe()
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("soaking", total=plan.seconds)
        books = asyncio.run(soak(settings, plan, lambda at: progress.update(task, completed=at)))
    Console().print(table(books))
    for complaint in books.wrong:
        print(f"not kept: {complaint}")
    result: dict[str, Any] = {
        "benchmark": "soak",
        **before,
        "model": options.model.name if options.model else "fake",
        "plan": asdict(plan),
        **summary(books),
    }
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.store:
        stored("soak" if not options.model else "soak-weights", result)
    print(json.dumps(result))
    return 1 if books.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
