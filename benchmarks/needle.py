"""Needle retrieval: does a window hold what is said at its beginning, middle and end?

    python benchmarks/needle.py [--model NAME|FILE] [--lengths 4000,12000]
        [--depths 0,25,50,75,100] [--rounds N] [--kv f16|q8_0] [--window N]
        [--json FILE] [--store]

A text of real prose, cut to an exact number of tokens, gets one sentence (needle) that
has nothing to do with it at each depth, in percent of the text. Then each is asked for. All
questions are about the same text, which is read once; each needle is also a distraction
from the others. An answer that contains the expected words is a hit. Some needles are
harder than others: with `--rounds`, each round moves every needle on to the next depth, at
the price of reading the text again.

`--window` beyond the trained one turns YaRN on for every length, as the engine does.
Text and needles lie in `long_docs` of PELLUCID_DATA.
"""

import argparse
import asyncio
import gzip
import json
import sys
from contextlib import aclosing
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import Any

from machine import describe, stored
from rich.console import Console
from rich.table import Table

from pellucid.core.errors import PellucidError
from pellucid.engine.client import EngineClient, EngineInfo, HostSettings
from pellucid.engine.sequence import Finished, Request, Tokens
from pellucid.model.weights import Chosen, resolve
from pellucid.settings import load

PROSE = "text/austen_emma.txt.gz"
ANSWER = 40
ROOM = 256  # tokens for question, answer and template, beside the text
OPEN = "<|im_start|>user\nRead this text. A question about it follows.\n\n"
CLOSE = (
    "\n\n{question} Answer from the text in one short sentence.<|im_end|>\n<|im_start|>assistant\n"
)


@dataclass(frozen=True, slots=True)
class Needle:
    """A sentence to find, how it is asked for, and what the answer must contain."""

    needle: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Found:
    """One question of a round: `length` tokens of text, needle at `depth` percent; times in
    seconds, `cached` tokens of the prompt were there from the question before."""

    length: int
    round: int
    depth: int
    hit: bool
    expected: str
    answer: str
    prompt: int
    cached: int
    prefill: float
    decode: float


def needles(folder: Path) -> list[Needle]:
    """All needles of the data."""
    lines = (folder / "needles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Needle(row["needle"], row["question"], row["answer"]) for row in rows]


def hit(answer: str, expected: str) -> bool:
    """Whether the answer contains the expected words, whatever their case and spacing."""
    return " ".join(expected.lower().split()) in " ".join(answer.lower().split())


def planted(
    filler: list[int], ends: set[int], sentences: list[tuple[int, list[int]]]
) -> tuple[int, ...]:
    """The filler with each sentence put in at its depth (percent), behind the next token
    that is among `ends`, so that no sentence of the filler is cut in two."""
    out: list[int] = []
    for depth, sentence in sorted(sentences, reverse=True):
        at = round(len(filler) * depth / 100)
        while 0 < at < len(filler) and filler[at - 1] not in ends:
            at += 1
        out = sentence + filler[at:] + out
        filler = filler[:at]
    return tuple(filler + out)


class Haystack:
    """Prose as tokens of the loaded weights."""

    def __init__(self, client: EngineClient, info: EngineInfo, folder: Path) -> None:
        """`read` first."""
        self._client, self._folder = client, folder
        self._ends = {n for n, piece in enumerate(info.pieces) if piece.endswith((b".", b"!"))}
        self._prose: list[int] = []

    async def read(self, tokens: int) -> None:
        """Have at least so many tokens of prose, or end the program with how many there are."""
        with gzip.open(self._folder / PROSE, "rt", encoding="utf-8") as file:
            text = file.read(8 * tokens)
        self._prose = list(await self._client.tokenize(text.encode(), special=False))
        if len(self._prose) < tokens:
            raise SystemExit(f"the prose has only {len(self._prose):,} tokens")

    async def text(self, length: int, chosen: list[tuple[int, Needle]]) -> tuple[int, ...]:
        """Exactly `length` tokens of prose and needles."""
        sentences = [
            (depth, list(await self._client.tokenize(f" {one.needle}".encode(), special=False)))
            for depth, one in chosen
        ]
        left = length - sum(len(tokens) for _, tokens in sentences)
        return planted(self._prose[:left], self._ends, sentences)


async def ask(
    client: EngineClient, text: tuple[int, ...], turn: int, depth: int, needle: Needle
) -> Found:
    """One question about the text."""
    info = await client.ready()
    begin = await client.tokenize(OPEN.encode(), special=True)
    end = await client.tokenize(CLOSE.format(question=needle.question).encode(), special=True)
    said = b""
    request = Request(f"{len(text)}-{turn}-{depth}", (*begin, *text, *end), ANSWER)
    async with aclosing(client.generate(request)) as outputs:
        async for one in outputs:
            if isinstance(one, Tokens):
                said += b"".join(info.pieces[token] for token in one.tokens)
            elif isinstance(one, Finished):
                finished = one
    answer = said.decode("utf-8", "replace").strip()
    return Found(
        length=len(text),
        round=turn,
        depth=depth,
        hit=hit(answer, needle.answer),
        expected=needle.answer,
        answer=answer,
        prompt=finished.prompt,
        cached=finished.cached,
        prefill=round(finished.prefill, 2),
        decode=round(finished.decode, 2),
    )


async def measure(arguments: argparse.Namespace, chosen: Chosen, folder: Path) -> dict[str, Any]:
    """All lengths and depths on one engine; what was found is shown as it comes."""
    window = arguments.window or max(arguments.lengths) + ROOM
    settings = HostSettings(
        str(chosen.path),
        window=window,
        cells=window + len(arguments.depths) * ROOM,
        kv=arguments.kv,
        yarn_window=chosen.yarn_window,
    )
    rows: list[Found] = []
    async with EngineClient(settings) as client:
        info = await client.ready()
        haystack = Haystack(client, info, folder)
        await haystack.read(max(arguments.lengths))
        known = needles(folder)[: len(arguments.depths)]
        for length, turn in product(arguments.lengths, range(arguments.rounds)):
            pairs = list(zip(arguments.depths, known[turn:] + known[:turn], strict=True))
            text = await haystack.text(length, pairs)
            for depth, needle in pairs:
                rows.append(await ask(client, text, turn, depth, needle))
                print(json.dumps(asdict(rows[-1])), file=sys.stderr, flush=True)
    return {
        "benchmark": "needle",
        **describe(),
        "model": chosen.name,
        "fingerprint": info.fingerprint,
        "window": window,
        "native_window": info.native_window,
        "kv": info.kv,
        "yarn": info.yarn,
        "prose": PROSE,
        "hits": sum(row.hit for row in rows),
        "questions": len(rows),
        "rows": [asdict(row) for row in rows],
    }


def shown(result: dict[str, Any]) -> Table:
    """Hits by length and depth."""
    title = (
        f"{result['model']}, window {result['window']:,}, {result['kv']}, YaRN {result['yarn']}x"
    )
    depths = sorted({row["depth"] for row in result["rows"]})
    table = Table("tokens", *(f"{depth} %" for depth in depths), "slowest prefill", title=title)
    for length in sorted({row["length"] for row in result["rows"]}):
        rows = [row for row in result["rows"] if row["length"] == length]
        at = [[row["hit"] for row in rows if row["depth"] == depth] for depth in depths]
        slowest = max(row["prefill"] for row in rows)
        marks = [f"{sum(hits)} of {len(hits)}" for hits in at]
        table.add_row(f"{length:,}", *marks, f"{slowest:.0f} s")
    return table


def numbers(text: str) -> list[int]:
    """Whole numbers with commas between them."""
    return [int(one) for one in text.split(",")]


def main() -> None:
    """Measure, show, end with one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="")
    parser.add_argument("--lengths", type=numbers, default=[4_000, 12_000])
    parser.add_argument("--depths", type=numbers, default=[0, 25, 50, 75, 100])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kv", choices=["f16", "q8_0"], default="f16")
    parser.add_argument("--window", type=int, default=0)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--store", action="store_true")
    arguments = parser.parse_args()
    try:
        settings = load()
        folder = settings.data / "long_docs" if settings.data else Path("long_docs")
        if not (folder / "needles.jsonl").is_file() or not (folder / PROSE).is_file():
            raise SystemExit("no texts: set PELLUCID_DATA to the folder that holds long_docs")
        if max(len(arguments.depths), arguments.rounds) > len(needles(folder)):
            raise SystemExit(f"there are only {len(needles(folder))} needles")
        result = asyncio.run(measure(arguments, resolve(arguments.model, settings.home), folder))
    except PellucidError as error:
        raise SystemExit(f"needle: {error}") from None
    Console(stderr=True).print(shown(result))
    line = json.dumps(result)
    if arguments.json:
        arguments.json.write_text(line + "\n", encoding="utf-8")
    if arguments.store:
        stretched = "" if result["yarn"] == 1 else f"-yarn{result['yarn']}"
        name = f"needle-{result['model']}-{result['kv']}{stretched}"
        print(f"stored in {stored(name, result)}", file=sys.stderr)
    print(line)


if __name__ == "__main__":
    main()
