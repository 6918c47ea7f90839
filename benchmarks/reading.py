"""Looking something up in long documents: right page, right words, and what is not there.

    python benchmarks/reading.py [--effort low] [--items 50] [--depths 5] [--beside] [--store]

Of `PELLUCID_DATA/long_docs`: sections ("on which page …") and sentences ("the rest of …") of
two manuals as PDF files; needles put into a novel at several depths, and the same questions of the
novel without them. A needle is right if its answer is in ours; what is absent, if ours says so.
Sentences are compared as their authors ask (similarity of at least 0.95), with their page. First
the manuals are opened, as if for the first time and again.

`--beside` asks the same questions of the same weights with the usual prompt: the passages most
about the question, each with its page, pasted before it. What is absent is right there if the
answer says so in whatever words.
"""

import argparse
import asyncio
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from machine import cold, describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.agent.lookup import NOTHING
from pellucid.assembly import Application
from pellucid.core.effort import EffortName
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message
from pellucid.core.turn import Attachment, Turn
from pellucid.tools.reader import ingest, pdf
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.library import Library

NOVEL = "austen_emma"
SAME = 0.95
NAIVE = ", pasted"
PASTED = 4_000
"""Characters of passages in the usual prompt."""

DENIED = re.compile(
    rf"^{re.escape(NOTHING)}|\b(?:not|n't|no|nor|neither|never)\b.{{0,60}}"
    r"\b(?:mention|provid|stat|contain|includ|specif|say|said|given|answer|information)",
    re.IGNORECASE | re.DOTALL,
)
"""That something is not in the text."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question about a file, and whether an answer is right."""

    kind: str
    question: str
    file: Attachment
    right: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """All questions of a kind; seconds are of one question, the file read already."""

    kind: str
    asked: int
    right: int
    seconds: float


def manuals(data: Path, items: int) -> Iterator[Case]:
    """So many questions about each of the manuals."""
    questions = [json.loads(line) for line in (data / "questions.jsonl").open(encoding="utf-8")]
    for path in sorted((data / "pdf").glob("*.pdf")):
        file = pdf.read(path.name, path.read_bytes())
        for one in [row for row in questions if row["doc"] == path.stem][:items]:
            page, answer = re.compile(rf"\bpage {one['page']}\b", re.IGNORECASE), one["answer"]
            if one["kind"] == "section_page":
                yield Case(
                    "section", one["question"], file, lambda said, at=page: bool(at.search(said))
                )
            else:
                yield Case("sentence", one["question"], file, _completes(answer, page))


def needles(data: Path, depths: int) -> Iterator[Case]:
    """Each needle at each depth, and each question of the novel as it is."""
    packed = (data / "text" / f"{NOVEL}.txt.gz").read_bytes()
    novel = gzip.decompress(packed).decode("utf-8")
    paragraphs = novel.split("\n\n")
    for one in map(json.loads, (data / "needles.jsonl").open(encoding="utf-8")):
        for depth in range(1, depths + 1):
            at = depth * len(paragraphs) // (depths + 1)
            text = "\n\n".join([*paragraphs[:at], one["needle"], *paragraphs[at:]])
            file = Attachment("novel.txt", text)
            yield Case("needle", one["question"], file, _says(one["answer"]))
        absent = Attachment("novel.txt", novel)
        yield Case("absent", one["question"], absent, lambda said: bool(DENIED.search(said)))


def opened(data: Path) -> Iterator[Row]:
    """What it takes to have each manual ready to be asked, index included: read for the first
    time, and seen before."""
    for path in sorted((data / "pdf").glob("*.pdf")):
        raw = path.read_bytes()
        with TemporaryDirectory() as folder:
            cache = Cache(Path(folder))
            for kind in ("read", "read before"):
                began = time.perf_counter()
                library = Library(ingest.read(path.name, raw, cache))
                found = library.search("option", 1_000)
                took = time.perf_counter() - began
                yield Row(f"{path.stem}: {kind}", 1, int(bool(found)), took)


def _says(words: str) -> Callable[[str], bool]:
    return lambda said: words.casefold() in said.casefold()


def _completes(rest: str, page: re.Pattern[str]) -> Callable[[str], bool]:
    def right(said: str) -> bool:
        same = SequenceMatcher(None, said.partition("\n\n")[0], rest).ratio() >= SAME
        return same and bool(page.search(said))

    return right


async def measured(cases: Sequence[Case], effort: EffortName, progress: Progress) -> list[Row]:
    """Ask one after the other; a row for each kind."""
    task = progress.add_task("questions", total=len(cases))
    took: dict[str, list[tuple[bool, float]]] = {}
    async with Application(cold(), lambda notice: None) as application:
        await _answer(
            application, Case("", "warm up", Attachment("a.txt", "a\n" * 99), bool), "w", effort
        )
        for number, case in enumerate(cases):
            began = time.perf_counter()
            said = await _answer(application, case, str(number), effort)
            took.setdefault(case.kind, []).append((case.right(said), time.perf_counter() - began))
            if not case.right(said):
                progress.console.print(f"{case.kind}: {case.question}\n    {said[:300]!r}")
            progress.advance(task)
    return [
        Row(kind, len(all_), sum(right for right, _ in all_), median(s for _, s in all_))
        for kind, all_ in took.items()
    ]


def naive(case: Case, turn: str) -> Turn:
    """The usual prompt for a question about a long document: what it may be about, pasted."""
    found = Library([case.file]).search(case.question, PASTED)
    pasted = "\n\n".join(f"[{one.place}]\n{one.text}" for one in found)
    asked = f"{pasted}\n\nAnswer from this text, with the page. {case.question}"
    return Turn(turn, (Message("user", asked),), effort="none", tools=frozenset())


async def _answer(application: Application, case: Case, turn: str, effort: EffortName) -> str:
    asked = Turn(turn, (Message("user", case.question),), effort=effort, attachments=(case.file,))
    return await _said(application, naive(case, turn) if case.kind.endswith(NAIVE) else asked)


async def _said(application: Application, asked: Turn) -> str:
    record = Record()
    async with aclosing(application.turns.run(asked)) as events:
        async for event in events:
            record = advance(record, event)
    return next((one.text for one in reversed(record.items) if isinstance(one, Message)), "")


def table(rows: Sequence[Row]) -> Table:
    """The rows as people read them."""
    shown = Table("kind", "asked", "right", "median seconds")
    for row in rows:
        shown.add_row(row.kind, str(row.asked), str(row.right), f"{row.seconds:.2f}")
    return shown


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--effort", default="low")
    parser.add_argument("--items", type=int, default=50, help="questions about each manual")
    parser.add_argument("--depths", type=int, default=5)
    parser.add_argument("--beside", action="store_true", help="also with the usual prompt")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    data = Path(os.environ.get("PELLUCID_DATA", "../shared/data")) / "long_docs"
    if not data.is_dir():
        raise SystemExit(f"no documents in {data}: set PELLUCID_DATA")
    ready = list(opened(data))
    cases = [*manuals(data, options.items), *needles(data, options.depths)]
    if options.beside:
        cases = [one for case in cases for one in (case, replace(case, kind=case.kind + NAIVE))]
    console = Console(stderr=True)
    with Progress(console=console) as progress:
        rows = ready + asyncio.run(measured(cases, options.effort, progress))
    console.print(table(rows))
    result: dict[str, Any] = {"benchmark": "reading", **describe(), "effort": options.effort}
    result["rows"] = [asdict(row) for row in rows]
    if options.store:
        stored("reading", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
