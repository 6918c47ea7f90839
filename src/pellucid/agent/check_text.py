"""Parses JSON, TOML, XML and SQL inside the sandbox; one line of JSON says how that went.

Like `check_python`, this file's own text is the second half of the programs that check
such code. SQL is run by SQLite on an empty database; what only lacks a table is still
well formed.
"""

import json
import sqlite3
import tomllib
import xml.etree.ElementTree
from collections.abc import Iterator

WELL_FORMED = ("no such table", "no such column", "no such function", "no such view")


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
            case _:
                needs = run_sql(text)
    except (ValueError, SyntaxError, RecursionError, sqlite3.Error) as error:
        print(json.dumps({"loaded": False, "kind": type(error).__name__, "error": str(error)}))
    else:
        print(json.dumps({"loaded": True, "needs": needs}))
