"""PDF files: the text of each page, and the outline. PDFium reads them."""

import re
from base64 import b64encode
from collections.abc import Iterator

from pypdfium2 import PdfDocument, PdfiumError

from pellucid.tools.reader.parsing.bounds import MOST_CHARACTERS

MOST_PAGES = 5_000
MOST_DRAWN, MOST_DOTS = 12, 5_000_000
"""Pages without text that are drawn, and dots of each."""

WITHOUT_TEXT = 20
"""Characters below which a page is taken to be a picture of one."""

HYPHEN = "\x02"
"""What PDFium writes for a hyphen at the end of a line, whose word then goes on."""

ENCRYPTED, TEXT_OBJECT = 4, 1
"""FPDF_ERR_PASSWORD of PDFium's fpdfview.h, FPDF_PAGEOBJ_TEXT of fpdf_edit.h."""

_COMPOUND = re.compile(r"\w+-\w+")
_PARTED = re.compile(rf"(\w+){HYPHEN}(\w+)")


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
    [*_texts(blank), *_outline(blank), " ".encode("utf-16-le"), _drawn(blank, 0)]
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
    bare = [number for number, text in enumerate(texts) if len(text.strip()) < WITHOUT_TEXT]
    pictured = [number for number in bare if _pictured(document, number)]
    drawn = {number: _drawn(document, number) for number in pictured[:MOST_DRAWN]}
    return {
        "text": whole_words("\f".join(texts)),
        "outline": list(_outline(document)),
        "drawn": drawn,
        "undrawn": pictured[MOST_DRAWN:],
    }


def whole_words(text: str) -> str:
    """A text with the words whole that a line's end has parted; the hyphen stays where the word
    has one elsewhere, too."""
    compounds = frozenset(_COMPOUND.findall(text))

    def whole(parted: re.Match[str]) -> str:
        compound = "-".join(parted.groups())
        return compound if compound in compounds else compound.replace("-", "")

    return _PARTED.sub(whole, text).replace(HYPHEN, "-")


def _pictured(document: PdfDocument, number: int) -> bool:
    """Whether a page has anything but text."""
    return any(one.type != TEXT_OBJECT for one in document[number].get_objects())


def _drawn(document: PdfDocument, number: int) -> str:
    """A page as a grey picture (PGM, in base64): by 150 dots per inch, or fewer for large ones."""
    page = document[number]
    scale = min(150 / 72, (MOST_DOTS / (page.get_width() * page.get_height())) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    width, dots = bitmap.width, bytes(bitmap.buffer)
    rows = (dots[at : at + width] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
    picture = b"P5 %d %d 255\n" % (width, bitmap.height) + b"".join(rows)
    return b64encode(picture).decode()


def _texts(document: PdfDocument) -> Iterator[str]:
    """The text of each page; form feeds in it would part pages."""
    for page in document:
        words = page.get_textpage()
        yield words.get_text_bounded().replace("\r\n", "\n").replace("\f", " ")
        words.close()
        page.close()


def _outline(document: PdfDocument) -> Iterator[tuple[str, int]]:
    """Titles with the page, from 1, that each leads to."""
    for entry in document.get_toc():
        place = entry.get_dest()
        index = place.get_index() if place else None
        if index is not None:
            yield entry.get_title(), index + 1
