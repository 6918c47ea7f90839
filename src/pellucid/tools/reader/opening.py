"""Files that others wrote are opened in a process of their own, so that none can harm this one."""

import json
import subprocess
import sys
from typing import Any, Literal

from pellucid.core.errors import BadRequest
from pellucid.tools.reader.cache import Cache

Parser = Literal["pdf", "zip", "html", "sheets", "sitemap", "hits"]
"""What `pellucid.tools.reader.parsing` can read."""

PATIENCE = 90.0
"""Seconds a file may take; the process itself stops after 15 to 60 of processor time."""


def parsed(
    parser: Parser, name: str, raw: bytes, cache: Cache | None = None
) -> list[dict[str, Any]]:
    """What a file holds, as its parser tells it, or has told before; BadRequest names what is
    wrong with it."""
    key = cache.key(parser, raw) if cache else ""
    if cache and (known := cache.get(key)) is not None:
        return known
    told = _parsed(parser, name, raw)
    if cache:
        cache.put(key, told)
    return told


def _parsed(parser: Parser, name: str, raw: bytes) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "pellucid.tools.reader.parsing", parser]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=raw, capture_output=True, timeout=PATIENCE, check=True
        )
        told: list[dict[str, Any]] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise BadRequest(f"{name} takes more than {PATIENCE:g} seconds to read") from None
    except (subprocess.CalledProcessError, ValueError):
        raise BadRequest(f"{name} cannot be read: what reads such files gave up on it") from None
    if error := next((one["error"] for one in told if "error" in one), ""):
        raise BadRequest(f"{name} {error}")
    return told
