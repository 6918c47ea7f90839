"""A server on a socket of this machine, as clients meet it, with the scripted model behind it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import count
from os import urandom
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from openai import AsyncOpenAI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.conforming import Conforming
from pellucid.agent.browse import addressed
from pellucid.agent.effort import table
from pellucid.api.app import Proof, Service, build
from pellucid.api.collections import Collections
from pellucid.api.enclosures import Enclosures
from pellucid.api.files import Shelf
from pellucid.api.keeping import Keeper, Runs
from pellucid.api.middleware import Guard
from pellucid.api.operating import Operating
from pellucid.api.protocol import BoundedProtocol
from pellucid.api.rooms import Rooms
from pellucid.api.websocket import USUAL as LIMITS
from pellucid.api.websocket import Limits
from pellucid.api.wire.common import Offer
from pellucid.api.wire.snapshots import taken
from pellucid.core.browsing import Hit
from pellucid.core.effort import USUAL
from pellucid.core.errors import FetchError, FetchRefused
from pellucid.core.events import Event, TurnStarted
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message
from pellucid.core.pages import Link, Page
from pellucid.core.ports import Model, Prompt, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import ScriptedModel, rules
from pellucid.service.remembering import Remembering
from pellucid.service.replay import Replayed, replay
from pellucid.service.turns import Turns
from pellucid.store import receipts
from pellucid.store.batches import Batches
from pellucid.store.completions import Completions
from pellucid.store.containers import Bounds, Containers
from pellucid.store.conversations import Conversations
from pellucid.store.db import opened
from pellucid.store.files import Files
from pellucid.store.replies import Replies
from pellucid.store.seals import Seals, key
from pellucid.store.uploads import Uploads
from pellucid.store.vector_stores import Bounds as Sizes
from pellucid.store.vector_stores import VectorStores
from pellucid.tools.browser.fetch import Fetcher
from pellucid.tools.browser.tool import BrowserTool
from pellucid.tools.reader.tool import ReaderTool
from pellucid.tools.toolset import Tools, computing

AGAIN = "Tell me again what came out."
KEY, OTHER_KEY = "sk-test-key", "sk-other-key"
NOW = 1_795_000_000.5
SNAPSHOTS = taken(USUAL, table(), "xhigh", "scripted", "v1")
OFFER = Offer(USUAL, {"o4-mini": "pellucid-mini"}, efforts=table(), snapshots=SNAPSHOTS)


class Instant:
    """A sandbox that knows the result of every program: 42."""

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        return Execution("exec_0", code, "ok", output="42\n")

    async def close_session(self, session: str) -> None:
        pass


def remembering(prompt: Prompt) -> Sequence[Item]:
    """Says 42 where it is asked for what came out before; whether that holds, evidence tells."""
    if isinstance(prompt.into, Message) and AGAIN in prompt.items[-1].text:
        return [Message("assistant", "It was 42.")]
    return rules(prompt)


@asynccontextmanager
async def model(serving: Serving) -> AsyncGenerator[Model, None]:
    yield ScriptedModel(remembering)


SEA = Page(
    "https://sea.example/storm",
    "The storm",
    "The captain feared the storm of 1702.\nHe said so.",
    (Link("Birds", "https://sea.example/birds"),),
    "1703-05-01",
    1_795_000_000,
)
"""The one page of the web that tests serve."""


async def searched(terms: str, most: int) -> list[Hit]:
    """Finds the page by the storm."""
    hit = Hit(SEA.url, SEA.title, "What its captain did fear.")
    return [hit] if "storm" in terms.lower() else []


async def visited(turn: Turn, url: str) -> Page:
    if turn.web.hosts and "sea.example" not in turn.web.hosts:
        raise FetchRefused(f"{url} is not fetched: only {', '.join(turn.web.hosts)} may be")
    if url != SEA.url:
        raise FetchError(f"{url} could not be fetched")
    return SEA


@asynccontextmanager
async def tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
    async with computing(Instant(), turn.turn_id, kept=False, seed=0) as found:
        sets = [ReaderTool(turn.attachments, turn.library, turn.least_score), found]
        if "web" in turn.tools:
            sets.append(BrowserTool(searched, partial(visited, turn), addressed(turn.question)))
        yield Tools(*sets)


def scripted(folder: Path) -> Turns:
    return Turns(model, tools, folder, time.monotonic)


@dataclass
class Endless:
    """Turns that begin and never end; what begins and what ends is counted."""

    begun: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        self.begun += 1
        try:
            yield TurnStarted(turn.turn_id, turn.model, 0)
            await asyncio.Event().wait()
        finally:
            self.ended.set()

    async def count(self, turn: Turn) -> int:
        return 7


@dataclass
class Played:
    """Turns that play some events, then wait for a sign, then play the rest, or break."""

    before: list[Event]
    after: list[Event]
    sign: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: bool = False

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        for event in self.before:
            yield event
        await self.sign.wait()
        if self.breaks:
            raise RuntimeError("nobody foresaw this")
        for event in self.after:
            yield event

    async def count(self, turn: Turn) -> int:
        return 7


@dataclass(frozen=True)
class Served:
    """Where a server listens; the clients made for it are closed before it."""

    url: str
    app: Conforming
    clients: list[AsyncOpenAI] = field(default_factory=list)

    def client(self, **changes: object) -> AsyncOpenAI:
        options = {"api_key": KEY, "base_url": f"{self.url}/v1", "max_retries": 0, **changes}
        self.clients.append(AsyncOpenAI(**options))  # type: ignore[arg-type]
        return self.clients[-1]


def guard(**changes: object) -> Guard:
    ids = count()
    usual = {
        "owner": {KEY: "ann", OTHER_KEY: "bob"}.get,
        "hosts": frozenset({"127.0.0.1"}),
        "origins": frozenset({"https://good.example"}),
        "body": 100_000,
        "request_id": lambda: f"req_{next(ids)}",
    }
    return Guard(**{**usual, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def serving(
    turns: Runs,
    missing: str = "",
    alive_every: float = 5.0,
    home: Path | None = None,
    place: str | None = None,
    aliases: dict[str, str] | None = None,
    operating: Operating | None = None,
    sockets: Limits = LIMITS,
    protocol: type[BoundedProtocol] = BoundedProtocol,
    rooms: Rooms | None = None,
    fetcher: Fetcher | None = None,
    **changes: object,
) -> AsyncGenerator[Served, None]:
    """A running server; its database is gone with it, unless it has a home, or is elsewhere."""
    with TemporaryDirectory() as folder:
        async with opened(place or (home or Path(folder)) / "test.db") as database:
            offer = OFFER if aliases is None else replace(OFFER, aliases=aliases)
            remembered = turns.kept if isinstance(turns, Remembering) else None
            keeps = keeper(database, home or Path(folder), rooms, fetcher)
            inner = turns.turns if isinstance(turns, Remembering) else turns
            receipts = inner.receipts if isinstance(inner, Turns) else None
            kept = replace(keeps, remembered=remembered, receipts=receipts)
            made = service(turns, kept, shelf(database), offer, missing, alive_every, sockets)
            asking = guard(**changes)
            app = Conforming(build(made, asking, operating))
            async with _listening(app, asking.body, protocol) as served:
                yield served


def proof(turns: Runs) -> Proof:
    """Receipts where the turns leave them; programs are run again in the sandbox of tests."""
    folder = turns.receipts if isinstance(turns, Turns) else Path("nowhere")

    async def again(turn_id: str) -> list[Replayed]:
        async with aclosing(replay(folder / f"{turn_id}.json", Instant(), 1)) as runs:
            return [run async for run in runs]

    return Proof(lambda turn_id: receipts.whole(folder / f"{turn_id}.json"), again)


def keeper(
    database: AsyncEngine, home: Path, kept: Rooms | None = None, fetcher: Fetcher | None = None
) -> Keeper:
    """Up to a hundred replies."""
    replies = Replies(database, lambda: NOW, 30, 100)
    seals = Seals(key(home, urandom), urandom)
    completions = Completions(database, lambda: NOW, 30, 100)
    placed = kept or rooms(database)
    enclosures = Enclosures(Files(database, lambda: NOW, 1_000_000), 3, 50_000, fetcher)
    stores = VectorStores(database, lambda: NOW, Sizes(3, 3, 5_000))
    kept_in = Collections(stores, enclosures)
    return Keeper(replies, Conversations(database), seals, completions, placed, kept_in)


def rooms(database: AsyncEngine, clock: Callable[[], float] = lambda: NOW) -> Rooms:
    """Containers with little in them, whose ids count up."""
    ids, files = count(), Files(database, clock, 1_000_000)
    bounds = Bounds(containers=3, files=4, largest=50_000, bytes=120_000)
    made = Containers(database, files, clock, lambda kind: f"{kind}_{next(ids)}", bounds)
    return Rooms(made, files)


def shelf(database: AsyncEngine) -> Shelf:
    """Files of up to a megabyte in all."""
    files = Files(database, lambda: NOW, 1_000_000)
    return Shelf(files, Uploads(database, files, lambda: NOW), Batches(database, lambda: NOW, 30))


def service(
    turns: Runs,
    keeper: Keeper,
    shelf: Shelf,
    offer: Offer = OFFER,
    missing: str = "",
    alive_every: float = 5.0,
    sockets: Limits = LIMITS,
) -> Service:
    """What the routes of a test work with: a token costs a dollar, and ids count up."""
    ids = count()
    return Service(
        turns,
        keeper,
        shelf,
        proof(turns),
        offer,
        lambda: missing,
        lambda: NOW,
        lambda kind: f"{kind}_{next(ids)}",
        lambda usage: Decimal(usage.prompt + usage.completion),
        alive_every,
        sockets,
    )


@asynccontextmanager
async def _listening(
    app: Conforming, largest: int, protocol: type[BoundedProtocol]
) -> AsyncGenerator[Served, None]:
    config = uvicorn.Config(
        app,
        "127.0.0.1",
        0,
        http=protocol,
        log_level="error",
        lifespan="on",
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
        ws_max_size=largest,
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    loop = asyncio.create_task(server.main_loop())
    port = server.servers[0].sockets[0].getsockname()[1]
    served = Served(f"http://127.0.0.1:{port}", app)
    try:
        yield served
    finally:
        for client in served.clients:
            await client.close()
        loop.cancel()  # it would look but ten times a second whether it is to end
        await asyncio.gather(loop, return_exceptions=True)
        await server.shutdown()
    assert not app.complaints, "\n".join(app.complaints)


async def upload(client: AsyncOpenAI, content: bytes, name: str = "a.txt") -> str:
    """The id of a file that is kept."""
    return (await client.files.create(file=(name, content), purpose="user_data")).id
