"""What is being done right now: a moving line on a terminal, a line now and then elsewhere."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count

from rich.text import Text

from pellucid.cli.screen import Screen
from pellucid.cli.text import shortened
from pellucid.cli.units import duration, size

TICK = 0.1
"""Seconds between two pictures of the moving line."""

PATIENCE = 10.0
"""Seconds between two lines about the same step where nothing moves."""

SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
BAR = 28
FAILURE = " failed: "
"""What a notice says about a source that did not deliver: told, and kept on the screen."""

COUNTED = 10_000
"""Totals below this count things (libraries), not bytes; such notices are one step."""

LOWEST_RATE_AGE = 0.5
"""Seconds before a speed is worth showing."""


@dataclass(slots=True)
class Step:
    """One thing being done; `total` 0 means nobody knows how long it is.

    `first` is what was done when it was first heard of (a resumed download starts with
    bytes that were not fetched now); `said` is when a plain line last told of it, None
    when none should (the model at work).
    """

    what: str
    began: float
    first: int = 0
    done: int = 0
    total: int = 0
    said: float | None = None

    @property
    def counted(self) -> bool:
        """Whether things are counted, not bytes."""
        return 0 < self.total < COUNTED


class Progress:
    """The steps under way: weights and libraries may be fetched at the same time."""

    def __init__(self, screen: Screen, clock: Callable[[], float]) -> None:
        self._screen, self._clock = screen, clock
        self._steps: dict[str, Step] = {}

    def notice(self, what: str, done: int, total: int) -> None:
        """A long step came this far; where lines do not move, it is told now and then."""
        source, failed, _ = what.partition(FAILURE)
        if failed:
            self._steps = {key: s for key, s in self._steps.items() if source not in s.what}
            self._screen.say(what)
            return
        now = self._clock()
        key = str(total) if 0 < total < COUNTED else what
        step = self._steps.get(key)
        if step is None:
            step = self._steps[key] = Step(what, now, done, done, total, said=now)
            if not self._screen.lively:
                self._screen.say(f"{what} …" + (f" ({amount(step)})" if total else ""))
        step.what, step.done, step.total = what, done, total
        if total and done >= total:
            del self._steps[key]
            self._finished(step)
        elif not self._screen.lively:
            self.draw()

    def working(self, what: str) -> None:
        """The model or a program is at work: all loading is over, only this moves."""
        if list(self._steps) != [what]:
            self.clear()
            self._steps[what] = Step(what, self._clock())

    def clear(self) -> None:
        """Whatever was being done is over."""
        self._steps.clear()
        self._screen.wipe()

    def _finished(self, step: Step) -> None:
        """A step with a known end reached it; it stays on the screen if it did anything."""
        self._screen.wipe()
        if step.first < step.total:
            took = duration(self._clock() - step.began)
            self._screen.say(f"{step.what}: {amount(step)} in {took}")

    def draw(self) -> None:
        """The next picture of the moving line (of the step that has most left to do), or
        a plain line about each step that nothing was said of for a while."""
        now = self._clock()
        if self._screen.lively and self._steps:
            step = max(self._steps.values(), key=lambda one: (one.total - one.done, one.began))
            self._screen.move(moving_line(step, now, self._screen.width))
        elif not self._screen.lively:
            for step in self._steps.values():
                if step.said is not None and now - step.said >= PATIENCE:
                    step.said = now
                    self._screen.say(plain_line(step, now))

    @asynccontextmanager
    async def moving(self) -> AsyncIterator[None]:
        """Keep the line moving within the block; gone afterwards."""
        task = asyncio.create_task(self._tick())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self.clear()

    async def _tick(self) -> None:
        for _ in count():  # until cancelled
            self.draw()
            await asyncio.sleep(TICK)


def moving_line(step: Step, now: float, width: int) -> Text:
    """`⠹ loading 3.2 s`, or a bar with bytes, speed and the time left."""
    age = max(0.0, now - step.began)
    if not step.total:
        sign = SPINNER[int(age / TICK) % len(SPINNER)]
        return Text(f"{sign} {shortened(step.what, width)} ", style="dim").append(duration(age))
    filled = int(BAR * step.done / step.total)
    line = Text(f"{shortened(step.what, 40)} ")
    line.append("━" * filled, style="green").append("━" * (BAR - filled), style="dim")
    return line.append(f" {measures(step, age)}")


def plain_line(step: Step, now: float) -> str:
    """The same as one line of words."""
    age = max(0.0, now - step.began)
    said = measures(step, age) if step.total else duration(age)
    return f"{step.what} … {said}"


def amount(step: Step) -> str:
    """How much there is to do in all."""
    return str(step.total) if step.counted else size(step.total)


def measures(step: Step, age: float) -> str:
    """`412 MB of 1.12 GB (36 %) · 11 MB/s · 1 min 02 s left`, or `3 of 20 · 4.1 s`."""
    if step.counted:
        return f"{step.done} of {step.total} · {duration(age)}"
    share = 100 * step.done // step.total
    told = f"{size(step.done)} of {size(step.total)} ({share} %)"
    fetched = step.done - step.first
    if age < LOWEST_RATE_AGE or fetched <= 0:
        return told
    rate = fetched / age
    return f"{told} · {size(rate)}/s · {duration((step.total - step.done) / rate)} left"
