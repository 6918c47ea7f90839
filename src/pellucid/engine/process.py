"""One life of the host process, as its parent sees it: start, frames, end."""

import asyncio
import signal
import socket
import sys
from collections import deque
from contextlib import ExitStack, suppress
from typing import Self

import msgspec

from pellucid.core.errors import EngineError
from pellucid.engine.frames import (
    HEADER,
    HostSettings,
    Load,
    ToClient,
    ToHost,
    body_length,
    pack,
)

# How long a host may take to go by itself once its socket is closed, in seconds.
PATIENCE = 0.3
LAST_LINES = 20


class HostProcess:
    """A running host and the socket to it."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """Use `spawn`."""
        self.process = process
        self._reader, self._writer = reader, writer
        self._decoder: msgspec.msgpack.Decoder[ToClient] = msgspec.msgpack.Decoder(ToClient)
        self._said: deque[str] = deque(maxlen=LAST_LINES)
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def spawn(cls, settings: HostSettings) -> Self:
        """Start a host and tell it what to load; EngineError when it cannot be started.

        It gets a session of its own, so that Ctrl-C in the terminal does not reach it,
        and `-P`, so that no file in the working directory is taken for a library.
        """
        ours, theirs = socket.socketpair()
        with ExitStack() as undo, theirs:
            undo.callback(ours.close)
            reader, writer = await asyncio.open_connection(sock=ours)
            undo.callback(writer.close)
            try:
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "pellucid.engine.host", str(theirs.fileno())),
                    pass_fds=(theirs.fileno(),),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=asyncio.subprocess.PIPE,
                    start_new_session=True,
                )
            except OSError as error:
                raise EngineError(f"cannot start the engine's process: {error}") from None
            undo.pop_all()
        host = cls(process, reader, writer)
        host.send(Load(settings))
        return host

    def send(self, frame: ToHost) -> None:
        """Queue a frame for the host; what a dead host is sent is lost."""
        self._writer.write(pack(frame))

    async def receive(self) -> ToClient | None:
        """The next frame; None when the host has gone or does not make sense any more."""
        try:
            header = await self._reader.readexactly(HEADER)
            return self._decoder.decode(await self._reader.readexactly(body_length(header)))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        except (EngineError, msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._said.append(f"unreadable frame: {error}")
            return None

    def disconnect(self) -> None:
        """Close the socket; the host ends by itself within a moment."""
        self._writer.close()

    async def end(self) -> None:
        """Disconnect, and leave nothing behind."""
        self.disconnect()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        except TimeoutError:
            self._kill()
        finally:
            if self.process.returncode is None:
                self._kill()
        await self.process.wait()
        await self._listener

    def epitaph(self) -> str:
        """How the process ended, and its last words, in one line."""
        code = self.process.returncode or 0
        names = {one.value: one.name for one in signal.Signals}
        killer = names.get(-code, f"signal {-code}")
        how = f"was killed by {killer}" if code < 0 else f"ended with {code}"
        words = f": {self._said[-1]}" if self._said else ""
        return f"the engine's process {how}{words}"

    def kill(self, why: str) -> None:
        """End the process now; its epitaph says why."""
        self._said.append(why)
        self._kill()

    def _kill(self) -> None:
        """End the process now; it may have ended already."""
        with suppress(ProcessLookupError):
            self.process.kill()

    async def _listen(self) -> None:
        """Keep the last lines the host wrote to its standard error."""
        if self.process.stderr is not None:  # pragma: no branch (a pipe was asked for)
            async for line in self.process.stderr:
                if text := line.decode("utf-8", "replace").strip():
                    self._said.append(text)
