"""The running process that forks sessions, seen from the host."""

import asyncio
import itertools
import json
import os
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from typing import IO

from pellucid.core.errors import SandboxError
from pellucid.tools.python.plan import Plan

HELLO_SECONDS, OPEN_SECONDS, GOODBYE_SECONDS = 30.0, 20.0, 0.3
MESSAGE = 1 << 16


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh session's channels, and the handle that kills it."""

    control: socket.socket
    output: socket.socket
    pidfd: int


async def readable(descriptor: int) -> None:
    """Wait until there is something to read; for a pidfd, until the process ended."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(descriptor, lambda: None if ready.done() else ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_reader(descriptor)


class Zygote:
    """The forking process; lost when its channel closes."""

    def __init__(
        self, process: subprocess.Popen[bytes], channel: socket.socket, errors: IO[bytes]
    ) -> None:
        """Take a process just started; `errors` is the file its error stream goes to."""
        self._process, self._channel, self._errors = process, channel, errors
        self._turn = asyncio.Lock()
        self._serials = itertools.count(1)

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    @classmethod
    async def start(cls, plan: Plan) -> "Zygote":
        """Start and greet it; SandboxError with its last words where it does not answer."""
        channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        channel.setblocking(False)
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        try:
            process = _spawn(plan, theirs.fileno(), errors)
        except OSError as error:
            channel.close()
            errors.close()
            raise SandboxError(f"cannot start {plan.command[0]}: {error}") from error
        finally:
            theirs.close()
        zygote = cls(process, channel, errors)
        try:
            channel.send(json.dumps(plan.setup).encode())
            await zygote._answer(0, HELLO_SECONDS)
        except (OSError, SandboxError) as error:
            raise SandboxError(await zygote._last_words(error)) from error
        except BaseException:
            await zygote.close()
            raise
        return zygote

    async def open(self, box: int | None) -> Opened:
        """A new session; `box` is its work folder, at levels without a private mount."""
        control, inner = socket.socketpair()
        output, outer = socket.socketpair()
        given = [inner.fileno(), outer.fileno(), *(() if box is None else (box,))]
        try:
            async with self._turn:
                serial = next(self._serials)
                socket.send_fds(self._channel, [str(serial).encode()], given)
                pidfd = await self._answer(serial, OPEN_SECONDS)
        except BaseException as error:
            control.close()  # a session that was opened after all ends when it sees this
            output.close()
            if isinstance(error, OSError):
                raise SandboxError(f"the sandbox went away: {error}") from error
            raise
        finally:
            inner.close()
            outer.close()
        return Opened(control, output, pidfd)

    async def _answer(self, serial: int, seconds: float) -> int:
        """The descriptor that comes with the answer to one request (-1 without one).

        Answers to requests whose caller gave up meanwhile are skipped.
        """
        said: dict[str, object] = {}
        descriptor = -1
        while said.get("serial") != serial:
            if descriptor >= 0:
                os.close(descriptor)
            try:
                async with asyncio.timeout(seconds):
                    await readable(self._channel.fileno())
            except TimeoutError:
                raise SandboxError(f"the sandbox did not answer within {seconds:g} s") from None
            message, descriptors, _, _ = socket.recv_fds(self._channel, MESSAGE, 1)
            if not message:
                raise SandboxError("the sandbox's process ended")
            said = json.loads(message)
            descriptor = descriptors[0] if descriptors else -1
        if "failed" in said:
            raise SandboxError(f"the sandbox could not open a session: {said['failed']}")
        return descriptor

    async def _last_words(self, error: Exception) -> str:
        """Close, and tell the end of what the process wrote to its error stream."""
        await self._end()
        self._errors.seek(0)
        text = self._errors.read().decode(errors="replace").strip()
        self._errors.close()
        return text.splitlines()[-1] if text else str(error)

    async def close(self) -> None:
        """End the process and every session in it; nothing is left when this returns."""
        await self._end()
        self._errors.close()

    async def _end(self) -> None:
        """Hang up, which ends the process; kill it if it does not listen."""
        self._channel.close()
        if self._process.poll() is None:
            handle = os.pidfd_open(self._process.pid)
            try:
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await readable(handle)
            except TimeoutError:
                self._process.kill()
            finally:
                os.close(handle)
        self._process.wait()


def _spawn(plan: Plan, channel: int, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the process with its channel and folders, and nothing else of ours."""
    return subprocess.Popen(  # noqa: S603 - the command is ours
        [*plan.command, str(channel)],
        env=plan.environment,
        stdin=subprocess.DEVNULL,
        stdout=errors,
        stderr=errors,
        pass_fds=(channel, *plan.inherited),
        start_new_session=True,  # the terminal's Ctrl-C is for us, not for it
        user=plan.user,
        group=plan.user,
        extra_groups=None if plan.user is None else [],
    )
