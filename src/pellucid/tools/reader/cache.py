"""What was read before, by its content: files of one folder that several processes use.

An entry's name is a digest of the file that was read and of everything that read it, so a newer
Pellucid reads anew. Entries appear complete or not at all and carry a checksum; a broken one is
none, and goes. Those used last have the newest modification time, and the oldest go when the folder
is full.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from secrets import token_hex
from time import time
from typing import Any

MOST_BYTES = 500_000_000
"""Of all entries together."""

PART = 4
"""One entry takes at most this part of the folder."""

SUFFIX, UNFINISHED = ".read", ".unfinished"
ABANDONED = 3_600.0
"""Seconds after which an unfinished entry is nobody's."""

_LIBRARIES = ("lxml", "onnxruntime", "pypdfium2", "python-calamine", "rapidocr")
_READERS = ("reader/parsing", "eyes", "eyes/charts")
_CHECKSUM = 64


class Cache:
    """Documents as they were read; `scope` keeps those of one owner from another."""

    def __init__(self, folder: Path, most: int = MOST_BYTES, scope: str = "") -> None:
        """Nothing is looked at, or made, before it is needed."""
        self._folder, self._most, self._scope = folder, most, scope

    def key(self, parser: str, raw: bytes) -> str:
        """The name of what a parser makes of a file."""
        named = "\0".join((parser, self._scope, reading())).encode()
        return sha256(sha256(named).digest() + sha256(raw).digest()).hexdigest()

    def get(self, key: str) -> list[dict[str, Any]] | None:
        """What was kept; None where nothing was, or it is broken."""
        path = self._path(key)
        try:
            whole = path.read_bytes()
        except OSError:
            return None
        checksum, body = whole[:_CHECKSUM], whole[_CHECKSUM:]
        sound = sha256(body).hexdigest().encode() == checksum
        with suppress(OSError):  # another process may have removed it, or own it
            os.utime(path) if sound else path.unlink()
        if not sound:
            return None
        found: list[dict[str, Any]] = json.loads(body)
        return found

    def put(self, key: str, told: list[dict[str, Any]]) -> None:
        """Keep something, and let the oldest go; what cannot be written is not kept."""
        body = json.dumps(told).encode()
        if len(body) > self._most // PART:
            return
        draft = self._folder / f"{token_hex(8)}{UNFINISHED}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as file:
                file.write(sha256(body).hexdigest().encode() + body)
            draft.replace(self._path(key))
            self._make_room()
        except OSError:
            with suppress(OSError):
                draft.unlink()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"

    def _make_room(self) -> None:
        entries = sorted(self._entries())
        size = sum(size for _, size, _ in entries)
        for changed, taken, path in entries:
            abandoned = path.suffix == UNFINISHED and time() - changed > ABANDONED
            if abandoned or (size > self._most and path.suffix == SUFFIX):
                path.unlink(missing_ok=True)
                size -= taken

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each was used, its bytes, its path; others may remove them meanwhile."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if path.suffix in (SUFFIX, UNFINISHED):
                    status = path.stat()
                    yield status.st_mtime, status.st_size, path


@lru_cache(maxsize=1)
def reading() -> str:
    """A digest of what reads files: our parsers and the libraries they use."""
    told = [f"{name} {_version(name)}".encode() for name in _LIBRARIES]
    tools = Path(__file__).parent.parent
    sources = sorted(path for place in _READERS for path in (tools / place).glob("*.py"))
    return sha256(b"\0".join([*told, *(path.read_bytes() for path in sources)])).hexdigest()


def _version(library: str) -> str:
    """The version of a library, some of which need not be there."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
