"""Pages and documents that the owner of this machine added: one file, found by their words.

BM25 over titles and texts (Robertson and Zaragoza 2009) by SQLite's FTS5, with Porter's stems. The
file is in its write-ahead log: it can be searched while another process adds to it. Every call
opens it anew, so calls may come from any thread; they take milliseconds.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import normalize

from pellucid.core.browsing import Hit
from pellucid.core.errors import BadRequest
from pellucid.core.pages import Link, Page
from pellucid.tools.reader.index import COMMON

FILE = "web-index.db"
"""Its name in the home folder."""

VERSION = 1
"""Of the tables; the script sets it."""

SCHEMA = """
create table if not exists pages (id integer primary key, size integer not null,
    url text not null unique, title text not null, date text not null,
    fetched integer not null, sha256 text not null, unit text not null,
    links text not null, hidden text not null, text text not null);
create index if not exists pages_by_size on pages (size);
create table if not exists sources (source text not null, page integer not null,
    primary key (source, page)) without rowid;
create index if not exists sources_by_page on sources (page);
create virtual table if not exists words using fts5 (title, text, content='pages',
    content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
create trigger if not exists added after insert on pages begin
    insert into words (rowid, title, text) values (new.id, new.title, new.text);
end;
create trigger if not exists removed after delete on pages begin
    insert into words (words, rowid, title, text) values ('delete', old.id, old.title, old.text);
end;
pragma user_version = 1;
"""
RANK = "bm25(5.0, 1.0)"
"""A word of a title weighs as much as five of the text."""

MOST_BYTES = 2_000_000_000
"""Of texts and titles, all pages together."""

MOST_WORDS = 32
"""Words that are searched for; those behind them are left out."""

AROUND = 40
"""Words of a snippet, about."""

MORE = 4
"""So many times the wanted pages are looked at, where only such with enough of the words count."""

PATIENCE = 20.0
"""Seconds to wait while another process writes."""

_WORD = re.compile(r"\w+")
_SAYING = ("document", "file", "find", "list", "page", "section", "show", "text")
_DROPPED = COMMON.difference(_SAYING)


@dataclass(frozen=True, slots=True)
class Source:
    """What the owner added: its name, how many pages came of it, and when the newest one did
    (Unix time, seconds)."""

    name: str
    pages: int
    added: int


class LocalIndex:
    """The index in a file, which is made when something is first put into it.

    BadRequest says what is wrong with a file that cannot be used, or is full.
    """

    def __init__(self, path: Path, most: int = MOST_BYTES) -> None:
        """Nothing is opened yet."""
        self._path, self._most = path, most

    def put(self, page: Page, source: str = "") -> None:
        """Keep a page in the place of what was kept of its address, as part of what the owner added
        (its own address, unless a `source` is named)."""
        page = _whole(page)
        with self._opened(made=True) as rows:
            rows.execute("begin immediate")
            size = len(page.text.encode()) + len(page.title.encode())
            (taken,) = rows.execute(
                "select coalesce(sum(size), 0) from pages where url <> ?", (page.url,)
            ).fetchone()
            if taken + size > self._most:
                raise BadRequest(
                    f"the index is full: with {page.url} it would have more than"
                    f" {self._most:,} bytes; pellucid index remove makes room"
                )
            self._replaced(rows, page, size, source or page.url)

    def _replaced(self, rows: sqlite3.Connection, page: Page, size: int, source: str) -> None:
        before = rows.execute("select id from pages where url = ?", (page.url,)).fetchone()
        rows.execute("delete from pages where url = ?", (page.url,))
        (number,) = rows.execute(
            "insert into pages values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
            (
                *(before or (None,)),
                *(size, page.url, page.title, page.date, page.fetched, page.sha256),
                *(page.unit, _links(page), json.dumps(page.hidden), page.text),
            ),
        ).fetchone()
        rows.execute("insert or ignore into sources values (?, ?)", (source, number))

    def get(self, url: str) -> Page | None:
        """What was kept of an address."""
        with self._opened() as rows:
            found = rows.execute(
                "select url, title, text, links, date, fetched, hidden, unit from pages"
                " where url = ?",
                (_sound(url),),
            ).fetchone()
        if found is None:
            return None
        url, title, text, links, date, fetched, hidden, unit = found
        linked = tuple(Link(*link) for link in json.loads(links))
        return Page(url, title, text, linked, date, fetched, tuple(json.loads(hidden)), unit)

    def search(self, terms: str, most: int, share: float = 0.0) -> list[Hit]:
        """The pages that share most with the terms, the best first, each with its words around
        them; only such as have more than a `share` of the words. Terms are words and nothing
        else: no sign in them is a command."""
        asked = words(terms)
        if not asked:
            return []
        with self._opened() as rows:
            found = rows.execute(
                "select pages.id, url, pages.title, snippet(words, 1, '', '', '…', ?) from words"
                " join pages on pages.id = words.rowid where words match ? and rank match ?"
                " order by rank limit ?",
                (AROUND, _any(asked), RANK, most * MORE if share else most),
            ).fetchall()
            had = _had(rows, asked, [number for number, *_ in found]) if share else Counter()
        least = share * len(asked)
        enough = [hit for number, *hit in found if not share or had[number] > least][:most]
        return [Hit(url, title, " ".join(around.split())) for url, title, around in enough]

    def sources(self) -> list[Source]:
        """What was added, by name."""
        with self._opened() as rows:
            found = rows.execute(
                "select source, count(*), max(fetched) from sources"
                " join pages on pages.id = sources.page group by source order by source"
            ).fetchall()
        return [Source(*row) for row in found]

    def remove(self, source: str) -> int:
        """Forget what was added under a name, but for pages that others hold too; how many pages
        went. BadRequest where there is no such source."""
        with self._opened() as rows:
            rows.execute("begin immediate")
            if not rows.execute("delete from sources where source = ?", (_sound(source),)).rowcount:
                raise BadRequest(f"the index has no source {source!r}: see pellucid index list")
            return _forget(rows)

    def keep_only(self, source: str, urls: Iterable[str]) -> int:
        """Forget of a source what is none of these addresses, as if they were all that was ever
        added under its name; how many pages went."""
        kept = json.dumps([_sound(url) for url in urls])
        with self._opened() as rows:
            rows.execute("begin immediate")
            rows.execute(
                "delete from sources where source = ? and page not in"
                " (select id from pages where url in (select value from json_each(?)))",
                (_sound(source), kept),
            )
            return _forget(rows)

    @contextmanager
    def _opened(self, *, made: bool = False) -> Generator[sqlite3.Connection, None, None]:
        """The database within one transaction; an empty one in memory where there is no file, and
        none is to be `made`."""
        try:
            if made:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.touch(mode=0o600)
            there = self._path.is_file()
            where = f"{self._path.absolute().as_uri()}?mode=rw" if there else "file::memory:"
            rows = sqlite3.connect(where, uri=True, timeout=PATIENCE, isolation_level=None)
            with closing(rows), rows:
                self._prepare(rows, lasting=there)
                yield rows
        except (sqlite3.Error, OSError) as error:
            raise BadRequest(f"the index {self._path} cannot be used: {error}") from None

    def _prepare(self, rows: sqlite3.Connection, *, lasting: bool) -> None:
        """Make the tables where there are none; a file of another version is refused."""
        (version,) = rows.execute("pragma user_version").fetchone()
        if version == 0:
            if lasting:
                rows.execute("pragma journal_mode = wal")
            rows.executescript(f"begin immediate; {SCHEMA} commit")
        elif version != VERSION:
            raise BadRequest(
                f"the index {self._path} was written by another version of Pellucid;"
                " move it away and add its sources again"
            )
        rows.execute("pragma synchronous = normal")


def words(terms: str) -> list[str]:
    """The words that are searched for, each once; all of them where none tells what it is about."""
    every = list(dict.fromkeys(_WORD.findall(normalize("NFC", terms).lower())))
    return ([word for word in every if word not in _DROPPED] or every)[:MOST_WORDS]


def _any(asked: list[str]) -> str:
    """Words as FTS5 has them: in quotation marks, of which a word has none."""
    return " OR ".join(f'"{word}"' for word in asked)


def _had(rows: sqlite3.Connection, asked: list[str], pages: list[int]) -> Counter[int]:
    """How many of the words each page has."""
    those, had = json.dumps(pages), Counter[int]()
    for word in asked:
        having = rows.execute(
            "select rowid from words where words match ?"
            " and rowid in (select value from json_each(?))",
            (_any([word]), those),
        )
        had.update(number for (number,) in having)
    return had


def _forget(rows: sqlite3.Connection) -> int:
    """Let pages go that nothing holds; how many went."""
    return rows.execute(
        "delete from pages where not exists (select 1 from sources where sources.page = pages.id)"
    ).rowcount


def _links(page: Page) -> str:
    return json.dumps([(link.text, link.url) for link in page.links])


def _whole(page: Page) -> Page:
    """The page without what no file in UTF-8 can hold."""
    return replace(
        page,
        url=_sound(page.url),
        title=_sound(page.title),
        text=_sound(page.text),
        date=_sound(page.date),
        links=tuple(Link(_sound(link.text), _sound(link.url)) for link in page.links),
        hidden=tuple(map(_sound, page.hidden)),
    )


def _sound(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
