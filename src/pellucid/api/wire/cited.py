"""The places of documents that an answer cites: `file_citation` annotations."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from pellucid.core.items import Item, ToolCall, ToolResult
from pellucid.core.reading import READER, found, placed
from pellucid.core.turn import Attachment

Json = dict[str, Any]


def citations(text: str, items: Sequence[Item], files: Sequence[Attachment]) -> list[Json]:
    """Annotations of an answer: each place that was read, and that it names, of a file that is
    kept; `index` is where in the text it does so."""
    ids = {one.name: one.file_id for one in files if one.file_id}
    cited = [
        {"type": "file_citation", "file_id": ids[name], "filename": name, "index": at}
        for name, place in dict.fromkeys(_read(items, ids))
        if (at := _named(text, name, place, alone=len(files) == 1)) is not None
    ]
    return sorted(cited, key=lambda one: int(one["index"]))


def _read(items: Sequence[Item], names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The files and places of all passages that were read."""
    calls = {one.call_id for one in items if isinstance(one, ToolCall) and one.name == READER}
    for item in items:
        if isinstance(item, ToolResult) and item.call_id in calls:
            yield from filter(None, (placed(one.where, names) for one in found(item.text)))


def _named(text: str, name: str, place: str, *, alone: bool) -> int | None:
    """Where a text names a place of a file; that of the only one needs no name."""
    file, place = re.escape(name), re.escape(place)
    ways = [rf"{file}, {place}", rf"{place} of {file}", *([place] if alone else [])]
    matches = (re.search(rf"(?<!\w){way}(?![\w-])", text) for way in ways)
    return next((one.start() for one in matches if one), None)
