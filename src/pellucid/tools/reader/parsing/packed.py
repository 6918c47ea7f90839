"""Zip archives, and the documents that are some: members are read within bounds.

What an archive says of its sizes is not believed: bytes are counted as they come. Names are never
names of files here; nothing is written.
"""

import io
import zipfile
import zlib
from lzma import LZMAError
from typing import IO

from pellucid.tools.reader.parsing.bounds import Unreadable

MOST_MEMBERS, MOST_BYTES = 20_000, 200_000_000
RATIO, FREE = 200, 1_000_000
"""How many times larger a member may be than it is packed, beyond the first million bytes."""

PIECE = 1 << 16
DAMAGED = "is damaged: it is a broken zip archive"


class Packed:
    """The members of an archive."""

    def __init__(self, raw: bytes) -> None:
        """Read the list of members; Unreadable where there is none, or a long one."""
        try:
            self._file = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, RuntimeError, OverflowError):
            raise Unreadable(DAMAGED) from None
        self._members = {one.filename: one for one in self._file.infolist() if not one.is_dir()}
        self._left = MOST_BYTES
        if len(self._members) > MOST_MEMBERS:
            raise Unreadable(f"holds more than {MOST_MEMBERS:,} files")

    @property
    def names(self) -> list[str]:
        """The names of the members, as the archive has them."""
        return list(self._members)

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        return name in self._members

    def check(self) -> None:
        """Unpack everything and keep nothing: for parsers that unpack by themselves."""
        for name in self._members:
            self._unpack(name, None)

    def read(self, name: str) -> bytes:
        """A member; Unreadable where it is missing, broken, protected or too large."""
        if name not in self._members:
            raise Unreadable(f"is damaged: it lacks its part {name[:80]!r}")
        found = io.BytesIO()
        self._unpack(name, found)
        return found.getvalue()

    def _unpack(self, name: str, into: IO[bytes] | None) -> None:
        member, size = self._members[name], 0
        if member.flag_bits & 1:
            raise Unreadable("is protected by a password")
        try:
            with self._file.open(member) as source:
                while piece := source.read(PIECE):
                    size += len(piece)
                    self._charge(size, len(piece), member.compress_size)
                    if into is not None:
                        into.write(piece)
        except (
            zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError, zlib.error,
            LZMAError,
        ):  # fmt: skip
            raise Unreadable(DAMAGED) from None

    def _charge(self, size: int, more: int, packed: int) -> None:
        self._left -= more
        if self._left < 0:
            raise Unreadable(f"unpacks to more than {MOST_BYTES:,} bytes")
        if size > FREE and size > RATIO * max(1, packed):
            raise Unreadable(f"is packed more than {RATIO} times over, as no document is")
