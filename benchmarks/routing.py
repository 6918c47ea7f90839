"""How often a question gets a tool it does not need, or lacks one that it needs.

    python benchmarks/routing.py [FILE...] [--model] [--store]

A file has a row of JSON a line: `id`, `prompt`, `category`, `route` (answer, program or code)
and perhaps an `attachment` with `name` and `text`. Needless: of the rows that words answer, how
many are sent to a tool. Missed: of the rows that need one, how many are not. Where no rule is
sure, the row counts as answered in words, as computed, and (with `--model`) as the weights
choose.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from calls import said
from machine import cold, describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.agent.budget import Budget, Deadline
from pellucid.agent.effort import TABLE
from pellucid.agent.route import UNDECIDED, Route, RouteName, chosen
from pellucid.agent.route_choice import step
from pellucid.agent.route_rules import route
from pellucid.agent.work import Think, Work
from pellucid.assembly import Application
from pellucid.core.events import ItemClosed
from pellucid.core.items import Message
from pellucid.core.ports import Model
from pellucid.core.turn import Attachment, Turn
from pellucid.evals.summary import wilson

BUILD = Path(__file__).parent.parent / "src/pellucid/evals/data/routing_build.jsonl"
ROW = TABLE["medium"]
REPEATS = 5
"""Decisions by rule are timed as the median of so many."""

NAMES: tuple[RouteName, ...] = ("answer", "program", "code")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question and the route it needs."""

    id: str
    category: str
    expected: RouteName
    turn: Turn


@dataclass(frozen=True, slots=True)
class Decided:
    """The route a question got; `silent` tells that no rule was sure."""

    id: str
    category: str
    expected: RouteName
    got: RouteName | None
    why: str
    seconds: float
    silent: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """A file's figures: counts, and 95 % intervals of both rates."""

    file: str
    silent_means: str
    rows: int
    silent: int
    words: int
    needless: int
    needless_high: float
    tools: int
    missed: int
    missed_high: float
    other_tool: int


def labelled(path: Path) -> list[Labelled]:
    """The rows of a file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [_labelled(row) for row in rows]


def _labelled(row: dict[str, Any]) -> Labelled:
    file = row.get("attachment")
    files = (Attachment(file["name"], file["text"]),) if file else ()
    turn = Turn(row["id"], (Message("user", row["prompt"]),), attachments=files)
    return Labelled(row["id"], row["category"], row["route"], turn)


def by_rule(one: Labelled) -> Decided:
    """What the rules say, and how long they take."""
    seconds = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        found = route(one.turn, ROW)
        seconds.append(time.perf_counter() - began)
    return _decided(one, found, median(seconds), silent=found.name is None)


def _decided(one: Labelled, found: Route, seconds: float, silent: bool) -> Decided:
    return Decided(one.id, one.category, one.expected, found.name, found.why, seconds, silent)


async def by_choice(one: Labelled, model: Model) -> Decided:
    """What the model chooses, and how long it takes, reading the question included."""
    budget = Budget.of(2048, ROW.thinking_tokens, ROW.tool_calls, Deadline(None, time.monotonic))
    asked = step(Work(one.turn, ROW, UNDECIDED, budget))
    assert isinstance(asked, Think)
    began, reply = time.perf_counter(), ""
    async with aclosing(model.generate(asked.prompt)) as events:
        async for event in events:
            if isinstance(event, ItemClosed):
                reply = event.item.text
    return _decided(one, chosen(reply), time.perf_counter() - began, silent=True)


async def chosen_by_model(
    rows: Sequence[Labelled], decided: Sequence[Decided], console: Console
) -> list[Decided]:
    """The same decisions, the silent ones made by the weights."""
    async with (
        Application(cold(), lambda notice: said(console, notice)) as application,
        application.turns.model() as model,
    ):
        return [
            await by_choice(row, model) if one.silent else one
            for row, one in zip(rows, decided, strict=True)
        ]


def rates(file: str, silent_means: str, decided: Sequence[Decided]) -> Rates:
    """The figures of decisions that are all made."""
    words = [one for one in decided if one.expected == "answer"]
    tools = [one for one in decided if one.expected != "answer"]
    needless = sum(one.got != "answer" for one in words)
    missed = sum(one.got == "answer" for one in tools)
    return Rates(
        file,
        silent_means,
        len(decided),
        sum(one.silent for one in decided),
        len(words),
        needless,
        wilson(needless, len(words))[1] if words else 1.0,
        len(tools),
        missed,
        wilson(missed, len(tools))[1] if tools else 1.0,
        sum(one.got not in ("answer", one.expected) for one in tools),
    )


def rates_shown(found: Sequence[Rates]) -> Table:
    """One row for each file and reading of silence."""
    shown = Table(title="routing (a rate's bracket is its 95 % upper bound)")
    for name in ("file", "where rules are silent", "rows", "silent", "needless", "missed", "other"):
        shown.add_column(name, justify="left" if name[0] in "fw" else "right")
    for one in found:
        shown.add_row(
            one.file,
            one.silent_means,
            str(one.rows),
            str(one.silent),
            f"{one.needless}/{one.words} ({100 * one.needless_high:.0f} %)",
            f"{one.missed}/{one.tools} ({100 * one.missed_high:.0f} %)",
            str(one.other_tool),
        )
    return shown


def confusion(file: str, decided: Sequence[Decided]) -> Table:
    """Categories against routes, as the rules say."""
    shown = Table(title=f"{file}: expected route to route by rule, by category")
    for name in ("category", "expected", *NAMES, "silent"):
        shown.add_column(name, justify="left" if name in ("category", "expected") else "right")
    counts = Counter((one.category, one.expected, one.got) for one in decided)
    for category, expected in sorted({(one.category, one.expected) for one in decided}):
        cells = [counts[category, expected, name] for name in (*NAMES, None)]
        shown.add_row(category, expected, *(str(cell or "") for cell in cells))
    return shown


def wrong(decided: Sequence[Decided]) -> Iterator[str]:
    """A line for every decision that is not the expected one."""
    for one in decided:
        if one.got != one.expected:
            yield f"{one.id}: {one.expected} expected, {one.got or 'silent'} ({one.why})"


def main() -> int:
    """Measure, print tables and one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="*", type=Path, default=[BUILD])
    parser.add_argument("--model", action="store_true", help="let the weights choose, too")
    parser.add_argument("--wrong", action="store_true", help="list what is routed otherwise")
    parser.add_argument(
        "--store", action="store_true", help="keep the result in benchmarks/results"
    )
    options = parser.parse_args()
    console, found, seconds = Console(stderr=True), list[Rates](), dict[str, float]()
    for path in options.files:
        rows = labelled(path)
        ruled = [by_rule(row) for row in rows]
        seconds[path.stem] = median(one.seconds for one in ruled)
        Console().print(confusion(path.stem, ruled))
        for name in NAMES[:2]:
            guessed = [replace(one, got=name) if one.silent else one for one in ruled]
            found.append(rates(path.stem, name, guessed))
        if options.model:
            made = asyncio.run(chosen_by_model(rows, ruled, console))
            found.append(rates(path.stem, "the model's choice", made))
            times = [one.seconds for one in made if one.silent]
            seconds[f"{path.stem}, chosen"] = median(times) if times else 0.0
        if options.wrong:
            console.print(*wrong(ruled), sep="\n", highlight=False, markup=False)
    Console().print(rates_shown(found))
    Console().print({name: f"{1000 * value:.2f} ms a decision" for name, value in seconds.items()})
    result = {"benchmark": "routing", **describe(), "seconds": seconds}
    result["rows"] = [asdict(one) for one in found]
    if options.store:
        stored("routing", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
