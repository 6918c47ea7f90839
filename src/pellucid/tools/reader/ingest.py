"""Files as what a turn can read: one door for every kind of document."""

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import pictures
from pellucid.tools.reader import pdf

MOST_BYTES = 1_048_576
"""Of text, question and attachments together; 32,768 tokens are about a tenth of this."""


def largest(beginning: bytes) -> int:
    """How many bytes a file that begins so may have."""
    if pictures.is_picture(beginning):
        return pictures.LARGEST
    return pdf.LARGEST if pdf.is_pdf(beginning) else MOST_BYTES


def read(name: str, raw: bytes) -> Attachment:
    """The text of a file, and what else is known of it; programs and the reader find it as `name`.

    Takes seconds for long ones: call it aside from an event loop. BadRequest names the file and
    what is wrong with it.
    """
    if pictures.is_picture(raw):
        return pictures.read(name, raw)
    if pdf.is_pdf(raw):
        return pdf.read(name, raw)
    return Attachment(name, decoded(raw, name))


def decoded(raw: bytes, what: str) -> str:
    """The text of some bytes; BadRequest for what is not text, or too much of it."""
    if len(raw) > MOST_BYTES:
        raise BadRequest(too_large(f"{what} has", len(raw)))
    if b"\0" in raw:
        position = raw.index(b"\0")
        raise BadRequest(f"{what} is not text: it has a NUL byte at offset {position:,}")
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        broken = f"byte 0x{raw[error.start]:02x} at offset {error.start:,}"
        raise BadRequest(f"{what} is not valid UTF-8: {broken}") from None


def too_large(what: str, size: int) -> str:
    """What is wrong with so many bytes of text; one more than may be stands for any number."""
    more = "more than " if size == MOST_BYTES + 1 else ""
    size -= bool(more)
    return f"{what} {more}{size:,} bytes; at most {MOST_BYTES:,} can be asked at once"
