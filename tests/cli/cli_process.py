"""The real command as a subprocess."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@asynccontextmanager
async def started(
    home: Path, *arguments: str | bytes, stdin: int = asyncio.subprocess.DEVNULL, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command under way; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pellucid", *arguments),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(home, settings),
        start_new_session=True,
        limit=2**22,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its Pellucid settings, and these."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PELLUCID")}
    return ours | {"PELLUCID_HOME": str(home), "PELLUCID_MODEL": "scripted"} | settings


async def pellucid(
    home: Path, *arguments: str | bytes, given: bytes | None = None, **settings: str
) -> Ended:
    """Run the command to its end; `given` is piped into it."""
    stdin = asyncio.subprocess.DEVNULL if given is None else asyncio.subprocess.PIPE
    async with started(home, *arguments, stdin=stdin, **settings) as process:
        out, err = await process.communicate(given)
        return Ended(process.returncode or 0, out.decode(), err.decode())


def children(pid: int) -> set[int]:
    """All living descendants of a process."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for listing in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
            try:
                below = {int(number) for number in listing.read_text().split()}
            except OSError:
                continue
            found |= below
            waiting += below
    return found


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until(lines: asyncio.StreamReader, words: str) -> str:
    """The first line that holds these words."""
    async for line in lines:
        if words in line.decode():
            return line.decode()
    raise AssertionError(f"never said: {words}")
