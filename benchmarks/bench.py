"""What the engine's benchmarks share: workloads, timings, rows, and the two sides."""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Self
from uuid import uuid4

from pellucid.core.serving import Priority
from pellucid.engine.client import EngineClient, EngineInfo, HostSettings
from pellucid.engine.sequence import Request, Sampling, Tokens

SEED = 20260101
WINDOW = 8192
WORDS = (
    *("river", "stone", "market", "answer", "seven", "engine", "window", "yellow", "paper"),
    *("common", "system", "record", "number", "garden", "minute", "signal", "copper", "planet"),
    *("letter", "bridge", "winter", "summer", "doctor", "castle"),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much work: tokens, clients, and rounds of everything. `long` is a prompt that is
    kept over a restart, `prefill` one that is in the way of a short one."""

    decode: int
    prefix: int
    suffix: int
    answer: int
    clients: int
    long: int
    prefill: int
    rounds: int


FULL = Sizes(128, prefix=1000, suffix=16, answer=64, clients=8, long=4000, prefill=6000, rounds=3)
QUICK = Sizes(32, prefix=200, suffix=16, answer=16, clients=4, long=600, prefill=800, rounds=1)


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

    def __init__(
        self, client: EngineClient, info: EngineInfo, grammar: str = "", forced: bool = True
    ) -> None:
        """A client that is ready; answers follow the grammar, if there is one."""
        self._client, self._info = client, info
        # The baseline does not stop at end tokens; ours must not either.
        bias = tuple((token, -1e9) for token in info.end_tokens)
        self._sampling = Sampling(logit_bias=bias, grammar=grammar, forced=forced)

    def held(self, grammar: str, forced: bool = True) -> Self:
        """The same engine, with answers that follow a grammar."""
        return type(self)(self._client, self._info, grammar, forced)

    async def answer(
        self,
        prompt: Sequence[int],
        count: int,
        owner: str,
        priority: Priority = "interactive",
        begun: asyncio.Event | None = None,
    ) -> Timing:
        """Decode `count` tokens; prefixes are shared inside one owner. `begun` is set with
        the first token."""
        name, tokens = uuid4().hex, tuple(prompt)
        request = Request(name, tokens, count, self._sampling, owner=owner, priority=priority)
        start, first, number = time.perf_counter(), 0.0, 0
        async with aclosing(self._client.generate(request)) as outputs:
            async for output in outputs:
                if isinstance(output, Tokens):
                    number += len(output.tokens)
                    first = first or time.perf_counter() - start
                    if begun is not None:
                        begun.set()
        return Timing(first, time.perf_counter() - start, number)

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
    settings: HostSettings
    sizes: Sizes
    words: tuple[int, ...]
    pieces: tuple[bytes, ...]

    def prompt(self, start: int, length: int) -> tuple[int, ...]:
        """That many tokens of the synthetic text, from somewhere in it."""
        return self.words[start : start + length]

    def text(self, tokens: Sequence[int]) -> str:
        """What tokens of the synthetic text spell."""
        return b"".join(self.pieces[token] for token in tokens).decode()

    def family(self) -> list[tuple[int, ...]]:
        """One prompt for each client: a common prefix and a suffix of its own."""
        size, prefix = self.sizes, self.prompt(0, self.sizes.prefix)
        starts = (size.prefix + n * size.suffix for n in range(size.clients))
        return [prefix + self.prompt(start, size.suffix) for start in starts]


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


async def text(client: EngineClient, sizes: Sizes) -> tuple[int, ...]:
    """Enough tokens of synthetic text."""
    draw = random.Random(SEED)
    need = max(sizes.prefix + sizes.clients * sizes.suffix, sizes.prefill + 400, 1600)
    words = " ".join(draw.choice(WORDS) for _ in range(need))
    return (await client.tokenize(words.encode(), special=False))[:need]
