"""What Pellucid itself takes: milliseconds of a turn beyond model and tools.

    python benchmarks/overhead.py [--turns 200] [--store]

The model is scripted and the sandbox answers at once, so what is left is the agent, the
verifier, the events and the receipt. The scripted model streams character by character, more
events than real weights send. Target: below 5 ms a turn.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from machine import describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.core.effort import EffortName
from pellucid.core.executions import Execution
from pellucid.core.items import Message
from pellucid.core.ports import Model, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import ScriptedModel, rules
from pellucid.service.turns import Turns
from pellucid.tools.toolset import computing

KINDS: tuple[tuple[str, str, EffortName], ...] = (
    ("an answer in words", "say: " + "The sky is blue and the grass is green. " * 12, "medium"),
    ("a program, run", "What is 48271964 - 19384756?", "medium"),
    ("nine candidates", "What is 48271964 - 19384756?", "high"),
)
TARGET = 5.0


class Instant:
    """A sandbox that knows the result of the one program asked of it."""

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        """What the program prints, at once."""
        return Execution("exec_0", code, "ok", output="28887208\n")

    async def close_session(self, session: str) -> None:
        """Nothing to forget."""


@asynccontextmanager
async def _model(serving: Serving) -> AsyncGenerator[Model, None]:
    yield ScriptedModel(rules)


@asynccontextmanager
async def _tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
    async with computing(Instant(), turn.turn_id, kept=False, seed=0) as tools:
        yield tools


async def measure(turns: int) -> list[dict[str, object]]:
    """Milliseconds of a turn of each kind: median and 95th percentile."""
    rows = list[dict[str, object]]()
    with TemporaryDirectory() as folder:
        door = Turns(_model, _tools, Path(folder), time.monotonic)
        for name, question, effort in KINDS:
            took = []
            for number in range(turns + 1):
                # What was read of a message is remembered: each turn asks in words of its own.
                words = f"{question} ({chr(97 + number // 26 % 26)}{chr(97 + number % 26)})"
                asked = Turn(f"turn_{number}", (Message("user", words),), effort=effort)
                began = time.perf_counter()
                async with aclosing(door.run(asked)) as events:
                    async for _ in events:
                        pass
                took.append(1000 * (time.perf_counter() - began))
            warm = took[1:]  # the first one imports and compiles
            worst = quantiles(warm, n=20)[-1]
            rows.append({"turn": name, "median": median(warm), "p95": worst})
    return rows


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    result = {"benchmark": "overhead", **describe(), "turns": options.turns}
    rows = asyncio.run(measure(options.turns))
    shown = Table(title=f"milliseconds a turn (target: below {TARGET:g})")
    for name in ("turn", "median", "95 %"):
        shown.add_column(name, justify="left" if name == "turn" else "right")
    for row in rows:
        shown.add_row(str(row["turn"]), f"{row['median']:.1f}", f"{row['p95']:.1f}")
    Console(stderr=True).print(shown)
    result["rows"] = rows
    if options.store:
        stored("overhead", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
