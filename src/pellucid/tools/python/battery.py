"""The escape battery: runs every attack against a live sandbox and looks at the host too.

After each attack the host's canaries must be untouched and a sibling session must still
hold its state. What a level is known not to hold is reported as known, never as passed.
"""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pellucid.core.executions import Execution
from pellucid.tools.python.attacks import ATTACKS, Attack
from pellucid.tools.python.sandbox import PythonSandbox

SIBLING, SIBLING_SECONDS = "battery sibling", 10.0
CANARY = "nobody's business"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: whether it holds, what was seen; `known` when `weaknesses` admits a failure."""

    name: str
    ok: bool
    detail: str = ""
    known: bool = False


class Canaries:
    """Things of the host an attack would like to touch, and whether it did."""

    def __init__(self) -> None:
        """Nothing is set up before `async with`."""
        self._stack = AsyncExitStack()
        self._visitors = 0

    async def __aenter__(self) -> Self:
        """A secret file, a TCP and a Unix server, a process."""
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="pellucid-canary-"))
        self._folder = Path(folder)
        self._folder.chmod(0o777)
        self._secret = self._folder / "secret"
        self._secret.write_text(CANARY, encoding="utf-8")
        self._secret.chmod(0o666)
        self._socket = self._folder / "socket"
        tcp = await asyncio.start_server(self._visited, "127.0.0.1", 0)
        unix = await asyncio.start_unix_server(self._visited, self._socket)
        self._socket.chmod(0o777)
        self._mail = self._stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        self._mail.setblocking(False)
        self._mail.bind(str(self._folder / "datagram"))
        (self._folder / "datagram").chmod(0o777)
        for server in (tcp, unix):
            await self._stack.enter_async_context(server)
        self._port = tcp.sockets[0].getsockname()[1]
        self._before = self._look()
        self._victim = await asyncio.create_subprocess_exec("sleep", "600")
        self._stack.push_async_callback(self._victim.wait)
        self._stack.callback(self._victim.kill)
        return self

    async def __aexit__(self, *error: object) -> None:
        """Take everything away."""
        await self._stack.aclose()

    async def _visited(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody got through to a server."""
        self._visitors += 1
        writer.close()

    def _look(self) -> tuple[object, ...]:
        """What the folder looks like."""
        status = self._secret.stat()
        names = sorted(path.name for path in self._folder.iterdir())
        return names, status.st_mode, status.st_mtime_ns, self._secret.read_text(encoding="utf-8")

    def names(self) -> dict[str, object]:
        """What stands for what in the code of attacks."""
        return {
            "@SECRET@": self._secret,
            "@FOLDER@": self._folder,
            "@PORT@": self._port,
            "@SOCKET@": self._socket,
            "@DATAGRAM@": self._folder / "datagram",
            "@VICTIM@": self._victim.pid,
        }

    def touched(self) -> str:
        """What an attack did to the host, or nothing."""
        visitors, self._visitors = self._visitors, 0
        with contextlib.suppress(BlockingIOError):
            visitors += len(self._mail.recv(1))
        if visitors:
            return "a server of the host was reached"
        if self._victim.returncode is not None:
            return "a process of the host was killed"
        try:
            return "" if self._look() == self._before else "files of the host were changed"
        except OSError as error:
            return f"files of the host were changed: {error}"


async def assault(
    sandbox: PythonSandbox, *, quick: bool = False, attacks: Iterable[Attack] = ATTACKS
) -> list[CheckResult]:
    """Run the attacks (`quick`: the dozen and a half that take no time), one result each."""
    if sandbox.level == "unsafe":  # several attacks would do harm
        return [CheckResult("attacks", False, "not tried: nothing is isolated at this level")]
    chosen = [attack for attack in attacks if attack.quick or not quick]
    results = []
    async with Canaries() as canaries:
        await sandbox.run(SIBLING, "mark = 42", seconds=SIBLING_SECONDS, seed=0)
        for attack in chosen:
            trouble = await attacked(sandbox, attack, canaries)
            known = sandbox.level in attack.weak_at
            results.append(CheckResult(f"attack: {attack.name}", not trouble, trouble, known))
    await sandbox.close_session(SIBLING)
    return results


async def attacked(sandbox: PythonSandbox, attack: Attack, canaries: Canaries) -> str:
    """What one attack achieved, or nothing."""
    name = f"battery {attack.name}"
    code = attack.program(canaries.names())
    execution = await sandbox.run(name, code, seconds=attack.seconds, seed=0)
    await sandbox.close_session(name)
    return attack.judge(execution) or canaries.touched() or await _sibling(sandbox)


async def _sibling(sandbox: PythonSandbox) -> str:
    """Whether another session still stands, with its state."""
    found: Execution = await sandbox.run(SIBLING, "mark", seconds=SIBLING_SECONDS, seed=0)
    if found.result == "42":
        return ""
    await sandbox.run(SIBLING, "mark = 42", seconds=SIBLING_SECONDS, seed=0)
    return f"another session was lost ({found.outcome}: {found.error.strip()[-200:]})"
