"""Batches of a server that is killed: none lost, no request answered twice, sums that add up."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import openai
from kills_books import Books, NotKept
from openai import AsyncOpenAI
from openai.types import Batch
from server_sides import MODEL

ENDPOINT = "/v1/chat/completions"
LONGEST = 60
"""Seconds in which all batches must end once nobody kills the server."""


async def begun(client: AsyncOpenAI, books: Books, words: Sequence[str], wait: float) -> None:
    """Hand in a batch of some words, and note it once it is acknowledged."""
    lines = b"\n".join(_line(word, wait) for word in words)
    file = await client.files.create(file=("batch.jsonl", lines), purpose="batch")
    batch = await client.batches.create(
        input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h"
    )
    books.batches[batch.id] = tuple(words)
    books.count("batch")


def _line(word: str, wait: float) -> bytes:
    messages = [{"role": "user", "content": f"wait: {wait:.3f}\nsay: {word}"}]
    body = {"model": MODEL, "messages": messages, "pellucid": {"computing": False}}
    line = {"custom_id": word, "method": "POST", "url": ENDPOINT, "body": body}
    return json.dumps(line).encode()


async def check(client: AsyncOpenAI, books: Books, *, to_the_end: bool) -> None:
    """Compare all batches with the books; those that ended as they must are done with."""
    async with asyncio.timeout(LONGEST):
        for name, words in [*books.batches.items()]:
            batch = await _found(client, name)
            while to_the_end and batch.status != "completed":
                batch = await _found(client, name)
            await _compare(client, batch, words)
            if batch.status == "completed":
                del books.batches[name]


async def _found(client: AsyncOpenAI, name: str) -> Batch:
    try:
        batch = await client.batches.retrieve(name)
    except openai.NotFoundError:
        raise NotKept(f"{name} was acknowledged, and is lost") from None
    if batch.status not in ("validating", "in_progress", "finalizing", "completed"):
        raise NotKept(f"{name} is {batch.status}: {batch.errors}")
    return batch


async def _compare(client: AsyncOpenAI, batch: Batch, words: Sequence[str]) -> None:
    """What is there of a batch, all of it where it is completed."""
    lines = await _lines(client, batch.output_file_id)
    said = {line["custom_id"]: _answer(line) for line in lines}
    if len(said) < len(lines) or any(word != text for word, text in said.items()):
        raise NotKept(f"{batch.id} answers {[(one['custom_id'], _answer(one)) for one in lines]}")
    if batch.status != "completed":
        return
    if {*said} != {*words}:
        raise NotKept(f"{batch.id} was asked {words}, and answers {[*said]}")
    used = sum(line["response"]["body"]["usage"]["total_tokens"] for line in lines)
    if batch.usage is None or batch.usage.total_tokens != used:
        raise NotKept(f"{batch.id} used {used} tokens, and tells {batch.usage}")


async def _lines(client: AsyncOpenAI, file_id: str | None) -> list[dict[str, Any]]:
    if file_id is None:
        return []
    content = await client.files.content(file_id)
    return [json.loads(line) for line in content.text.splitlines()]


def _answer(line: dict[str, Any]) -> str:
    return str(line["response"]["body"]["choices"][0]["message"]["content"])
