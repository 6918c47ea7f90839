"""Keys of the API: shown once, kept as hashes, compared in constant time.

A key is 32 random bytes; so long a secret needs no slow hash (OWASP Password Storage Cheat
Sheet is about words people choose).
"""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from pellucid.core.errors import BadRequest

FILE = "api-keys.json"
PREFIX = "sk-pellucid-"


@dataclass(frozen=True, slots=True)
class Key:
    """A key by the name of its owner; `digest` is the SHA-256 of its text."""

    name: str
    digest: str


def digest(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def read(home: Path) -> tuple[Key, ...]:
    """The keys of this installation; BadRequest where their file cannot be understood."""
    path = home / FILE
    try:
        rows = json.loads(path.read_bytes())
        return tuple(Key(str(row["name"]), str(row["digest"])) for row in rows)
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"{path} is not a list of keys: {error}") from None


def create(home: Path, name: str) -> str:
    """A new key for a name, as it is shown this once."""
    text = PREFIX + secrets.token_urlsafe(32)
    _write(home, (*read(home), Key(name, digest(text))))
    return text


def owner(keys: tuple[Key, ...], text: str) -> str | None:
    """The name of a key; None for a text that is none. Every key is compared, whichever fits."""
    asked = digest(text)
    fitting = [key.name for key in keys if hmac.compare_digest(key.digest, asked)]
    return fitting[0] if fitting else None


def _write(home: Path, keys: tuple[Key, ...]) -> None:
    """All keys at once, readable for their user alone."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=home, prefix=".keys-", delete=False) as file:
        json.dump([asdict(key) for key in keys], file)
    os.replace(file.name, home / FILE)
