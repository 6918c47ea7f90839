"""What the engine counts, and how it notices that nothing goes on."""

import asyncio
import os
import signal
from contextlib import aclosing
from dataclasses import replace

import pytest
from engine_runs import SMALL, Driven, alone, request

from pellucid.core.errors import EngineDied
from pellucid.engine import fake
from pellucid.engine.backend import Work
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.metrics import Load, Meter, Report, resident
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Finished, Order, Output, Rejected, Stop, Tokens
from pellucid.engine.watch import LOOKS, Watch
from pellucid.engine.worker import Worker


def test_a_meter_adds_up_what_ended() -> None:
    meter, load = Meter(1.0), Load(2, 3, 40, 30, 100, 5, 6)
    meter.begin(2.0, load)
    work = [Work(0, (1, 2, 3), 0, sample=True), Work(1, (1,), 7, sample=False)]
    outputs: list[Output] = [
        Finished("a", 0, "stop", prompt=9, cached=4, completion=3),
        Finished("b", 0, "stop", prompt=1),
        Finished("c", 0, "cancelled", prompt=1, completion=1),
        Rejected("d", 1.0),
        Tokens("e", 0, (1,)),
    ]
    meter.end(2.5, work, outputs, load)
    assert meter.report(4.0, rss=7) == Report(
        ended={"stop": 2, "cancelled": 1},
        rejected=1,
        prompt=11,
        cached=4,
        completion=4,
        steps=1,
        step_seconds=0.5,
        computed=4,
        load=Load(2, 3, 40, 30, 100, 5, 6),
        rss=7,
        step=0.0,
        rest=1.5,
    )


def test_a_step_under_way_is_told_and_one_without_work_is_none() -> None:
    meter = Meter(1.0)
    meter.begin(2.0, Load(queued=1))
    under_way = meter.report(5.0, rss=0)
    assert (under_way.step, under_way.rest, under_way.load.queued) == (3.0, 4.0, 1)
    meter.end(6.0, [], [], Load())
    idle = meter.report(7.0, rss=0)
    assert (idle.step, idle.rest, idle.steps, idle.load.queued) == (0.0, 6.0, 0, 0)


def test_the_scheduler_tells_how_full_it_is() -> None:
    driven = Driven(fake.Backend(cells=64, sequences=4), replace(SMALL, max_running=1))
    driven.submit(request("a", "x" * 20), request("b", "y" * 20))
    assert driven.scheduler.load == Load(queued=2, cells=64)
    driven.step()
    assert driven.scheduler.load == Load(1, 1, used=16, leased=16, cells=64)
    driven.finish()
    kept = driven.scheduler.load
    assert (kept.queued, kept.running, kept.leased, kept.evicted) == (0, 0, 0, 0)
    assert 40 <= kept.used <= 64
    driven.submit(request("c", "z" * 40))
    driven.finish()
    assert driven.scheduler.load.evicted > 0


def test_the_loop_counts_every_step() -> None:
    ticks = iter(range(100))
    meter = Meter()
    asked = request("r", "x" * 20, 3)
    outputs: list[Output] = []

    class Twice:
        def drain(self, block: bool) -> list[Order]:
            first = meter.report(0.0, 0).steps == 0
            return [asked] if first else [Stop()] if block else []

    worker = Worker(fake.Backend(), SMALL, lambda: float(next(ticks)), meter=meter)
    worker.run(Twice(), outputs.extend)
    report = meter.report(100.0, 0)
    tokens, reason = alone(asked)
    # The last token drawn is never computed, nor is an end token.
    assert report.computed == 20 + len(tokens) - (reason == "length")
    assert report.ended == {reason: 1}
    assert (report.prompt, report.completion) == (20, len(tokens))
    assert report.step_seconds == report.steps  # one tick from begin to end of each


async def answered(client: EngineClient, name: str, prompt: str, most: int = 8) -> Finished:
    async with aclosing(client.generate(request(name, prompt, most))) as outputs:
        async for output in outputs:
            if isinstance(output, Finished):
                return output
    raise AssertionError("it did not end")


async def test_a_client_tells_the_numbers_of_its_host() -> None:
    async with EngineClient(HostSettings(window=512)) as client:
        before = await client.metrics()
        assert (before.health, before.report) == ("loading", Report())
        await answered(client, "a", "x" * 100)
        second = await answered(client, "b", "x" * 100)
        numbers = await client.metrics()
        report = numbers.report
        assert (numbers.health, numbers.pid, numbers.deaths) == ("ready", client.pid, 0)
        assert sum(report.ended.values()) == 2
        assert (report.prompt, report.cached) == (200, second.cached)
        assert report.load.cells == 1024
        assert report.load.used > 0
        assert (report.load.leased, report.load.running, report.load.queued) == (0, 0, 0)
        assert report.rss == pytest.approx(resident(str(client.pid)), rel=0.5)
    ended = await client.metrics()
    assert (ended.health, ended.pid, ended.report) == ("dead", None, report)


async def test_deaths_and_restarts_are_counted() -> None:
    async with EngineClient(HostSettings()) as client:
        await client.ready()
        assert client.pid is not None
        os.kill(client.pid, signal.SIGSTOP)  # so that it cannot answer
        asking = asyncio.create_task(client.metrics())
        await asyncio.sleep(0)  # lets it ask
        os.kill(client.pid, signal.SIGKILL)
        unanswered = await asking  # when the host died, and not a second later
        assert unanswered.health == "loading"
        await answered(client, "a", "x")
        numbers = await client.metrics()
        assert (numbers.health, numbers.deaths, numbers.restarts) == ("ready", 1, 1)


async def test_a_host_whose_step_does_not_end_is_started_again() -> None:
    async with EngineClient(HostSettings(fake_seconds=60), stuck=0.4) as client:
        await client.ready()
        first, seen = client.pid, set[str]()
        asking = asyncio.create_task(answered(client, "a", "never"))
        while not asking.done():
            seen.add((await client.metrics()).health)
            await asyncio.sleep(0)  # a host that is not there is not waited for
        with pytest.raises(EngineDied, match=r"SIGKILL: no step ended for 0\.4 s"):
            await asking
        assert {"stuck", "loading"} <= seen
        assert client.pid != first
        assert (await client.metrics()).deaths == 2, "a request is tried twice"


async def test_a_host_that_stands_still_as_a_whole_is_started_again() -> None:
    async with EngineClient(HostSettings(), stuck=1.0) as client:
        await client.ready()
        assert client.pid is not None
        stopped = client.pid
        os.kill(stopped, signal.SIGSTOP)
        assert await client.tokenize(b"x", special=False) == (120,)
        stopped = client.pid
        os.kill(stopped, signal.SIGSTOP)
        asked = request("a", "hello", 8)
        assert (await answered(client, "a", "hello")).completion == len(alone(asked)[0])
        assert client.pid not in (stopped, None)


class Hearing(HostProcess):
    """A host of which only what it is sent and told counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.ends: list[str] = []

    def send(self, frame: object) -> None:
        self.asked += 1

    def kill(self, why: str) -> None:
        self.ends.append(why)


def looks(watch: Watch, host: HostProcess, working: bool, count: int) -> float:
    for _ in range(count):
        watch._look(host, working)
    return watch._silent


def test_silence_is_counted_in_looks_while_there_is_work() -> None:
    watch, host = Watch(8.0), Hearing()
    assert looks(watch, host, working=False, count=9) == 0
    assert host.asked == 0
    assert looks(watch, host, working=True, count=3) == 4.0
    assert host.asked == 1, "once, until it answers"
    assert watch.stuck
    watch.hear(Report(step=1.0))
    assert not watch.stuck
    assert looks(watch, host, working=True, count=1) == 1.0
    assert host.asked == 2
    assert looks(watch, host, working=True, count=LOOKS) == 9.0
    assert looks(watch, host, working=False, count=1) == 0


async def test_without_a_limit_nothing_is_watched() -> None:
    watch, host = Watch(0.0), Hearing()
    await watch.over(host, lambda: True)
    assert (host.asked, host.ends, watch.stuck) == (0, [], False)
