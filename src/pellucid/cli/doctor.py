"""`pellucid doctor`: look at everything, tell the truth, say what to do."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec
from rich.text import Text

from pellucid.cli import checks, lifetime
from pellucid.cli.ask import Desk
from pellucid.cli.checks import Check, State
from pellucid.cli.exits import Exit
from pellucid.cli.text import plain
from pellucid.core.errors import PellucidError

if TYPE_CHECKING:
    from pellucid.assembly import Application

SIGNS: dict[State, tuple[str, str]] = {
    "ok": ("ok", "green"),
    "weak": ("weak", "yellow"),
    "bad": ("BAD", "bold red"),
}


def doctor(*, as_json: bool) -> int:
    """Check, show, and return the exit code: 0 only when everything needed works."""
    return lifetime.run(lambda _: _doctor(as_json))


async def _doctor(json: bool) -> int:
    desk = Desk.set_up()
    seen: list[Check] = []
    async with desk.progress.moving(), aclosing(examine(desk)) as found:
        async for check in found:
            seen.append(check)
            if not json:
                show(desk, check)
    well = all(check.state != "bad" for check in seen)
    if json:
        value = {"version": 1, "ok": well, "checks": seen}
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    return Exit.OK if well else Exit.FAILED


def show(desk: Desk, check: Check) -> None:
    """`ok    home       …`, and below it what to do."""
    sign, style = SIGNS[check.state]
    line = Text().append(f"{sign:<6}", style=style).append(f"{check.name:<11}", style="bold")
    desk.screen.line(line.append(plain(check.found)), wrap=False)
    if check.remedy:
        desk.screen.line(Text(f"      {'':<11}→ {plain(check.remedy)}"), wrap=False)


async def examine(desk: Desk) -> AsyncGenerator[Check, None]:
    """Every check in order; nothing is fetched, and what is missing is not started."""
    settings, progress = desk.settings, desk.progress
    yield checks.program()
    yield checks.binding()
    progress.working("checking the weights")
    weights, missing = await asyncio.to_thread(checks.weights, settings)
    yield checks.home(settings, missing)
    yield weights
    yield checks.scripts(settings)
    libraries = checks.libraries(settings)
    yield libraries
    if libraries.state == "bad":
        return
    runs = weights.state == "ok" and settings.model != "scripted"
    starting = (desk if runs else desk.without_weights()).application()
    async with starting as application, aclosing(_at_work(desk, application, runs)) as found:
        async for check in found:
            yield check


async def _at_work(
    desk: Desk, application: "Application", weights: bool
) -> AsyncGenerator[Check, None]:
    """The checks that start something: the sandbox and the engine."""
    desk.progress.working("starting the sandbox")
    try:
        sandbox = await application.sandbox()
    except PellucidError as error:
        way_out = "apt install bubblewrap (or a kernel with Landlock, 5.13 or later)"
        yield Check("isolation", "bad", str(error), way_out)
    else:
        yield checks.isolation(sandbox)
        desk.progress.working("attacking the sandbox")
        yield await _or_bad("battery", checks.escapes(sandbox))
    if weights:
        desk.progress.working("measuring the speed")
        yield await _or_bad("speed", checks.speed(application))


async def _or_bad(name: str, check: Awaitable[Check]) -> Check:
    """The check, or what kept it from being made."""
    try:
        return await check
    except PellucidError as error:
        return Check(name, "bad", str(error))
