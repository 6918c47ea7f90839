"""What was fetched as a page that people could read: its text, links and date."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import webencodings

from pellucid.core.errors import BadRequest, FetchError
from pellucid.core.pages import Link, Page
from pellucid.tools.browser.fetch import Fetched
from pellucid.tools.browser.invisible import Cleaner
from pellucid.tools.browser.parser import Parser
from pellucid.tools.reader import ingest

Parse = Callable[[bytes, str, str], dict[str, Any]]
"""Bytes, address and charset of a page to what is in it (`Parser.told`)."""

TYPES = ("text/", "application/")
"""Beginnings of the types that are worth fetching."""

SHOWN = 60
"""Characters that are told of what was hidden."""

WEB = ("text/html", "application/xhtml+xml")
_PLAIN = (
    "application/json application/xml application/javascript application/yaml application/x-yaml "
    "application/toml application/x-tex application/x-latex application/x-sh"
)
_UNSAID = ("application/octet-stream", "binary/octet-stream", "application/force-download", "")
_DOCUMENTS = {
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
_BEGINNINGS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


class NeedsScripts(FetchError):
    """A page that shows nothing, or little, without its scripts: `page` is that little."""

    def __init__(self, message: str, page: Page | None) -> None:
        super().__init__(message)
        self.page = page


def read_page(url: str, fetched: Fetched, when: int, parse: Parse | None = None) -> Page:
    """The page that an address led to, fetched `when` (Unix time), as it is without scripts.

    FetchError says what cannot be read of it. Takes up to some seconds: call it aside from an event
    loop. Without `parse` a process is started for this page alone.
    """
    try:
        return read_whole(url, fetched, when, parse)
    except NeedsScripts as error:
        if error.page is None:
            raise
        return error.page


def read_whole(url: str, fetched: Fetched, when: int, parse: Parse | None = None) -> Page:
    """The same; NeedsScripts where scripts may show more of it."""
    if _is_web(fetched):
        return _web_page(fetched, when, parse)
    if name := _document_name(fetched):
        return _document(url, name, fetched, when)
    if (
        fetched.type.startswith("text/")
        or fetched.type in _PLAIN.split()
        or fetched.type.endswith(("+json", "+xml"))
    ):
        return _plain(url, fetched, when)
    told = fetched.type or "nothing that says what it is"
    raise FetchError(f"{url} is {told}; web pages, texts and documents can be read")


def _is_web(fetched: Fetched) -> bool:
    begins = fetched.content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    unsaid = fetched.type == "" and begins.startswith((b"<!doctype html", b"<html"))
    return fetched.type in WEB or unsaid


def _web_page(fetched: Fetched, when: int, parse: Parse | None) -> Page:
    asked = (fetched.content, fetched.url, fetched.charset)
    if parse is not None:
        found = parse(*asked)
    else:
        with Parser(1) as alone:
            found = alone.told(*asked)
    needs, why = found.get("scripts") is True, f"{fetched.url} shows no text"
    if not found.get("text"):
        raise NeedsScripts(f"{why} without scripts", None) if needs else FetchError(why)
    page = _page(found, fetched.url, when)
    if needs:
        raise NeedsScripts(f"{fetched.url} shows little text without scripts", page)
    return page


def _page(found: dict[str, Any], url: str, when: int) -> Page:
    try:
        return Page(
            url,
            str(found["title"]),
            str(found["text"]),
            tuple(Link(str(text), str(where)) for text, where in found["links"]),
            str(found["date"]),
            when,
            tuple(map(str, found["hidden"])),
        )
    except (KeyError, TypeError, ValueError):  # what read it may have been taken over
        raise FetchError(f"{url} cannot be read") from None


def _document_name(fetched: Fetched) -> str:
    """What a document is called, by its address and type; "" for what is none."""
    name = PurePosixPath(unquote(urlsplit(fetched.url).path)).name or "document"
    if ending := _DOCUMENTS.get(fetched.type):
        return name if name.lower().endswith(ending) else name + ending
    unsaid = fetched.type in _UNSAID and fetched.content.startswith(_BEGINNINGS)
    return name if unsaid else ""


def _document(url: str, name: str, fetched: Fetched, when: int) -> Page:
    try:
        found = ingest.read(name, fetched.content)
    except BadRequest as error:
        raise FetchError(f"{url}: {error}") from None
    if not found:
        raise FetchError(f"{url} has no text")
    text = "\f".join(one.text for one in found)
    return _cleaned(Page(fetched.url, name, text, fetched=when, unit=found[0].unit))


def _file_name(url: str) -> str:
    """What a file is called that comes from an address."""
    return unquote(urlsplit(url).path).rpartition("/")[2]


def _plain(url: str, fetched: Fetched, when: int) -> Page:
    known = webencodings.lookup(fetched.charset) or webencodings.UTF8
    text, _ = webencodings.decode(fetched.content, known)
    if not text.strip():
        raise FetchError(f"{url} has no text")
    return _cleaned(Page(fetched.url, _file_name(fetched.url), text, fetched=when))


def _cleaned(page: Page) -> Page:
    """A page without invisible characters."""
    cleaner = Cleaner()
    text = cleaner.clean(page.text)
    told = tuple(f'{why}: "{said[:SHOWN]}"' for why, said in cleaner.told())
    return replace(page, text=text, hidden=told)
