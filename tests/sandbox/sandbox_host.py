"""What sandbox tests need of the host: which processes exist, and one to be killed."""

import asyncio
import contextlib
import os
import select
import sys
from pathlib import Path

from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox

LEVELS = ("namespaces", "landlock")


def descendants(root: int) -> set[int]:
    """Processes that live below this one, zombies left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found = {root}
    for _ in parents:  # deep enough for any chain
        found |= {pid for pid, parent in parents.items() if parent in found}
    return found - {root}


def handles_of(pids: set[int]) -> list[int]:
    """Descriptors that stand for these processes; those already gone have none."""
    handles = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            handles.append(os.pidfd_open(pid))
    return handles


def gone(pids: set[int], seconds: float) -> bool:
    """Whether all these processes end within so many seconds."""
    handles = handles_of(pids)
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    while handles:
        ended = poll.poll(seconds * 1000)
        if not ended:
            return False
        for handle, _ in ended:
            poll.unregister(handle)
            handles.remove(handle)
            os.close(handle)
    return True


async def serve_and_loop(level: str, libraries: str, state: str) -> None:
    """The program that tests kill: a sandbox in which an endless program runs."""
    settings = SandboxSettings(Path(libraries), Path(state), level=level, preload=())  # type: ignore[arg-type]
    async with PythonSandbox(settings) as sandbox:
        await sandbox.run("a", "1", seconds=10, seed=0)
        running = asyncio.create_task(sandbox.run("a", "while True: pass", seconds=60, seed=0))
        print("running", flush=True)
        await running


if __name__ == "__main__":
    asyncio.run(serve_and_loop(*sys.argv[1:]))
