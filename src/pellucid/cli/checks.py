"""What `pellucid doctor` looks at: each check says what it found and the way out."""

import os
import platform
import secrets
import shutil
import sys
from contextlib import aclosing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Literal

from pellucid.cli.text import count
from pellucid.cli.units import duration, size
from pellucid.core.errors import EngineError, PellucidError

if TYPE_CHECKING:
    from pellucid.assembly import Application, Loaded
    from pellucid.settings import Settings
    from pellucid.tools.python.sandbox import PythonSandbox

State = Literal["ok", "weak", "bad"]
LOWEST_PYTHON = (3, 11)
ROOM = 500_000_000
"""Bytes of disk that ordinary use may need, beside what is still to be fetched."""

SAMPLE = "The quick brown fox jumps over the lazy dog, and the dog does not mind at all. " * 12
DECODED = 32
"""Tokens decoded to measure the speed."""


@dataclass(frozen=True, slots=True)
class Check:
    """One finding. "weak" works with less than one could wish; "bad" does not work.

    `remedy` is the exact command (or setting) that helps, where there is one.
    """

    name: str
    state: State
    found: str
    remedy: str = ""


def program() -> Check:
    """The version of Pellucid and of the Python that runs it."""
    found = f"{version('pellucid')} on Python {platform.python_version()}, "
    found += f"{platform.system()} {platform.machine()}, {count(os.cpu_count() or 1, 'core')}"
    if sys.version_info < LOWEST_PYTHON:
        return Check("pellucid", "bad", found, "install Python 3.11 or later, then: make ask")
    return Check("pellucid", "ok", found)


def binding() -> Check:
    """The library that runs the weights."""
    try:
        return Check("engine", "ok", f"llama-cpp-python {version('llama-cpp-python')}")
    except PackageNotFoundError:
        return Check("engine", "bad", "llama-cpp-python is not installed", "make ask builds it")


def home(settings: "Settings", needed: int) -> Check:
    """Whether the home folder can be written, and has room for what is still to come."""
    place = settings.home
    probe = place / f".doctor-{secrets.token_hex(4)}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
        free = shutil.disk_usage(place).free
    except OSError as error:
        way_out = "set PELLUCID_HOME to a folder that can be written"
        return Check("home", "bad", f"{place}: {error.strerror}", way_out)
    found = f"{place}, {size(free)} free"
    if free < needed + ROOM:
        return Check(
            "home", "bad", f"{found}, {size(needed + ROOM)} needed", "make room on this disk"
        )
    return Check("home", "ok", found)


def weights(settings: "Settings") -> tuple[Check, int]:
    """The weights in use, and the bytes that are still to be fetched."""
    from pellucid.model.weights import installed, resolve

    if settings.model == "scripted":
        return Check("weights", "ok", "none needed: PELLUCID_MODEL is scripted"), 0
    try:
        chosen = resolve(settings.model, settings.home)
    except PellucidError as error:
        return Check("weights", "bad", str(error), "unset PELLUCID_MODEL, or name another file"), 0
    known = chosen.weights
    if known is None:
        found = f"{chosen.path}, {size(chosen.path.stat().st_size)}, a file of your own"
        return Check("weights", "ok", f"{found}: taken as it is"), 0
    path = installed(known.name, settings.home)
    if path is None:
        found = f"{known.name} ({size(known.size)}) is not there"
        return Check("weights", "bad", found, f"pellucid pull {known.name}"), known.size
    found = f"{known.name}, {size(known.size)}, {known.licence}, hash verified, {path}"
    return Check("weights", "ok", found), 0


def libraries(settings: "Settings") -> Check:
    """What programs may import."""
    from pellucid.tools.python.libraries import installed
    from pellucid.tools.python.sandbox import library_versions

    place = installed(settings.home)
    if place is None:
        return Check("libraries", "bad", "the sandbox has none", "pellucid pull sandbox")
    named = ", ".join(f"{name} {number}" for name, number in library_versions(place))
    return Check("libraries", "ok", named)


def isolation(sandbox: "PythonSandbox") -> Check:
    """How programs are kept apart from this machine, and what that does not hold."""
    if not sandbox.weaknesses:
        return Check("isolation", "ok", f"level {sandbox.level}")
    found = f"level {sandbox.level}: " + "; ".join(sandbox.weaknesses)
    way_out = "for the strongest level: apt install bubblewrap, and allow user name spaces"
    return Check("isolation", "bad" if sandbox.level == "unsafe" else "weak", found, way_out)


def scripts(settings: "Settings") -> Check:
    """Whether pages that show nothing without their scripts can be read."""
    from pellucid.tools.browser.scripts import box

    if not settings.web_scripts:
        return Check("chromium", "ok", "not used: PELLUCID_WEB_SCRIPTS is false")
    if why := box.refused():
        found, _, way_out = why.rpartition(" (")
        return Check("chromium", "weak", f"{found}: no pages that need scripts", way_out[:-1])
    return Check("chromium", "ok", f"{box.program()}, for pages that need scripts")


async def speed(application: "Application") -> Check:
    """Tokens per second of reading and writing, in one short run without the cache."""
    async with application.engine() as loaded:
        return await _speed(loaded)


async def _speed(loaded: "Loaded") -> Check:
    from pellucid.engine.sequence import Finished, Request

    tokens = await loaded.engine.tokenize(SAMPLE.encode(), False)
    name = f"doctor-{secrets.token_hex(4)}"  # nobody's prefix, on disk neither
    request = Request(name, tokens, DECODED, owner=name)
    ended: Finished | None = None
    async with aclosing(loaded.engine.generate(request)) as outputs:
        async for output in outputs:
            if isinstance(output, Finished):
                ended = output
    if ended is None or ended.reason == "error":
        raise EngineError(ended.message if ended else "the run did not end")
    read = (ended.prompt - ended.cached) / max(ended.prefill, 1e-6)
    written = ended.completion / max(ended.decode, 1e-6)
    found = f"decode {written:.1f} tokens/s, prefill {read:.0f} tokens/s"
    return Check("speed", "ok", f"{found}, loaded in {duration(loaded.info.load_seconds)}")


async def escapes(sandbox: "PythonSandbox") -> Check:
    """The quick part of the escape battery, against the sandbox that is in use."""
    from pellucid.tools.python.battery import assault

    results = await assault(sandbox, quick=True)
    held = sum(result.ok for result in results)
    found = f"{held} of {len(results)} attacks contained"
    broken = [result for result in results if not result.ok and not result.known]
    if broken:
        told = "; ".join(f"{result.name}: {result.detail}" for result in broken)
        return Check(
            "battery", "bad", f"{found}; {told}", "until this is mended: pellucid ask --tools none"
        )
    known = ", ".join(result.name for result in results if not result.ok)
    if known:
        return Check("battery", "weak", f"{found}; known at this level: {known}")
    return Check("battery", "ok", found)
