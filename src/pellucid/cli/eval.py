"""`pellucid eval`: ask the questions of sets, show how it goes, and compare."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from pellucid.cli import lifetime
from pellucid.cli.ask import Desk
from pellucid.cli.exits import Exit
from pellucid.cli.units import duration
from pellucid.core.effort import EffortName
from pellucid.core.errors import BadRequest

if TYPE_CHECKING:
    from pellucid.cli.screen import Screen
    from pellucid.evals.runner import Judged
    from pellucid.evals.summary import Row
    from pellucid.evals.systems import Bench
    from pellucid.evals.task import Question, Task

DATA = Path("../shared/data")
"""Where evaluation data lies when nobody says."""
BAR = 24
PATIENCE = 30.0
"""Seconds between two lines of progress where lines do not move."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to measure: sets, how many questions of each, the columns, and what to keep."""

    names: tuple[str, ...]
    limit: int | None
    efforts: tuple[EffortName, ...]
    bare: bool
    seed: int
    at_once: int
    data: Path | None
    store: Path | None


class Meter:
    """How far a run is: a moving bar on a terminal, a line now and then elsewhere."""

    def __init__(
        self, screen: "Screen", what: str, total: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._screen, self._what, self._total, self._clock = screen, what, total, clock
        self._began = self._said = clock()
        self._done = self._right = self._asked = 0

    def heard(self, judged: "Judged") -> None:
        """One more item is done."""
        self._done += 1
        self._right += judged.grade.right
        self._asked += not judged.kept
        self.show()

    def show(self) -> None:
        """The bar as it stands."""
        now = self._clock()
        if self._screen.lively:
            filled = BAR * self._done // self._total
            bar = Text(f"{self._what} ").append("━" * filled, style="green")
            bar.append("━" * (BAR - filled), style="dim")
            self._screen.move(bar.append(f" {self.told(now)}"))
        elif self._done == 1 or now - self._said >= PATIENCE:
            self._said = now
            self._screen.say(f"{self._what}: {self.told(now)}")

    def told(self, now: float) -> str:
        """`12 of 100 · 8 right (67 %) · 3 min 05 s left`."""
        told = f"{self._done} of {self._total}"
        if self._done:
            told += f" · {self._right} right ({100 * self._right / self._done:.0f} %)"
        if self._asked and self._done < self._total:
            left = (now - self._began) / self._asked * (self._total - self._done)
            told += f" · {duration(left)} left"
        return told


def evaluate(wanted: Wanted) -> int:
    """Measure, show tables, draw the picture, and print one line of JSON; the exit code."""
    return lifetime.run(lambda _: _evaluate(wanted))


def folder(store: bool, store_in: Path | None) -> Path | None:
    """Where the summary is kept, None for nowhere; BadRequest where there is no usual place."""
    from pellucid.evals.machine import checkout

    if store_in is not None or not store:
        return store_in
    root = checkout()
    if root is None:
        raise BadRequest("--store: this is no checkout; name a folder with --store-in")
    return root / "benchmarks" / "results"


async def _evaluate(wanted: Wanted) -> int:
    from pellucid.evals import machine, report, tasks
    from pellucid.evals.systems import Bench, fingerprint

    if not wanted.names:
        raise BadRequest(f"name at least one set; there are {tasks.names()}")
    desk = Desk.set_up()
    desk = replace(desk, settings=machine.cold(desk.settings))
    data = wanted.data or desk.settings.data or DATA
    sets = [(tasks.find(n)[0], n, tasks.questions(n, data, wanted.limit)) for n in wanted.names]
    for task, _, _ in sets:
        tasks.check(task)
    before = machine.describe()
    panels: list[tuple[Task, list[Row]]] = []
    async with desk.progress.moving(), desk.application() as application:
        setup = desk.settings.engine.model_dump_json(include={"window", "kv"})
        bench = Bench(application.turns, application.sandbox, setup)
        for task, name, questions in sets:
            rows = await _compared(desk, bench, wanted, task, name, questions)
            desk.progress.clear()
            desk.screen.line(report.table(task, rows) + "\n", wrap=False)
            panels.append((replace(task, name=name), rows))
        before["weights"] = await fingerprint(bench)
    return _kept(desk, wanted, before, panels)


async def _compared(
    desk: Desk,
    bench: "Bench",
    wanted: Wanted,
    task: "Task",
    name: str,
    questions: "Sequence[Question]",
) -> "list[Row]":
    """The rows of one set: every system answers all of its questions."""
    from pellucid.evals import runner, summary
    from pellucid.evals.systems import columns, fingerprint

    rows = []
    for system in columns(task, wanted.efforts, bare=wanted.bare):
        plan = runner.Plan(task, questions, system, wanted.seed, wanted.at_once, desk.settings.home)
        await fingerprint(bench)  # from here on the weights are loaded
        desk.progress.clear()
        meter = Meter(desk.screen, f"{name} {system}", len(questions))
        meter.show()

        def heard(judged: "Judged", meter: Meter = meter) -> None:
            desk.progress.clear()
            meter.heard(judged)

        rows.append(summary.summed(name, system, await runner.run(bench, plan, heard)))
        desk.screen.wipe()
    return rows


def _kept(
    desk: Desk,
    wanted: Wanted,
    before: dict[str, Any],
    panels: "list[tuple[Task, list[Row]]]",
) -> int:
    """Write the picture and, where asked to, the summary; the last line is the summary."""
    from pellucid.evals import machine, picture, report

    names = "-".join(name.replace("/", "-") for name in wanted.names)
    drawn = desk.settings.home / "evals" / f"{names}.svg"
    drawn.write_text(picture.draw(panels), encoding="utf-8")
    desk.screen.say(f"records: {desk.settings.home / 'evals'}")
    desk.screen.say(f"picture: {drawn}")
    how = {"at_once": wanted.at_once, "seed": wanted.seed, "limit": wanted.limit}
    if wanted.store is not None:
        for task, rows in panels:
            path = machine.stored(
                wanted.store, stem(task.name, wanted), report.result(rows, how, before)
            )
            desk.screen.say(f"summary: {path}")
    every = [row for _, rows in panels for row in rows]
    sys.stdout.write(json.dumps(report.result(every, how, before)) + "\n")
    sys.stdout.flush()
    return Exit.OK


def stem(name: str, wanted: Wanted) -> str:
    """The name of a stored summary, without its date."""
    together = f"-{wanted.at_once}-at-once" if wanted.at_once > 1 else ""
    return f"reasoning-{name.removeprefix('reasoning_gym/').replace('/', '-')}{together}"
