"""Structured outputs through the server, as a client asks for them: is each valid?

    python benchmarks/structured.py [--items 100] [--at-once 8] [--effort medium] [--store]

The questions of BFCL's functions (PELLUCID_DATA), each answered in the form of its function's
parameters: through Chat Completions and Responses in turn, whole and streamed, by a real
`pellucid serve` with the default weights, thinking included. `jsonschema` judges every answer;
one that is refused, cut or empty is not valid. A schema that nothing satisfies is not asked (the
data has a list whose allowed values are texts) but named: the server refuses it.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from machine import describe, stored
from openai import APIError, AsyncOpenAI
from openai.types import CompletionUsage
from openai.types.responses import ResponseUsage
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from schemas import invalid

from pellucid.core.constraint import JsonSchema
from pellucid.core.effort import EffortName
from pellucid.core.errors import BadSchema
from pellucid.evals.calls import schema as from_bfcl
from pellucid.model.constraint import compiled

SETS = ("simple_python", "live_simple", "multiple")
MODEL = "pellucid-mini"
ASK = "{question}\n\nAnswer with the arguments of {name} for this, as JSON: {about}"


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the schema its answer must have."""

    id: str
    question: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the text, and the tokens thought and written."""

    text: str
    thinking: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Row:
    """All answers of one way to ask."""

    way: str
    asked: int
    valid: int
    thought: int
    tokens: int


def cases(data: Path) -> Iterator[Case]:
    """The questions of the sets, one function each: the first of those offered."""
    for name in SETS:
        for line in (data / "bfcl" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            function = told["function"][0]
            question = told["question"][0][-1]["content"]
            about = function.get("description", "")
            asked = ASK.format(question=question, name=function["name"], about=about)
            yield Case(told["id"], asked, from_bfcl(function["parameters"]))


def satisfiable(case: Case) -> bool:
    """Whether anything can fit the schema."""
    try:
        compiled(JsonSchema(json.dumps(case.schema)))
    except BadSchema as error:
        print(f"not asked: {case.id}: {error}", file=sys.stderr)
        return False
    return True


Way = Callable[[AsyncOpenAI, Case, EffortName], Awaitable[Answer]]


async def chat(client: AsyncOpenAI, case: Case, effort: EffortName) -> Answer:
    """Chat Completions, whole."""
    reply = await client.chat.completions.create(**_chat(case), reasoning_effort=effort)
    return _of_chat(reply.choices[0].message.content, reply.usage)


async def chat_streamed(client: AsyncOpenAI, case: Case, effort: EffortName) -> Answer:
    """Chat Completions, streamed."""
    stream = await client.chat.completions.create(
        **_chat(case),
        reasoning_effort=effort,
        stream=True,
        stream_options={"include_usage": True},
    )
    text, usage = "", None
    async for chunk in stream:
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        usage = chunk.usage or usage
    return _of_chat(text, usage)


async def responses(client: AsyncOpenAI, case: Case, effort: EffortName) -> Answer:
    """Responses, whole."""
    reply = await client.responses.create(**_response(case), reasoning={"effort": effort})
    return _of_response(reply.output_text, reply.usage)


async def responses_streamed(client: AsyncOpenAI, case: Case, effort: EffortName) -> Answer:
    """Responses, streamed; the text is what the deltas say."""
    stream = await client.responses.create(
        **_response(case), reasoning={"effort": effort}, stream=True
    )
    text, usage = "", None
    async for event in stream:
        if event.type == "response.output_text.delta":
            text += event.delta
        elif event.type in ("response.completed", "response.incomplete"):
            usage = event.response.usage
    return _of_response(text, usage)


WAYS: dict[str, Way] = {
    "Chat Completions, whole": chat,
    "Chat Completions, streamed": chat_streamed,
    "Responses, whole": responses,
    "Responses, streamed": responses_streamed,
}


def _chat(case: Case) -> dict[str, Any]:
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": case.schema}}
    messages = [{"role": "user", "content": case.question}]
    return {"model": MODEL, "messages": messages, "response_format": form}


def _response(case: Case) -> dict[str, Any]:
    form = {"type": "json_schema", "name": "answer", "schema": case.schema}
    return {"model": MODEL, "input": case.question, "text": {"format": form}, "store": False}


def _of_chat(text: str | None, usage: CompletionUsage | None) -> Answer:
    assert usage
    assert usage.completion_tokens_details
    details = usage.completion_tokens_details
    return Answer(text or "", details.reasoning_tokens or 0, usage.completion_tokens)


def _of_response(text: str, usage: ResponseUsage | None) -> Answer:
    assert usage
    return Answer(text, usage.output_tokens_details.reasoning_tokens, usage.output_tokens)


@asynccontextmanager
async def server() -> AsyncGenerator[AsyncOpenAI, None]:
    """A server of its own, with the default weights, and a client of it."""
    key = secrets.token_urlsafe(16)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pellucid", "serve", "--port", "0"),
        env={**os.environ, "PELLUCID_API_KEY": key},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    try:
        url = await _where(process.stderr)
        drain = asyncio.create_task(process.stderr.read())
        async with AsyncOpenAI(base_url=url, api_key=key, timeout=1_800, max_retries=0) as client:
            yield client
    finally:
        process.terminate()
        await process.wait()
        await drain


async def _where(log: asyncio.StreamReader) -> str:
    while line := (await log.readline()).decode():
        if "listening on" in line:
            return line.split()[-1]
    raise SystemExit("the server did not start")


async def measured(
    found: list[Case], at_once: int, effort: EffortName, progress: Progress
) -> tuple[list[Row], list[str]]:
    """Every case, one way after the other; and what was wrong with those that are not valid."""
    task, places = progress.add_task("answers", total=len(found)), asyncio.Semaphore(at_once)
    answers: list[tuple[str, Answer | None, str]] = []

    async def ask(client: AsyncOpenAI, at: int, case: Case) -> None:
        name, way = [*WAYS.items()][at % len(WAYS)]
        async with places:
            try:
                answer = await way(client, case, effort)
                complaint = invalid(answer.text, case.schema)
                answers.append((name, answer, complaint and f"{case.id} ({name}): {complaint}"))
            except APIError as error:
                answers.append((name, None, f"{case.id} ({name}): {error.message}"))
        progress.advance(task)

    async with server() as client, asyncio.TaskGroup() as group:
        for at, case in enumerate(found):
            group.create_task(ask(client, at, case))
    return [_row(way, answers) for way in WAYS], [told for _, _, told in answers if told]


def _row(way: str, answers: list[tuple[str, Answer | None, str]]) -> Row:
    mine = [(answer, told) for name, answer, told in answers if name == way]
    got = [answer for answer, _ in mine if answer]
    return Row(
        way,
        len(mine),
        sum(not told for _, told in mine),
        sum(answer.thinking > 0 for answer in got),
        round(sum(answer.tokens for answer in got) / max(1, len(got))),
    )


def table(rows: list[Row]) -> Table:
    """The rows as people read them."""
    shown = Table("way", "asked", "valid", "thought first", "tokens each")
    for row in rows:
        cells = (row.way, row.asked, row.valid, row.thought, row.tokens)
        shown.add_row(*map(str, cells))
    return shown


def main() -> int:
    """Measure, print and maybe store; 1 where an answer was not valid."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--effort", default="medium")
    parser.add_argument("--store", action="store_true")
    asked = parser.parse_args()
    data = Path(os.environ.get("PELLUCID_DATA", "../shared/data"))
    if not (data / "bfcl").is_dir():
        raise SystemExit(f"no BFCL in {data}: set PELLUCID_DATA")
    console, every = Console(), [*cases(data)]
    step = max(1, len(every) // asked.items)
    found = [*filter(satisfiable, every[::step])][: asked.items]
    found += [*filter(satisfiable, every[1::step])][: asked.items - len(found)]
    with Progress(console=console) as progress:
        rows, wrong = asyncio.run(measured(found, asked.at_once, asked.effort, progress))
    console.print(table(rows), *wrong, sep="\n")
    if asked.store:
        print(
            stored(
                "structured",
                {"benchmark": "structured", **describe(), "rows": [asdict(row) for row in rows]},
            )
        )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
