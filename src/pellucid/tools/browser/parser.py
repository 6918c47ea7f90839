"""Web pages are read by processes of their own, which have everything loaded and can open nothing.

At most a few of them run; each is started when it is needed, and stays.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import Any, Self

from pellucid.core.errors import FetchError

MOST_BYTES = 5_000_000
"""Of a page."""

Process = subprocess.Popen[bytes]


class Parser:
    """Reads pages, from any thread. `with` ends its processes."""

    def __init__(self, most: int = 2, seconds: int = 3) -> None:
        """At most so many pages are read at once, each in so many seconds of processor time."""
        self._most, self._seconds = most, seconds
        self._idle = SimpleQueue[Process | None]()
        for _ in range(most):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, when what they read is told."""
        for _ in range(self._most):
            if process := self._idle.get():
                _end(process)
            self._idle.put(None)

    def told(self, raw: bytes, url: str, charset: str) -> dict[str, Any]:
        """What is in a page (`parsing.web`); FetchError says what is wrong with it."""
        if len(raw) > MOST_BYTES:
            raise FetchError(
                f"{url} has {len(raw):,} bytes of HTML; at most {MOST_BYTES:,} are read"
            )
        with self._one() as process:
            try:
                found = _asked(process, raw, url, charset)
            except (OSError, ValueError):
                raise FetchError(f"{url} cannot be read: what reads web pages ended") from None
        if "error" in found:
            raise FetchError(f"{url} {found['error']}")
        return found

    @contextmanager
    def _one(self) -> Iterator[Process]:
        """A process that is free; one that does not come to an end here is ended."""
        process, well = self._idle.get(), False
        try:
            process = process or _started(self._seconds)
            yield process
            well = True
        finally:
            self._idle.put(process if well else None)
            if process and not well:
                _end(process)


def _started(seconds: int) -> Process:
    command = [sys.executable, "-m", "pellucid.tools.browser.parsing", str(seconds)]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def _asked(process: Process, raw: bytes, url: str, charset: str) -> dict[str, Any]:
    """One question and its answer; OSError or ValueError where the process has ended."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    head = json.dumps({"size": len(raw), "url": url, "charset": charset})
    process.stdin.write(head.encode() + b"\n" + raw)
    process.stdin.flush()
    size = int(process.stdout.readline())
    found: dict[str, Any] = json.loads(process.stdout.read(size))
    return found


def _end(process: Process) -> None:
    process.kill()
    with suppress(OSError), process:
        pass  # waits, and closes its pipes, in which something may be left that nobody reads
