"""Files as what a turn can read: one door for every kind of document."""

import re
from collections.abc import Callable, Container
from dataclasses import dataclass
from itertools import chain, count
from pathlib import PurePosixPath
from typing import Any

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.eyes import pictures
from pellucid.tools.reader import pdf
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.opening import Parser, parsed

MOST_BYTES = 1_048_576
"""Of text, question and attachments together, that is put before a model or a program; 32,768
tokens are about a tenth of this."""

MOST_TEXT = 50_000_000
"""Bytes of plain text that is looked up in."""

MOST_PACKED = 100_000_000
"""Bytes of a document of an office, a book, a web page, an archive."""

SHORT_PAGE = 20_000
"""Bytes of HTML up to which it is taken as it is: it may be code to work on."""

PROSE = (".txt", ".md", ".rst")
_WEB = (".html", ".htm", ".xhtml")
DOCUMENTS = (
    *(".pdf", ".docx", ".docm", ".pptx", ".pptm", ".odt", ".odp", ".epub", ".zip"),
    *(*_WEB, *PROSE),
)
"""How names end, in lower case, of files that are looked up in where they are long."""

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 80
"""Characters of a table's name."""

Fits = Callable[[str, bytes], bool]
"""Whether a file is of a kind, by its name in lower case and its beginning: all of it, or more than
`SHORT_PAGE` bytes."""

Read = Callable[[str, bytes, Cache | None], tuple[Attachment, ...]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is told, how many bytes one may have, and what reads it."""

    fits: Fits
    most: int
    read: Read


def largest(name: str, beginning: bytes) -> int:
    """How many bytes a file of this name that begins so may have."""
    return _kind(name, beginning).most


def read(name: str, raw: bytes, cache: Cache | None = None) -> tuple[Attachment, ...]:
    """The text of a file, and what else is known of it; programs and the reader find it as `name`.

    Several come of a file that holds several: a table of each sheet of a workbook, or of a chart.
    Takes seconds for long ones: call it aside from an event loop; what was read before comes from
    the `cache`, if there is one. BadRequest names the file and what is wrong with it.
    """
    kind = _kind(name, raw)
    if len(raw) > kind.most:
        raise BadRequest(too_large(f"{name} has", len(raw), kind.most))
    return kind.read(name, raw, cache)


def looked_up(file: Attachment) -> bool:
    """Whether a file is of a kind that is looked up in, however long it is."""
    name = file.name.lower()
    as_it_is = name.endswith(_WEB) and file.unit == "page"
    return name.endswith(DOCUMENTS) and not as_it_is


def decoded(raw: bytes, what: str, most: int = MOST_BYTES) -> str:
    """The text of some bytes; BadRequest for what is not text, or too much of it."""
    if len(raw) > most:
        raise BadRequest(too_large(f"{what} has", len(raw), most))
    if b"\0" in raw:
        position = raw.index(b"\0")
        raise BadRequest(f"{what} is not text: it has a NUL byte at offset {position:,}")
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        broken = f"byte 0x{raw[error.start]:02x} at offset {error.start:,}"
        raise BadRequest(f"{what} is not valid UTF-8: {broken}") from None


def too_large(what: str, size: int, most: int = MOST_BYTES) -> str:
    """What is wrong with so many bytes of text; one more than may be stands for any number."""
    more = "more than " if size == most + 1 else ""
    size -= bool(more)
    return f"{what} {more}{size:,} bytes; at most {most:,} can be asked at once"


def _kind(name: str, beginning: bytes) -> Kind:
    """The first kind that a file fits; any fits the last one."""
    return next(kind for kind in _KINDS if kind.fits(name.lower(), beginning))


def _web_page(name: str, beginning: bytes) -> bool:
    return name.endswith(_WEB) and len(beginning) > SHORT_PAGE


def _apart(parser: Parser) -> Read:
    """Read in a process of its own."""
    return lambda name, raw, cache: _attached(name, parsed(parser, name, raw, cache))


def _attached(name: str, told: list[dict[str, Any]]) -> tuple[Attachment, ...]:
    """What a parser found: documents under the file's name, tables under their own."""
    found = dict[str, Attachment]()
    for one in told:
        if "sheet" in one:
            called = _table_name(name, one["sheet"], found)
            found[called] = Attachment(called, one["text"])
        else:
            outline = tuple((title, part) for title, part in one["outline"])
            found[name] = Attachment(name, one["text"], outline, one["unit"])
    return tuple(found.values())


def _table_name(file: str, sheet: str, taken: Container[str]) -> str:
    """`book-Sheet1.csv`, a name that programs can open; one that is taken gets a number."""
    tabs = sheet.lower().endswith(".tsv")
    bare = sheet[:-4] if sheet.lower().endswith((".csv", ".tsv")) else sheet
    stem = _UNSAFE.sub("_", f"{PurePosixPath(file).stem}-{bare}")[:LONGEST_NAME]
    suffixes = chain([""], (f"-{number}" for number in count(2)))
    names = (f"{stem}{suffix}{'.tsv' if tabs else '.csv'}" for suffix in suffixes)
    return next(name for name in names if name not in taken)


def _refused(name: str, raw: bytes, cache: Cache | None) -> tuple[Attachment, ...]:
    raise BadRequest(
        f"{name} is protected by a password, or of an Office before 2007; save it as .docx, .pptx,"
        " .xlsx or .pdf"
    )


_KINDS = (
    Kind(lambda _, raw: pdf.is_pdf(raw), pdf.LARGEST, lambda *file: (pdf.read(*file),)),
    Kind(lambda _, raw: pictures.is_picture(raw), pictures.LARGEST, pictures.read),
    Kind(lambda _, raw: raw.startswith(_ZIP), MOST_PACKED, _apart("zip")),
    Kind(
        lambda name, raw: raw.startswith(_OLD) and name.endswith((".xls", ".xlt")),
        MOST_PACKED,
        _apart("sheets"),
    ),
    Kind(lambda _, raw: raw.startswith(_OLD), MOST_PACKED, _refused),
    Kind(_web_page, MOST_PACKED, _apart("html")),
    Kind(
        lambda name, _: name.endswith(PROSE),
        MOST_TEXT,
        lambda name, raw, _: (Attachment(name, decoded(raw, name, MOST_TEXT)),),
    ),
    Kind(lambda *_: True, MOST_BYTES, lambda name, raw, _: (Attachment(name, decoded(raw, name)),)),
)
"""The kinds, told apart in this order. What is of no other kind is plain text."""
