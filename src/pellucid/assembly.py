"""Build everything from Settings; the only module that names concrete classes together."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from typing import Self

from pellucid.agent.browse import addressed
from pellucid.core.errors import EngineError, SandboxUnavailable
from pellucid.core.ports import Folder, Model, Sandbox, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.engine.available import available
from pellucid.engine.client import EngineClient
from pellucid.engine.fit import size
from pellucid.engine.fleet import MB, Engine, Engines, FleetLimits
from pellucid.engine.frames import EngineInfo, HostSettings
from pellucid.engine.llama.identity import identity as sampled
from pellucid.model import weights
from pellucid.model.chatml import RENDERING, dialects
from pellucid.model.generate import EngineModel, TokenMemory
from pellucid.model.manifest import DEFAULT
from pellucid.model.scripted import ScriptedModel, pauses, rules
from pellucid.service.turns import Turns, known
from pellucid.settings import EngineSettings, Settings
from pellucid.tools.browser.browser import Browser
from pellucid.tools.browser.fetch import Fetcher, Guard
from pellucid.tools.browser.index import FILE, LocalIndex
from pellucid.tools.browser.opener import Domains, Opener
from pellucid.tools.browser.page import read_whole
from pellucid.tools.browser.parser import Parser
from pellucid.tools.browser.robots import Robots
from pellucid.tools.browser.scripts.chromium import Chromium
from pellucid.tools.browser.scripts.rendering import rendered, switched_off
from pellucid.tools.browser.searching import searcher
from pellucid.tools.filing import Filed
from pellucid.tools.python import libraries
from pellucid.tools.python.sandbox import PythonSandbox, SandboxSettings
from pellucid.tools.reader.tool import ReaderTool
from pellucid.tools.toolset import Tools, computing

SCRIPTED = "scripted"
USUAL_WINDOW = 8_192
"""Tokens of context when nobody asks for more or less."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Where a long step stands; `total` 0 means that nobody knows how long it is."""

    what: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """Weights on a running engine."""

    engine: EngineClient
    info: EngineInfo
    dialect: str
    memory: TokenMemory


def host_settings(
    section: EngineSettings, chosen: weights.Chosen, path: Path, home: Path
) -> HostSettings:
    """How a host loads these weights; a window beyond what they can have is refused there."""
    return HostSettings(
        path=str(path),
        window=section.window or min(USUAL_WINDOW, chosen.window),
        yarn_window=chosen.yarn_window,
        kv=section.kv,
        sequences=section.sequences,
        threads=section.threads,
        batch=section.batch,
        queue=section.queue,
        adapters=tuple((name, str(file)) for name, file in section.named_adapters()),
        prefixes=str(home / "prefixes") if section.prefix_disk else "",
        prefix_bytes=section.prefix_disk * 1_000_000,
        template=f"{chosen.dialect} {RENDERING}",
    )


def identity(settings: Settings) -> str:
    """Which weights these settings are answered with: of those that are known the publisher's
    SHA-256, which they are checked against, of a file of one's own a digest of samples of it.

    UnknownName or WeightsError where there are none.
    """
    if settings.model == SCRIPTED:
        return SCRIPTED
    chosen = weights.resolve(settings.model, settings.home)
    if chosen.weights is not None:
        return f"sha256:{chosen.weights.sha256}"
    return f"samples:{sampled(chosen.path)}"


class Application:
    """All parts, wired. Entering starts loading the weights in the background; the sandbox
    starts with the first turn that may use it; leaving ends every child. `engines` are all
    weights that are loaded.

    What is missing (weights, the sandbox's libraries) is fetched first; `notify` hears
    of every long step. `folder` finds where the files of a turn's container are, by its name and
    owner. `guard` says where pages may be fetched from (None: public addresses); where it is not
    `live`, turns see of the web what the index keeps.
    """

    def __init__(
        self,
        settings: Settings,
        notify: Callable[[Notice], None],
        folder: Callable[[str, str], Folder] | None = None,
        guard: Guard | None = None,
        live: bool = True,
    ) -> None:
        self.settings, self._notify, self._folder = settings, notify, folder
        self._guard, self._live = guard, live
        self.turns = Turns(
            self._model,
            self._tools,
            settings.home / "receipts",
            time.monotonic,
            settings.most_effort,
        )
        limits = settings.engine
        self.engines = Engines(
            self._host,
            size,
            FleetLimits(limits.memory * MB or available() or 0, limits.idle, limits.stuck),
        )
        self._memories: dict[str, TokenMemory] = {}
        self._stack = AsyncExitStack()
        self._requests = count(1)
        self._loading: asyncio.Task[None] | None = None
        self._starting: asyncio.Task[PythonSandbox] | None = None

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.engines)
        if self.settings.model != SCRIPTED:
            self._loading = asyncio.create_task(self._load())
        return self

    async def __aexit__(self, *error: object) -> None:
        tasks = [t for t in (self._loading, self._starting) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stack.aclose()

    @property
    def missing(self) -> str:
        """What turns still wait for, or why there will be none; "" when they can begin."""
        if self._loading is None:
            return ""
        if not self._loading.done():
            return f"loading {self.settings.model or DEFAULT}"
        if self._loading.cancelled():
            return "stopped"
        failure = self._loading.exception()
        return str(failure) if failure else ""

    async def sandbox(self) -> PythonSandbox:
        """The running sandbox; SandboxError when there is none to be had."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._sandbox())
        return await asyncio.shield(self._starting)

    @asynccontextmanager
    async def engine(self, model: str | None = None) -> AsyncGenerator[Loaded, None]:
        """Loaded weights, by default those of the settings; they stay while this is open.

        WeightsError, UnknownName, EngineBusy or EngineError when they cannot be loaded.
        """
        wanted = self.settings.model if model is None else model
        if wanted == SCRIPTED:
            raise EngineError("the scripted model has no engine")
        chosen = weights.resolve(wanted, self.settings.home)
        name = chosen.name if chosen.weights is not None else str(chosen.path)
        async with self.engines.use(name) as engine:
            yield Loaded(engine.client, engine.info, chosen.dialect, self._memory(engine))

    @asynccontextmanager
    async def _model(self, serving: Serving) -> AsyncGenerator[Model, None]:
        if serving.adapter:
            names = [name for name, _ in self.settings.engine.named_adapters()]
            known(serving.adapter, tuple(names), "adapter")
        if self.settings.model == SCRIPTED:
            yield ScriptedModel(rules, pause=pauses)
            return
        async with self.engine() as loaded:
            yield EngineModel(
                self.settings.model or DEFAULT,
                loaded.engine,
                loaded.info,
                dialects()[loaded.dialect],
                loaded.memory,
                lambda: f"request_{next(self._requests)}",
                serving,
            )

    @cached_property
    def web(self) -> Browser:
        """The way to the web; nothing is opened or read before it is used."""
        index = LocalIndex(self.settings.home / FILE)
        search, fetcher, parser = searcher(self.settings, index), Fetcher(self._guard), Parser()
        self._stack.push_async_exit(search)
        self._stack.push_async_exit(fetcher)
        self._stack.enter_context(parser)
        read = partial(read_whole, parse=parser.told)
        render = switched_off
        if self.settings.web_scripts:
            chromium = Chromium()
            self._stack.push_async_exit(chromium)
            render = partial(rendered, chromium)
        rules = Domains(*map(_listed, (self.settings.web_allow, self.settings.web_deny)))
        opener = Opener(fetcher, robots=Robots(fetcher), allowed=rules, read=read, render=render)
        return Browser(index, search, opener)

    @asynccontextmanager
    async def _tools(self, turn: Turn) -> AsyncGenerator[Toolset, None]:
        looking: list[Toolset] = [ReaderTool(turn.attachments, turn.library, turn.least_score)]
        if "web" in turn.tools:
            web = replace(turn.web, live=turn.web.live and self._live)
            looking.append(self.web.tool(web, addressed(turn.question)))
        if "python" not in turn.tools:
            yield Tools(*looking)
            return
        session, kept = turn.conversation or turn.turn_id, bool(turn.conversation)
        sandbox: Sandbox = await self.sandbox()
        if turn.container and self._folder:
            folder = self._folder(turn.container, turn.owner)
            sandbox = Filed(await self.sandbox(), folder)
        async with computing(sandbox, session, kept=kept, seed=turn.seed) as tools:
            yield Tools(*looking, tools)

    async def _load(self) -> None:
        """Load the weights of the settings; what keeps them from loading is told to turns."""
        async with self.engine():
            pass

    def _memory(self, engine: Engine) -> TokenMemory:
        """The tokens known of an engine, forgotten when it is loaded anew."""
        known = self._memories.get(engine.name)
        if known is None or known.engine is not engine.client:
            known = self._memories[engine.name] = TokenMemory(engine.client)
        return known

    async def _host(self, name: str) -> HostSettings:
        """How weights are loaded, once they are here."""
        chosen = weights.resolve(name, self.settings.home)
        path = chosen.path
        if chosen.weights is not None:
            path = await self._fetched(chosen.name)
        self._notify(Notice(f"loading {chosen.name}"))
        return host_settings(self.settings.engine, chosen, path, self.settings.home)

    async def _fetched(self, name: str) -> Path:
        present = weights.installed(name, self.settings.home)
        if present is not None:
            return present
        return await weights.pull(
            name,
            self.settings.home,
            lambda p: self._notify(Notice(p.what, p.done, p.total)),
            folder=self.settings.weights_dir,
        )

    async def _sandbox(self) -> PythonSandbox:
        home = self.settings.home
        folder = libraries.installed(home) or await libraries.install(
            home, lambda what, done, total: self._notify(Notice(what, done, total))
        )
        section = self.settings.sandbox
        wanted = SandboxSettings(libraries=folder, state=home / "sandbox", level=section.level)
        try:
            return await self._stack.enter_async_context(PythonSandbox(wanted))
        except SandboxUnavailable:
            if not section.unsafe_run_without_isolation:
                raise
        return await self._stack.enter_async_context(PythonSandbox(replace(wanted, level="unsafe")))


def _listed(text: str) -> tuple[str, ...]:
    """The parts of a text with commas in between."""
    return tuple(filter(None, (part.strip() for part in text.split(","))))
