"""Archives and source trees: the texts in a zip file, a part for each, and its tables."""

from typing import Any

from pellucid.tools.reader.parsing.bounds import Unreadable
from pellucid.tools.reader.parsing.packed import Packed
from pellucid.tools.reader.parsing.parts import Parts

TABLES = (".csv", ".tsv")
NAMED = 40
"""How many files that were not read are told by name."""


def archive(packed: Packed) -> list[dict[str, Any]]:
    """First what the archive holds and what of it was not read, then each text; each table by
    itself."""
    texts, tables, others = dict[str, str](), list[dict[str, Any]](), list[str]()
    for name in packed.names:
        shown = _shown(name)
        text = _text(packed.read(name))
        if text is None:
            others.append(shown)
        elif name.lower().endswith(TABLES):
            tables.append({"sheet": shown, "text": text})
        elif text.strip():
            texts[shown] = text
    if not (texts or tables):
        raise Unreadable("holds no texts")
    return [_document(texts, [str(one["sheet"]) for one in tables], others), *tables]


def _document(texts: dict[str, str], tables: list[str], others: list[str]) -> dict[str, Any]:
    parts = Parts()
    for told, names in (("Files", [*texts, *tables]), ("Not read, because no texts", others)):
        more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
        if names:
            parts.line(f"{told}: {', '.join(names[:NAMED])}{more}.")
    parts.titled("(list of files)")
    for name, text in texts.items():
        parts.part()
        parts.titled(name)
        parts.verbatim(text)
    return parts.document("file")


def _text(raw: bytes) -> str | None:
    """The text of a file; None where it is none."""
    if b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _shown(name: str) -> str:
    """A member's name as it is told: one line, and no control characters."""
    return "".join(c if c.isprintable() else "?" for c in name)[:200].replace(", ", "_")
