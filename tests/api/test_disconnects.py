"""A client that goes away stops its model and its programs (the engine: tests/weights)."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api.leaving import SOON, asking, reached
from api.served import serving
from api.served import tools as usual_tools
from pellucid.core.ports import Model, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import ScriptedModel, pauses, rules
from pellucid.service.turns import Turns
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox
from pellucid.tools.toolset import computing
from sandbox.sandbox_host import descendants

ENDLESS = "Run this:\n```python\nwhile True: pass\n```"
WAYS = [(form, stream) for form in ("chat", "responses") for stream in (True, False)]


def tasks() -> int:
    return len(asyncio.all_tasks())


@pytest.mark.parametrize(("form", "stream"), WAYS)
async def test_who_leaves_while_the_model_thinks_leaves_nothing_behind(
    tmp_path: Path, form: str, stream: bool
) -> None:
    thinking = list[ScriptedModel]()

    @asynccontextmanager
    async def model(serving: Serving) -> AsyncGenerator[Model, None]:
        thinking.append(ScriptedModel(rules, pause=pauses))
        try:
            yield thinking[-1]
        finally:
            thinking.pop()

    async def asked() -> bool:
        return bool(thinking and thinking[0].seen)

    async def nothing_is_left() -> bool:
        return not thinking and tasks() <= before

    turns = Turns(model, usual_tools, tmp_path, asyncio.get_running_loop().time)
    async with serving(turns) as served:
        before = tasks()
        async with asking(served, "wait: 600\nsay: yes", form=form, stream=stream):
            await reached(asked)
        await reached(nothing_is_left, SOON)
    assert not [*tmp_path.iterdir()]  # an unfinished turn has no receipt


@pytest.mark.parametrize(("form", "stream"), WAYS)
async def test_who_leaves_while_a_program_runs_ends_its_process(
    tmp_path: Path, form: str, stream: bool
) -> None:
    libraries = tmp_path / "libraries"
    libraries.mkdir()

    @asynccontextmanager
    async def model(serving: Serving) -> AsyncGenerator[Model, None]:
        yield ScriptedModel(rules)

    async with PythonSandbox(SandboxSettings(libraries, tmp_path / "state", preload=())) as sandbox:

        @asynccontextmanager
        async def tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
            async with computing(sandbox, turn.turn_id, kept=False, seed=0) as found:
                yield found

        async def runs() -> bool:
            return len(descendants(os.getpid())) > len(before)

        async def nothing_is_left() -> bool:
            return descendants(os.getpid()) <= before and tasks() <= tasks_before

        await sandbox.run("warm", "1", seconds=10, seed=0)
        await sandbox.close_session("warm")
        turns = Turns(model, tools, tmp_path / "receipts", asyncio.get_running_loop().time)
        async with serving(turns) as served:
            before, tasks_before = descendants(os.getpid()), tasks()
            async with asking(served, ENDLESS, form=form, stream=stream):
                await reached(runs)
            await reached(nothing_is_left, SOON)
