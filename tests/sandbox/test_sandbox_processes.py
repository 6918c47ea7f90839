"""No process outlives its reason, and losing one is survived."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pellucid.tools.python.sandbox import PythonSandbox
from sandbox.conftest import Start
from sandbox.sandbox_host import LEVELS, descendants, gone

ME = os.getpid()


def kill(pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


async def test_cancelling_a_run_ends_its_process(isolated: PythonSandbox) -> None:
    before = descendants(ME)
    task = asyncio.create_task(isolated.run("a", "while True: pass", seconds=60, seed=0))
    await isolated.run("b", "1", seconds=10, seed=0)  # opened later, so the other one runs
    await isolated.close_session("b")
    assert descendants(ME) > before
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone(descendants(ME) - before, 1.0)
    assert (await isolated.run("a", "1 + 1", seconds=10, seed=0)).result == "2"


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 21])
async def test_cancelling_while_a_session_opens_leaves_nothing(
    isolated: PythonSandbox, steps: int
) -> None:
    before = descendants(ME)
    task = asyncio.create_task(isolated.run("a", "while True: pass", seconds=60, seed=0))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone(descendants(ME) - before, 1.0)
    assert (await isolated.run("a", "1 + 1", seconds=10, seed=0)).result == "2"


async def test_closing_leaves_nothing(start: Start) -> None:
    before = descendants(ME)
    for level in LEVELS:
        sandbox = await start(level)
        await sandbox.run("a", "import threading, time", seconds=10, seed=0)
        assert descendants(ME) > before
        await sandbox.close()
        assert gone(descendants(ME) - before, 1.0)


async def test_closing_a_session_ends_its_process_and_removes_its_files(
    start: Start, tmp_path: Path
) -> None:
    sandbox = await start("landlock")
    running = descendants(ME)
    ran = await sandbox.run(
        "a", "open('f', 'w').write('x'); import os; os.getcwd()", seconds=9, seed=0
    )
    box = Path(ran.result.strip("'"))
    assert (box / "f").read_text() == "x"
    await sandbox.close_session("a")
    assert not box.parent.exists()
    assert gone(descendants(ME) - running, 1.0)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nothing_outlives_the_host(level: str, number: signal.Signals, tmp_path: Path) -> None:
    (tmp_path / "libraries").mkdir()
    script = Path(__file__).with_name("sandbox_host.py")
    arguments = [level, tmp_path / "libraries", tmp_path / "state"]
    host = subprocess.Popen(
        [sys.executable, script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": ":".join(sys.path)},
    )
    assert host.stdout is not None
    with host.stdout:
        if host.stdout.readline() != b"running\n":
            pytest.skip(f"{level} is not to be had here")
    children = descendants(host.pid)
    assert len(children) >= 2
    os.killpg(host.pid, number)  # as a terminal does on Ctrl-C
    assert gone(children, 1.0)
    host.wait(10)


async def test_a_lost_zygote_is_started_again(isolated: PythonSandbox) -> None:
    before = await isolated.run("a", "x = 1; 0", seconds=10, seed=0)
    children = descendants(ME)
    kill(children)
    assert gone(children, 5.0)
    after = await isolated.run("a", "1 + 1", seconds=10, seed=0)
    assert (before.result, after.result, after.outcome) == ("0", "2", "ok")


async def test_a_zygote_lost_in_the_middle_is_a_result(isolated: PythonSandbox) -> None:
    await isolated.run("a", "1", seconds=10, seed=0)
    task = asyncio.create_task(isolated.run("a", "while True: pass", seconds=60, seed=0))
    await asyncio.sleep(0)
    kill(descendants(ME))
    ran = await task
    assert ran.outcome == "killed"
    assert "died" in ran.error


def test_folders_of_killed_hosts_are_removed(tmp_path: Path) -> None:
    from pellucid.tools.python.box import PREFIX, sweep
    from pellucid.tools.python.config import SandboxSettings

    process = subprocess.Popen(["true"])
    process.wait()
    dead, alive = tmp_path / f"{PREFIX}{process.pid}-x", tmp_path / f"{PREFIX}{ME}-x"
    for folder in (dead, alive):
        (folder / "box").mkdir(parents=True)
    sweep(SandboxSettings(tmp_path, tmp_path), drop=False)
    assert (dead.exists(), alive.exists()) == (False, True)


def test_a_folder_nested_deeper_than_python_calls_is_removed(tmp_path: Path) -> None:
    """Left behind, it kept every later sandbox from starting."""
    from pellucid.tools.python.box import PREFIX, sweep
    from pellucid.tools.python.config import SandboxSettings

    left = tmp_path / f"{PREFIX}{2**22 + 1}-deep"  # no process has this number
    left.mkdir()
    dig = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')"
    subprocess.run([sys.executable, "-c", dig], check=True, cwd=left)
    sweep(SandboxSettings(tmp_path, tmp_path), drop=False)
    assert not left.exists()
