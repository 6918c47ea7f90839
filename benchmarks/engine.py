"""Pellucid's engine beside llama-cpp-python's own `Llama` class, same work, same run.

    python benchmarks/engine.py [--model FILE.gguf] [--quick] [--only PART,...] [--store]

The baseline is `Llama.generate`, request after request, with all cores and the library's
other defaults. It runs in two ways: "reset" computes every prompt anew, "own prefix" keeps
what its last request has in common with the next one, as the class does by itself. Both
sides decode greedily and take turns, the figures are medians of the rounds. Prompts are
synthetic words from a fixed seed, cut to an exact number of tokens.

The baseline's threads wait for each other without spinning, as ours do, because on a busy
machine spinning alone costs it most of its speed; `--spin` leaves it the library's default.
`--url` measures a server that speaks the OpenAI API beside ours. `--quick` shrinks every
workload, for a look at whether all of it runs; only the full run is measured against the targets.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from bench import FULL, QUICK, WINDOW, Bench, Naive, Ours, Row, Sizes, row, text
from claims import constraint, fairness, guessing, interactive, restart
from machine import describe, stored
from openai_server import Server, beside
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.engine.client import EngineClient, HostSettings
from pellucid.model.weights import installed
from pellucid.settings import load


async def decode(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """Tokens a second of one answer after its first token."""
    prompt, theirs, ours = bench.prompt(0, 32), [], []
    for number in range(bench.sizes.rounds):
        theirs.append(bench.naive.answer(prompt, bench.sizes.decode, keep=False).speed)
        step()
        answer = await bench.ours.answer(prompt, bench.sizes.decode, f"decode {number}")
        ours.append(answer.speed)
        step()
    return [row("decode, one stream", "tokens/s", "Llama.generate", theirs, ours, at_least=0.97)]


async def prefill(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """A long prompt computed anew, and asked again with its prefix cached."""
    first, *others = bench.family()
    cold, warm, theirs, kept = [], [], [], []
    for number in range(bench.sizes.rounds):
        theirs.append(bench.naive.answer(first, 1, keep=False).first)
        kept.append(bench.naive.answer(others[0], 1, keep=True).first)
        step()
        cold.append((await bench.ours.answer(first, 1, f"prefill {number}")).first)
        warm.append((await bench.ours.answer(others[0], 1, f"prefill {number}")).first)
        step()
    name, hit = f"first token, {len(first)} tokens new", f"first token, {len(first)} tokens cached"
    return [
        row(name, "s", "Llama.generate, reset", theirs, cold),
        row(hit, "s", "Pellucid, new", cold, warm, at_most=0.10),
        row(hit, "s", "Llama.generate, own prefix", kept, warm),
    ]


async def clients(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """Several clients at once whose prompts begin alike."""
    prompts, count = bench.family(), bench.sizes.answer
    theirs, kept, ours = [], [], []
    for number in range(bench.sizes.rounds):
        theirs.append(bench.naive.one_after_another(prompts, count, keep=False))
        kept.append(bench.naive.one_after_another(prompts, count, keep=True))
        step()
        ours.append(await bench.ours.together(prompts, count, f"clients {number}"))
        step()
    name = f"{len(prompts)} clients, {bench.sizes.prefix} tokens in common"
    return [
        row(name, "s", "Llama.generate in turn, reset", theirs, ours, at_most=0.6),
        row(name, "s", "Llama.generate in turn, own prefix", kept, ours),
    ]


async def batching(bench: Bench, step: Callable[[], None]) -> list[Row]:
    """Whether decoding several answers together gives more tokens a second in all."""
    size = bench.sizes
    prompts = [bench.prompt(50 * n, 32) for n in range(size.clients)]
    alone, together = [], []
    for number in range(size.rounds):
        one = await bench.ours.answer(prompts[0], size.answer, f"alone {number}")
        alone.append(one.tokens / one.total)
        step()
        seconds = await bench.ours.together(prompts, size.answer, f"batch {number}")
        together.append(len(prompts) * size.answer / seconds)
        step()
    name = f"decode, {len(prompts)} streams in all"
    return [row(name, "tokens/s", "Pellucid, one stream", alone, together)]


Part = Callable[..., Awaitable[list[Row]]]
PARTS: tuple[Part, ...] = (
    *(decode, prefill, clients, batching),
    *(constraint, restart, interactive, fairness, guessing),
)


async def measure(
    path: Path, sizes: Sizes, console: Console, only: str, server: Server | None
) -> list[Row]:
    """All rows, both sides loaded from the start and neither running beside the other."""
    parts = [part for part in PARTS if not only or part.__name__ in only.split(",")]
    if server is not None:
        parts.append(partial(beside, server=server))
    naive = Naive(path)
    rows: list[Row] = []
    settings = HostSettings(str(path), WINDOW, sequences=8)
    async with EngineClient(settings) as client:
        info = await client.ready()
        words = await text(client, sizes)
        bench = Bench(naive, Ours(client, info), settings, sizes, words, info.pieces)
        with Progress(console=console, transient=True) as progress:
            for part in parts:
                name = getattr(part, "__name__", "server")
                task = progress.add_task(name, total=2 * sizes.rounds)
                rows += await part(bench, step=partial(progress.advance, task))
    return rows


def table(rows: Sequence[Row]) -> Table:
    """For people."""
    shown = Table(title="engine: medians, ours against the baseline of the same run")
    shown.add_column("what, beside which baseline")
    for name in ("theirs", "ours", "ratio", "target"):
        shown.add_column(name, justify="right")
    for one in rows:
        mark = {True: " met", False: " MISSED", None: ""}[one.met]
        what = f"{one.name}, {one.unit}\n[dim]{one.baseline}[/dim]"
        figures = f"{one.theirs:.2f}", f"{one.ours:.2f}", f"{one.ratio:.3f}"
        shown.add_row(what, *figures, one.target + mark)
    return shown


def weights(named: Path | None) -> Path:
    """The file to measure with; exits with one line when there is none."""
    if named is not None and named.is_file():
        return named
    if named is not None:
        sys.exit(f"no such file: {named}")
    path = installed("qwen2.5-coder-1.5b", load().home)
    if path is None:
        sys.exit("the weights are not here: run `pellucid pull`, or name a file with --model")
    return path


def main() -> int:
    """Measure, print a table and one JSON line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, help="a GGUF file (default: the installed weights)")
    parser.add_argument("--quick", action="store_true", help="small workloads, one round")
    parser.add_argument("--only", default="", help=", ".join(part.__name__ for part in PARTS))
    parser.add_argument("--url", default="", help="also beside this OpenAI-compatible server")
    parser.add_argument("--url-model", default="default", help="what that server calls its model")
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument(
        "--store", action="store_true", help="keep the result in benchmarks/results"
    )
    parser.add_argument("--spin", action="store_true", help="let the baseline's threads spin")
    options = parser.parse_args()
    if not options.spin:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    path = weights(options.model)
    before = describe()
    sizes = QUICK if options.quick else FULL
    server = Server(options.url, options.url_model) if options.url else None
    rows = asyncio.run(measure(path, sizes, Console(stderr=True), options.only, server))
    Console().print(table(rows))
    result: dict[str, Any] = {
        "benchmark": "engine",
        **before,
        "model": path.name,
        "baseline_waits": os.environ.get("OMP_WAIT_POLICY", "default"),
        "sizes": asdict(sizes),
        "rows": [asdict(one) for one in rows],
    }
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.store:
        stored("-".join(["engine", *filter(None, options.only.split(","))]), result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
