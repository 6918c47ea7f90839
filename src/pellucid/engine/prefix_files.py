"""States of prefixes as files of one folder; implements `shelf.Store`.

A file is a head (magic, version, length of the header), the header (msgpack: what the state
belongs to), the state, and a blake2b checksum over all that. Its name is a digest of what
it belongs to. Files appear complete or not at all, so several hosts can use one folder;
those used last have the newest modification time, and the oldest go when it is full.
Nothing is handed out unless the checksum and every word of the header are right.
"""

import os
import stat
import struct
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import BinaryIO

import msgspec

from pellucid.engine.prefix_cache import Run
from pellucid.engine.shelf import Prefix

MAGIC, VERSION = b"pellucid", 1
HEAD = struct.Struct(">8sII")
HEADER_CAP = 16 * 1024 * 1024
CHECKSUM = 32
SUFFIX, UNFINISHED = ".prefix", ".unfinished"
# One file takes at most this part of the folder.
PART = 2
# States may wait for being written while they are fewer bytes than this together.
WAITING = 256 * 1024 * 1024


class Header(msgspec.Struct, frozen=True):
    """What a state belongs to: weights and library, template, owner, tokens; and its size."""

    fingerprint: str
    template: str
    owner: str
    tokens: Run
    size: int


class Damaged(ValueError):
    """The file is not what it should be."""


class PrefixFiles:
    """The states of one kind of weights and template in a folder shared with others."""

    def __init__(self, folder: Path, most: int, fingerprint: str, template: str) -> None:
        """All files of the folder together have at most `most` bytes. OSError when the folder
        cannot be made or is another user's."""
        self.largest = most // PART
        self._folder, self._most = folder, most
        self._fingerprint, self._template = fingerprint, template
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prefixes")
        self._lock = Lock()
        self._waiting: dict[Prefix, bytes] = {}
        self._last: Future[None] | None = None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise PermissionError(f"{folder} belongs to another user")
        folder.chmod(0o700)

    @property
    def ready(self) -> bool:
        """Whether not too much waits for being written."""
        with self._lock:
            return sum(map(len, self._waiting.values())) < WAITING

    def index(self) -> list[Prefix]:
        """What the folder holds for these weights, least recently used first. Only headers
        are read; files that are damaged to the eye are deleted."""
        found = []
        for _, path, _ in sorted(self._files()):
            if path.suffix == SUFFIX and (header := self._look(path)):
                prefix = Prefix(header.owner, header.tokens)
                if header == self._header(prefix, header.size) and path == self._path(prefix):
                    found.append(prefix)
        return found

    def __contains__(self, prefix: Prefix) -> bool:
        """Whether the file is there, or about to be."""
        with self._lock:
            return prefix in self._waiting or self._path(prefix).is_file()

    def read(self, prefix: Prefix) -> bytes | None:
        """The state, checked; a file that is not right in every byte is deleted."""
        with self._lock:
            if prefix in self._waiting:
                return self._waiting[prefix]
        path = self._path(prefix)
        try:
            with open_file(path) as file:
                state = read_state(file, self._header(prefix, file_size(file)))
                os.utime(file.fileno())
                return state
        except (Damaged, OSError):
            self.remove(prefix)
            return None

    def write(self, prefix: Prefix, state: bytes, replaced: Sequence[Prefix]) -> None:
        """Write in the background. Where that fails (a full disk), the file is not there."""
        with self._lock:
            self._waiting[prefix] = state
        self._last = self._writer.submit(self._write, prefix, state, replaced)

    def touch(self, prefix: Prefix) -> None:
        """Make it the newest of the folder."""
        with suppress(OSError):
            os.utime(self._path(prefix), follow_symlinks=False)

    def remove(self, prefix: Prefix) -> None:
        """Delete the file."""
        delete(self._path(prefix))

    def close(self) -> None:
        """Wait for what is being written."""
        if self._last is not None:
            wait([self._last])
        self._writer.shutdown()

    def _header(self, prefix: Prefix, size: int) -> Header:
        return Header(self._fingerprint, self._template, prefix.owner, prefix.tokens, size)

    def _path(self, prefix: Prefix) -> Path:
        """Where the state of a prefix lies."""
        key = msgspec.msgpack.encode(self._header(prefix, 0))
        return self._folder / (blake2b(key, digest_size=20).hexdigest() + SUFFIX)

    def _look(self, path: Path) -> Header | None:
        """The header of a file; None when there is none, and then the file goes."""
        try:
            with open_file(path) as file:
                header, raw = read_header(file)
                if file_size(file) == len(raw) + header.size + CHECKSUM:
                    return header
            delete(path)
        except Damaged:
            delete(path)
        except OSError:
            pass  # Gone, or no file of ours.
        return None

    def _write(self, prefix: Prefix, state: bytes, replaced: Sequence[Prefix]) -> None:
        """What the writing thread does with a state."""
        path = self._path(prefix)
        unfinished = path.with_name(f"{path.stem}.{token_hex(8)}{UNFINISHED}")
        try:
            data = encode(self._header(prefix, len(state)), state)
            self._trim(sum(map(len, data)))
            with open_new(unfinished) as file:
                file.writelines(data)
            unfinished.replace(path)
            for one in replaced:
                self.remove(one)
            self._trim(0)
        except OSError:
            delete(unfinished)
        finally:
            with self._lock:
                self._waiting.pop(prefix, None)

    def _trim(self, coming: int) -> None:
        """Delete the files used least recently until `coming` more bytes have room. What a
        host that died left unfinished counts and goes like the others."""
        files = sorted(self._files())
        total = sum(size for _, _, size in files)
        for _, path, size in files:
            if total + coming <= self._most:
                return
            delete(path)
            total -= size

    def _files(self) -> Iterator[tuple[int, Path, int]]:
        """Time of last use, path and size of each file of ours in the folder."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                status = path.lstat()
                if path.suffix in (SUFFIX, UNFINISHED) and stat.S_ISREG(status.st_mode):
                    yield status.st_mtime_ns, path, status.st_size


def encode(header: Header, state: bytes) -> tuple[bytes, bytes, bytes]:
    """The parts of a file, in order."""
    body = msgspec.msgpack.encode(header)
    start = HEAD.pack(MAGIC, VERSION, len(body)) + body
    checksum = blake2b(start, digest_size=CHECKSUM)
    checksum.update(state)
    return start, state, checksum.digest()


def read_header(file: BinaryIO) -> tuple[Header, bytes]:
    """Header and all bytes up to its end; Damaged where they are no such thing."""
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        raise Damaged("too short for a head")
    magic, version, length = HEAD.unpack(head)
    if (magic, version) != (MAGIC, VERSION) or length > HEADER_CAP:
        raise Damaged("another magic or version")
    body = file.read(length)
    try:
        return msgspec.msgpack.decode(body, type=Header), head + body
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Damaged(str(error)) from None


def read_state(file: BinaryIO, expected: Header) -> bytes:
    """The state of a file, if it belongs to what is expected (whose size is that of the file)
    and every byte is as it was written; else Damaged."""
    header, raw = read_header(file)
    size = expected.size - len(raw) - CHECKSUM
    if header != msgspec.structs.replace(expected, size=size):
        raise Damaged("it belongs to something else, or was cut")
    state = file.read(size)
    checksum = blake2b(raw, digest_size=CHECKSUM)
    checksum.update(state)
    if checksum.digest() != file.read(CHECKSUM):
        raise Damaged("the checksum is wrong")
    return state


def open_file(path: Path) -> BinaryIO:
    """Open a regular file of this user for reading; OSError for anything else, a symbolic
    link above all."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    file = os.fdopen(descriptor, "rb")
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        file.close()
        raise PermissionError(f"{path} is no file of ours")
    return file


def open_new(path: Path) -> BinaryIO:
    """Create a file that only this user can read, for writing."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def file_size(file: BinaryIO) -> int:
    """Bytes of an open file."""
    return os.fstat(file.fileno()).st_size


def delete(path: Path) -> None:
    """Delete a file, as far as possible; another host may have done it."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
