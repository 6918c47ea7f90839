"""Looking facts up on a site: right answers, with the right page, and the web left alone elsewhere.

    python benchmarks/browsing.py SITE [--effort low] [--kinds fact,table] [--items N] [--beside]

SITE is a folder of HTML pages: the documentation of PostgreSQL 15, as Debian's package
`postgresql-doc-15` has it (1,169 pages; `dpkg -x` unpacks it). They are served on loopback, which
the guard is told to let through, and put into an index of their own. The questions are
`browsing.jsonl`, beside this file: facts, tables and comparisons of two pages are right if the
answer says what it should and cites a page that does; questions that need no web, if none was used;
what is not on the site, if the answer says so. Every citation is checked: its page was opened, and
its words are in it.

`--beside` asks the same of the bare weights, and of the usual loop: the best page, pasted.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from machine import cold, describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.agent.telling import UNTOLD
from pellucid.assembly import Application
from pellucid.core.browsing import BROWSER, FIND
from pellucid.core.effort import EffortName
from pellucid.core.fold import Record, advance
from pellucid.core.items import Message, ToolCall, ToolResult
from pellucid.core.reading import found
from pellucid.core.turn import Turn, Web
from pellucid.settings import Settings
from pellucid.tools.browser.fetch import Fetcher, Guard
from pellucid.tools.browser.index import LocalIndex
from pellucid.tools.browser.opener import Opener
from pellucid.tools.browser.page import read_page
from pellucid.tools.browser.parser import Parser
from pellucid.tools.browser.robots import Pace

QUESTIONS = Path(__file__).with_suffix(".jsonl")
SHOWN = ("fact", "table", "comparison")
PASTED = 4_000
"""Characters of the best page in the usual loop."""

DENIED = re.compile(
    rf"{re.escape(UNTOLD)}|found no page|"
    r"\b(?:not|n't|no|nor|neither|never|cannot|unable)\b.{0,60}"
    r"\b(?:mention|provid|stat|contain|includ|specif|say|said|given|answer|information|exist|know)",
    re.IGNORECASE | re.DOTALL,
)
"""That something is not there."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question: what an answer must say (patterns), and the pages that say it."""

    id: str
    kind: str
    question: str
    answers: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: whether the answer is right, and with a right citation, how often
    the web was used, citations that do not hold, and how long it took."""

    kind: str
    right: bool
    cited: bool
    used: int
    false: int
    seconds: float


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, *told: object) -> None:
        """Nothing."""


@asynccontextmanager
async def served(site: Path) -> AsyncGenerator[int, None]:
    """The port of this machine that the pages are served on."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    await asyncio.to_thread(server.shutdown)
    server.server_close()


def cases(kinds: Sequence[str], items: int | None) -> list[Case]:
    """So many questions of each of these kinds."""
    listed = [json.loads(line) for line in QUESTIONS.open(encoding="utf-8")]
    every = [
        Case(one["id"], one["kind"], one["question"], tuple(one["answers"]), tuple(one["pages"]))
        for one in listed
    ]
    return [one for kind in kinds for one in [c for c in every if c.kind == kind][:items]]


def judged(case: Case, record: Record, seconds: float) -> Outcome:
    """Whether an answer is right, and whether what it cites holds."""
    text = next((one.text for one in reversed(record.items) if isinstance(one, Message)), "")
    calls = {one.call_id: one.name for one in record.items if isinstance(one, ToolCall)}
    results = [one for one in record.items if isinstance(one, ToolResult)]
    passages = [
        one for result in results if calls.get(result.call_id) == FIND for one in found(result.text)
    ]
    pages = {one.page.url: one.page.text for one in results if one.page}
    cited = [one for one in passages if f"({one.where})" in text]
    false = sum(not _holds(one.where, one.text, text, pages) for one in cited)
    named = any(f"/{page}" in one.where for one in cited for page in case.pages)
    said = text.partition("\n\nRead: ")[0]
    if case.kind in SHOWN:
        right = all(re.search(one, said, re.IGNORECASE) for one in case.answers)
    else:
        right = bool(DENIED.search(said)) if case.kind == "absent" else not _used(calls)
    return Outcome(case.kind, right, right and named, _used(calls), false, seconds)


def _used(calls: dict[str, str]) -> int:
    return sum(name in BROWSER for name in calls.values())


def _holds(where: str, passage: str, answer: str, pages: dict[str, str]) -> bool:
    """Whether a cited place is of a page that was opened, and its quoted words are in it."""
    text = next((text for url, text in pages.items() if where.startswith(url)), None)
    quoted = re.search(r"((?:^>.*\n)+)\n\(" + re.escape(where), answer, re.MULTILINE)
    if text is None or quoted is None:
        return False
    words = " ".join(line[2:] for line in quoted[1].splitlines())
    return " ".join(words.split()) in " ".join(text.split())


async def asked(application: Application, turn: Turn) -> tuple[Record, float]:
    """What becomes of a turn, and how long it takes."""
    began, record = time.perf_counter(), Record()
    async with aclosing(application.turns.run(turn)) as events:
        async for event in events:
            record = advance(record, event)
    return record, time.perf_counter() - began


def bare(case: Case) -> Turn:
    """The question, put to the weights alone."""
    message = (Message("user", case.question),)
    return Turn(f"bare_{case.id}", message, effort="none", tools=frozenset())


async def naive(application: Application, case: Case) -> Turn:
    """The usual loop: what the first hit says, pasted before the question."""
    hits = await application.web.search(Web(), case.question, 1)
    page = application.web.index.get(hits[0].url) if hits else None
    pasted = f"{page.text[:PASTED]}\n\nAnswer from this page. " if page else ""
    message = (Message("user", f"{pasted}{case.question}"),)
    return Turn(f"naive_{case.id}", message, effort="none", tools=frozenset())


async def fill(index: LocalIndex, guard: Guard, address: str, site: Path) -> int:
    """Fetch all pages of the site, without waiting between them, and put them into the index; how
    many there are."""
    pages = sorted(site.glob("*.html"))
    async with Fetcher(guard) as fetcher:
        with Parser() as parser:
            read = partial(read_page, parse=parser.told)
            opener = Opener(fetcher, pace=Pace(gap=0.0), read=read)
            for page in pages:
                found = await opener.open(f"{address}/{page.name}")
                await asyncio.to_thread(index.put, found, address)
    return len(pages)


@contextmanager
def home(settings: Settings) -> Iterator[Settings]:
    """The same settings with an index of their own."""
    with TemporaryDirectory() as folder:
        for name in ("weights", "sandbox"):
            (Path(folder) / name).symlink_to(settings.home / name)
        yield settings.model_copy(update={"home": Path(folder)})


async def measured(
    settings: Settings, site: Path, listed: Sequence[Case], effort: EffortName, beside: bool,
    progress: Progress,
) -> list[Outcome]:  # fmt: skip
    """Ask one after the other."""
    outcomes = []
    async with served(site) as port:
        guard = Guard(open_to=frozenset({("127.0.0.1", port)}))
        async with Application(settings, lambda notice: None, guard=guard) as application:
            began = time.perf_counter()
            added = await fill(application.web.index, guard, f"http://127.0.0.1:{port}", site)
            took = time.perf_counter() - began
            progress.console.print(f"{added} pages fetched and indexed in {took:.1f} s")
            await asked(application, bare(Case("warm", "", "Say hello.", (), ())))
            task = progress.add_task("questions", total=len(listed))
            for case in listed:
                message, tools = (Message("user", case.question),), frozenset({"python", "web"})
                turn = Turn(case.id, message, effort=effort, tools=tools)
                turns = [turn, *([bare(case), await naive(application, case)] if beside else [])]
                for kind, one in zip(("", ", bare", ", naive"), turns, strict=False):
                    record, seconds = await asked(application, one)
                    outcome = judged(case, record, seconds)
                    outcomes.append(_named(outcome, case.kind + kind))
                    progress.console.print(_line(case.id + kind, outcome))
                    if not kind and not outcome.right:
                        progress.console.print(_miss(case, record))
                progress.advance(task)
    return outcomes


def _line(name: str, outcome: Outcome) -> str:
    """What came of a question, as soon as it is known: a run may be stopped."""
    right = "right" if outcome.right else "wrong"
    cited = ", cited" if outcome.cited else ""
    false = f", {outcome.false} false citations" if outcome.false else ""
    return f"{name}: {right}{cited}{false}, {outcome.used} calls, {outcome.seconds:.0f} s"


def _named(outcome: Outcome, kind: str) -> Outcome:
    return Outcome(kind, *list(asdict(outcome).values())[1:])


def _miss(case: Case, record: Record) -> str:
    said = next((one.text for one in reversed(record.items) if isinstance(one, Message)), "")
    return f"{case.id}: {case.question}\n    {said[:400]!r}"


def rows(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A row for each kind."""
    kinds = dict.fromkeys(one.kind for one in outcomes)
    return [_row(kind, [one for one in outcomes if one.kind == kind]) for kind in kinds]


def _row(kind: str, all_: list[Outcome]) -> dict[str, Any]:
    return {
        "kind": kind,
        "asked": len(all_),
        "right": sum(one.right for one in all_),
        "right and cited": sum(one.cited for one in all_),
        "used the web": sum(one.used > 0 for one in all_),
        "false citations": sum(one.false for one in all_),
        "median seconds": round(median(one.seconds for one in all_), 2),
    }


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--effort", default="low")
    parser.add_argument("--kinds", default="fact,table,comparison,no_web,absent")
    parser.add_argument("--items", type=int, help="questions of each kind")
    parser.add_argument("--beside", action="store_true", help="also the bare weights, and naively")
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    if not (options.site / "index.html").is_file():
        raise SystemExit(f"no index.html in {options.site}")
    listed = cases(options.kinds.split(","), options.items)
    console = Console(stderr=True)
    with Progress(console=console) as progress, home(cold()) as settings:
        outcomes = asyncio.run(
            measured(settings, options.site, listed, options.effort, options.beside, progress)
        )
    found_rows = rows(outcomes)
    shown = Table(*found_rows[0])
    for row in found_rows:
        shown.add_row(*map(str, row.values()))
    console.print(shown)
    result = {"benchmark": "browsing", **describe(), "effort": options.effort, "rows": found_rows}
    if options.store:
        stored("browsing", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
