"""A client that goes away stops its queueing, its reading and its writing in the engine, on real
weights, whatever stage they are in."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from api.leaving import SOON, asking, reached
from api.served import Served, serving
from pellucid.assembly import Application
from pellucid.engine.metrics import Report
from pellucid.settings import EngineSettings, Settings

pytestmark = pytest.mark.weights

COUNT = "Count from one to five hundred in words, each number on a line of its own."
LONG = " ".join(f"The {n}th stone on the way to the lake is grey." for n in range(100))
WORDS = {"pellucid": {"computing": False}}
NEVER = 10**9


class Engine:
    """The engine behind a server, as its own report tells it."""

    def __init__(self, app: Application, served: Served) -> None:
        self._app, self.served = app, served

    async def report(self) -> Report:
        (metrics,) = (await self._app.engines.metrics()).values()
        return metrics.report

    async def holds(self, queued: int, running: int, computed: int = 0, most: int = NEVER) -> bool:
        """Whether so many wait and run, and so many tokens were computed; nothing is leased for
        who does not run."""
        report = await self.report()
        load = report.load
        rest = running > 0 or load.leased == 0
        fits = computed <= report.computed <= most
        return (load.queued, load.running) == (queued, running) and rest and fits


@pytest.fixture
async def engine(smollm: Path, tmp_path: Path) -> AsyncGenerator[Engine, None]:
    """One text at a time, in small steps, so that every stage lasts."""
    section = EngineSettings(window=2048, sequences=1, batch=32, prefix_disk=0)
    settings = Settings(home=tmp_path, model=str(smollm), engine=section)
    async with (
        Application(settings, lambda notice: None) as app,
        app.engine(),
        serving(app.turns) as served,
    ):
        yield Engine(app, served)


@pytest.mark.parametrize("stream", [True, False])
async def test_who_leaves_the_queue_is_no_longer_in_it(engine: Engine, stream: bool) -> None:
    async with asking(engine.served, COUNT, **WORDS):
        await reached(lambda: engine.holds(0, 1))
        async with asking(engine.served, COUNT + " Please.", stream=stream, **WORDS):
            await reached(lambda: engine.holds(1, 1))
        await reached(lambda: engine.holds(0, 1), SOON)
    await reached(lambda: engine.holds(0, 0), SOON)


@pytest.mark.parametrize("stream", [True, False])
async def test_who_leaves_while_the_prompt_is_read_ends_the_reading(
    engine: Engine, stream: bool
) -> None:
    async with asking(engine.served, f"{LONG} What colour?", stream=stream, **WORDS):
        await reached(lambda: engine.holds(0, 1, computed=32, most=1_000))
    await reached(lambda: engine.holds(0, 0), SOON)
    assert (await engine.report()).computed < 1_200  # the prompt has more


@pytest.mark.parametrize("stream", [True, False])
async def test_who_leaves_while_the_answer_is_written_ends_the_writing(
    engine: Engine, stream: bool
) -> None:
    async with asking(engine.served, COUNT, stream=stream, **WORDS):
        await reached(lambda: engine.holds(0, 1, computed=150))
    await reached(lambda: engine.holds(0, 0), SOON)
    report = await engine.report()
    assert set(report.ended) <= {"cancelled", "stop"}
    assert await engine.holds(0, 0, most=report.computed)
