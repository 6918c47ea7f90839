"""The sandbox's own libraries: a site-packages folder made once from a lock with hashes.

They are installed beside Pellucid, never into its environment, by pip of the running
interpreter, so that compiled wheels fit the interpreter the sandbox runs. A folder is
named after the lock and the interpreter: whatever changes makes a new one.
"""

import asyncio
import hashlib
import platform
import re
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

from pellucid.core.errors import SandboxError

Progress = Callable[[str, int, int], None]
"""Called with a message for people, steps done, and steps in all."""

LOCK = Path(__file__).with_name("sandbox.lock")
KEPT_LINES = 200
NETWORK_SIGNS = ("connection", "resolution", "unreachable", "timed out", "retries", "proxy", "ssl")
NOTHING_FOUND = "from versions: none"  # what pip says of an index it cannot reach
FULL_SIGNS = ("no space left", "disk quota")


def folder(home: Path) -> Path:
    """Where the libraries for this lock and interpreter belong, below Pellucid's home."""
    parts = (LOCK.read_bytes(), sys.implementation.cache_tag.encode(), platform.machine().encode())
    return home / "sandbox" / hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def installed(home: Path) -> Path | None:
    """The libraries, or None where they are still to install."""
    place = folder(home)
    return place if place.is_dir() else None


async def install(home: Path, progress: Progress) -> Path:
    """Install the libraries unless they are there; whole or not at all.

    SandboxError tells why it could not be done. Two processes may do it at once: the
    first to finish wins.
    """
    place = folder(home)
    if place.is_dir():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".installing-", dir=place.parent))
    except OSError as error:
        raise SandboxError(f"cannot create {place.parent}: {error.strerror}") from error
    try:
        await _pip(work / "libraries", progress)
        _move(work / "libraries", place)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return place


def _move(made: Path, place: Path) -> None:
    """Give a finished folder its name; another process may have been faster."""
    try:
        made.rename(place)
    except OSError as error:
        if not place.is_dir():
            raise SandboxError(f"cannot create {place}: {error.strerror}") from error


def locked() -> list[str]:
    """The names of the libraries in the lock."""
    names = re.findall(r"^([\w-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    return sorted(set(names))


async def _pip(target: Path, progress: Progress) -> None:
    """Run pip against the lock, telling each library as it comes."""
    total, done = 1 + len(locked()), 0
    options = "--require-hashes --no-deps --only-binary :all: --no-input --no-warn-conflicts"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "pip", "install", *options.split()),
        *("--disable-pip-version-check", "--target", str(target), "--requirement", str(LOCK)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        umask=0o022,  # the sandbox's user must be able to read them
    )
    said: list[str] = []
    try:
        if process.stdout is None:
            raise SandboxError("pip has no output to read")
        async for raw in process.stdout:
            line = raw.decode(errors="replace").strip()
            said = [*said[-KEPT_LINES:], line]
            if match := re.match(r"(?:Collecting|Processing) (?:.*/)?([\w-]+?)(?:==|-\d)", line):
                done += 1
                progress(f"sandbox library {match[1]}", done, total)
            elif line.startswith("Installing"):
                progress("unpacking the sandbox libraries", total - 1, total)
        status = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status != 0:
        raise SandboxError(explain(said))
    progress("sandbox libraries ready", total, total)


def explain(said: list[str]) -> str:
    """Why pip failed, in a line, with the way out."""
    text = "\n".join(said).lower()
    errors = [line for line in said if line.startswith("ERROR:") or "No module named" in line]
    last = (errors or said or ["pip said nothing"])[-1].removeprefix("ERROR: ")
    if "no module named pip" in text:
        return "pip is missing for this interpreter; add it with: python -m ensurepip"
    if any(sign in text for sign in FULL_SIGNS):
        return "no space left for the sandbox's libraries: about 600 MB are needed"
    if "do not match the hashes" in text:
        return f"a sandbox library is not the one that was pinned, and was refused: {last}"
    if any(sign in text for sign in (*NETWORK_SIGNS, NOTHING_FOUND)):
        return f"the sandbox's libraries could not be fetched (network): {last}"
    version = sysconfig.get_python_version()
    return f"the sandbox's libraries could not be installed for Python {version}: {last}"
