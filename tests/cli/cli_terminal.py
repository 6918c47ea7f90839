"""The real command on a terminal of its own: type, and wait for what it shows."""

import asyncio
import fcntl
import os
import pty
import re
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cli_process import environment

ROWS, COLUMNS = 40, 100
PATIENCE = 30.0


class Terminal:
    """The master's side; `shown` is everything so far, control codes included."""

    def __init__(self, master: int, process: asyncio.subprocess.Process) -> None:
        self.process, self._master = process, master
        self.shown, self._read = "", 0
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._take)

    def _take(self) -> None:
        try:
            self.shown += os.read(self._master, 65_536).decode(errors="replace")
        except OSError:  # the last process on the other side went away
            asyncio.get_running_loop().remove_reader(self._master)
        self._more.set()

    async def sees(self, words: str) -> None:
        """Wait for words that were not waited for before."""
        try:
            async with asyncio.timeout(PATIENCE):
                while words not in self.shown[self._read :]:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"never showed {words!r} but {self.shown!r}") from None
        self._read = self.shown.index(words, self._read) + len(words)

    def types(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def ends(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    @property
    def text(self) -> str:
        """What was shown, without control codes."""
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", self.shown)


@asynccontextmanager
async def terminal(home: Path, *arguments: str, **settings: str) -> AsyncIterator[Terminal]:
    """The command with a terminal as its input and both outputs."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    env = environment(home, {"TERM": "xterm-256color"} | settings)
    process = await asyncio.create_subprocess_exec(
        # A new session, then the terminal becomes its own: Ctrl-C must reach the command.
        *(sys.executable, "-c", TAKE_TERMINAL, sys.executable, "-m", "pellucid", *arguments),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={name: value for name, value in env.items() if name not in ("NO_COLOR", "COLUMNS")},
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        asyncio.get_running_loop().remove_reader(master)
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(master)


TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
