"""What a zip file is: a document of an office, a book, a spreadsheet, or an archive."""

from typing import Any

from pellucid.tools.reader.parsing import archive, book, office, opendocument, sheets
from pellucid.tools.reader.parsing.packed import Packed

_OPEN = "application/vnd.oasis.opendocument."


def read(raw: bytes) -> list[dict[str, Any]]:
    """What is in a zip file."""
    packed = Packed(raw)
    if packed.has(office.DOCUMENT):
        return [office.document(packed)]
    if packed.has(office.PRESENTATION):
        return [office.presentation(packed)]
    if packed.has(book.CONTAINER):
        return [book.book(packed)]
    if any(name.startswith("xl/workbook.") for name in packed.names):
        return _sheets(packed, raw)
    if packed.has(opendocument.CONTENT) and packed.has("mimetype"):
        return _open_document(packed, raw)
    return archive.archive(packed)


def _open_document(packed: Packed, raw: bytes) -> list[dict[str, Any]]:
    match packed.read("mimetype").decode("ascii", "replace").strip().removeprefix(_OPEN):
        case "presentation" | "presentation-template":
            return [opendocument.presentation(packed)]
        case "spreadsheet" | "spreadsheet-template":
            return _sheets(packed, raw)
        case _:
            return [opendocument.text(packed)]


def _sheets(packed: Packed, raw: bytes) -> list[dict[str, Any]]:
    packed.check()
    return sheets.workbook(raw)
