"""Run a command's coroutine until it ends or somebody wants it to stop.

Ctrl-C, a termination signal and a reader that closed our output all cancel the same
task; `aclosing` around the event stream does the rest, down to the engine and the sandbox.
"""

import asyncio
import os
import select
import signal
import stat
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from pellucid.cli.exits import Exit

ENDINGS = {
    signal.SIGINT: Exit.INTERRUPTED,
    signal.SIGTERM: Exit.TERMINATED,
    signal.SIGHUP: Exit.HANGUP,
}

ALARM = 0.2
"""Seconds after which a signal is noticed at the latest while a line is awaited."""


class Stopped(BaseException):
    """A signal came while the command was waiting for a line."""

    def __init__(self, code: Exit) -> None:
        super().__init__(code)
        self.code = code


class Life:
    """What may end a command: signals and a closed output; `code` is why it was ended."""

    def __init__(self) -> None:
        self.code: Exit | None = None
        self._task: asyncio.Task[int] | None = None
        self._interrupted: Callable[[], object] | None = None
        # What was ignored from outside (nohup, `&`) stays ignored.
        self._heeded = [s for s in ENDINGS if signal.getsignal(s) is not signal.SIG_IGN]

    async def lead(self, command: Coroutine[Any, Any, int]) -> int:
        """The command's exit code, or the one of what stopped it."""
        self._task = asyncio.ensure_future(command)
        with self._signals(), self._closed_output():
            try:
                return await self._task
            except Stopped as stopped:
                return stopped.code
            except asyncio.CancelledError:
                if self.code is None:
                    raise
                return self.code

    @contextmanager
    def on_interrupt(self, action: Callable[[], object]) -> Iterator[None]:
        """Within the block Ctrl-C does this instead of ending the command."""
        self._interrupted = action
        try:
            yield
        finally:
            self._interrupted = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Within the block the loop stands still: signals raise, at once, where it waits."""
        before = {sign: signal.getsignal(sign) for sign in self._heeded}
        wakeup = signal.set_wakeup_fd(-1)  # or the loop would hear of them later, too
        for sign in self._heeded:
            signal.signal(sign, _raise)
        # readline would sleep through a signal that comes just before it waits: wake it.
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, ALARM, ALARM)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for sign, handler in before.items():
                signal.signal(sign, handler)
            signal.set_wakeup_fd(wakeup)

    def _stop(self, code: Exit) -> None:
        if code is Exit.INTERRUPTED and self._interrupted is not None:
            self._interrupted()
            return
        if self.code is not None and code is not Exit.CLOSED_PIPE:
            os._exit(self.code)  # asked twice: now; children leave when their pipes close
        self.code = self.code or code
        if self._task is not None:
            self._task.cancel()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for sign in self._heeded:
            loop.add_signal_handler(sign, self._stop, ENDINGS[sign])
        try:
            yield
        finally:
            for sign in self._heeded:
                loop.remove_signal_handler(sign)

    @contextmanager
    def _closed_output(self) -> Iterator[None]:
        """Watch a piped stdout: who writes nothing for a while would never notice."""
        loop, output = asyncio.get_running_loop(), _piped_output()
        if output is None:
            yield
            return

        def look() -> None:
            loop.remove_reader(output)
            poll = select.poll()
            poll.register(output, 0)
            if poll.poll(0):  # with no event asked for, only an error or a hang-up is told
                self._stop(Exit.CLOSED_PIPE)

        loop.add_reader(output, look)
        try:
            yield
        finally:
            loop.remove_reader(output)


def run(command: Callable[[Life], Coroutine[Any, Any, int]]) -> int:
    """Run a command with a life of its own; its exit code."""
    life = Life()
    with asyncio.Runner() as runner:
        return runner.run(life.lead(command(life)))


def _raise(sign: int, _: FrameType | None) -> None:
    if sign == signal.SIGINT:
        raise KeyboardInterrupt
    raise Stopped(ENDINGS[signal.Signals(sign)])


def _piped_output() -> int | None:
    """The descriptor of stdout where it is a pipe or a socket."""
    try:
        output = sys.stdout.fileno()
        mode = os.fstat(output).st_mode
    except (AttributeError, OSError, ValueError):
        return None
    return output if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) else None
