"""Function calls on BFCL: the makers' template alone, beside calls held to their schemas.

    python benchmarks/calls.py [--items 60] [--tasks simple_python,...] [--store]

"native" is the template of the weights' makers, its replies free and read kindly: any JSON object
with a name and arguments is a call, in tags, in fences or bare. "constrained" is Pellucid's prompt
with replies held to the functions' schemas. Both use the same weights, machine and run, greedy
decoding, zero shots, and leave the model the choice to call or not.

A reply is right when its calls match the accepted ones (BFCL's comparison of parsed calls: Patil
et al., ICML 2025), for `irrelevance` when there is none. "parsed" are replies that are calls or
hold nothing that looks like one, "valid" those whose calls all name a function there is, with
arguments valid against its schema, as `jsonschema` judges.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
from machine import cold, describe, stored
from rich.console import Console
from rich.progress import track
from rich.table import Table

from pellucid.assembly import Application, Notice
from pellucid.core.constraint import Constraint, Function
from pellucid.core.events import ItemClosed
from pellucid.core.items import Item, Message, ToolCall
from pellucid.core.ports import Prompt
from pellucid.evals.calls import TASKS, function, functions_told, messages, right, written
from pellucid.evals.summary import wilson
from pellucid.model.chatml import ChatML, dialects
from pellucid.model.dialect import Segment
from pellucid.model.generate import EngineModel

TOKENS = 512


@dataclass(frozen=True, slots=True)
class Replied:
    """What one reply came to; `wall` in seconds."""

    right: bool
    parsed: bool
    valid: bool
    called: bool
    tokens: int
    wall: float
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One column on one task: counts of replies, mean tokens and seconds."""

    task: str
    system: str
    items: int
    right: int
    low: float
    high: float
    parsed: int
    valid: int
    called: int
    tokens: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Native(ChatML):
    """The makers' own template for functions (the model card of Qwen2.5), and replies that
    nothing holds."""

    def render(self, prompt: Prompt) -> tuple[Segment, ...]:
        """The functions in the system message, as the makers put them."""
        items = (Message("system", functions_told(prompt.functions)), *prompt.items)
        return ChatML.render(self, replace(prompt, items=items, functions=()))

    def constraint(self, prompt: Prompt) -> Constraint | None:
        """None."""
        return None

    def calls(self, text: str, prefix: str) -> tuple[ToolCall, ...] | None:
        """Whatever can be read as calls."""
        return written(text) or None


def valid(call: ToolCall, functions: Sequence[Function]) -> bool:
    """Whether the call names a function there is and its arguments fit."""
    schemas = [json.loads(one.parameters) for one in functions if one.name == call.name]
    try:
        jsonschema.validate(json.loads(call.text), schemas[0])
    except (IndexError, jsonschema.ValidationError):
        return False
    return True


async def replied(model: EngineModel, item: dict[str, Any]) -> Replied:
    """One reply, judged."""
    functions = tuple(map(function, item["function"]))
    prompt = Prompt(messages(item), functions=functions, max_tokens=TOKENS)
    began = time.monotonic()
    async with aclosing(model.generate(prompt)) as events:
        items = [event.item async for event in events if isinstance(event, ItemClosed)]
    calls = [one for one in items if isinstance(one, ToolCall)]
    parsed = bool(calls) or not any('"arguments"' in one.text for one in items)
    return Replied(
        right(calls, item["ground_truth"]) if item["ground_truth"] else not calls,
        parsed,
        parsed and all(valid(call, functions) for call in calls),
        bool(calls),
        model.spent.completion,
        time.monotonic() - began,
        _told(items),
    )


def _told(items: Sequence[Item]) -> str:
    return "\n".join(
        f"{one.name}({one.text})" if isinstance(one, ToolCall) else one.text for one in items
    )


def summed(task: str, system: str, replies: Sequence[Replied]) -> Row:
    """The row of a column."""
    number, good = len(replies), sum(one.right for one in replies)
    return Row(
        task,
        system,
        number,
        good,
        *wilson(good, number),
        sum(one.parsed for one in replies),
        sum(one.valid for one in replies),
        sum(one.called for one in replies),
        sum(one.tokens for one in replies) / number,
        sum(one.wall for one in replies) / number,
    )


async def measure(
    options: argparse.Namespace, console: Console
) -> tuple[list[Row], dict[str, list[dict[str, Any]]]]:
    """All columns of all tasks, one after the other."""
    settings = cold()
    data = Path(options.data or settings.data or "../shared/data")
    rows: list[Row] = []
    details: dict[str, list[dict[str, Any]]] = {}
    async with (
        Application(settings, lambda notice: said(console, notice)) as application,
        application.engine() as loaded,
    ):
        ids, dialect = count(), dialects()[loaded.dialect]
        systems = {"native": Native(dialect.name), "constrained": dialect}
        for task in options.tasks.split(","):
            with (data / "bfcl" / f"{task}.jsonl").open(encoding="utf-8") as lines:
                items = [json.loads(line) for line in lines][: options.items]
            free = asyncio.Semaphore(options.at_once)

            async def one(item: dict[str, Any], name: str, free: asyncio.Semaphore) -> Replied:
                async with free:
                    model = EngineModel(
                        name, loaded.engine, loaded.info, systems[name], loaded.memory,
                        lambda: f"bench_{next(ids)}",
                    )  # fmt: skip
                    return await replied(model, item)

            found = dict[str, list[Replied]]()
            for name in systems:
                jobs = [asyncio.create_task(one(item, name, free)) for item in items]
                for job in track(jobs, f"{task} {name}", console=console, transient=True):
                    await job
                found[name] = [job.result() for job in jobs]
            rows += [summed(task, name, replies) for name, replies in found.items()]
            details |= {f"{task}/{n}": [asdict(one) for one in r] for n, r in found.items()}
    return rows, details


def said(console: Console, notice: Notice) -> None:
    """Progress of a long step, a line when it begins."""
    if notice.done == 0:
        console.print(notice.what)


def table(rows: Sequence[Row]) -> Table:
    """All rows; the first of a task is its baseline."""
    shown = Table(title="BFCL, function calls")
    for name in (
        "task",
        "system",
        "right",
        "95 %",
        "parsed",
        "valid",
        "called",
        "tokens",
        "s/item",
    ):
        shown.add_column(name, justify="left" if name in ("task", "system") else "right")
    for row in rows:
        shown.add_row(
            row.task,
            row.system,
            f"{row.right}/{row.items}",
            f"{100 * row.low:.0f}-{100 * row.high:.0f}",
            *map(str, (row.parsed, row.valid, row.called)),
            f"{row.tokens:.0f}",
            f"{row.seconds:.1f}",
        )
    return shown


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=60, help="of each task")
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--data", default=os.environ.get("PELLUCID_DATA", ""))
    parser.add_argument("--at-once", type=int, default=1, help="items asked at the same time")
    parser.add_argument("--details", type=Path, help="write every reply to this JSON file")
    parser.add_argument("--store", action="store_true", help="keep it in benchmarks/results")
    options = parser.parse_args()
    rows, details = asyncio.run(measure(options, Console(stderr=True)))
    Console().print(table(rows))
    if options.details:
        options.details.write_text(json.dumps(details, indent=1), encoding="utf-8")
    result = {
        "benchmark": "calls",
        **describe(),
        "at_once": options.at_once,
        "rows": [asdict(row) for row in rows],
    }
    if options.store:
        stored("calls", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
