"""Pellucid's engine beside llama-cpp-python's own `Llama` class, same work, same run.

    python benchmarks/engine.py [--model FILE.gguf] [--quick] [--json FILE] [--store]

The baseline is `Llama.generate`, request after request, with all cores and the library's
other defaults. It runs in two ways: "reset" computes every prompt anew, "own prefix" keeps
what its last request has in common with the next one, as the class does by itself. Both
sides decode greedily and take turns, the figures are medians of the rounds. Prompts are
synthetic words from a fixed seed, cut to an exact number of tokens.

The baseline's threads wait for each other without spinning, as ours do, because on a busy
machine spinning alone costs it most of its speed; `--spin` leaves it the library's default.
`--quick` shrinks every workload, for a look at whether all of it runs; only the full run
is measured against the targets.
"""

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from machine import describe, stored
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from pellucid.engine.client import EngineClient, EngineInfo, HostSettings
from pellucid.engine.sequence import Request, Sampling, Tokens
from pellucid.model.weights import installed
from pellucid.settings import load

SEED = 20260101
WINDOW = 4096
WORDS = (
    *("river", "stone", "market", "answer", "seven", "engine", "window", "yellow", "paper"),
    *("common", "system", "record", "number", "garden", "minute", "signal", "copper", "planet"),
    *("letter", "bridge", "winter", "summer", "doctor", "castle"),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much work: tokens, clients, and rounds of everything."""

    decode: int
    prefix: int
    suffix: int
    answer: int
    clients: int
    rounds: int


FULL = Sizes(decode=128, prefix=1000, suffix=16, answer=64, clients=8, rounds=3)
QUICK = Sizes(decode=32, prefix=200, suffix=16, answer=16, clients=4, rounds=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """One answer: seconds to the first token, seconds in all, tokens."""

    first: float
    total: float
    tokens: int

    @property
    def speed(self) -> float:
        """Tokens a second after the first one."""
        return (self.tokens - 1) / (self.total - self.first)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, ours beside the baseline's; `target` bounds the ratio, `runs` are the
    ratios of the rounds."""

    name: str
    unit: str
    baseline: str
    theirs: float
    ours: float
    ratio: float
    target: str
    met: bool | None
    runs: tuple[float, ...]


class Naive:
    """The baseline."""

    def __init__(self, path: Path) -> None:
        """Load the weights into this process, with all cores."""
        from llama_cpp import Llama  # here, because OpenMP reads its settings on import

        cores = len(os.sched_getaffinity(0))
        self._llama: Any = Llama(
            str(path), n_ctx=WINDOW, n_threads=cores, n_threads_batch=cores, verbose=False
        )

    def answer(self, prompt: Sequence[int], count: int, keep: bool) -> Timing:
        """Decode `count` tokens; without `keep`, whatever was computed before is forgotten."""
        if not keep:
            self._llama.reset()
        begun, first, tokens = time.perf_counter(), 0.0, 0
        for _ in self._llama.generate(list(prompt), temp=0.0):
            tokens += 1
            first = first or time.perf_counter() - begun
            if tokens == count:
                break
        return Timing(first, time.perf_counter() - begun, tokens)

    def one_after_another(self, prompts: Sequence[Sequence[int]], count: int, keep: bool) -> float:
        """Seconds for all of them; the first one is always computed anew."""
        return sum(self.answer(one, count, keep and n > 0).total for n, one in enumerate(prompts))


class Ours:
    """Pellucid's engine, through client, host and scheduler."""

    def __init__(self, client: EngineClient, info: EngineInfo) -> None:
        """A client that is ready."""
        self._client = client
        self._number = 0
        # The baseline does not stop at end tokens; ours must not either.
        self._sampling = Sampling(logit_bias=tuple((token, -1e9) for token in info.end_tokens))

    async def answer(self, prompt: Sequence[int], count: int, owner: str) -> Timing:
        """Decode `count` tokens; prefixes are shared inside one owner."""
        self._number += 1
        request = Request(f"r{self._number}", tuple(prompt), count, self._sampling, owner=owner)
        begun, first, tokens = time.perf_counter(), 0.0, 0
        async with aclosing(self._client.generate(request)) as outputs:
            async for output in outputs:
                if isinstance(output, Tokens):
                    tokens += len(output.tokens)
                    first = first or time.perf_counter() - begun
        return Timing(first, time.perf_counter() - begun, tokens)

    async def together(self, prompts: Sequence[Sequence[int]], count: int, owner: str) -> float:
        """Seconds until all of them, asked at once, are answered."""
        begun = time.perf_counter()
        await asyncio.gather(*(self.answer(prompt, count, owner) for prompt in prompts))
        return time.perf_counter() - begun


@dataclass(frozen=True, slots=True)
class Bench:
    """Both sides, the sizes, and prompts cut to measure."""

    naive: Naive
    ours: Ours
    sizes: Sizes
    words: tuple[int, ...]

    def prompt(self, start: int, length: int) -> tuple[int, ...]:
        """That many tokens of the synthetic text, from somewhere in it."""
        return self.words[start : start + length]

    def family(self) -> list[tuple[int, ...]]:
        """One prompt for each client: a common prefix and a suffix of its own."""
        size, prefix = self.sizes, self.prompt(0, self.sizes.prefix)
        starts = (size.prefix + n * size.suffix for n in range(size.clients))
        return [prefix + self.prompt(start, size.suffix) for start in starts]


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


def row(
    name: str,
    unit: str,
    baseline: str,
    theirs: Sequence[float],
    ours: Sequence[float],
    at_least: float | None = None,
    at_most: float | None = None,
) -> Row:
    """Medians of both sides, their ratio, and whether it is within its bound."""
    ratio = median(ours) / median(theirs)
    target, met = "", None
    if at_least is not None:
        target, met = f">= {at_least:.2f}", ratio >= at_least
    elif at_most is not None:
        target, met = f"<= {at_most:.2f}", ratio <= at_most
    runs = tuple(round(b / a, 4) for a, b in zip(theirs, ours, strict=True))
    values = round(median(theirs), 4), round(median(ours), 4), round(ratio, 4)
    return Row(name, unit, baseline, *values, target, met, runs)


async def measure(path: Path, sizes: Sizes, console: Console) -> list[Row]:
    """All rows, both sides loaded from the start and neither running beside the other."""
    naive = Naive(path)
    parts = (decode, prefill, clients, batching)
    rows: list[Row] = []
    async with EngineClient(HostSettings(str(path), WINDOW, sequences=8)) as client:
        ours = Ours(client, await client.ready())
        bench = Bench(naive, ours, sizes, await text(client, sizes))
        with Progress(console=console, transient=True) as progress:
            for part in parts:
                task = progress.add_task(part.__name__, total=2 * sizes.rounds)
                rows += await part(bench, lambda task=task: progress.advance(task))  # type: ignore[misc]
    return rows


async def text(client: EngineClient, sizes: Sizes) -> tuple[int, ...]:
    """Enough tokens of synthetic text."""
    draw = random.Random(SEED)
    need = max(sizes.prefix + sizes.clients * sizes.suffix, 50 * sizes.clients + 32)
    words = " ".join(draw.choice(WORDS) for _ in range(need))
    return (await client.tokenize(words.encode(), special=False))[:need]


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
    rows = asyncio.run(measure(path, sizes, Console(stderr=True)))
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
        stored("engine", result)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
