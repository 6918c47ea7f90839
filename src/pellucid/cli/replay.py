"""`pellucid replay`: run a receipt's executions again and compare."""

import sys
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.text import Text

from pellucid.cli import lifetime
from pellucid.cli.ask import Desk
from pellucid.cli.exits import Exit
from pellucid.cli.text import count, plain
from pellucid.cli.units import duration

if TYPE_CHECKING:
    from pellucid.service.replay import Replayed


def replay(receipt: Path, *, as_json: bool) -> int:
    """Replay, show a line for each execution, and return the exit code."""
    from pellucid.store import receipts

    receipts.read(receipt)  # a file that is no receipt is refused before anything starts
    return lifetime.run(lambda _: _replay(receipt, as_json))


async def _replay(receipt: Path, json: bool) -> int:
    from pellucid.service.replay import SECONDS, replay

    desk = Desk.set_up().without_weights()
    seen: list[Replayed] = []
    async with desk.progress.moving(), desk.application() as application:
        async with aclosing(replay(receipt, await application.sandbox(), SECONDS)) as runs:
            async for run in runs:
                seen.append(run)
                if not json:
                    desk.progress.working("running")
                    desk.screen.line(line(run, len(seen)), wrap=False)
        desk.progress.clear()
    same = sum(run.verdict == "same" for run in seen)
    if json:
        sys.stdout.write(msgspec.json.encode(_object(receipt, seen)).decode() + "\n")
    else:
        desk.screen.line(f"{count(len(seen), 'execution')}: {same} same, {len(seen) - same} differ")
    return Exit.OK if same == len(seen) else Exit.FAILED


def line(run: "Replayed", number: int) -> Text:
    """`run 1  same     turn_1_e1  4 ms`, or what differs."""
    told = duration(run.after.seconds) if run.verdict == "same" else plain(run.detail)
    style = "green" if run.verdict == "same" else "bold red"
    shown = Text(f"run {number:<3}").append(f"{run.verdict:<9}", style=style)
    return shown.append(f"{run.execution_id}  {told}")


def _object(receipt: Path, seen: "list[Replayed]") -> dict[str, Any]:
    return {
        "version": 1,
        "receipt": str(receipt),
        "same": all(run.verdict == "same" for run in seen),
        "executions": [msgspec.to_builtins(run) for run in seen],
    }
