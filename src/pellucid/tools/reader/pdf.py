"""PDF files as text: read in a process of their own, so that none can harm this one."""

from base64 import b64decode

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import scans
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.opening import parsed
from pellucid.tools.reader.passages import PAGE

BEGINS = b"%PDF-"
LARGEST = 200_000_000
"""Bytes of a file."""

WITHOUT_TEXT = 20
"""Characters of a page, on average, below which a file is taken to be pictures of pages."""


def is_pdf(raw: bytes) -> bool:
    """Whether bytes are a PDF file's (ISO 32000: the header is among the first 1,024)."""
    return BEGINS in raw[:1024]


def read(name: str, raw: bytes, cache: Cache | None = None) -> Attachment:
    """The text of a PDF file, its pages parted by form feeds, with its outline.

    Takes seconds: call it aside from an event loop. BadRequest names what is wrong with the file.
    """
    if len(raw) > LARGEST:
        raise BadRequest(f"{name} has more than {LARGEST:,} bytes")
    (told,) = parsed("pdf", name, raw, cache)
    outline = tuple((title, page) for title, page in told["outline"])
    pages = told["text"].split(PAGE)
    bare = len(told["text"].strip()) < WITHOUT_TEXT * len(pages)
    if bare and not told["drawn"]:
        raise BadRequest(f"{name} has {len(pages):,} pages and next to no text")
    drawn = {int(number): b64decode(picture) for number, picture in told["drawn"].items()}
    read = Attachment(name, told["text"], outline)
    return scans.with_pictures(read, drawn, told["undrawn"], needed=bare, cache=cache)
