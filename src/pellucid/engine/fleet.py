"""Several engines side by side, one process each, within one budget of memory.

An engine is loaded when it is first used, and unloaded when nobody has used it for a
while or when another one needs its memory. Whoever uses one holds a lease, and what is
leased stays.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from pellucid.core.errors import EngineBusy, EngineError
from pellucid.engine.client import STUCK, EngineClient, EngineInfo, HostSettings
from pellucid.engine.metrics import Metrics

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class FleetLimits:
    """`memory` is how many bytes all engines together may take (0: as many as they like).
    One that nobody has used for `idle` seconds is unloaded (0: never). `stuck` as in
    EngineClient."""

    memory: int = 0
    idle: float = 0.0
    stuck: float = STUCK


@dataclass(frozen=True, slots=True)
class Engine:
    """A loaded engine: its name, the way to it, what was loaded."""

    name: str
    client: EngineClient
    info: EngineInfo


@dataclass(slots=True, eq=False)
class Place:
    """What one engine takes: `size` bytes from when it begins to load until its process has
    gone. `leases` counts those who use it or wait for it; `retiring` unloads it when it has
    been idle for long enough."""

    name: str
    engine: Engine | None = None
    size: int = 0
    leases: int = 0
    retiring: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """Whether it is loaded and nobody uses it."""
        return self.engine is not None and not self.leases


class Engines:
    """Engines by name. Use it from one event loop; leaving it ends every process.

    `settings` says what a name stands for (that may take long: weights are fetched there),
    `size` how many bytes an engine with these settings takes.
    """

    def __init__(
        self,
        settings: Callable[[str], Awaitable[HostSettings]],
        size: Callable[[HostSettings], int],
        limits: FleetLimits,
    ) -> None:
        """Nothing is loaded before it is used."""
        self._settings, self._size, self._limits = settings, size, limits
        self._places: dict[str, Place] = {}  # least recently used first
        self._loading: dict[Place, asyncio.Task[Engine]] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._taken = 0  # bytes, of engines that are loading, loaded or not yet gone
        self._room = asyncio.Lock()
        self._open = True

    async def __aenter__(self) -> Self:
        """Ready to be used."""
        return self

    async def __aexit__(self, *error: object) -> None:
        """End every process, used or not; who waits for one gets EngineError."""
        self._open = False
        tasks = list(self._loading.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for place in list(self._places.values()):
            self._unload(place)
        await asyncio.gather(*self._leaving)

    @asynccontextmanager
    async def use(self, name: str) -> AsyncGenerator[Engine, None]:
        """The engine of that name, loaded if it is not; it stays while this is open.

        Raises EngineBusy when engines in use leave no room for it, EngineError when it can
        never have room, and whatever else kept it from loading. All who wait for the same
        engine are told the same; the next use tries again.
        """
        if not self._open:
            raise EngineError("the engines were closed")
        place = self._places.get(name) or self._begin(name)
        self._lease(place)
        try:
            yield place.engine or await self._loaded(place)
        finally:
            self._release(place)

    async def metrics(self) -> dict[str, Metrics]:
        """The numbers of every engine that is loaded or being loaded, by name."""
        places = list(self._places.values())
        found = await asyncio.gather(*(_metrics(place) for place in places))
        return {place.name: one for place, one in zip(places, found, strict=True)}

    def _begin(self, name: str) -> Place:
        """A place for an engine, which begins to load."""
        place = self._places[name] = Place(name)
        task = self._loading[place] = asyncio.create_task(self._load(place))
        task.add_done_callback(lambda done: self._after(place, done))
        return place

    async def _load(self, place: Place) -> Engine:
        """Make room and start the process."""
        settings = await self._settings(place.name)
        await self._reserve(place, self._size(settings))
        client = EngineClient(settings, self._limits.stuck)
        try:
            await client.start()
            return Engine(place.name, client, await client.ready())
        except BaseException:
            await client.close()
            self._taken -= place.size
            raise

    def _after(self, place: Place, done: asyncio.Task[Engine]) -> None:
        """Loading ended, before anybody who waits for it goes on."""
        del self._loading[place]
        if done.cancelled() or done.exception():
            del self._places[place.name]
        else:
            place.engine = done.result()
            self._rest(place)

    async def _loaded(self, place: Place) -> Engine:
        """Wait for an engine; who gives up waiting does not stop the others' loading."""
        task = self._loading[place]
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():  # it was, not who waits for it
                raise EngineError("the engines were closed") from None
            raise

    async def _reserve(self, place: Place, size: int) -> None:
        """Take memory for an engine, from those used longest ago where it is short."""
        most = self._limits.memory or sys.maxsize
        async with self._room:
            if size > most:
                raise EngineError(
                    f"{place.name} takes {size / MB:,.0f} MB; all engines together may take "
                    f"{most / MB:,.0f} MB (PELLUCID_ENGINE_MEMORY)"
                )
            while self._taken + size > most:
                kept = [one for one in self._places.values() if one.size and not one.idle]
                if sum(one.size for one in kept) + size > most:
                    names = ", ".join(one.name for one in kept)
                    raise EngineBusy(
                        f"no memory for {place.name} ({size / MB:,.0f} MB) while others are "
                        f"in use ({names}); try again when they are done"
                    )
                for one in [one for one in self._places.values() if one.idle][:1]:
                    self._unload(one)
                await asyncio.wait(self._leaving)
            place.size = size
            self._taken += size

    def _lease(self, place: Place) -> None:
        """Somebody uses the engine, which is now the last to go."""
        place.leases += 1
        self._places[place.name] = self._places.pop(place.name)
        if place.retiring is not None:
            place.retiring.cancel()
            place.retiring = None

    def _release(self, place: Place) -> None:
        """Somebody is done with the engine."""
        place.leases -= 1
        if self._places.get(place.name) is place:
            self._places[place.name] = self._places.pop(place.name)
            self._rest(place)

    def _rest(self, place: Place) -> None:
        """Where nobody uses an engine, let it go after a while, or at once where it died."""
        if place.engine is None or place.leases:
            return
        if place.engine.client.health == "dead":
            self._unload(place)
        elif self._limits.idle:
            later = asyncio.get_running_loop().call_later
            place.retiring = later(self._limits.idle, self._unload, place)

    def _unload(self, place: Place) -> None:
        """Forget an engine and end its process."""
        del self._places[place.name]
        if place.retiring is not None:
            place.retiring.cancel()
        task = asyncio.create_task(self._end(place))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _end(self, place: Place) -> None:
        """End the process of an engine; its memory is free when it has gone."""
        if place.engine is not None:  # pragma: no branch (only what is loaded is unloaded)
            await place.engine.client.close()
        self._taken -= place.size


async def _metrics(place: Place) -> Metrics:
    """The numbers of one engine."""
    return await place.engine.client.metrics() if place.engine else Metrics("loading")
