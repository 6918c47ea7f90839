"""Files of the work folder, in and out, a piece at a time.

What is given out is the content of plain files: no link is followed, at no step of a path, and
nothing is waited for that only looks like a file (open(2): O_NOFOLLOW, O_NONBLOCK). The host
opens nothing here; it gets bytes, and believes nothing else.
"""

import base64
import contextlib
import os
import stat
from typing import Any

PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def answer(box: str, request: dict[str, Any]) -> dict[str, Any]:
    """What a request for a piece of a file comes to: its `data`, or the `error`."""
    try:
        if "data" in request:
            _write(box, request["name"], request["at"], base64.b64decode(request["data"]))
            return {"data": ""}
        piece = _read(box, request["name"], request["at"], request["count"])
        return {"data": base64.b64encode(piece).decode()}
    except (OSError, ValueError, MemoryError) as error:
        return {"error": f"{type(error).__name__}: {error}"[:500]}


def _open(box: str, name: str, flags: int) -> int:
    """A descriptor of a plain file; OSError for everything else."""
    *folders, last = name.split("/")
    folder = os.open(box, os.O_DIRECTORY | PLAIN)
    try:
        for part in folders:
            if flags & os.O_CREAT:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=folder)
            inner = os.open(part, os.O_DIRECTORY | PLAIN, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open(last, flags | PLAIN, 0o600, dir_fd=folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(f"{name} is no plain file")
    return file


def _read(box: str, name: str, at: int, count: int) -> bytes:
    file = _open(box, name, os.O_RDONLY)
    try:
        return os.pread(file, count, at)
    finally:
        os.close(file)


def _write(box: str, name: str, at: int, data: bytes) -> None:
    """Write a piece behind those before it; the first one makes the file anew."""
    file = _open(box, name, os.O_WRONLY | os.O_CREAT | (0 if at else os.O_TRUNC))
    try:
        while data:
            written = os.pwrite(file, data, at)
            data, at = data[written:], at + written
    finally:
        os.close(file)
