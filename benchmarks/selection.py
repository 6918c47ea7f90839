"""Which of many solutions is right: greedy, vote, selector and oracle beside each other.

    python benchmarks/selection.py collect --items 100 --out FILE [--skip N] [--at-once 2]
    python benchmarks/selection.py curve FILE... [--fit] [--store]

`collect` solves the first items of GSM8K's training split (tuning data) with every candidate of
high effort, never stopping early, and writes what each came to, item by item; run again, it goes
on. `curve` shows how often each way of choosing among the first k candidates is right; `--fit`
first fits the selector's weights (agent/select.py) to the data and prints them. The curve of a
fitted selector is cross-validated: each item is judged by weights fitted to the others.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from machine import cold, describe, stored
from rich.console import Console
from rich.progress import track
from rich.table import Table

from pellucid.agent import loop, select
from pellucid.agent.budget import Budget, Deadline
from pellucid.agent.effort import ANSWER_TOKENS, TABLE
from pellucid.agent.route_rules import route
from pellucid.agent.select import FEATURES, Candidate
from pellucid.agent.work import Work
from pellucid.assembly import Application
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.turn import Turn

ROW = replace(TABLE["high"], safe=2.0)
FOLDS, RIDGE, STEPS = 5, 1.0, 50
Choice = Callable[[str, Sequence[Candidate]], str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question: its answer as `select.value` writes it, and its candidates in order."""

    id: str
    question: str
    answer: str
    candidates: tuple[Candidate, ...]


async def solved(application: Application, turn: Turn) -> tuple[Candidate, ...]:
    """All candidates of a turn at high effort."""
    budget = Budget.of(
        ROW.thinking_tokens + ANSWER_TOKENS,
        ROW.thinking_tokens,
        ROW.tool_calls,
        Deadline(None, time.monotonic),
    )
    work, record = Work(turn, ROW, route(turn, ROW), budget), Record()
    turns = application.turns
    async with (
        turns.model(turn.serving) as model,
        turns.tools(turn) as tools,
        aclosing(loop.run(work, model, tools)) as events,
    ):
        async for event in events:
            record = advance(record, event)
    return select.candidates(replace(work, items=record.items))


async def collect(options: argparse.Namespace) -> None:
    """Append one line of JSON for each item that the file does not hold yet."""
    data = Path(options.data or "../shared/data") / "gsm8k" / "train.jsonl"
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    done = {item.id for item in read([options.out])} if options.out.is_file() else set[str]()
    wanted = [r for r in rows[options.skip : options.skip + options.items] if r["id"] not in done]
    free, ids = asyncio.Semaphore(options.at_once), count()
    async with Application(cold(), lambda notice: None) as application:

        async def one(row: dict[str, str]) -> Item:
            async with free:
                turn = Turn(f"pick_{next(ids)}", (Message("user", row["question"]),))
                found = await solved(application, turn)
                return Item(row["id"], row["question"], select.value(row["answer"]), found)

        jobs = [asyncio.create_task(one(row)) for row in wanted]
        finished = asyncio.as_completed(jobs)
        with options.out.open("a", encoding="utf-8") as file:
            for job in track(finished, total=len(jobs), console=Console(stderr=True)):
                file.write(json.dumps(asdict(await job)) + "\n")
                file.flush()


def read(paths: Sequence[Path]) -> list[Item]:
    """The items of some files."""
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    return [_item(json.loads(line)) for line in lines]


def _item(row: dict[str, Any]) -> Item:
    return Item(**{**row, "candidates": tuple(map(_candidate, row["candidates"]))})


def _candidate(row: dict[str, Any]) -> Candidate:
    run = row["run"] and (ToolCall(**row["run"][0]), ToolResult(**row["run"][1]))
    return Candidate(**{**row, "run": run})


def first(question: str, candidates: Sequence[Candidate]) -> str:
    """The greedy program's result."""
    return next((one.value for one in candidates if one.first), "")


def vote(question: str, candidates: Sequence[Candidate]) -> str:
    """The most frequent result, the earlier one of two."""
    return Counter(one.value for one in candidates).most_common(1)[0][0] if candidates else ""


def chosen(weights: Sequence[float]) -> Choice:
    """What a selector with these weights takes."""

    def choice(question: str, candidates: Sequence[Candidate]) -> str:
        found = select.groups(question, candidates)
        scored = [
            (select.likely(select.features(question, g.candidates, len(candidates)), weights), g)
            for g in found
            if g.run is not None
        ]
        return max(scored, key=lambda one: one[0])[1].value if scored else ""

    return choice


def rows(items: Sequence[Item]) -> tuple[np.ndarray, np.ndarray]:
    """Features of every group after 3, 5, 7 and all candidates, and whether it is right."""
    features, right = list[tuple[float, ...]](), list[float]()
    for item in items:
        for size in (3, 5, 7, len(item.candidates)):
            some = item.candidates[:size]
            for group in select.groups(item.question, some):
                features.append(select.features(item.question, group.candidates, len(some)))
                right.append(float(group.value == item.answer))
    return np.array(features), np.array(right)


def fitted(items: Sequence[Item]) -> tuple[float, ...]:
    """Weights of a logistic model with a ridge penalty, by Newton's method."""
    x, y = rows(items)
    weights, penalty = np.zeros(x.shape[1]), RIDGE * np.eye(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        gradient = x.T @ (y - p) - RIDGE * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty
        weights = weights + np.linalg.solve(hessian, gradient)
    return tuple(round(float(w), 2) for w in weights)


def validated(items: Sequence[Item]) -> list[Choice]:
    """For each item, the selector fitted to the other folds."""
    others = [[o for n, o in enumerate(items) if n % FOLDS != fold] for fold in range(FOLDS)]
    folds = [chosen(fitted(some)) for some in others]
    return [folds[n % FOLDS] for n in range(len(items))]


def curve(items: Sequence[Item], selectors: Sequence[Choice]) -> list[dict[str, Any]]:
    """Right answers of each way after k candidates."""
    found = []
    for size in range(1, max(len(item.candidates) for item in items) + 1):
        some = [item.candidates[:size] for item in items]
        pairs = list(zip(items, some, strict=True))
        found.append(
            {
                "candidates": size,
                "greedy": sum(first(i.question, i.candidates) == i.answer for i in items),
                "vote": sum(vote(i.question, c) == i.answer for i, c in pairs),
                "selector": sum(
                    s(i.question, c) == i.answer for s, (i, c) in zip(selectors, pairs, strict=True)
                ),
                "oracle": sum(any(one.value == i.answer for one in c) for i, c in pairs),
            }
        )
    return found


def main() -> int:
    """Collect, or show what was collected."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    collecting = commands.add_parser("collect")
    collecting.add_argument("--items", type=int, default=100)
    collecting.add_argument("--skip", type=int, default=0)
    collecting.add_argument("--at-once", type=int, default=2)
    collecting.add_argument("--data", default=os.environ.get("PELLUCID_DATA", ""))
    collecting.add_argument("--out", type=Path, required=True)
    showing = commands.add_parser("curve")
    showing.add_argument("files", nargs="+", type=Path)
    showing.add_argument("--fit", action="store_true")
    showing.add_argument("--store", action="store_true")
    options = parser.parse_args()
    if options.command == "collect":
        asyncio.run(collect(options))
        return 0
    items = read(options.files)
    weights = fitted(items) if options.fit else select.WEIGHTS
    selectors = validated(items) if options.fit else [chosen(weights)] * len(items)
    shown = Table(title=f"right of {len(items)}")
    points = curve(items, selectors)
    for name in points[0]:
        shown.add_column(name, justify="right")
    for point in points:
        shown.add_row(*(str(value) for value in point.values()))
    Console(stderr=True).print(shown)
    result = {"benchmark": "selection", **describe(), "items": len(items), "rows": points}
    result["weights"] = dict(zip(FEATURES, weights, strict=True))
    if options.store:
        stored("selection-gsm8k-train", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
