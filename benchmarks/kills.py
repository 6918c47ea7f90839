"""A server that is killed again and again, and what it kept of what it had acknowledged.

    python benchmarks/kills.py [--kills 200] [--seed 1] [--database URL] [--store]

`pellucid serve` with the scripted model is killed (SIGKILL) at random moments, while it starts as
well, and started again on what it left. Meanwhile clients ask for responses, whole and streamed,
in the background and in conversations, add items to conversations, hand in batches, and delete.

After a restart must hold: what was acknowledged is there and says what was asked for; what was
deleted is not; a response in the background is made to its end; every turn is in its conversation
once and whole, or, if nothing was acknowledged, not at all; turns are in the order in which they
were acknowledged; a batch answers each of its requests once, and the tokens it tells are the sum
of its answers'; the database is sound. The first promise that is not kept ends the run with exit
code 1.
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import kills_batches
import openai
from kills_books import Books, Kind, NotKept, Talk, told
from machine import describe, stored
from openai import AsyncOpenAI
from rich.console import Console
from rich.progress import Progress
from server_sides import KEY, MODEL, pellucid

from pellucid.store.db import FILE

KILLED = (openai.APIError, httpx2.HTTPError)
"""What a client hears of a server that dies."""
SLOWEST = 0.3
"""Seconds that the model takes at most."""
UNCHECKED = 0.3
"""The share of starts that are killed without a look at what is there: in the middle of taking up
what the last one left."""
LINES = 12
"""Requests of the longest batch."""

LONGEST = 12
"""Turns of one conversation."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How many kills, the longest life between two in seconds, and how many clients."""

    kills: int
    life: float = 1.0
    clients: int = 6
    seed: int = 1


class Asker:
    """One client: asks in all ways, one thing at a time, until the server dies."""

    def __init__(self, client: AsyncOpenAI, books: Books, draw: random.Random, name: str) -> None:
        self._client, self._books, self._draw, self._name = client, books, draw, name
        self._ways: tuple[Callable[[], Awaitable[None]], ...] = (
            *(self._whole, self._streamed, self._background, self._in_talk),
            *(self._in_talk, self._behind_talk, self._item, self._delete, self._batch),
        )

    async def run(self) -> None:
        """Ask until the server dies."""
        with suppress(*KILLED):
            while True:
                await self._draw.choice(self._ways)()

    def _asked(self, word: str) -> dict[str, Any]:
        wait = self._draw.choice((0.0, self._draw.uniform(0, SLOWEST)))
        computing = {"pellucid": {"computing": False}}
        return {
            "model": MODEL,
            "input": f"wait: {wait:.3f}\nsay: {word}",
            "extra_body": computing,
        }

    async def _whole(self) -> None:
        word = self._books.word()
        made = await self._client.responses.create(**self._asked(word))
        self._books.acknowledge(made.id, word, "whole")

    async def _streamed(self) -> None:
        word, name = self._books.word(), ""
        async for event in await self._client.responses.create(**self._asked(word), stream=True):
            if event.type == "response.completed":
                name = event.response.id
                self._books.acknowledge(name, word, "streamed")

    async def _background(self) -> None:
        word = self._books.word()
        made = await self._client.responses.create(**self._asked(word), background=True)
        self._books.acknowledge(made.id, word, "background")

    async def _in_talk(self) -> None:
        word, talk = self._books.word(), await self._talk()
        talk.tried[word] = "turn"
        await self._client.responses.create(**self._asked(word), conversation=talk.name)
        talk.acknowledge(word)
        self._books.count("turn of a conversation")

    async def _behind_talk(self) -> None:
        """In the background, in a conversation: acknowledged long before it is there."""
        word, talk = self._books.word(), await self._talk()
        talk.tried[word] = "turn"
        made = await self._client.responses.create(
            **self._asked(word), conversation=talk.name, background=True
        )
        talk.promised.add(word)
        self._books.acknowledge(made.id, word, "background, in a conversation")

    async def _item(self) -> None:
        word, talk = self._books.word(), await self._talk()
        talk.tried[word] = "item"
        item: Any = {"role": "user", "content": f"say: {word}"}
        await self._client.conversations.items.create(talk.name, items=[item])
        talk.acknowledge(word)
        self._books.count("item of a conversation")

    async def _delete(self) -> None:
        if (name := self._books.some(self._draw)) is not None:
            await self._client.responses.delete(name)
            self._books.deleted.add(name)
            self._books.count("deletion")

    async def _batch(self) -> None:
        words = [self._books.word() for _ in range(self._draw.randint(1, LINES))]
        await kills_batches.begun(self._client, self._books, words, self._draw.uniform(0, SLOWEST))

    async def _talk(self) -> Talk:
        """The client's conversation; a new one after some turns."""
        talk = self._books.current.get(self._name)
        if talk is None or len(talk.tried) >= LONGEST:
            made = await self._client.conversations.create()
            talk = self._books.current[self._name] = Talk(made.id)
            self._books.talks.append(talk)
        return talk


async def check(client: AsyncOpenAI, books: Books, *, last: bool) -> None:
    """Compare what is there with the books; NotKept says what is not."""
    for name, (word, kind) in [*books.due.items()]:
        await _kept(client, name, word, kind)
        books.confirmed(name)
    for name in books.deleted:
        with suppress(openai.NotFoundError):
            await client.responses.retrieve(name)
            raise NotKept(f"{name} was deleted, and is there")
    for talk in books.talks:
        page = client.conversations.items.list(talk.name, order="asc", limit=100)
        talk.compare([told(item.model_dump()) async for item in page])
    await kills_batches.check(client, books, to_the_end=last)
    books.talks = [talk for talk in books.talks if talk in books.current.values()]
    books.deleted.clear()


async def _kept(client: AsyncOpenAI, name: str, word: str, kind: Kind) -> None:
    """A response that was acknowledged; one in the background may still be made."""
    try:
        if kind.startswith("background"):
            async with asyncio.timeout(30):
                async for _ in await client.responses.retrieve(name, stream=True):
                    pass
        found = await client.responses.retrieve(name)
    except openai.NotFoundError:
        raise NotKept(f"{name} ({kind}) was acknowledged, and is lost") from None
    except TimeoutError:
        raise NotKept(f"{name} ({kind}) does not come to an end") from None
    if (found.status, found.output_text) != ("completed", word):
        raise NotKept(f"{name} ({kind}) is {found.status} and says {found.output_text!r}")


def sound(home: Path) -> None:
    """The database itself, once all work is done."""
    with closing(sqlite3.connect(home / FILE)) as database:
        (state,) = database.execute("PRAGMA integrity_check").fetchone()
        (waiting,) = database.execute(
            "SELECT COUNT(*) FROM replies WHERE request <> 'null'"
        ).fetchone()
    if state != "ok" or waiting:
        raise NotKept(f"the database is {state}, and {waiting} responses wait in it")


async def kills(
    plan: Plan, home: Path, step: Callable[[], None] = lambda: None, database: str = ""
) -> Books:
    """Kill so often, and look at everything once more at the end; the books, with what was not
    kept in `wrong`. The database is a file, or the PostgreSQL database of a URL."""
    books, draw = Books(), random.Random(plan.seed)
    more = {"STORE_URL": database} if database else {}
    try:
        for number in range(plan.kills + 1):
            last = number == plan.kills
            with pellucid(home, **more) as side:
                url = f"http://127.0.0.1:{side.port}/v1"
                async with AsyncOpenAI(base_url=url, api_key=KEY, max_retries=0) as client:
                    if last or draw.random() >= UNCHECKED:
                        await check(client, books, last=last)
                    names = [f"client {one}" for one in range(plan.clients)] if not last else []
                    asking = [
                        asyncio.create_task(Asker(client, books, draw, name).run())
                        for name in names
                    ]
                    await asyncio.sleep(draw.uniform(0, plan.life) if not last else 0)
                    side.kill()
                    await asyncio.gather(*asking)
            step()
        if not database:
            sound(home)
    except NotKept as broken:
        books.wrong.append(str(broken))
    return books


def main() -> int:
    """Run, print a table and one JSON line; the exit code tells whether all promises held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", action="store_true", help="keep it in benchmarks/results")
    parser.add_argument("--database", default="", help="an empty PostgreSQL database, as a URL")
    options = parser.parse_args()
    plan, before = Plan(options.kills, seed=options.seed), describe()
    with (
        TemporaryDirectory() as home,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("killing", total=plan.kills + 1)
        step = partial(progress.advance, task)
        books = asyncio.run(kills(plan, Path(home), step, options.database))
    for complaint in books.wrong:
        print(f"not kept: {complaint}")
    counts = dict(Counter(books.counts))
    result = {"benchmark": "kills", **before, "plan": asdict(plan), "acknowledged": counts}
    result |= {"wrong": books.wrong, "postgresql": bool(options.database)}
    if options.store:
        stored("kills", result)
    print(json.dumps(result))
    return 1 if books.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
