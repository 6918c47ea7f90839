"""Several engines in one budget of memory, each a process of its own, on the fake backend."""

import asyncio
import os
import signal
from contextlib import AsyncExitStack, aclosing

import pytest
from engine_runs import alone, request

from pellucid.core.errors import EngineBusy, EngineError, WeightsError
from pellucid.engine.fleet import MB, Engine, Engines, FleetLimits
from pellucid.engine.frames import HostSettings
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Tokens

SIZES = {512: 3 * MB, 1024: 6 * MB}
SMALL, LARGE = HostSettings(window=512), HostSettings(window=1024)


class Shelf:
    """Weights by name: those that begin with "l" are large. `asked` is every load begun,
    each announced by `begun`, and none goes on before the gate is open."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.gate.set()

    async def settings(self, name: str) -> HostSettings:
        self.asked.append(name)
        self.begun.put_nowait(name)
        await self.gate.wait()
        if name == "none":
            raise WeightsError("there are none")
        return LARGE if name.startswith("l") else SMALL


def fleet(shelf: Shelf, memory: int = 0, idle: float = 0.0) -> Engines:
    return Engines(
        shelf.settings, lambda settings: SIZES[settings.window], FleetLimits(memory * MB, idle)
    )


async def answer(engine: Engine, prompt: str) -> tuple[int, ...]:
    found: list[int] = []
    async with aclosing(engine.client.generate(request("r", prompt))) as outputs:
        async for output in outputs:
            found += output.tokens if isinstance(output, Tokens) else ()
    return tuple(found)


async def used(engines: Engines, name: str) -> int:
    """Use an engine for a moment; its process."""
    async with engines.use(name) as engine:
        assert engine.client.pid is not None
        return engine.client.pid


async def loaded(engines: Engines) -> list[str]:
    return list(await engines.metrics())


def gone(pid: int) -> bool:
    return not os.path.exists(f"/proc/{pid}")


async def end_of(pid: int) -> None:
    """Wait for the end of a process; the test's own limit of time ends that."""
    descriptor, ended = os.pidfd_open(pid), asyncio.Event()
    asyncio.get_running_loop().add_reader(descriptor, ended.set)
    await ended.wait()
    asyncio.get_running_loop().remove_reader(descriptor)
    os.close(descriptor)


async def test_each_name_has_a_process_of_its_own_that_loads_once() -> None:
    shelf = Shelf()
    async with fleet(shelf) as engines:
        async with engines.use("a") as first, engines.use("b") as second:
            assert await answer(first, "one") == alone(request("", "one"))[0]
            assert await answer(second, "two") == alone(request("", "two"))[0]
            assert first.client.pid != second.client.pid
        async with engines.use("a") as again:
            assert again is first
        assert shelf.asked == ["a", "b"]
        pids = [first.client.pid, second.client.pid]
    assert all(pid is not None and gone(pid) for pid in pids)


async def test_two_who_use_it_first_load_it_once() -> None:
    shelf = Shelf()
    async with fleet(shelf) as engines:
        one, two = await asyncio.gather(used(engines, "a"), used(engines, "a"))
        assert one == two
        assert shelf.asked == ["a"]


async def test_a_failed_load_is_told_to_all_and_tried_again() -> None:
    shelf = Shelf()
    async with fleet(shelf) as engines:
        tries = (used(engines, "none") for _ in range(2))
        failures = await asyncio.gather(*tries, return_exceptions=True)
        assert [str(one) for one in failures] == ["there are none"] * 2
        with pytest.raises(WeightsError, match="there are none"):
            await used(engines, "none")
        assert shelf.asked == ["none", "none"]
        assert await loaded(engines) == []


async def test_weights_that_cannot_be_loaded_leave_no_process_and_take_no_memory() -> None:
    async def settings(name: str) -> HostSettings:
        return HostSettings(path=__file__) if name == "bad" else SMALL

    async with Engines(settings, lambda one: 3 * MB, FleetLimits(3 * MB)) as engines:
        with pytest.raises(WeightsError, match="not a GGUF file"):
            await used(engines, "bad")
        await used(engines, "good")
        assert await loaded(engines) == ["good"]


async def test_the_one_used_longest_ago_makes_room() -> None:
    async with fleet(Shelf(), memory=6) as engines:
        first, second = await used(engines, "a"), await used(engines, "b")
        assert await used(engines, "a") == first
        await used(engines, "c")
        assert (gone(first), gone(second)) == (False, True)
        assert await loaded(engines) == ["a", "c"]
        await used(engines, "large")
        assert await loaded(engines) == ["large"]


async def test_what_is_in_use_stays_and_who_has_no_room_is_told_so() -> None:
    async with fleet(Shelf(), memory=6) as engines:
        async with engines.use("a") as kept:
            idle = await used(engines, "b")
            with pytest.raises(EngineBusy, match=r"large \(6 MB\) .* in use \(a\); try again"):
                await used(engines, "large")
            assert not gone(idle), "unloading it would not have helped"
            await used(engines, "c")
            assert await loaded(engines) == ["a", "c"]
            assert await answer(kept, "still here") == alone(request("", "still here"))[0]
        await used(engines, "large")


async def test_what_can_never_fit_is_refused() -> None:
    async with fleet(Shelf(), memory=5) as engines:
        await used(engines, "a")
        with pytest.raises(EngineError, match=r"large takes 6 MB; .* 5 MB .*ENGINE_MEMORY") as no:
            await used(engines, "large")
        assert not no.value.retryable
        assert await loaded(engines) == ["a"]


async def test_an_engine_that_loads_has_its_memory_already() -> None:
    async with fleet(Shelf(), memory=6) as engines:
        results = await asyncio.gather(
            used(engines, "l1"), used(engines, "l2"), return_exceptions=True
        )
        assert isinstance(results[0], int)
        assert isinstance(results[1], EngineBusy)


async def test_two_who_need_room_at_once_both_get_it() -> None:
    async with fleet(Shelf(), memory=6) as engines:
        await used(engines, "large")
        one, two = await asyncio.gather(used(engines, "a"), used(engines, "b"))
        assert one != two


async def test_an_idle_engine_goes_and_comes_back_when_it_is_used() -> None:
    shelf = Shelf()
    async with fleet(shelf, idle=0.05) as engines:
        async with engines.use("a") as engine:
            pid = engine.client.pid
            assert pid is not None
            async with engines.use("a"):
                pass  # one of two leases
            assert engines._places["a"].retiring is None
        await end_of(pid)
        assert await loaded(engines) == []
        await used(engines, "a")
        assert shelf.asked == ["a", "a"]


async def test_an_engine_used_again_in_time_stays() -> None:
    async with fleet(Shelf(), idle=600) as engines:
        await used(engines, "a")
        first = engines._places["a"].retiring
        assert first is not None
        async with engines.use("a"):
            assert first.cancelled()
        second = engines._places["a"].retiring
        assert second is not None
        assert not second.cancelled()


async def test_an_engine_that_is_dead_for_good_is_loaded_anew() -> None:
    shelf = Shelf()
    async with fleet(shelf) as engines:
        async with engines.use("a") as engine:
            engine.client._fail(WeightsError("the file has gone"))
            with pytest.raises(WeightsError):
                await answer(engine, "x")
        async with engines.use("a") as engine:
            assert await answer(engine, "x") == alone(request("", "x"))[0]
        assert shelf.asked == ["a", "a"]


async def test_who_gives_up_waiting_does_not_stop_the_others() -> None:
    shelf = Shelf()
    shelf.gate.clear()
    async with fleet(shelf, memory=3) as engines:
        tasks = [asyncio.create_task(used(engines, "a")) for _ in range(3)]
        await shelf.begun.get()
        tasks[0].cancel()
        await asyncio.wait({tasks[0]})
        shelf.gate.set()
        first, *others = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(first, asyncio.CancelledError)
        assert all(isinstance(one, int) for one in others)
        # Nobody holds it any more, so it can go.
        await used(engines, "b")
        assert await loaded(engines) == ["b"]


async def test_closing_ends_what_loads_and_what_is_used() -> None:
    shelf = Shelf()
    engines = fleet(shelf)
    async with AsyncExitStack() as leases:
        async with engines:
            engine = await leases.enter_async_context(engines.use("a"))
            pid = engine.client.pid
            shelf.gate.clear()
            waiting = asyncio.create_task(used(engines, "b"))
            assert [await shelf.begun.get() for _ in "ab"] == ["a", "b"]
            health = [one.health for one in (await engines.metrics()).values()]
            assert health == ["ready", "loading"]
        assert pid is not None
        assert gone(pid)
        with pytest.raises(EngineError, match="closed"):
            await waiting
        with pytest.raises(EngineError, match="closed"):
            await used(engines, "c")
    assert await loaded(engines) == []


async def test_closing_in_the_middle_of_a_load_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spawn, started = HostProcess.spawn, asyncio.Queue[int]()

    async def told(settings: HostSettings) -> HostProcess:
        host = await spawn(settings)
        started.put_nowait(host.process.pid)
        return host

    monkeypatch.setattr(HostProcess, "spawn", told)
    async with fleet(Shelf()) as engines:
        task = asyncio.create_task(used(engines, "a"))
        pid = await started.get()
    with pytest.raises(EngineError, match="closed"):
        await task
    assert gone(pid)


async def test_the_numbers_of_every_engine() -> None:
    async with fleet(Shelf()) as engines:
        async with engines.use("a") as engine, engines.use("b"):
            tokens = await answer(engine, "hello")
            numbers = await engines.metrics()
        assert {name: one.report.completion for name, one in numbers.items()} == {
            "b": 0,
            "a": len(tokens),
        }
        assert engine.client.pid is not None
        os.kill(engine.client.pid, signal.SIGKILL)
        await answer(engine, "again")
        assert (await engines.metrics())["a"].deaths == 1
