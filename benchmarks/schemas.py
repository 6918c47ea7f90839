"""Answers held to JSON Schemas: is every finished one valid, is what is refused named?

    python benchmarks/schemas.py [--suite FOLDER] [--items 0] [--tokens 300] [--store]

Schemas are the parameters of BFCL's functions (PELLUCID_DATA) and, with `--suite`, those of
the official JSON Schema Test Suite (a folder such as `json/tests/draft2020-12` of the source
package of `jsonschema`). The small weights answer each at temperature 1, eight at a time, and
`jsonschema` with its format checks judges what was finished. Of the suite, every instance its
authors call invalid is also spelled out byte by byte: a grammar must not let it pass.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import jsonschema
from machine import describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.core.constraint import JsonSchema
from pellucid.core.errors import BadSchema, EngineError
from pellucid.core.events import ItemClosed
from pellucid.core.items import Message
from pellucid.core.ports import Prompt
from pellucid.engine import fake
from pellucid.engine.backend import Sampled
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.evals.calls import schema as from_bfcl
from pellucid.model.chatml import ChatML
from pellucid.model.constraint import compiled
from pellucid.model.generate import EngineModel, TokenMemory
from pellucid.model.weights import installed
from pellucid.settings import load

WEIGHTS, DIALECT = "smollm2-135m", "chatml-smollm"
BFCL = ("simple_python", "multiple", "parallel", "live_simple", "irrelevance")
ASK = "Write a made-up example of: {}. Answer with JSON that fits this schema: {}"


@dataclass(frozen=True, slots=True)
class Case:
    """A schema, what it is of, and instances with the verdict of its authors."""

    source: str
    about: str
    schema: Any
    tests: tuple[tuple[Any, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one answer ended: valid, invalid, cut (by the limit), refused, failed, or unjudged
    (`jsonschema` does not know the pattern's syntax)."""

    kind: str
    tokens: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """All schemas of a source; `passed` are instances that should not have."""

    source: str
    schemas: int
    refused: int
    finished: int
    valid: int
    cut: int
    unjudged: int
    failed: int
    instances: int
    passed: int


def from_functions(data: Path) -> Iterator[Case]:
    """The distinct parameter schemas of BFCL."""
    seen = set[str]()
    for name in BFCL:
        for line in (data / "bfcl" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            for function in json.loads(line)["function"]:
                schema = from_bfcl(function["parameters"])
                if (text := json.dumps(schema)) not in seen:
                    seen.add(text)
                    yield Case("BFCL functions", f"a call of {function['name']}", schema)


def from_suite(folder: Path) -> Iterator[Case]:
    """The schemas of the test suite, with its instances."""
    for path in sorted(folder.rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            tests = tuple((test["data"], test["valid"]) for test in case["tests"])
            yield Case("JSON Schema Test Suite", case["description"], case["schema"], tests)


async def answered(model: EngineModel, case: Case, tokens: int, seed: int) -> Outcome:
    """One answer and what became of it."""
    constraint = JsonSchema(json.dumps(case.schema))
    asked = Message("user", ASK.format(case.about, constraint.schema[:2000]))
    prompt = Prompt((asked,), max_tokens=tokens, temperature=1.0, seed=seed, constraint=constraint)
    try:
        async with aclosing(model.generate(prompt)) as events:
            (end,) = [event async for event in events if isinstance(event, ItemClosed)]
    except BadSchema as error:
        return Outcome("refused", note=str(error))
    except EngineError as error:
        return Outcome("failed", note=str(error))
    if end.cut:
        return Outcome("cut", model.spent.completion)
    try:
        complaint = invalid(end.item.text, case.schema)
    except re.error as error:
        return Outcome("unjudged", model.spent.completion, str(error))
    return Outcome("invalid" if complaint else "valid", model.spent.completion, complaint)


def invalid(text: str, schema: Any) -> str:  # noqa: ANN401
    """Why an answer is not valid, else ""."""
    judge = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    try:
        judge.validate(json.loads(text))
    except (ValueError, jsonschema.ValidationError) as error:
        return f"{text[:200]!r}: {str(error).splitlines()[0]}"
    return ""


def let_through(case: Case) -> list[str]:
    """The invalid instances that the schema's grammar accepts."""
    try:
        grammar = compiled(JsonSchema(json.dumps(case.schema)))
    except BadSchema:
        return []
    texts = [json.dumps(data, ensure_ascii=False) for data, valid in case.tests if not valid]
    passed = [text for text in texts if accepts(grammar, text)]
    return [f"{text} against {json.dumps(case.schema)}" for text in passed]


def accepts(grammar: str, text: str) -> bool:
    """Whether an answer may be exactly this text, fed to the grammar byte by byte."""
    guide, complete = fake.grammars().guide(grammar), False
    for byte in text.encode():
        if complete or not guide.allowed()[byte]:
            return False
        complete = guide.follow(Sampled(0, byte), force=False).complete
    return complete or bool(guide.allowed()[fake.END])


@asynccontextmanager
async def models() -> AsyncIterator[Iterator[EngineModel]]:
    """Fresh models on one engine with the small weights."""
    path = installed(WEIGHTS, load().home)
    if path is None:
        sys.exit("the small weights are not here: run `pellucid pull --all`")
    async with EngineClient(HostSettings(str(path), window=4096)) as engine:
        info, ids = await engine.ready(), count()
        memory, dialect = TokenMemory(engine), ChatML(DIALECT)
        yield (
            EngineModel(WEIGHTS, engine, info, dialect, memory, lambda: f"schema_{next(ids)}")
            for _ in ids
        )


async def measure(
    cases: Sequence[Case], tokens: int, console: Console
) -> list[tuple[Case, Outcome]]:
    """An answer to every case, eight at a time."""
    free = asyncio.Semaphore(8)
    async with models() as fresh:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("schemas", total=len(cases))

            async def one(case: Case, seed: int) -> Outcome:
                async with free:
                    outcome = await answered(next(fresh), case, tokens, seed)
                progress.advance(task)
                return outcome

            outcomes = await asyncio.gather(*(one(c, n) for n, c in enumerate(cases)))
    return list(zip(cases, outcomes, strict=True))


def summed(source: str, results: Sequence[tuple[Case, Outcome]]) -> Row:
    """The row of a source."""
    mine = [(case, outcome) for case, outcome in results if case.source == source]
    kinds = Counter(outcome.kind for _, outcome in mine)
    return Row(
        source,
        len(mine),
        kinds["refused"],
        kinds["valid"] + kinds["invalid"],
        kinds["valid"],
        kinds["cut"],
        kinds["unjudged"],
        kinds["failed"],
        sum(not valid for case, _ in mine for _, valid in case.tests),
        sum(len(let_through(case)) for case, _ in mine),
    )


def table(rows: Sequence[Row]) -> Table:
    """For people."""
    shown = Table(title="answers held to schemas")
    for name in Row.__dataclass_fields__:
        shown.add_column(name, justify="left" if name == "source" else "right")
    for row in rows:
        shown.add_row(*map(str, asdict(row).values()))
    return shown


def main() -> int:
    """Measure, print a table, what went wrong, and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--suite", type=Path, help="a folder of the JSON Schema Test Suite")
    parser.add_argument("--items", type=int, default=0, help="only so many schemas (0: all)")
    parser.add_argument("--tokens", type=int, default=300, help="the most of an answer")
    parser.add_argument("--data", default=os.environ.get("PELLUCID_DATA", "../shared/data"))
    parser.add_argument("--store", action="store_true", help="keep it in benchmarks/results")
    options = parser.parse_args()
    cases = [
        *from_functions(Path(options.data)),
        *(from_suite(options.suite) if options.suite else ()),
    ]
    cases = cases[: options.items or None]
    began = time.monotonic()
    results = asyncio.run(measure(cases, options.tokens, Console(stderr=True)))
    seconds = round(time.monotonic() - began, 1)
    rows = [summed(source, results) for source in dict.fromkeys(case.source for case in cases)]
    Console().print(table(rows))
    for case, outcome in results:
        if outcome.kind in ("invalid", "failed"):
            print(f"{outcome.kind}: {json.dumps(case.schema)[:300]}: {outcome.note}")
    for text in (text for case, _ in results for text in let_through(case)):
        print(f"let through: {text}")
    tokens = sum(outcome.tokens for _, outcome in results)
    figures = {"rows": [asdict(row) for row in rows], "seconds": seconds, "tokens": tokens}
    result = {"benchmark": "schemas", **describe(), "model": WEIGHTS, **figures}
    if options.store:
        stored("schemas", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
