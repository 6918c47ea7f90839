"""Imports the libraries once, then forks one jailed session for each request of the host.

The last argument is the number of the control channel (SOCK_SEQPACKET). The first
message says how to jail; every later one asks for a session: a serial number, with the
descriptors of the session's control and output channels (and of its work folder, where
mounts cannot provide one). The answer repeats the number and carries a pidfd. The channel
closing ends the process, and with it every session.
"""

import base64
import fcntl
import gc
import importlib
import json
import os
import secrets
import select
import signal
import socket
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from . import cell, jail, landlock

MESSAGE, DESCRIPTORS = 1 << 18, 1 << 16
NOBODY = 65534
OPENED = "/proc/self/fd/"


class Zygote:
    """The forking server: its instructions, and what is still to import."""

    def __init__(self, control: socket.socket, setup: dict[str, Any]) -> None:
        """Take the channel and the first message."""
        self._control, self._setup = control, setup
        self._limits: jail.Limits = setup["limits"]
        self._filter = base64.b64decode(setup["filter"])
        self._preload: list[str] = list(setup["preload"])

    def serve(self) -> None:
        """Fork sessions until the host hangs up; import libraries while nobody waits."""
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are reaped by the kernel
        self._import_next()
        listening = True
        while listening:
            if self._preload and not select.select([self._control], [], [], 0)[0]:
                self._import_next()
                continue
            message, descriptors, _, _ = socket.recv_fds(self._control, MESSAGE, 8)
            listening = bool(message)
            if listening:
                self._fork(int(message), descriptors)

    def _import_next(self) -> None:
        """Import one library; one that is missing fails again where a program asks for it."""
        if self._preload:
            try:
                importlib.import_module(self._preload.pop(0))
            except ImportError as error:
                print(error, file=sys.stderr)
            gc.collect()
            gc.freeze()  # keeps shared pages shared: the collector will not touch them

    def _fork(self, serial: int, descriptors: list[int]) -> None:
        """Start a session and tell the host; what goes wrong in the child is told too."""
        pid = os.fork()
        if pid == 0:
            try:
                self._start(serial, descriptors)
            except BaseException as error:
                self._tell({"serial": serial, "failed": f"{type(error).__name__}: {error}"})
            os._exit(0)
        if self._setup["level"] != "namespaces":
            self._hand_over(serial, pid)
        for descriptor in descriptors:
            os.close(descriptor)

    def _tell(self, message: dict[str, Any], descriptors: Iterable[int] = ()) -> None:
        """Send the host one message."""
        socket.send_fds(self._control, [json.dumps(message).encode()], list(descriptors))

    def _hand_over(self, serial: int, pid: int) -> None:
        """Give the host a handle on the session's process."""
        handle = os.pidfd_open(pid)
        self._tell({"serial": serial}, [handle])
        os.close(handle)

    def _start(self, serial: int, descriptors: list[int]) -> None:
        """In the fork: enter namespaces, where the level has them, and become the session.

        A pid namespace begins with the next child, so the session is a grandchild there;
        it lives and dies with bubblewrap's own pid namespace.
        """
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if self._setup["level"] != "namespaces":
            jail.die_with(self._setup["pid"])
            self._session(descriptors)
        jail.enter_namespaces(os.getuid(), os.getgid())
        pid = os.fork()
        if pid == 0:
            self._session(descriptors)
        self._hand_over(serial, pid)

    def _session(self, descriptors: list[int]) -> NoReturn:
        """Jail this process, then serve programs until the host hangs up."""
        self._control.close()
        os.setsid()
        control, output = self._arrange(descriptors)
        try:
            self._jail()
            runner = cell.Runner(control, output)
        except BaseException as error:
            cell.send(control, {"failed": f"{type(error).__name__}: {error}"})
            os._exit(1)
        runner.serve()
        os._exit(0)

    def _arrange(self, descriptors: list[int]) -> tuple[int, int]:
        """Move the channels to numbers hard to guess, and close everything else."""
        if len(descriptors) > 2:
            os.fchdir(descriptors[2])
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        control, output = (
            fcntl.fcntl(number, fcntl.F_DUPFD, 16 + secrets.randbelow(96))
            for number in descriptors[:2]
        )
        os.dup2(output, 1)
        os.dup2(output, 2)
        close_all_but([control, output, *self._setup["keep"]])
        return control, output

    def _jail(self) -> None:
        """Give up what this level takes away."""
        level = self._setup["level"]
        if level == "namespaces":
            jail.mount_private(self._setup["box"], self._limits)
        jail.limit_resources(self._limits, count_processes=level == "namespaces")
        if level == "unsafe":
            return
        if level == "namespaces":
            jail.drop_capabilities()
        jail.forbid_new_privileges()
        if level == "landlock":
            landlock.restrict(self._setup["readable"], [".", os.devnull])
        jail.prctl(jail.PR_SET_DUMPABLE, 0)
        jail.filter_calls(self._filter)


def become_nobody() -> None:
    """Leave root for good; /proc/self stays ours, because namespaces are set up through it."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    jail.prctl(jail.PR_SET_DUMPABLE, 1)


def keep_real(prefix: str) -> None:
    """Let paths below a folder be called real that is only open, and cannot be reached by its
    real name: it may lie in a home that nobody may enter. (matplotlib looks for fonts so.)"""
    real = os.path.realpath

    def realpath(path: Any, *, strict: bool = False) -> Any:  # noqa: ANN401 - text or bytes
        below = str(os.fspath(path)).startswith(prefix)
        return os.path.normpath(path) if below else real(path, strict=strict)

    os.path.realpath = realpath  # type: ignore[assignment]


def close_all_but(kept: Iterable[int]) -> None:
    """Close every descriptor from 3 on except these."""
    first = 3
    for descriptor in sorted(kept):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, DESCRIPTORS)


def main() -> None:
    """Read the instructions, say that we are there, serve."""
    control = socket.socket(fileno=int(sys.argv[-1]))
    setup: dict[str, Any] = json.loads(control.recv(MESSAGE))
    close_all_but([control.fileno(), *setup["keep"]])
    if setup["parent"]:
        jail.die_with(setup["parent"])
    if os.getuid() == 0 and setup["level"] != "unsafe":
        become_nobody()
    sys.path.remove(setup["source"])
    sys.path.append(setup["libraries"])
    if setup["libraries"].startswith(OPENED):
        keep_real(OPENED)
    setup["pid"] = os.getpid()
    control.send(json.dumps({"serial": 0}).encode())
    Zygote(control, setup).serve()
