"""PDF files: the text of each page, and the outline. PDFium reads them."""

from collections.abc import Iterator

from pypdfium2 import PdfDocument, PdfiumError

from pellucid.tools.reader.parsing.bounds import MOST_CHARACTERS

MOST_PAGES = 5_000
PARTED = "\x02"
"""What PDFium writes for a hyphen at the end of a line, whose word then goes on."""

ENCRYPTED = 4
"""FPDF_ERR_PASSWORD of PDFium's fpdfview.h."""


def told(raw: bytes) -> dict[str, object]:
    """What is in a file, or what is wrong with it."""
    try:
        return _read(raw)
    except PdfiumError as error:
        if getattr(error, "err_code", None) == ENCRYPTED:
            return {"error": "is protected by a password"}
        return {"error": "is no PDF, or a broken one"}


def warm() -> None:
    """What the library itself needs, an empty page makes it load."""
    blank = PdfDocument.new()
    blank.new_page(100, 100)
    [*_texts(blank), *_outline(blank), " ".encode("utf-16-le")]
    blank.close()


def _read(raw: bytes) -> dict[str, object]:
    document = PdfDocument(raw)
    if len(document) > MOST_PAGES:
        return {"error": f"has {len(document):,} pages; {MOST_PAGES:,} are the most"}
    texts, size = list[str](), 0
    for text in _texts(document):
        texts.append(text)
        size += len(text)
        if size > MOST_CHARACTERS:
            return {"error": f"has more than {MOST_CHARACTERS:,} characters"}
    return {"text": "\f".join(texts), "outline": list(_outline(document))}


def _texts(document: PdfDocument) -> Iterator[str]:
    """The text of each page; form feeds in it would part pages."""
    for page in document:
        words = page.get_textpage()
        text = words.get_text_bounded().replace(PARTED, "")
        yield text.replace("\r\n", "\n").replace("\f", " ")
        words.close()
        page.close()


def _outline(document: PdfDocument) -> Iterator[tuple[str, int]]:
    """Titles with the page, from 1, that each leads to."""
    for entry in document.get_toc():
        place = entry.get_dest()
        index = place.get_index() if place else None
        if index is not None:
            yield entry.get_title(), index + 1
