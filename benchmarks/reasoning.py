"""Right answers per minute: the bare weights answering in prose, beside Pellucid.

    python benchmarks/reasoning.py [--items 100] [--tasks gsm8k,chain_sum] [--at-once 1] [--store]

All columns use the same weights, engine, machine and run, greedy decoding and zero shots.
The result taken from an answer is the one it marks as such: the last number with the verdict
"computed" for Pellucid, the last `\\boxed{}` for the bare weights; else the last number. The
bare column is the weights' own chat format with their makers' usual system prompt. Data is
read from PELLUCID_DATA.
"""

import argparse
import asyncio
import json
import math
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from machine import cold, describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.assembly import Application, Notice
from pellucid.core.effort import EffortName
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message, ToolResult, Verdicts
from pellucid.core.ports import Prompt
from pellucid.core.turn import Turn

FILES = {"gsm8k": "gsm8k/test.jsonl", "chain_sum": "reasoning_gym/chain_sum.jsonl"}
PUBLISHED = {
    "gsm8k": "none for these weights; 65.8 base model, 4 shots (arXiv 2409.12186)",
    "chain_sum": "none",
}
BARE_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
BARE_TOKENS = 1024
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?!\d|(?:st|nd|rd|th)\b)")


@dataclass(frozen=True, slots=True)
class Answered:
    """One item's outcome: tokens out (thinking included), seconds, executions, verdicts."""

    id: str
    right: bool
    tokens: int
    seconds: float
    calls: int
    numbers: int
    stated: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One column of the comparison on one task; `low` and `high` bound the accuracy (95 %)."""

    task: str
    system: str
    items: int
    right: int
    accuracy: float
    low: float
    high: float
    tokens: float
    seconds: float
    right_per_minute: float
    calls: float
    stated_numbers: float


Ask = Callable[[str, str], Awaitable[Answered]]


def questions(data: Path, task: str, items: int) -> list[dict[str, str]]:
    """The first items of a task, as id, question and answer."""
    with (data / FILES[task]).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:items]


def last_number(text: str) -> str:
    """The last number of a text, of its last box if it has one; ordinals do not count."""
    boxed = re.findall(r"\\boxed\{([^{}]*)\}", text)
    found = _NUMBER.findall(boxed[-1] if boxed else text)
    return found[-1].replace(",", "") if found else ""


def same(text: str, answer: str) -> bool:
    """Whether the text's last number is the answer: whole numbers exactly, others to 1e-4."""
    mine, right = last_number(text), answer.replace(",", "")
    if re.fullmatch(r"-?\d+(?:\.0+)?", mine) and re.fullmatch(r"-?\d+", right):
        return int(mine.split(".")[0]) == int(right)
    return bool(mine) and math.isclose(float(mine), float(right), abs_tol=1e-4)


def wilson(right: int, items: int) -> tuple[float, float]:
    """The 95 % score interval of a proportion (Wilson 1927)."""
    z, p = 1.96, right / items
    centre = (p + z * z / (2 * items)) / (1 + z * z / items)
    half = z * math.sqrt(p * (1 - p) / items + z * z / (4 * items * items)) / (1 + z * z / items)
    return centre - half, centre + half


def bare(application: Application) -> Ask:
    """The weights alone, in prose."""

    async def ask(question: str, answer: str) -> Answered:
        items = (Message("system", BARE_SYSTEM), Message("user", question))
        prompt = Prompt(items, max_tokens=BARE_TOKENS)
        async with application.turns.model() as model:
            began, text = time.monotonic(), ""
            async with aclosing(model.generate(prompt)) as events:
                async for event in events:
                    text = getattr(getattr(event, "item", None), "text", "") or text
            seconds = time.monotonic() - began
            return Answered("", same(text, answer), model.spent.completion, seconds, 0, 0, 0, text)

    return ask


def pellucid(application: Application, effort: EffortName) -> Ask:
    """A whole turn at an effort."""

    async def ask(question: str, answer: str) -> Answered:
        turn = Turn(f"bench_{time.monotonic_ns()}", (Message("user", question),), effort=effort)
        record = Record()
        async with aclosing(application.turns.run(turn)) as events:
            async for event in events:
                record = advance(record, event)
        return outcome(record, answer)

    return ask


def outcome(record: Record, answer: str) -> Answered:
    """What a finished turn's record says about its answer."""
    text = "".join(i.text for i in record.items if isinstance(i, Message))
    claims = [c for i in record.items if isinstance(i, Verdicts) for c in i.claims]
    numbers = [c for c in claims if c.kind == "number"]
    computed = [c.text for c in numbers if c.verdict == "computed"]
    return Answered(
        "",
        same(computed[-1] if computed else text, answer),
        record.usage.completion,
        record.usage.seconds,
        sum(isinstance(i, ToolResult) and i.execution is not None for i in record.items),
        len(numbers),
        sum(c.verdict == "stated" for c in numbers),
        text,
    )


def summed(task: str, system: str, answers: Sequence[Answered], wall: float) -> Row:
    """The row of a column that took `wall` seconds."""
    count, right = len(answers), sum(a.right for a in answers)
    numbers = sum(a.numbers for a in answers)
    return Row(
        task,
        system,
        count,
        right,
        right / count,
        *wilson(right, count),
        sum(a.tokens for a in answers) / count,
        sum(a.seconds for a in answers) / count,
        60 * right / wall,
        sum(a.calls for a in answers) / count,
        sum(a.stated for a in answers) / numbers if numbers else math.nan,
    )


def table(rows: Sequence[Row]) -> Iterator[Table]:
    """One table a task, ratios against the bare weights of the same run."""
    for task in dict.fromkeys(row.task for row in rows):
        mine = [row for row in rows if row.task == task]
        base = mine[0]
        shown = Table(title=f"{task} (published: {PUBLISHED[task]})")
        for name in ("system", "right", "95 %", "tokens", "x", "s/item", "right/min", "x", "runs"):
            shown.add_column(name, justify="left" if name == "system" else "right")
        for row in mine:
            shown.add_row(
                row.system,
                f"{row.right}/{row.items}",
                f"{100 * row.low:.0f}-{100 * row.high:.0f}",
                f"{row.tokens:.0f}",
                f"{row.tokens / base.tokens:.2f}",
                f"{row.seconds:.1f}",
                f"{row.right_per_minute:.1f}",
                f"{row.right_per_minute / base.right_per_minute:.2f}" if base.right else "-",
                f"{row.calls:.1f}",
            )
        yield shown


async def measure(
    options: argparse.Namespace, console: Console
) -> tuple[list[Row], dict[str, Any]]:
    """All columns of all tasks, one item after another."""
    settings = cold()
    data = Path(options.data or settings.data or "../shared/data")
    rows: list[Row] = []
    details: dict[str, Any] = {}
    async with Application(settings, lambda notice: said(console, notice)) as application:
        systems: dict[str, Ask] = {"bare": bare(application)}
        systems |= {e: pellucid(application, e) for e in ("low", "medium")}
        for task in options.tasks.split(","):
            items = questions(data, task, options.items)
            for name in options.systems.split(","):
                began = time.monotonic()
                with Progress(console=console, transient=True) as bar:
                    step = partial(bar.advance, bar.add_task(f"{task} {name}", total=len(items)))
                    answers = await asked(systems[name], items, options.at_once, step)
                rows.append(summed(task, name, answers, time.monotonic() - began))
                details[f"{task}/{name}"] = [asdict(answer) for answer in answers]
    return rows, details


async def asked(
    ask: Ask, items: Sequence[dict[str, str]], at_once: int, step: Callable[[], None]
) -> list[Answered]:
    """The answers in the order of the items, so many asked at the same time."""
    free = asyncio.Semaphore(at_once)

    async def one(item: dict[str, str]) -> Answered:
        async with free:
            got = await ask(item["question"], item["answer"])
        step()
        return replace(got, id=item["id"])

    return await asyncio.gather(*map(one, items))


def said(console: Console, notice: Notice) -> None:
    """Progress of a long step, a line when it begins."""
    if notice.done == 0:
        console.print(notice.what)


def main() -> int:
    """Measure, print tables and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--tasks", default="gsm8k,chain_sum")
    parser.add_argument("--systems", default="bare,low,medium")
    parser.add_argument("--data", default=os.environ.get("PELLUCID_DATA", ""))
    parser.add_argument("--at-once", type=int, default=1, help="items asked at the same time")
    parser.add_argument("--details", type=Path, help="write every answer to this JSON file")
    parser.add_argument(
        "--store", action="store_true", help="keep the result in benchmarks/results"
    )
    options = parser.parse_args()
    console = Console(stderr=True)
    rows, details = asyncio.run(measure(options, console))
    for shown in table(rows):
        Console().print(shown)
    if options.details:
        options.details.write_text(json.dumps(details, indent=1), encoding="utf-8")
    result = {"benchmark": "reasoning", **describe(), "at_once": options.at_once}
    result["rows"] = [asdict(row) for row in rows]
    together = f"-{options.at_once}-at-once" if options.at_once > 1 else ""
    if options.store:
        stored("-".join(["reasoning", *options.tasks.split(",")]) + together, result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
