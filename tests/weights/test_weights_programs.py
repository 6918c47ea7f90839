"""The programs that download: watched, given up, killed."""

import asyncio
from pathlib import Path

import pytest

from pellucid.model.fetch import SourceFailed, run_python

SLEEP = "import time; time.sleep(600)"


async def run(code: str, watched: Path, seen: list[int], stall: float = 60.0) -> None:
    await run_python(
        ["-c", code], {"SAID": "yes"}, watched, seen.append, wanted=("ERROR:",), stall=stall
    )


async def test_a_program_gets_the_environment_and_its_growth_is_reported(tmp_path: Path) -> None:
    seen: list[int] = []
    file = tmp_path / "file"
    code = (
        f"import os; open({str(file)!r}, 'w').write(os.environ['SAID'] * (os.environ['PATH'] > ''))"
    )
    await run(code, tmp_path, seen)
    assert file.read_text() == "yes"
    assert seen[-1] in (0, 3)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("print('a'); print('ERROR: no such thing'); print('bye'); exit(1)", "no such thing"),
        ("print('a'); print('the last word'); exit(1)", "the last word"),
        ("exit(3)", "it ended with code 3"),
        ("exit('/usr/bin/python3: No module named pip')", "this Python has no pip"),
    ],
)
async def test_a_failed_program_gives_its_reason(code: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match=reason):
        await run(code, tmp_path, [])


async def test_a_program_that_stands_still_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="nothing came for"):
        await run(SLEEP, tmp_path, [], stall=0.1)


async def test_a_cancelled_program_is_killed(tmp_path: Path) -> None:
    begun = asyncio.Event()
    code = f"open({str(tmp_path / 'begun')!r}, 'w').write('x'); {SLEEP}"

    def watch(size: int) -> None:
        if size:
            begun.set()

    task = asyncio.create_task(run_python(["-c", code], {}, tmp_path, watch, wanted=()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, timeout=5)
