"""Small documents of offices, books and archives, written by hand."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHOWN = "http://schemas.openxmlformats.org/presentationml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
DRAWING = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
MIME = "application/vnd.oasis.opendocument."


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """An archive with these files, the same at any time."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return raw.getvalue()


def paragraph(text: str, about: str = "") -> str:
    return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def heading(text: str) -> str:
    return paragraph(text, '<w:pStyle w:val="H1"/>')


def table(rows: Sequence[Sequence[str]]) -> str:
    told = (
        "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row).join(["<w:tr>", "</w:tr>"])
        for row in rows
    )
    return f"<w:tbl>{''.join(told)}</w:tbl>"


STYLES = f"""<w:styles xmlns:w="{WORD}">
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Loop"><w:name w:val="x"/><w:basedOn w:val="Loop"/></w:style></w:styles>"""


def docx(body: str, more: Mapping[str, str | bytes] | None = None, before: str = "") -> bytes:
    """A Word document with this body; `before` stands before the root of its text."""
    document = f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return zipped({"word/document.xml": document, "word/styles.xml": STYLES, **(more or {})})


def pptx(slides: Sequence[tuple[str, str]], notes: str = "", before: str = "") -> bytes:
    """Slides, each with a title and a line of text; notes are of the first."""
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="s{n}"/>' for n in range(len(slides)))
    members: dict[str, str | bytes] = {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{SHOWN}" xmlns:r="{RELATED}">'
        f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            {f"s{n}": f"slides/slide{n + 1}.xml" for n in range(len(slides))}
        ),
    }
    for n, (title, text) in enumerate(slides, start=1):
        shapes = _shape(title, "title") + _shape(text, "body")
        members[f"ppt/slides/slide{n}.xml"] = (
            f'{before}<p:sld xmlns:p="{SHOWN}" xmlns:a="{DRAWN}">{shapes}</p:sld>'
        )
    if notes:
        members["ppt/slides/_rels/slide1.xml.rels"] = _relations({"n": "../notesSlides/n1.xml"})
        shapes = _shape("9", "sldNum") + _shape(notes, "body")
        members["ppt/notesSlides/n1.xml"] = (
            f'<p:notes xmlns:p="{SHOWN}" xmlns:a="{DRAWN}">{shapes}</p:notes>'
        )
    return zipped(members)


def _relations(targets: Mapping[str, str], kind: str = "slide") -> str:
    told = "".join(
        f'<Relationship Id="{k}" Type="{RELATED}/{kind}" Target="{v}"/>' for k, v in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{told}</Relationships>'


def _shape(text: str, place: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{place}"/></p:nvPr></p:nvSpPr><p:txBody>'
        f"<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[str | float]]], *, before: str = "", raw: str = ""
) -> bytes:
    """A workbook with these sheets; `raw` are rows of the first in place of its own."""
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="s{n}"/>'
        for n, name in enumerate(sheets, start=1)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/>'
        "</Types>",
        "_rels/.rels": _relations({"r": "xl/workbook.xml"}, "officeDocument"),
        "xl/styles.xml": f'<styleSheet xmlns="{SHEET}"/>',
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATED}">'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"s{n}": f"worksheets/{n}.xml" for n in range(1, len(sheets) + 1)}, "worksheet"
        ),
    }
    for n, rows in enumerate(sheets.values(), start=1):
        told = raw or "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
        members[f"xl/worksheets/{n}.xml"] = (
            f'{before}<worksheet xmlns="{SHEET}"><sheetData>{told}</sheetData></worksheet>'
        )
    return zipped(members)


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def epub(chapters: Sequence[str], before: str = "") -> bytes:
    """A book of these chapters, each the body of a page."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
            "</rootfiles></container>",
            "OPS/book.opf": f"{before}<package><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>",
        }
        | {
            f"OPS/c {n}.xhtml": f"<?xml version='1.0' encoding='utf-8'?><html>{body}</html>"
            for n, body in enumerate(chapters)
        }
    )


def odf(kind: str, body: str, before: str = "") -> bytes:
    """A document of OpenDocument ("text", "presentation", "spreadsheet")."""
    content = (
        f'{before}<office:document-content xmlns:office="{OFFICE}" xmlns:text="{TEXT}"'
        f' xmlns:table="{TABLE}" xmlns:draw="{DRAWING}"'
        ' xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0">'
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:m"/>'
    return zipped(
        {
            "mimetype": f"{MIME}{kind}",
            "META-INF/manifest.xml": manifest,
            "content.xml": content,
        }
    )
