"""The embedded sandbox: sessions in which model-written Python runs isolated.

    async with PythonSandbox(settings) as sandbox:
        execution = await sandbox.run("a conversation", "2**100", seconds=10, seed=0)

`start` takes the strongest level that passes a probe on this machine; `level`,
`fingerprint` and `weaknesses` say which it is and what it does not hold.
"""

import asyncio
import hashlib
import os
import platform
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self
from uuid import uuid4

from pellucid.core.errors import BadRequest, SandboxError, SandboxUnavailable
from pellucid.core.executions import Execution
from pellucid.core.ports import WorkFile
from pellucid.tools.python.box import Box, sweep
from pellucid.tools.python.config import CODE_CHARS, Level, SandboxSettings
from pellucid.tools.python.filter import compile_filter
from pellucid.tools.python.launch import Zygote
from pellucid.tools.python.plan import make_plan
from pellucid.tools.python.session import Ran, Session

__all__ = ["PythonSandbox", "SandboxSettings", "library_versions"]

PROBE_SECONDS = 10.0
LONGEST_NAME = 200
"""Characters of the path of a file that goes in or out."""
RECORDED = ("numpy", "sympy", "pandas", "scipy", "matplotlib", "z3_solver")
"""Libraries whose versions go into an execution's record, beside Python's own."""

WEAKNESSES: dict[Level, tuple[str, ...]] = {
    "namespaces": (),
    "landlock": (
        "names, sizes and dates of this machine's files are visible (their contents are not)",
        "the total size and number of files are checked 20 times a second, not at each write",
        "files deleted while open are not counted in that total",
        "threads are limited by memory only",
        "programs cannot change modes or dates of files",
    ),
    "unsafe": ("programs run with the rights of this user: files, network and processes are open",),
}

PROBE = """
import os, socket
def refused(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError:
        return True
checks = {
    'other files': refused(open, '/etc/passwd'),
    'network': refused(socket.socket),
    'processes': refused(os.fork),
    'programs': refused(os.execv, '/proc/self/exe', ['x']),
    'rights': os.getuid() != 0,
}
print(*(name for name, held in checks.items() if not held), sep=', ')
"""


class PythonSandbox:
    """Runs code isolated, with state kept between runs of one session (core.ports.Sandbox).

    `execution_ids` makes the ids of executions; by default they are random.
    """

    def __init__(
        self, settings: SandboxSettings, execution_ids: Callable[[], str] | None = None
    ) -> None:
        """Nothing is started yet."""
        self._settings = settings
        self._new_id = execution_ids or (lambda: f"exec_{uuid4().hex[:12]}")
        self._zygote: Zygote | None = None
        self._sessions: dict[str, tuple[Session, Box | None]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._starting = asyncio.Lock()
        self._rules = b""
        self._libraries: tuple[tuple[str, str], ...] = ()
        self.level: Level = "namespaces"
        self.fingerprint = ""

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What the level in use does not hold, in words for people."""
        return WEAKNESSES[self.level]

    async def start(self) -> None:
        """Take the strongest level that passes the probe; SandboxUnavailable with all reasons."""
        wanted = self._settings.level
        levels: tuple[Level, ...] = ("namespaces", "landlock") if wanted == "auto" else (wanted,)
        reasons = []
        for level in levels:
            self.level = level
            try:
                await self._try_level()
            except SandboxError as error:
                reasons.append(f"{level}: {error}")
                await self.close()
            else:
                return
        raise SandboxUnavailable(
            "this machine offers no isolation to run programs in: " + "; ".join(reasons)
        )

    async def _try_level(self) -> None:
        """Start at `level` and see for ourselves that it holds."""
        if self.level != "unsafe":
            self._rules = compile_filter(file_modes=self.level == "namespaces")
        if not self._settings.libraries.is_dir():
            raise SandboxUnavailable(f"its libraries are not at {self._settings.libraries}")
        self._libraries = library_versions(self._settings.libraries)
        self.fingerprint = self._take_fingerprint()
        if self.level != "namespaces":
            sweep(self._settings, drop=self._drops)
        if self.level == "unsafe":
            await self._running_zygote()
            return
        found = await self.run("probe", PROBE, seconds=PROBE_SECONDS, seed=0)
        await self.close_session("probe")
        if found.outcome != "ok" or found.output.strip():
            raise SandboxError(f"it does not hold: {(found.output + found.error).strip()}")

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        """Run code in a session; never raises for what the code does.

        A program that is stopped or dies takes its session's state with it. Raises
        SandboxError when no session can be opened.
        """
        if len(code) > CODE_CHARS:
            error = f"the program has {len(code):,} characters; at most {CODE_CHARS:,} are run"
            return self._record(code[:CODE_CHARS], Ran("error", "", 0, 0.0, error=error), seed)
        async with self._locks.setdefault(session, asyncio.Lock()):
            live = await self._live(session)
            try:
                ran = await live.run(code, seconds=seconds, seed=seed)
            finally:
                if live.broken:
                    await self._forget(session)
        return self._record(code, ran, seed)

    async def furnish(
        self, session: str, contents: Callable[[], Awaitable[Sequence[WorkFile]]]
    ) -> None:
        """Open a session with these files in its work folder; nothing where it is open.

        SandboxError where that cannot be done, BadRequest for a name that a file cannot have.
        """
        async with self._locks.setdefault(session, asyncio.Lock()):
            if session in self._sessions and self._sessions[session][0].usable():
                return
            files = [(plain(file.name), file.content) for file in await contents()]
            live = await self._live(session)
            try:
                for name, content in files:
                    await self._put(live, name, content)
            except BaseException:
                await self._forget(session)
                raise

    async def _put(self, live: Session, name: str, content: bytes) -> None:
        """Put a file in; BadRequest where it has no place, as below what another file is."""
        try:
            await live.put(name, content, seconds=self._settings.file_seconds)
        except SandboxError as error:
            if live.broken:
                raise
            told = f"the file {name!r} cannot be put where programs run: {error}"
            raise BadRequest(told) from None

    async def take(self, session: str, name: str, most: int) -> WorkFile:
        """A plain file of the work folder, of at most so many bytes; BadRequest says why not.

        The session gives it out: nothing here opens a file by a name that a program chose.
        """
        async with self._locks.setdefault(session, asyncio.Lock()):
            live, _ = self._sessions.get(session, (None, None))
            if live is None or not live.usable():
                raise BadRequest("its session is gone")
            try:
                seconds = self._settings.file_seconds
                return WorkFile(name, await live.take(plain(name), most, seconds=seconds))
            except SandboxError as error:
                raise BadRequest(str(error)) from None
            finally:
                if live.broken:
                    await self._forget(session)

    def _record(self, code: str, ran: Ran, seed: int) -> Execution:
        """The execution as evidence."""
        return Execution(
            execution_id=self._new_id(),
            code=code,
            outcome=ran.outcome,
            output=ran.output,
            result=ran.result,
            error=ran.error,
            seconds=ran.seconds,
            dropped=ran.dropped,
            files=ran.files,
            sandbox=f"{self.level}/{self.fingerprint}",
            libraries=self._libraries,
            seed=seed,
            unlisted=ran.unlisted,
        )

    async def _live(self, name: str) -> Session:
        """The session, opened anew where there is none or it went away."""
        if name in self._sessions and self._sessions[name][0].usable():
            return self._sessions[name][0]
        await self._forget(name)
        try:
            return await self._open(name)
        except SandboxUnavailable:
            raise
        except SandboxError:
            zygote, self._zygote = self._zygote, None
            if zygote:
                await zygote.close()
            return await self._open(name)

    async def _open(self, name: str) -> Session:
        """A new session, from a zygote that runs."""
        zygote = await self._running_zygote()
        box = None if self.level == "namespaces" else Box(self._settings, drop=self._drops)
        try:
            opened = await zygote.open(box.descriptor if box else None)
            session = Session(opened, self._settings.output_chars, box.over if box else None)
            await session.ready()
        except BaseException:
            if box:
                box.remove()
            raise
        self._sessions[name] = (session, box)
        return session

    @property
    def _drops(self) -> bool:
        """Whether sessions run as nobody instead of this user."""
        return os.geteuid() == 0 and self.level != "unsafe"

    async def _running_zygote(self) -> Zygote:
        """The process that forks sessions, started again where it went away."""
        async with self._starting:
            if self._zygote is not None and not self._zygote.alive:
                await self._zygote.close()
                self._zygote = None
            if self._zygote is None:
                with ExitStack() as opened:
                    plan = make_plan(self.level, self._settings, self._rules, opened)
                    self._zygote = await Zygote.start(plan)
            return self._zygote

    async def _forget(self, name: str) -> None:
        """End a session, wait until it is gone, and remove its files."""
        session, box = self._sessions.pop(name, (None, None))
        if session:
            await session.end()
        if box:
            box.remove()

    async def close_session(self, session: str) -> None:
        """Forget a session and kill what it left; unknown names are fine."""
        await self._forget(session)
        self._locks.pop(session, None)

    async def close(self) -> None:
        """End every session and the process behind them; the sandbox may be started again."""
        for name in list(self._sessions):
            await self.close_session(name)
        zygote, self._zygote = self._zygote, None
        if zygote:
            await zygote.close()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close."""
        await self.close()

    def _take_fingerprint(self) -> str:
        """Twelve digits that change when anything that could change a result changes."""
        guest = sorted((Path(__file__).parent / "guest").glob("*.py"))
        parts = [self.level.encode(), platform.machine().encode(), self._rules]
        parts += [repr(self._libraries).encode()]
        parts += [source.read_bytes() for source in guest]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()[:12]


def plain(name: str) -> str:
    """The name of a file below the work folder; BadRequest for one that no file may have."""
    parts = name.split("/")
    if len(name) > LONGEST_NAME or not name.isprintable() or {"", ".", ".."} & {*parts}:
        raise BadRequest(f"{name[:80]!r} is no name for a file")
    return name


def library_versions(libraries: Path) -> tuple[tuple[str, str], ...]:
    """Name and version of Python and of the libraries worth recording, in order."""
    found = [("python", platform.python_version())]
    for folder in sorted(libraries.glob("*.dist-info")):
        match = re.fullmatch(r"(.+)-([^-]+)\.dist-info", folder.name)
        if match and match[1].lower() in RECORDED:
            found.append((match[1].lower(), match[2]))
    return tuple(found)
