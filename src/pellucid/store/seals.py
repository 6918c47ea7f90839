"""Items that clients carry for the server, encrypted: they can neither read nor change them.

AES-256 in Galois/Counter Mode (NIST SP 800-38D) with a key of this installation and a random nonce
for each content; up to 2^32 contents may have one key. What a content is and whose it is are
authenticated with it: as another kind of item, or from another owner, it does not open. Nothing is
compressed: the bound on a request is then one on all that is opened for it.
"""

import base64
import binascii
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pellucid.core.errors import BadRequest
from pellucid.core.items import Item
from pellucid.store import items

FILE = "sealing.key"
KEY_BYTES, NONCE_BYTES = 32, 12
FORMAT = b"\x01"
"""The first byte of every content: how the rest is to be read."""

Random = Callable[[int], bytes]
"""So many random bytes."""


def key(home: Path, random: Random) -> bytes:
    """The key of an installation, made at the first call; BadRequest where its file is damaged."""
    path = home / FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _made(path, random(KEY_BYTES))
    found = path.read_bytes()
    if len(found) != KEY_BYTES:
        raise BadRequest(
            f"{path} has {len(found)} bytes, not {KEY_BYTES}; without it nothing that clients carry"
            " encrypted can be read; remove it to have a new one made"
        )
    return found


def _made(path: Path, content: bytes) -> None:
    """The file, whole and for its user alone; where another process was first, theirs stays."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".seal-") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # a key that is lost takes all that was sealed with it
        try:
            os.link(file.name, path)
        except FileExistsError:
            return


class Seals:
    """Closes items for an owner, and opens them again."""

    def __init__(self, key: bytes, random: Random) -> None:
        self._cipher, self._random = AESGCM(key), random

    def close(self, kind: str, held: Sequence[Item], owner: str) -> str:
        """Items as a text that says nothing of them."""
        nonce = self._random(NONCE_BYTES)
        plain = items.written(held).encode()
        sealed = self._cipher.encrypt(nonce, plain, _bound(kind, owner))
        return base64.urlsafe_b64encode(FORMAT + nonce + sealed).decode()

    def open(self, kind: str, text: str, owner: str) -> tuple[Item, ...] | None:
        """What is in a text; None for one that was not closed here as this, for this owner."""
        try:
            raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            nonce, sealed = raw[1 : 1 + NONCE_BYTES], raw[1 + NONCE_BYTES :]
            if raw[:1] != FORMAT or len(nonce) != NONCE_BYTES:
                return None
            plain = self._cipher.decrypt(nonce, sealed, _bound(kind, owner))
        except (UnicodeEncodeError, binascii.Error, InvalidTag):
            return None
        return items.read(plain.decode())


def _bound(kind: str, owner: str) -> bytes:
    """What a content is authenticated with."""
    return json.dumps(["pellucid", kind, owner]).encode()
