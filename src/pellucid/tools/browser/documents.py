"""Documents of this machine, and what comes from the web as a document, as pages of the index."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from pellucid.core.errors import BadRequest
from pellucid.core.pages import Page
from pellucid.core.turn import Attachment
from pellucid.tools.browser.fetch import Fetched
from pellucid.tools.browser.page import read_page
from pellucid.tools.reader import ingest, pdf
from pellucid.tools.reader.cache import Cache
from pellucid.tools.reader.passages import PAGE, numbered

COLUMNS = 80
WEB = (".html", ".htm", ".xhtml")
KINDS = (*WEB, ".pdf", ".docx", ".pptx", ".odt", ".odp", ".epub", *ingest.PROSE)
"""How names of files end, in lower case, that are taken from a folder."""

_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)


def files(place: Path) -> Iterator[Path]:
    """The documents under a folder, in order, without hidden ones; links are not followed."""
    for path in sorted(place.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir():
            yield from files(path)
        elif path.is_file() and path.name.lower().endswith(KINDS):
            yield path


def from_file(path: Path, now: int, cache: Cache | None = None) -> Page:
    """A file as a page, dated by its last change. Takes seconds for long ones: call it aside from
    an event loop. BadRequest says what is wrong with it."""
    try:
        with path.open("rb") as file:
            raw, changed = file.read(pdf.LARGEST + 1), path.stat().st_mtime  # what reads it judges
    except OSError as error:
        raise BadRequest(f"{path.name}: {error.strerror}") from None
    day = datetime.fromtimestamp(changed, UTC).date().isoformat()
    return replace(read(path.absolute().as_uri(), path.name, raw, now, cache), date=day)


def read(url: str, name: str, raw: bytes, fetched: int, cache: Cache | None = None) -> Page:
    """Some bytes as a page; the `name` says by its end what they are."""
    if name.lower().endswith(WEB):
        return _web_page(url, name, raw, fetched)
    first, *others = ingest.read(name, raw, cache) or (Attachment(name, ""),)
    text = "\n".join((first.text, *(one.text for one in others)))  # sheets, say
    heading = _HEADING.search(text) if name.lower().endswith(".md") else None
    title = heading[1].strip() if heading else name
    return _page(url, title, replace(first, name=name, text=text), fetched)


def _web_page(url: str, name: str, raw: bytes, fetched: int) -> Page:
    """A saved page is read like one from the web: as people see it, without what it hides."""
    page = read_page(url, Fetched(url, "text/html", raw), fetched)
    return replace(page, title=page.title or name)


def _page(url: str, title: str, found: Attachment, fetched: int) -> Page:
    """The page, told by its lines where its parts have no numbers."""
    if not found.text.strip():
        raise BadRequest(f"{found.name} has no text")
    text = found.text if numbered(found) else found.text.replace(PAGE, "\n")
    unit = found.unit if numbered(found) else "page"
    return Page(url, title, folded(text), fetched=fetched, unit=unit)


def folded(text: str) -> str:
    """The same with lines of at most 80 columns, as far as words allow."""
    return PAGE.join(
        "\n".join(short for line in part.split("\n") for short in _folded(line))
        for part in text.split(PAGE)
    )


def _folded(line: str) -> list[str]:
    if len(line) <= COLUMNS:
        return [line]
    return wrap(line, COLUMNS, break_long_words=False, break_on_hyphens=False) or [""]
