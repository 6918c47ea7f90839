"""Blocking work done in small steps, so that it can be watched and cancelled.

A job is a generator that does a little (a few milliseconds of disk work) per step and
yields how many bytes it did. `stepwise` runs each step in a thread; when cancelled it
waits for the step under way, so that nothing still writes once it has returned.
"""

import asyncio
import os
import zipfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import IO, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

STEP = 4 << 20
"""Bytes a job handles in one step."""

Job = Generator[int, None, None]


class Hash(Protocol):
    """What takes bytes in and has a digest."""

    def update(self, data: bytes, /) -> None:
        """Take in more bytes."""
        ...


async def stepwise(job: Job, report: Callable[[int], None]) -> None:
    """Run the job to its end; `report` gets the bytes done so far after each step."""
    done = 0
    try:
        while (step := await settled(next, job, None)) is not None:
            done += step
            report(done)
    finally:
        job.close()


async def settled(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `work`, run in a thread that has ended when this returns or raises."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def hashing(path: Path, digest: Hash) -> Job:
    """Feed a file to a digest."""
    with path.open("rb") as file:
        while data := file.read(STEP):
            digest.update(data)
            yield len(data)


def copying(source: Path, target: Path) -> Job:
    """Copy a file's bytes to a new file, down to the disk."""
    with source.open("rb") as read, target.open("wb") as write:
        while data := read.read(STEP):
            write.write(data)
            yield len(data)
        _to_disk(write)


def unpacking(archive: Path, member: str, size: int, target: Path, offset: int) -> Job:
    """Write one member of a zip file into `target` from byte `offset` on, down to the disk.

    Raises zipfile.BadZipFile when there is no such member or it is not `size` bytes;
    never reads more than that, whatever the archive claims.
    """
    with zipfile.ZipFile(archive) as bundle, target.open("r+b") as write:
        if member not in bundle.namelist():
            raise zipfile.BadZipFile(f"it has no {member}")
        left = size
        write.seek(offset)
        with bundle.open(member) as read:
            while data := read.read(min(STEP, left + 1)):
                left -= len(data)
                if left < 0:
                    break
                write.write(data)
                yield len(data)
        if left:
            raise zipfile.BadZipFile(f"its {member} is not {size:,} bytes long")
        _to_disk(write)


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
