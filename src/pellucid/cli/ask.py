"""`pellucid ask`: one question, one turn. The steps here are what `chat` repeats."""

import math
import secrets
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from pellucid.cli import lifetime
from pellucid.cli.exits import Exit, exit_of_code
from pellucid.cli.guard import complain
from pellucid.cli.input import Asked, Reading, gather
from pellucid.cli.record import as_json
from pellucid.cli.summary import cost, summary
from pellucid.core.effort import USUAL as USUAL_EFFORT
from pellucid.core.effort import EffortName
from pellucid.core.errors import BadRequest, BudgetExceeded, DeadlineMissed
from pellucid.core.fold import Record, advance
from pellucid.core.items import Item, Message, ToolResult
from pellucid.core.serving import USUAL, Serving
from pellucid.core.turn import Turn
from pellucid.tools.reader.cache import Cache

if TYPE_CHECKING:
    from pellucid.assembly import Application
    from pellucid.cli.progress import Progress
    from pellucid.cli.screen import Screen
    from pellucid.settings import Settings


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about how to answer; None is the model's own default."""

    model: str = "pellucid-mini"
    effort: EffortName | None = None
    tools: str = "python"
    seed: int = 0
    max_output_tokens: int | None = None
    timeout: float | None = None
    serving: Serving = USUAL
    web: bool = False

    def turn(self, items: Sequence[Item], asked: Asked, conversation: str = "") -> Turn:
        """A new turn that asks this, after the `items` of a conversation so far."""
        return Turn(
            turn_id=f"turn_{secrets.token_hex(12)}",
            items=(*items, Message("user", asked.question)),
            model=self.model,
            effort=self.effort or USUAL_EFFORT[self.model],
            tools=frozenset({self.tools} - {"none"}) | frozenset({"web"} if self.web else ()),
            seed=self.seed,
            max_output_tokens=self.max_output_tokens,
            seconds=self.timeout,
            created_at=int(time.time()),
            conversation=conversation,
            attachments=asked.attachments,
            serving=self.serving,
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: settings, screen and progress line."""

    settings: "Settings"
    screen: "Screen"
    progress: "Progress"

    @classmethod
    def set_up(cls) -> "Desk":
        """From the environment and the streams of this process."""
        from pellucid.cli.progress import Progress
        from pellucid.cli.screen import Screen
        from pellucid.settings import load

        screen = Screen(sys.stdout, sys.stderr)
        return cls(load(), screen, Progress(screen, time.monotonic))

    def application(self) -> "Application":
        """The application; what it loads or fetches is shown as it happens."""
        from pellucid.assembly import Application

        return Application(
            self.settings, lambda seen: self.progress.notice(seen.what, seen.done, seen.total)
        )

    def reading(self) -> Reading:
        """How files are read: those read before are kept, and a long one is shown."""

        def tell(what: str) -> None:
            self.progress.notice(what, 0, 0)
            self.progress.draw()

        return Reading(Cache(self.settings.home / "documents"), tell)

    def without_weights(self) -> "Desk":
        """The same desk for commands that need no model."""
        return replace(self, settings=self.settings.model_copy(update={"model": "scripted"}))

    def price(self, record: Record) -> Decimal:
        """What a turn would have cost at list price."""
        prices = self.settings.prices
        return cost(record.usage, prices.input, prices.cached, prices.output)

    def receipt(self, turn_id: str) -> Path | None:
        """Where the service wrote the turn's receipt, if it did."""
        path = self.settings.home / "receipts" / f"{turn_id}.json"
        return path if path.is_file() else None


def ask(words: Sequence[str], files: Sequence[Path], options: Options, *, as_json: bool) -> int:
    """Ask, show, and return the exit code."""
    if options.timeout is not None and not math.isfinite(options.timeout):
        raise BadRequest("--timeout: not a number of seconds")
    desk = Desk.set_up()
    asked = gather(words, files, desk.reading())
    return lifetime.run(lambda _: _ask(desk, asked, options, as_json))


async def _ask(desk: Desk, asked: Asked, options: Options, json: bool) -> int:
    turn = options.turn((), asked)
    async with desk.progress.moving(), desk.application() as application:
        record = await play(desk, application, turn, shown=not json)
        desk.progress.clear()
        return close(desk, turn, record, json=json)


async def play(desk: Desk, application: "Application", turn: Turn, *, shown: bool) -> Record:
    """Run a turn to its end, showing it as it goes; the record of what happened."""
    from pellucid.cli.show import Show

    show = Show(desk.screen, desk.progress) if shown else None
    record = Record()
    async with aclosing(application.turns.run(turn)) as events:
        async for event in events:
            record = advance(record, event)
            if show is not None:
                show.feed(event)
    return record


def close(desk: Desk, turn: Turn, record: Record, *, json: bool) -> Exit:
    """What comes after the events: the record or the last line, and the exit code."""
    price, receipt = desk.price(record), desk.receipt(turn.turn_id)
    code = ending(record, turn.seconds)
    if json and code is not Exit.USAGE:
        sys.stdout.write(as_json(record, price, receipt) + "\n")
        sys.stdout.flush()
    elif record.error is None:
        last = summary(record.usage, price, record.spent, receipt)
        desk.screen.line(last, wrap=False)
    if record.error is not None:
        complain(record.error.message)
    return code


def ending(record: Record, seconds: float | None) -> Exit:
    """Past the deadline, only a result makes the difference between an answer and none."""
    late = seconds is not None and record.usage.seconds >= seconds
    if record.error is not None:
        out_of_time = late and record.error.code == BudgetExceeded.code
        out_of_time = out_of_time or record.error.code == DeadlineMissed.code
        return Exit.DEADLINE if out_of_time else exit_of_code(record.error.code)
    if record.reason == "cancelled":
        return Exit.INTERRUPTED
    return Exit.DEADLINE if late and record.reason == "limit" and not _result(record) else Exit.OK


def _result(record: Record) -> bool:
    """Whether a program of the turn gave something to answer with."""
    results = [item for item in record.items if isinstance(item, ToolResult)]
    return any(result.text.strip() and not result.failed for result in results)
