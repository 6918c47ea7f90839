"""Charts in pictures: right answers to questions about them, and how far off what is read is.

    python benchmarks/charts.py [--effort medium] [--items 30] [--read-only] [--store]

Of `PELLUCID_DATA/charts_real`: each question with its picture, through the whole turn. A value is
right within the tolerance that the set gives, a year or count if it is the same, a label if it
is named first. Beside it, without any model: of how many charts a table was read, and how
many questions a rule answers from it. `--read-only` asks no model.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from machine import cold, describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.agent.chart_program import program
from pellucid.assembly import Application
from pellucid.core import charts
from pellucid.core.effort import EffortName
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn
from pellucid.tools.reader import ingest

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Case:
    """A question about a picture, and what is right."""

    name: str
    picture: Path
    question: str
    answer: str
    tolerance: float
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """Questions of one kind, or charts: how many were right, and the usual seconds of one."""

    kind: str
    asked: int
    right: int
    seconds: float


def cases(folder: Path, limit: int | None) -> list[Case]:
    """The questions of the set."""
    rows = map(json.loads, (folder / "questions.jsonl").open(encoding="utf-8"))
    return [
        Case(
            one["id"],
            folder / one["image"],
            one["question"],
            one["answer"],
            float(one["tolerance"] or 0),
            one["type"],
        )
        for one in rows
    ][:limit]


def right(case: Case, said: str) -> bool:
    """Whether an answer is right: its first number, or the words it begins with."""
    if case.kind == "label":
        return even(said).startswith(even(case.answer)) or named(case.answer, said)
    found = _NUMBER.search(said)
    if found is None:
        return False
    value, true = float(found[0].replace(",", "")), float(case.answer)
    return abs(value - true) <= case.tolerance * abs(true)


def named(answer: str, said: str) -> bool:
    """Whether the first sentence, what stands in parentheses aside, has the words of a label."""
    first = re.split(r"[.!?]\s", re.sub(r"\([^)]*\)", " ", said))[0]
    return f" {even(answer)} " in f" {even(first)} "


def even(text: str) -> str:
    """Letters and digits in lower case, white space evened."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def read(pictures: Sequence[Path]) -> tuple[dict[Path, tuple[Attachment, ...]], list[float]]:
    """Every picture as a turn gets it, with the seconds of each."""
    files, took = dict[Path, tuple[Attachment, ...]](), list[float]()
    for path in dict.fromkeys(pictures):
        began = time.perf_counter()
        files[path] = ingest.read(path.name, path.read_bytes())
        took.append(time.perf_counter() - began)
    return files, took


def _turn(case: Case, files: tuple[Attachment, ...], effort: EffortName) -> Turn:
    asked = (Message("user", case.question),)
    return Turn(case.name, asked, effort=effort, attachments=files)


async def answered(
    asked: Sequence[Case], files: dict[Path, tuple[Attachment, ...]], effort: EffortName
) -> list[Row]:
    """Ask one after the other; a row for each kind of answer, and one for all."""
    took = dict[str, list[tuple[bool, float]]]()
    async with Application(cold(), lambda notice: None) as application:
        for case in asked:
            began, record = time.perf_counter(), Record()
            turn = _turn(case, files[case.picture], effort)
            async with aclosing(application.turns.run(turn)) as events:
                async for event in events:
                    record = advance(record, event)
            said = [one.text for one in record.items if isinstance(one, Message)]
            good = right(case, said[-1] if said else "")
            for kind in (case.kind, "all"):
                took.setdefault(kind, []).append((good, time.perf_counter() - began))
            if not good:
                print(f"{case.name}: {case.question}\n    {said[-1:]!r}", file=sys.stderr)
    return [
        Row(
            f"answers: {kind}", len(all_), sum(good for good, _ in all_), median(s for _, s in all_)
        )
        for kind, all_ in took.items()
    ]


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--effort", default="medium")
    parser.add_argument("--items", type=int, help="questions")
    parser.add_argument("--read-only", action="store_true", help="ask no model")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    folder = Path(os.environ.get("PELLUCID_DATA", "../shared/data")) / "charts_real"
    if not folder.is_dir():
        raise SystemExit(f"no charts in {folder.parent}: set PELLUCID_DATA")
    asked = cases(folder, options.items)
    files, took = read([one.picture for one in asked])
    tables = [one for some in files.values() for one in some if one.name.endswith(charts.SUFFIX)]
    ruled = [one for one in asked if program(_turn(one, files[one.picture], "medium"))]
    rows = [
        Row("charts: a table was read", len(files), len(tables), median(took)),
        Row("questions: a rule writes the program", len(asked), len(ruled), 0.0),
    ]
    if not options.read_only:
        rows += asyncio.run(answered(asked, files, options.effort))
    shown = Table("", "of", "right", "median seconds")
    for row in rows:
        shown.add_row(row.kind, str(row.asked), str(row.right), f"{row.seconds:.2f}")
    Console(stderr=True).print(shown)
    result: dict[str, Any] = {"benchmark": "charts", **describe(), "effort": options.effort}
    result["rows"] = [asdict(row) for row in rows]
    if options.store:
        stored("charts", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
