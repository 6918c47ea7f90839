"""PDF files as text: read in a process of their own, so that none can harm this one."""

import json
import subprocess
import sys
from base64 import b64decode

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import scans
from pellucid.tools.reader.passages import PAGE

BEGINS = b"%PDF-"
LARGEST = 200_000_000
"""Bytes of a file."""

PATIENCE = 90.0
"""Seconds a file may take; the process itself stops after 60 of processor time."""

WITHOUT_TEXT = 20
"""Characters of a page, on average, below which a file is taken to be pictures of pages."""


def is_pdf(raw: bytes) -> bool:
    """Whether bytes are a PDF file's (ISO 32000: the header is among the first 1,024)."""
    return BEGINS in raw[:1024]


def read(name: str, raw: bytes) -> Attachment:
    """The text of a PDF file, its pages parted by form feeds, with its outline.

    Takes seconds: call it aside from an event loop. BadRequest names what is wrong with the file.
    """
    if len(raw) > LARGEST:
        raise BadRequest(f"{name} has more than {LARGEST:,} bytes")
    command = [sys.executable, "-m", "pellucid.tools.reader.child"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, input=raw, capture_output=True, timeout=PATIENCE, check=True
        )
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise BadRequest(f"{name} takes more than {PATIENCE:g} seconds to read") from None
    except (subprocess.CalledProcessError, ValueError):
        raise BadRequest(f"{name} cannot be read: the PDF library gave up on it") from None
    if "error" in told:
        raise BadRequest(f"{name} {told['error']}")
    outline = tuple((title, page) for title, page in told["outline"])
    pages = told["text"].split(PAGE)
    bare = len(told["text"].strip()) < WITHOUT_TEXT * len(pages)
    if bare and not told["drawn"]:
        raise BadRequest(f"{name} has {len(pages):,} pages and next to no text")
    drawn = {int(number): b64decode(picture) for number, picture in told["drawn"].items()}
    read = Attachment(name, told["text"], outline)
    return scans.with_pictures(read, drawn, told["undrawn"], needed=bare)
