"""Keys of the API: shown once, kept as hashes, compared in constant time.

A key is 32 random bytes; so long a secret needs no slow hash (OWASP Password Storage Cheat
Sheet is about words people choose).
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pellucid.core.errors import BadRequest, UnknownName

FILE = "api-keys.json"
PREFIX = "sk-pellucid-"
NEVER = 0


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an owner. `digest` is the SHA-256 of its text; it opens nothing from
    `expires_at` on (Unix seconds; NEVER: it does not expire)."""

    name: str
    digest: str
    created_at: int = 0
    expires_at: int = NEVER


def digest(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def owner(keys: tuple[Key, ...], text: str, now: float) -> str | None:
    """The name of a key; None for a text that is none. Every key is compared, whichever fits."""
    asked = digest(text)
    fitting = [key for key in keys if hmac.compare_digest(key.digest, asked)]
    valid = [key.name for key in fitting if key.expires_at == NEVER or now < key.expires_at]
    return valid[0] if valid else None


class KeyFile:
    """The keys of an installation, in a file that several processes may change."""

    def __init__(self, home: Path, clock: Callable[[], float]) -> None:
        self._path, self._clock = home / FILE, clock
        self._known: tuple[Key, ...] = ()
        self._seen = -1

    def read(self) -> tuple[Key, ...]:
        """All keys; BadRequest where their file cannot be understood."""
        try:
            rows = json.loads(self._path.read_bytes())
            return tuple(Key(**row) for row in rows)
        except FileNotFoundError:
            return ()
        except (ValueError, TypeError) as error:
            raise BadRequest(f"{self._path} is not a list of keys: {error}") from None

    def owner(self, text: str) -> str | None:
        """Whose key this is; what was changed in the file meanwhile counts."""
        changed = self._path.stat().st_mtime_ns if self._path.exists() else 0
        if changed != self._seen:
            self._known, self._seen = self.read(), changed
        return owner(self._known, text, self._clock())

    def create(self, name: str, seconds: float | None = None) -> str:
        """A new key for a name, as it is shown this once; BadRequest where there is one."""
        text, now = PREFIX + secrets.token_urlsafe(32), int(self._clock())
        expires = NEVER if seconds is None else int(now + seconds)
        with self._changing() as keys:
            if any(key.name == name for key in keys):
                raise BadRequest(f"there is a key of the name {name!r}; revoke it first")
            self._write((*keys, Key(name, digest(text), now, expires)))
        return text

    def revoke(self, name: str) -> None:
        """Forget a key; UnknownName where there is none of that name."""
        with self._changing() as keys:
            left = tuple(key for key in keys if key.name != name)
            if left == keys:
                known = ", ".join(key.name for key in keys) or "none"
                raise UnknownName(f"there is no key {name!r}; there are: {known}")
            self._write(left)

    @contextmanager
    def _changing(self) -> Iterator[tuple[Key, ...]]:
        """The keys, while nobody else changes them."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.read()

    def _write(self, keys: tuple[Key, ...]) -> None:
        """All keys at once, readable for their user alone."""
        home = self._path.parent
        with tempfile.NamedTemporaryFile("w", dir=home, prefix=".keys-", delete=False) as file:
            json.dump([asdict(key) for key in keys], file)
        os.replace(file.name, self._path)
