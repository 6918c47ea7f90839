"""A sandbox at a chosen level, without libraries: the tests here are about isolation."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from pellucid.core.errors import SandboxUnavailable
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox
from sandbox.sandbox_host import LEVELS

Start = Callable[..., Awaitable[PythonSandbox]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncGenerator[Start, None]:
    """Starts sandboxes that end with the test; one level missing here skips the test."""
    libraries = tmp_path / "libraries"
    libraries.mkdir()
    async with AsyncExitStack() as stack:

        async def started(level: str, **settings: Any) -> PythonSandbox:
            options = {"libraries": libraries, "preload": (), **settings}
            chosen = SandboxSettings(state=tmp_path / "state", level=level, **options)  # type: ignore[arg-type]
            try:
                return await stack.enter_async_context(PythonSandbox(chosen))
            except SandboxUnavailable as error:
                pytest.skip(str(error))

        yield started


@pytest.fixture(params=LEVELS)
async def isolated(request: pytest.FixtureRequest, start: Start) -> PythonSandbox:
    """A sandbox at each level in turn."""
    return await start(request.param, memory_bytes=512 << 20)
