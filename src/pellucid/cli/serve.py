"""`pellucid serve`: the OpenAI API on a port of this machine."""

import asyncio
import logging
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

import pellucid
from pellucid.agent.effort import table
from pellucid.api.app import Proof, Service, build
from pellucid.api.collections import Collections
from pellucid.api.enclosures import Enclosures
from pellucid.api.files import Shelf
from pellucid.api.keeping import Keeper, Runs
from pellucid.api.logs import JsonLines
from pellucid.api.middleware import OPEN, Guard
from pellucid.api.operating import METRICS, Operating
from pellucid.api.protocol import BoundedProtocol
from pellucid.api.rates import Rates
from pellucid.api.rooms import Rooms
from pellucid.api.wire.common import Offer
from pellucid.api.wire.snapshots import taken
from pellucid.assembly import Application, Notice, identity
from pellucid.cli.exits import Exit
from pellucid.cli.summary import cost
from pellucid.core.effort import USUAL
from pellucid.core.errors import BadRequest, PellucidError
from pellucid.service.remembering import Remembering, source_of, version_of
from pellucid.service.replay import SECONDS, Replayed, replay
from pellucid.service.turns import Turns
from pellucid.settings import Settings, StoreSettings, load
from pellucid.store import keys, receipts
from pellucid.store.batches import Batches
from pellucid.store.completions import Completions
from pellucid.store.containers import Containers
from pellucid.store.conversations import Conversations
from pellucid.store.db import CACHE, FILE, Database, opened
from pellucid.store.files import Files
from pellucid.store.held import held
from pellucid.store.keyed import KeyedReplies
from pellucid.store.remembered import RememberedTurns
from pellucid.store.replies import Replies
from pellucid.store.seals import Seals, key
from pellucid.store.uploads import Uploads
from pellucid.store.vector_stores import VectorStores
from pellucid.tools.browser.fetch import Fetcher

if TYPE_CHECKING:
    from pellucid.service.telemetry import Telemetry

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MB = 1_000_000
FINISHING = 30
"""Seconds that requests under way have when the server is stopped."""

SILENT = 75
"""Seconds after which a connection that asks nothing is closed. Clients keep theirs for less (5,
with OpenAI's packages); where both are equally patient, a request may meet a closing one."""


def serve(host: str, port: int) -> int:
    """Serve until a signal ends it."""
    return asyncio.run(_serve(load(), host, port))


async def _serve(settings: Settings, host: str, port: int) -> int:
    _log(settings)
    owner = _owner(settings)
    async with (
        _traces(settings) as telemetry,
        opened(_place(settings)) as database,
        held(database, _place(settings)),
        opened(settings.home / CACHE, durable=False) as cache,
        _application(settings, _rooms(database, settings.store)) as application,
        Fetcher() as fetcher,
    ):
        kept, prices = settings.store, settings.prices
        remembered = RememberedTurns(cache, time.time)
        operating = _operating(settings, application, KeyedReplies(database, time.time), telemetry)
        service = Service(
            _turns(settings, _watched(application.turns, operating, telemetry), remembered),
            Keeper(
                Replies(database, time.time, kept.days, kept.most),
                Conversations(database),
                Seals(key(settings.home, os.urandom), os.urandom),
                Completions(database, time.time, kept.days, kept.most),
                _rooms(database, kept),
                _collections(database, kept, fetcher if settings.api.fetch else None),
                remembered,
                settings.home / "receipts",
            ),
            _shelf(database, kept),
            _proof(settings, application),
            _offer(settings),
            lambda: application.missing,
            time.time,
            _new_id,
            lambda usage: cost(usage, prices.input, prices.cached, prices.output),
        )
        guard = Guard(
            owner,
            _hosts(settings, host),
            frozenset(_listed(settings.api.origins)),
            settings.api.body * MB,
            lambda: f"req_{secrets.token_hex(16)}",
            (*OPEN, METRICS) if settings.api.metrics_open else OPEN,
        )
        config = uvicorn.Config(
            build(service, guard, operating),
            http=BoundedProtocol,
            log_level="warning",
            access_log=False,
            log_config=None,  # its lines go where ours go
            timeout_graceful_shutdown=FINISHING,
            timeout_keep_alive=SILENT,
            server_header=False,
            ws="websockets-sansio",
            ws_max_size=guard.body,
        )
        with _bound(host, port) as listening:
            where = f"http://{_written(host)}:{listening.getsockname()[1]}/v1"
            server = Server(config, where)
            await server.serve([listening])
    return Exit.OK if server.started else Exit.FAILED


def _place(settings: Settings) -> Path | str:
    """Where what the server keeps is."""
    url = settings.store.url
    return settings.home / FILE if url is None else url.get_secret_value()


def _application(settings: Settings, rooms: Rooms) -> Application:
    """The application, whose programs leave their files in containers."""
    return Application(settings, _told, rooms.containers.folder, live=settings.api.fetch)


def _rooms(database: Database, kept: StoreSettings) -> Rooms:
    """Where containers are."""
    files = Files(database, time.time, kept.space * MB)
    return Rooms(Containers(database, files, time.time, _new_id), files)


def _shelf(database: Database, kept: StoreSettings) -> Shelf:
    """Where files are."""
    files = Files(database, time.time, kept.space * MB)
    uploads = Uploads(database, files, time.time)
    return Shelf(files, uploads, Batches(database, time.time, kept.days))


def _collections(database: Database, kept: StoreSettings, fetcher: Fetcher | None) -> Collections:
    """Where vector stores are, and what reads files."""
    files = Files(database, time.time, kept.space * MB)
    return Collections(VectorStores(database, time.time), Enclosures(files, fetcher=fetcher))


def _new_id(kind: str) -> str:
    """A new id; those of some kinds begin as clients know them."""
    dash = "-" if kind in ("chatcmpl", "cmpl", "file") else "_"
    return f"{kind}{dash}{secrets.token_hex(16)}"


def _offer(settings: Settings) -> Offer:
    """The models, with snapshots unless there are no weights, which turns then tell."""
    usual = Offer(USUAL, settings.api.named(), settings.private_computing, table())
    try:
        which = identity(settings)
    except PellucidError:
        return usual
    source = source_of(Path(pellucid.__file__).parent)
    found = taken(usual.models, usual.efforts, settings.most_effort, which, source)
    return replace(usual, snapshots=found)


def _turns(settings: Settings, turns: Turns, kept: RememberedTurns) -> Runs:
    """The door, with or without what was answered before."""
    if not settings.api.cache:
        return turns
    depends_on = f"{settings.most_effort} {settings.engine!r}"
    return Remembering(turns, kept, version_of(Path(pellucid.__file__).parent, depends_on))


@asynccontextmanager
async def _traces(settings: Settings) -> AsyncGenerator["Telemetry | None", None]:
    """What makes spans of turns, where they are wanted; BadRequest where it is not installed."""
    if not settings.traces.endpoint:
        yield None
        return
    try:
        from pellucid.service.telemetry import exporting
    except ImportError as error:
        lacking = f"PELLUCID_TRACES_ENDPOINT needs {error.name}, which is missing"
        raise BadRequest(f"{lacking}: pip install 'pellucid[otel]'") from None
    async with exporting(settings.traces.endpoint) as telemetry:
        yield telemetry


def _watched(turns: Turns, operating: Operating, telemetry: "Telemetry | None") -> Turns:
    """Turns that are counted, and traced where that is wanted."""
    trace = turns.trace if telemetry is None else telemetry.trace
    return replace(turns, tell=operating.ended, trace=trace)


def _operating(
    settings: Settings,
    application: Application,
    keyed: KeyedReplies,
    telemetry: "Telemetry | None",
) -> Operating:
    """What is counted and bounded."""
    section = settings.api
    rates = Rates.of(section.requests_per_minute, section.tokens_per_minute, time.monotonic)
    under = None if telemetry is None else telemetry.under
    return Operating(engines=application.engines.metrics, rates=rates, keyed=keyed, under=under)


def _log(settings: Settings) -> None:
    """Write the log to standard error, as it is wanted."""
    lines = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(message)s")
    lines.setFormatter(JsonLines() if settings.log == "json" else text)
    logging.basicConfig(level=logging.INFO, handlers=[lines])


class Server(uvicorn.Server):
    """A server that a signal asks to finish; what is around it is then closed in order."""

    def __init__(self, config: uvicorn.Config, where: str) -> None:
        super().__init__(config)
        self._where = where

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, then say where."""
        await super().startup(sockets)
        if self.started:
            print(f"Pellucid is listening on {self._where}", file=sys.stderr, flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The first signal lets requests under way finish, a second Ctrl-C does not."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


def _proof(settings: Settings, application: Application) -> Proof:
    """Receipts by their turn's id, and their runs again in the sandbox."""

    def place(turn_id: str) -> Path:
        return settings.home / "receipts" / f"{turn_id}.json"

    async def again(turn_id: str) -> list[Replayed]:
        path = place(turn_id)
        receipts.read(path)  # one that was changed is refused before a sandbox is started
        async with aclosing(replay(path, await application.sandbox(), SECONDS)) as runs:
            return [run async for run in runs]

    return Proof(lambda turn_id: receipts.whole(place(turn_id)), again)


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens; OSError, told in a line, where the address is taken.

    What is sent goes out at once: an event that waits for the client to acknowledge the one before
    it (Nagle's algorithm, RFC 896) is 40 ms late.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        told = error.strerror or str(error)
        raise BadRequest(f"cannot listen on {_written(host)}:{port}: {told}") from None
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
    return listening


def _owner(settings: Settings) -> Callable[[str], str | None]:
    """Whose a key is; the first one is made, and shown this once."""
    if settings.api.key is not None:
        text = settings.api.key.get_secret_value()
        if len(text) < SHORTEST:
            raise BadRequest(f"PELLUCID_API_KEY is shorter than {SHORTEST} characters")
        only = (keys.Key("default", keys.digest(text)),)
        return lambda given: keys.owner(only, given, time.time())
    file = keys.KeyFile(settings.home, time.time)
    if not file.read():
        print(f"Your API key, shown only now: {file.create('default')}", flush=True)
    return file.owner


SHORTEST = 8
"""Characters of a key that is set by hand."""


def _hosts(settings: Settings, host: str) -> frozenset[str]:
    """The names that requests may call this server by; any where it listens to the network."""
    more = _listed(settings.api.hosts)
    if host not in LOOPBACK and not more:
        return frozenset()
    return frozenset({*LOOPBACK, host.lower(), *(name.lower() for name in more)})


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _told(notice: Notice) -> None:
    share = f" {100 * notice.done // notice.total} %" if notice.total else ""
    logging.getLogger("pellucid").info("%s%s", notice.what, share)
