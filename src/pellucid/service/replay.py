"""Replay: run a receipt's executions again and say which came out the same."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pellucid.core.executions import Execution
from pellucid.core.ports import Sandbox
from pellucid.store import receipts

SECONDS = 60.0
"""How long one execution may take; its own run had less."""

LONGER = 2.0
"""A replay may take this many times as long, plus a second, before it counts as different."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One execution, run again; `detail` says what differs."""

    execution_id: str
    verdict: Literal["same", "differs"]
    detail: str
    before: Execution
    after: Execution


async def replay(path: Path, sandbox: Sandbox, seconds: float) -> AsyncGenerator[Replayed, None]:
    """Every execution of the receipt, in order, in one fresh session: files of a container that
    were there before are not there, which is said where a run differs.

    ReceiptError when the file does not hold together; nothing is run then.
    """
    receipt = receipts.read(path)
    session = f"replay-{receipt.head[:16]}"
    try:
        for before in receipt.executions:
            after = await sandbox.run(session, before.code, seconds=seconds, seed=before.seed)
            detail = difference(before, after)
            if detail and receipt.files:
                detail += f"; {', '.join(receipt.files)} of the container were not there this time"
            verdict: Literal["same", "differs"] = "differs" if detail else "same"
            yield Replayed(before.execution_id, verdict, detail, before, after)
    finally:
        await sandbox.close_session(session)


def difference(before: Execution, after: Execution) -> str:
    """What differs between two runs of the same code; "" when nothing that counts does."""
    pairs = {
        "outcome": (before.outcome, after.outcome),
        "output": (before.output, after.output),
        "result": (before.result, after.result),
        "error": (_last_line(before.error), _last_line(after.error)),
        "files": (_by_content(before), _by_content(after)),
    }
    return "; ".join(
        f"{name}: {_short(old)} before, {_short(new)} now"
        for name, (old, new) in pairs.items()
        if old != new
    )


def _by_content(ran: Execution) -> list[tuple[str, int, str]]:
    """The files of a run; of those that were not kept, only that they were there is sure."""
    return [(file.name, file.size, file.sha256) for file in ran.files]


def _last_line(text: str) -> str:
    return text.strip().rsplit("\n", 1)[-1]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
