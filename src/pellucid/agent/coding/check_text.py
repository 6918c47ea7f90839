"""Parses JSON, TOML, XML, HTML and SQL inside the sandbox; one line of JSON says how that went.

Like `check_python`, this file's own text is the second half of the programs that check
such code. SQL is run by SQLite on an empty database; what only lacks a table is still
well formed.
"""

import json
import sqlite3
import tomllib
import xml.etree.ElementTree
from collections.abc import Iterator
from html.parser import HTMLParser

WELL_FORMED = ("no such table", "no such column", "no such function", "no such view")

NEVER_CLOSED = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
}  # fmt: skip
CLOSED_BY_OTHERS = {
    "html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot",
    "option", "optgroup",
}  # fmt: skip


class Tags(HTMLParser):
    """The elements that are open; ValueError for an end tag that closes none."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """An element begins."""
        if tag not in NEVER_CLOSED:
            self.opened.append((tag, self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        """An element ends, and with it those inside whose end tag may be left out."""
        while self.opened and self.opened[-1][0] != tag and self.opened[-1][0] in CLOSED_BY_OTHERS:
            self.opened.pop()
        if tag not in CLOSED_BY_OTHERS and (not self.opened or self.opened[-1][0] != tag):
            raise ValueError(f"line {self.getpos()[0]}: </{tag}> closes nothing")
        if self.opened and self.opened[-1][0] == tag:
            self.opened.pop()


def read_html(text: str) -> None:
    """ValueError for elements that are not closed in the order they were opened."""
    tags = Tags()
    tags.feed(text)
    tags.close()
    left = [(tag, line) for tag, line in tags.opened if tag not in CLOSED_BY_OTHERS]
    if left:
        raise ValueError(f"line {left[-1][1]}: <{left[-1][0]}> is never closed")


def statements(text: str) -> Iterator[str]:
    """The statements of an SQL text, each up to its semicolon."""
    begun = ""
    for piece in text.split(";"):
        begun += piece + ";"
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun.strip("; \n\t"):
        yield begun


def run_sql(text: str) -> str:
    """What an SQL text still needs to be run: "" when all of it was; sqlite3.Error when wrong."""
    needs = ""
    database = sqlite3.connect(":memory:")
    for statement in statements(text):
        try:
            database.execute(statement)
        except sqlite3.OperationalError as error:
            if not str(error).startswith(WELL_FORMED):
                raise
            needs = needs or str(error)
    database.close()
    return needs


def report(language: str, text: str) -> None:
    """Parse, and print what came of it: parsed or not, the error, what running it needs."""
    needs = ""
    try:
        match language:
            case "json":
                json.loads(text)
            case "toml":
                tomllib.loads(text)
            case "xml":
                xml.etree.ElementTree.fromstring(text)  # noqa: S314 - inside the sandbox
            case "html":
                read_html(text)
            case _:
                needs = run_sql(text)
    except (ValueError, SyntaxError, RecursionError, sqlite3.Error) as error:
        print(json.dumps({"loaded": False, "kind": type(error).__name__, "error": str(error)}))
    else:
        print(json.dumps({"loaded": True, "needs": needs}))
