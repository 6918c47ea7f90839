"""How well the verifier reads answers: what it misses, what it condemns wrongly, how long it takes.

    python benchmarks/verdicts.py [--sums 5000] [--seed 0] [--data FOLDER] [--turns FILE] [--store]

Four tables. "answers": labelled ones (tests/verify/answers.toml), claim by claim. "sums": equations
drawn in random notations, half of them wrong. "solutions": what people wrote for GSM8K's training
split and MATH-500, where a folder with them is given; nearly all of it is right, so every claim
called contradicted is printed, to be read. "turns": recorded answers, one JSON object a line with
`question` and `answer`, likewise.

A false alarm is a right claim called contradicted; a miss is a wrong one that is not, or, among
the labelled, a claim that was not found or got another verdict. The time is for one answer of 500
words with its question, in processor time, the best of ten runs.
"""

import argparse
import json
import re
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from machine import describe, stored
from rich.console import Console
from rich.table import Table
from sums import drawn

from pellucid.agent.verdicts.verify import verify
from pellucid.core.claims import Claim
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, ToolCall, ToolResult

ANSWERS = Path(__file__).parent.parent / "tests" / "verify" / "answers.toml"
WORDS = 500
RUNS = 10
WORKED = re.compile(r"<<[^>]*>>|\n?####.*")
"""What GSM8K's solutions hold for machines: calculator annotations and the last line."""


@dataclass(slots=True)
class Tally:
    """Counts over one table: claims seen, right ones condemned, and ones missed."""

    name: str
    claims: int = 0
    right: int = 0
    alarms: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """A labelled answer: the conversation before it, its text, and the claims it holds."""

    transcript: tuple[Item, ...]
    text: str
    claims: tuple[str, ...]


def answers(path: Path = ANSWERS) -> Iterator[Answer]:
    """The labelled answers of a file."""
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["answer"]:
        transcript: list[Item] = [Message("user", entry["asked"])]
        if "ran" in entry:
            code = entry.get("code", "print(solve())")
            done = Execution("ex-1", code, "ok", entry["ran"])
            transcript += [
                ToolCall("c", "python", code),
                ToolResult("c", entry["ran"], False, done),
            ]
        claims = [f"number {claim}" for claim in entry["numbers"]]
        claims += [f"equation {claim}" for claim in entry["equations"]]
        yield Answer(tuple(transcript), entry["text"], (*claims, *entry["others"]))


def found(answer: Answer) -> tuple[str, ...]:
    """The claims the verifier finds in an answer, as the labels write them."""
    kinds = ("number", "equation", "quotation", "link", "action")
    claims = sorted(verify(answer.text, answer.transcript), key=lambda claim: claim.kind)
    return tuple(f"{c.kind} {c.text} {c.verdict}" for c in claims if c.kind in kinds)


def labelled() -> Tally:
    """The labelled answers."""
    tally = Tally("answers")
    for answer in answers():
        expected, got = Counter(answer.claims), Counter(found(answer))
        tally.claims += expected.total()
        tally.right += sum(not claim.endswith("contradicted") for claim in expected.elements())
        tally.missed += list((expected - got).elements())
        tally.alarms += [x for x in (got - expected).elements() if x.endswith("contradicted")]
    return tally


def summed(count: int, seed: int) -> Tally:
    """Equations in random notations: half right, half wrong."""
    tally, random = Tally("sums"), Random(seed)
    for number in range(count):
        one = drawn(random, right=number % 2 == 0)
        claims = verify(one.text, (Message("user", "?"),))
        wrong = any(claim.verdict == "contradicted" for claim in claims)
        tally.claims += 1
        tally.right += one.right
        if one.right == wrong:
            (tally.alarms if one.right else tally.missed).append(one.text)
    return tally


def written(name: str, pairs: Sequence[tuple[str, str]]) -> Tally:
    """Answers that are taken to be right: every contradiction is to be read."""
    tally = Tally(name)
    for question, text in pairs:
        claims = verify(text, (Message("user", question),))
        tally.claims += len(claims)
        tally.right += len(claims)
        tally.alarms += [_shown(text, c) for c in claims if c.verdict == "contradicted"]
    return tally


def _shown(text: str, claim: Claim) -> str:
    around = " ".join(text[max(0, claim.start - 30) : claim.end + 30].split())
    return f"{claim.kind} {claim.text!r}: {claim.note} | {around}"


def solutions(folder: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What people wrote, by set: questions with solutions."""
    for name, file, question in (
        ("gsm8k/train", "gsm8k/train.jsonl", "question"),
        ("math500", "math500/test.jsonl", "problem"),
    ):
        rows = _rows(folder / file)
        yield name, [(row[question], WORKED.sub("", row["solution"])) for row in rows]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def milliseconds() -> tuple[float, int]:
    """For one labelled answer of 500 words, and how many claims it makes."""
    several = list(answers())
    text, number = "", 0
    while len(text.split()) < WORDS:
        text += several[number % len(several)].text
        number += 1
    transcript, times, claims = several[0].transcript, [], ()
    for run in range(RUNS):
        anew = f"{text}\n\nThis is run {run}."  # parts of a known text would be remembered
        begun = time.process_time()
        claims = verify(anew, transcript)
        times.append(time.process_time() - begun)
    return min(times) * 1000, len(claims)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sums", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--turns", type=Path)
    parser.add_argument("--store", action="store_true")
    asked = parser.parse_args()
    tallies = [labelled(), summed(asked.sums, asked.seed)]
    if asked.data:
        tallies += [written(name, pairs) for name, pairs in solutions(asked.data)]
    if asked.turns:
        pairs = [(row["question"], row["answer"]) for row in _rows(asked.turns)]
        tallies.append(written("turns", pairs))
    took, claims = milliseconds()
    _print(tallies, took, claims)
    rows = [{**asdict(tally), "share": share(tally)} for tally in tallies]
    result = {
        "benchmark": "verdicts",
        **describe(),
        "rows": rows,
        "ms_500_words": round(took, 2),
        "ms_claims": claims,
    }
    print(json.dumps(result))
    if asked.store:
        stored("verdicts", result)


def share(tally: Tally) -> float:
    """Right claims called contradicted, as a share of the right ones."""
    return len(tally.alarms) / tally.right if tally.right else 0.0


def _print(tallies: Sequence[Tally], took: float, claims: int) -> None:
    table = Table("set", "claims", "false alarms", "share", "missed")
    for tally in tallies:
        alarms, missed = len(tally.alarms), len(tally.missed)
        table.add_row(
            tally.name, str(tally.claims), str(alarms), f"{share(tally):.2%}", str(missed)
        )
    console = Console()
    console.print(table)
    for tally in tallies:
        for line in tally.alarms:
            console.print(f"{tally.name}, contradicted: {line}", markup=False)
        for line in tally.missed:
            console.print(f"{tally.name}, missed: {line}", markup=False)
    console.print(f"{took:.1f} ms for {WORDS} words with {claims} claims")


if __name__ == "__main__":
    main()
