"""Small PDF files, written by hand (ISO 32000-1, 7.5)."""

from collections.abc import Sequence


def pdf(pages: Sequence[str], outline: Sequence[tuple[str, int]] = ()) -> bytes:
    """A file with these pages, a line of text for each line, and an outline (pages from 1)."""
    count = len(pages)
    first = 4 + 2 * count
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    root = f"/Outlines {first} 0 R" if outline else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, text in enumerate(pages):
        drawn = "".join(f"({line}) Tj T* " for line in text.splitlines())
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {drawn}ET"
        objects += [
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>",
            f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        ]
    if outline:
        last = first + len(outline)
        objects.append(f"<< /First {first + 1} 0 R /Last {last} 0 R /Count {len(outline)} >>")
        for n, (title, page) in enumerate(outline):
            following = f"/Next {first + n + 2} 0 R" if n + 1 < len(outline) else ""
            before = f"/Prev {first + n} 0 R" if n else ""
            objects.append(
                f"<< /Title ({title}) /Parent {first} 0 R {following} {before}"
                f" /Dest [{2 + 2 * page} 0 R /Fit] >>"
            )
    return _file(objects)


def _file(objects: Sequence[str]) -> bytes:
    text, places = "%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(text)}\n%%EOF"
    return (text + end + trailer).encode("latin-1")
