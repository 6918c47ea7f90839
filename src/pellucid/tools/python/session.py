"""One session seen from the host: send a program, gather what it says, kill it.

Everything that comes back is hostile: output is decoded with replacement and capped,
the report is JSON of a fixed shape under a size limit and must carry the nonce of its
program. Whatever breaks these rules is killed, and that is a result, not an exception.
"""

import asyncio
import base64
import codecs
import contextlib
import json
import os
import secrets
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec

from pellucid.core.errors import SandboxError
from pellucid.core.executions import FileRecord, Outcome
from pellucid.tools.python.launch import Opened, readable

REPORT_BYTES, READ_BYTES, DRAIN_READS = 1 << 20, 1 << 16, 64
FLOOD_FACTOR = 2_000
"""Printing this many times the cap is no longer talkative: it is stopped."""
PIECE_BYTES = 1 << 19
"""Of a file that goes in or out, in one report: with base64, less than REPORT_BYTES."""
READY_SECONDS, DEATH_SECONDS, WATCH_SECONDS = 10.0, 2.0, 0.05
READY = b'{"ready": true}'
DIED = "the process died: it crashed, or went over its memory or processor time"
GONE = "; the variables and files of this session are gone"


class File(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True):
    """A file as the guest reports it."""

    name: str
    size: int
    sha256: str


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the guest says about one program."""

    nonce: str
    outcome: Literal["ok", "error"]
    result: str
    error: str
    files: list[File]
    unlisted: int = 0


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the guest says about one piece of a file."""

    nonce: str
    data: bytes = b""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what it left."""

    outcome: Outcome
    output: str
    dropped: int
    seconds: float
    result: str = ""
    error: str = ""
    files: tuple[FileRecord, ...] = ()
    unlisted: int = 0


class Output:
    """The first characters of a stream, and how many more there were."""

    def __init__(self, cap: int) -> None:
        """Keep at most `cap` characters."""
        self._cap = cap
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._parts: list[str] = []
        self.seen = 0

    def feed(self, data: bytes) -> None:
        """More bytes of the stream."""
        text = self._decoder.decode(data)
        room = max(0, self._cap - self.seen)
        self.seen += len(text)
        if room:
            self._parts.append(text[:room])

    @property
    def text(self) -> str:
        """What was kept."""
        return "".join(self._parts)

    @property
    def dropped(self) -> int:
        """Characters beyond the cap."""
        return max(0, self.seen - self._cap)


Said = TypeVar("Said", Report, Piece)


def understand(line: bytes, nonce: str, kind: type[Said]) -> Said | None:
    """The guest's report; None where it is malformed or not for this request."""
    try:
        report = msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None
    return report if secrets.compare_digest(report.nonce.encode(), nonce.encode()) else None


class Session:
    """A live session. `broken` says why it can no longer be used, once it cannot.

    `watch` is asked now and then whether the session went over a limit that only the
    host can see; it answers with the reason, or with nothing.
    """

    def __init__(
        self, opened: Opened, output_chars: int, watch: Callable[[], str] | None = None
    ) -> None:
        """Take the channels and begin to listen."""
        self._control, self._stream, self._pidfd = opened.control, opened.output, opened.pidfd
        self._loop = asyncio.get_running_loop()
        self._cap = output_chars
        self._output = Output(output_chars)
        self._line = bytearray()
        self._news = asyncio.Event()
        self.broken = ""
        for channel, reader in ((self._control, self._hear), (self._stream, self._listen)):
            channel.setblocking(False)
            self._loop.add_reader(channel.fileno(), reader)
        self._watching = watch and self._loop.create_task(self._keep_watch(watch))

    def usable(self) -> bool:
        """Whether programs can be run; notices at once when the process went away."""
        if not self.broken:
            self._hear()
        return not self.broken

    async def ready(self) -> None:
        """Wait until the session is jailed; SandboxError where it could not be."""
        try:
            async with asyncio.timeout(READY_SECONDS):
                line = await self._next_line()
        except TimeoutError:
            line = b"no answer"
        except BaseException:
            await self.end()
            raise
        if self.broken or line != READY:
            await self.end()
            said = line.decode(errors="replace")[:500]
            raise SandboxError(f"the session could not be isolated: {said or self.broken}")

    async def run(self, code: str, *, seconds: float, seed: int) -> Ran:
        """Run a program; after `seconds` the session is killed and what it printed is kept."""
        started = time.perf_counter()
        self._output = Output(self._cap)
        request = {"code": code, "seed": seed}
        report, outcome = await self._exchange(request, seconds, Report)
        self._drain()
        return self._result(report, outcome, time.perf_counter() - started)

    async def put(self, name: str, content: bytes, *, seconds: float) -> None:
        """Put a file into the work folder; SandboxError where that cannot be done in time."""
        ends = time.perf_counter() + seconds
        for at in range(0, max(len(content), 1), PIECE_BYTES):
            data = base64.b64encode(content[at : at + PIECE_BYTES]).decode()
            await self._piece({"name": name, "at": at, "data": data}, ends)

    async def take(self, name: str, most: int, *, seconds: float) -> bytes:
        """A plain file of the work folder; SandboxError where there is none, or a larger one, or
        the session does not hand it over in time."""
        content, ends = b"", time.perf_counter() + seconds
        while len(content) <= most:
            asked = {"name": name, "at": len(content), "count": PIECE_BYTES}
            piece = await self._piece(asked, ends)
            content += piece
            if len(piece) < PIECE_BYTES and len(content) <= most:
                return content
        raise SandboxError(f"it has more than {most:,} bytes")

    async def _piece(self, request: dict[str, Any], ends: float) -> bytes:
        """What the guest says of a piece of a file, until a time."""
        left = max(0.0, ends - time.perf_counter())
        said, _ = await self._exchange(request, left, Piece)
        if said is None:
            raise SandboxError(self.broken + GONE)
        if said.error:
            raise SandboxError(said.error)
        return said.data

    async def _exchange(
        self, request: dict[str, Any], seconds: float, kind: type[Said]
    ) -> tuple[Said | None, Outcome]:
        """The answer to a request, and how it ended; without one, the session has."""
        nonce, report = secrets.token_hex(16), None
        self._line.clear()
        line = json.dumps(request | {"nonce": nonce}).encode() + b"\n"
        outcome: Outcome = "killed"
        try:
            async with asyncio.timeout(seconds):
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    await self._loop.sock_sendall(self._control, line)
                report = understand(await self._next_line(), nonce, kind)
        except TimeoutError:
            outcome = "timeout"
            self._break(f"stopped after {seconds:g} s")
        except BaseException:
            await self.end()
            raise
        if report is None:
            self._break("the process answered out of turn")
            await self.end()
        return report, outcome

    def _result(self, report: Report | None, outcome: Outcome, seconds: float) -> Ran:
        """The record of a run that reported, or did not."""
        output, dropped = self._output.text, self._output.dropped
        if report is None:
            return Ran(outcome, output, dropped, seconds, error=self.broken + GONE)
        files = tuple(FileRecord(file.name, file.size, file.sha256) for file in report.files)
        said = (report.result, report.error, files, report.unlisted)
        return Ran(report.outcome, output, dropped, seconds, *said)

    async def _next_line(self) -> bytes:
        """The next line of the control channel; what there is of it when the session breaks."""
        while b"\n" not in self._line and not self.broken:
            self._news.clear()
            await self._news.wait()
        line, _, rest = self._line.partition(b"\n")
        self._line = rest
        return bytes(line)

    def _hear(self) -> None:
        """Something came on the control channel."""
        try:
            data = self._control.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._line += data
        if not data:
            self._break(DIED)
        elif len(self._line) > REPORT_BYTES:
            self._break("the process sent a report that is too long")
        elif b"\n" in data:
            self._news.set()

    def _listen(self) -> bool:
        """Something was printed; whether there may be more."""
        try:
            data = self._stream.recv(READ_BYTES)
        except OSError:
            return False
        self._output.feed(data)
        if not data:
            self._loop.remove_reader(self._stream.fileno())
        elif self._output.seen > FLOOD_FACTOR * self._cap:
            self._break(f"the program printed more than {self._output.seen:,} characters")
        return bool(data)

    def _drain(self) -> None:
        """Take what was printed before the report; a socket holds no more than some reads."""
        for _ in range(DRAIN_READS):
            if self._stream.fileno() < 0 or not self._listen():
                return

    async def _keep_watch(self, watch: Callable[[], str]) -> None:
        """Ask the watch for as long as the session lives."""
        while not self.broken:
            await asyncio.sleep(WATCH_SECONDS)
            reason = watch()
            if reason:
                self._break(reason)

    def _break(self, reason: str) -> None:
        """Kill the process, once; the first reason counts."""
        if self.broken:
            return
        self.broken = reason
        for channel in (self._control, self._stream):
            self._loop.remove_reader(channel.fileno())
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        self._news.set()

    async def end(self) -> None:
        """Kill the process and wait until it is gone; may be called again."""
        self._break("closed")
        if self._pidfd < 0:
            return
        handle, self._pidfd = self._pidfd, -1
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DEATH_SECONDS):
                    await readable(handle)
            self._drain()
        finally:
            os.close(handle)
            self._control.close()
            self._stream.close()
            if self._watching:
                self._watching.cancel()
