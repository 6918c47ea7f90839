"""`pellucid keys`: who may ask the server."""

import sys
import time
from datetime import UTC, datetime

from pellucid.cli.exits import Exit
from pellucid.settings import load
from pellucid.store.keys import NEVER, Key, KeyFile

DAY = 86_400


def create(name: str, days: float | None) -> int:
    """Make a key and show it, this once."""
    text = _file().create(name, None if days is None else days * DAY)
    sys.stdout.write(f"{text}\n")
    return Exit.OK


def revoke(name: str) -> int:
    """Forget a key; a running server refuses it from now on."""
    _file().revoke(name)
    return Exit.OK


def listed() -> int:
    """A line for each key: its owner, since when and until when."""
    for key in _file().read():
        sys.stdout.write(f"{line(key, time.time())}\n")
    return Exit.OK


def line(key: Key, now: float) -> str:
    """`ann  since 2026-11-27  until 2027-01-01`."""
    until = "" if key.expires_at == NEVER else f"  until {_day(key.expires_at)}"
    ended = " (expired)" if key.expires_at != NEVER and now >= key.expires_at else ""
    return f"{key.name}  since {_day(key.created_at)}{until}{ended}"


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _file() -> KeyFile:
    return KeyFile(load().home, time.time)
