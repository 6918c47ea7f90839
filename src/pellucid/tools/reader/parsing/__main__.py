"""The process that opens a file: bytes come in, what is in them goes out as JSON.

It has one file, and then it ends. The kind is its argument: "pdf", "zip", "html", "sheets", or what
of the web is looked for: "sitemap", "hits".
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from pellucid.tools.reader.parsing.bounds import Unreadable, restrict
from pellucid.tools.reader.parsing.parts import Parts

Documents = list[dict[str, Any]]
"""Each with its text and what is known of it; or one, with what is wrong as its `error`."""

Reader = Callable[[bytes], Documents]


def main() -> None:
    """Answer on standard output: the documents of the file, or `error`."""
    raw = sys.stdin.buffer.read()
    read = reader(sys.argv[1])
    restrict(len(raw))
    json.dump(told(read, raw), sys.stdout)


def told(read: Reader, raw: bytes) -> Documents:
    """What is in a file, or what is wrong with it."""
    try:
        return read(raw)
    except Unreadable as error:
        return [{"error": str(error)}]
    except MemoryError:
        return [{"error": "needs too much memory"}]


def reader(kind: str) -> Reader:
    """What reads files of a kind, with all of it loaded that it needs: only that."""
    match kind:
        case "pdf":
            from pellucid.tools.reader.parsing import pdf

            pdf.warm()
            return lambda raw: [pdf.told(raw)]
        case "sheets":
            from pellucid.tools.reader.parsing import sheets

            return sheets.workbook
        case "html":
            from pellucid.tools.reader.parsing import markup

            markup.warm()
            return _web_page
        case "sitemap" | "hits":
            from pellucid.tools.reader.parsing import markup, web

            markup.warm()
            found = {"sitemap": web.sitemap, "hits": web.hits}[kind]
            return lambda raw: [found(raw)]
        case _:
            from pellucid.tools.reader.parsing import markup, zips

            markup.warm()
            return zips.read


def _web_page(raw: bytes) -> Documents:
    from pellucid.tools.reader.parsing import markup

    parts = Parts()
    markup.html(raw, parts)
    return [parts.document("section")]


if __name__ == "__main__":
    main()
