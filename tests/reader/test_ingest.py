"""Files of every kind as attachments: their text, where its parts begin, and what is refused."""

import pytest

from pellucid.core.errors import BadRequest
from pellucid.core.turn import Attachment
from pellucid.tools.reader import ingest
from pellucid.tools.reader.ingest import SHORT_PAGE, read
from pellucid.tools.reader.library import Library
from reader.office_files import (
    docx,
    epub,
    heading,
    odf,
    paragraph,
    pptx,
    table,
    xlsx,
    zipped,
)

FERRY = "The ferry leaves at 05:52."
FILL = f"<!-- {'x' * SHORT_PAGE} -->"


def one(name: str, raw: bytes) -> Attachment:
    (found,) = read(name, raw)
    assert found.name == name
    return found


def test_a_word_document_is_parted_at_its_headings() -> None:
    body = (
        paragraph("Dear reader,")
        + heading("Of storms")
        + "<w:p><w:r><w:t>They </w:t><w:tab/><w:t>roar.</w:t><w:delText>No</w:delText></w:r></w:p>"
        + paragraph("Bring a coat.", "<w:numPr/>")
        + table([["Port", "Time"], ["Skerrow", "05:52"]])
        + paragraph("Of calm", '<w:pStyle w:val="Mine"/>')
        + paragraph("Body", '<w:pStyle w:val="Loop"/><w:outlineLvl w:val="9"/>')
    )
    notes = f'<w:footnotes xmlns:w="urn:w">{paragraph("A note.")}</w:footnotes>'
    found = one("letter.docx", docx(body, {"word/footnotes.xml": notes}))
    assert found.text.split("\f") == [
        "Dear reader,",
        "Of storms\nThey roar.\n- Bring a coat.\nPort | Time\nSkerrow | 05:52",
        "Of calm\nBody\nA note.",
    ]
    assert (found.outline, found.unit) == ((("Of storms", 2), ("Of calm", 3)), "section")


def test_a_presentation_has_slides_with_titles_and_notes() -> None:
    found = one("talk.pptx", pptx([("Storms", FERRY), ("Calm", "Wait.")], notes="Speak slowly."))
    assert found.text.split("\f") == [f"Storms\n{FERRY}\nSpeak slowly.", "Calm\nWait."]
    assert (found.outline, found.unit) == ((("Storms", 1), ("Calm", 2)), "slide")
    assert [one.place for one in Library([found]).heading("Calm")] == ["slide 2"]
    assert Library([found]).extent == "2 slides"


def test_each_sheet_of_a_workbook_is_a_table_for_programs() -> None:
    sheets = {"Sheet1": [["port", "fare"], ["Skerrow, N.", 12.5], ["Oban", 3.0]], "Empty": []}
    found = read("book.xlsx", xlsx({**sheets, "Q 1/2": [[1.0]], "Q_1:2": [[2.0]]}))
    assert [(one.name, one.text) for one in found] == [
        ("book-Sheet1.csv", 'port,fare\n"Skerrow, N.",12.5\nOban,3\n'),
        ("book-Q_1_2.csv", "1\n"),
        ("book-Q_1_2-2.csv", "2\n"),
    ]
    assert not any(map(ingest.looked_up, found))


def test_a_book_is_read_in_its_order() -> None:
    chapters = ["<h1>One</h1><p>Call me&nbsp;Ann.</p>", "<p>Still one.</p><h2>Two</h2>It ended."]
    found = one("novel.epub", epub(chapters))
    assert found.text.split("\f") == ["One\nCall me Ann.\nStill one.", "Two\nIt ended."]
    assert found.outline == (("One", 1), ("Two", 2))


def test_open_documents() -> None:
    text = one(
        "a.odt",
        odf(
            "text",
            '<text:h text:outline-level="1">Storms</text:h><text:p>They<text:s/>roar.</text:p>'
            "<table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
            "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row>",
        ),
    )
    assert (text.text, text.outline) == ("Storms\nThey roar.\na | b", (("Storms", 1),))
    title = '<draw:frame presentation:class="title"><text:p>A</text:p></draw:frame>'
    page = f"<draw:page>{title}</draw:page>"
    shown = one("a.odp", odf("presentation", page + "<draw:page><text:h>B</text:h></draw:page>"))
    assert (shown.text, shown.outline, shown.unit) == ("A\fB", (("A", 1),), "slide")
    cell = '<table:table-cell office:value-type="float" office:value="7"/>'
    sheet = f'<table:table table:name="S"><table:table-row>{cell}</table:table-row></table:table>'
    (found,) = read("a.ods", odf("spreadsheet", sheet))
    assert (found.name, found.text) == ("a-S.csv", "7\n")


PAGE = f"""<html><head><title>Ferries</title><script>evil()</script></head><body>{FILL}
<h1>Of <em>storms</em></h1><p>They<br>roar<!-- aside --> loud.</p><ul><li>One<li><p>Two</ul>
<table><tr><th>Port<th>Time<tr><td>Skerrow<td><p>05:52</p></table>
<table><tr><td>{"long " * 60}<h2>Inside</h2></table><pre>
  if x:
    y</pre></body></html>"""


def test_a_web_page_is_read_without_what_is_not_shown() -> None:
    found = one("page.html", PAGE.encode())
    assert found.text.split("\f") == [
        "Ferries",
        "Of storms\nThey\nroar loud.\n- One\n- Two\nPort | Time\nSkerrow | 05:52\n"
        + ("long " * 60).strip(),
        "Inside\n\n  if x:\n    y",
    ]


def test_a_short_web_page_is_code_that_may_be_changed() -> None:
    found = one("page.html", b"<h1>Hi</h1>")
    assert found == Attachment("page.html", "<h1>Hi</h1>")
    assert not ingest.looked_up(found)
    assert ingest.looked_up(one("page.html", PAGE.encode()))


@pytest.mark.parametrize(
    "raw",
    [
        "<meta charset=windows-1252>caf\u00e9".encode("cp1252"),
        "caf\u00e9".encode(),
        b"caf\xe9",
        "\ufeffcaf\u00e9".encode("utf-16-le"),
        '<meta charset="no-such">caf\u00e9'.encode(),
    ],
)
def test_the_letters_of_a_web_page_are_what_it_says_or_looks_like(raw: bytes) -> None:
    fill = FILL.encode("utf-16-le") if raw.startswith(b"\xff") else FILL.encode()
    assert one("page.htm", raw + fill).text == "caf\u00e9"


def test_an_archive_is_its_texts_with_their_names_and_its_tables() -> None:
    members: dict[str, str | bytes] = {
        "src/ferry.py": "def leave():\n\n    return '05:52'\n",
        "data/times.csv": "a,b\n1,2\n",
        "../../escape.txt": "Out.",
        "logo.png": b"\x89PNG\0",
        "latin.txt": b"caf\xe9",
    }
    tree, times = read("tree.zip", zipped(members))
    assert times == Attachment("tree-data_times.csv", "a,b\n1,2\n")
    assert tree.text.split("\f")[0] == (
        "Files: src/ferry.py, ../../escape.txt, data/times.csv.\n"
        "Not read, because no texts: logo.png, latin.txt."
    )
    found = Library([tree]).search("leave()", 45)
    assert [(one.place, one.text) for one in found] == [
        ("src/ferry.py lines 1-3", "def leave():\nreturn '05:52'")
    ]


NESTED = zipped({"a.zip": zipped({"b.txt": "x"})})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "raw", "complaint"),
    [
        ("a.zip", NESTED, "a.zip holds no texts"),
        ("a.zip", NESTED[:60], "a.zip is damaged: it is a broken zip archive"),
        ("a.docx", docx(""), "a.docx has no text"),
        (
            "a.docx",
            zipped({"word/document.xml": "<w"}),
            "a.docx is damaged: a part of it is no XML",
        ),
        ("a.pptx", zipped({"ppt/presentation.xml": '<a><sldId id="1"/></a>'}), "lacks a slide"),
        ("a.epub", zipped({"META-INF/container.xml": "<a/>"}), "does not say where its texts"),
        ("a.xlsx", xlsx({"A": []}), "a.xlsx has nothing in its cells"),
        ("a.xlsx", zipped({"xl/workbook.xml": "<a/>"}), "a.xlsx is no spreadsheet, or a broken"),
        ("a.xls", OLE, "a.xls is no spreadsheet, or a broken one"),
        ("a.doc", OLE, "a.doc is protected by a password, or of an Office before 2007; save it"),
    ],
)
def test_what_is_wrong_is_named(name: str, raw: bytes, complaint: str) -> None:
    with pytest.raises(BadRequest, match=complaint):
        read(name, raw)


def test_long_prose_may_be_longer_than_what_is_shown() -> None:
    novel = b"It was late.\n" * 100_000
    assert one("novel.txt", novel).text == novel.decode()
    with pytest.raises(BadRequest, match=r"log\.log has 1,300,000 bytes; at most 1,048,576 can"):
        read("log.log", novel)
    assert ingest.largest("novel.TXT", novel[:9]) == ingest.MOST_TEXT
