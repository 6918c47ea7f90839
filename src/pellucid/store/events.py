"""Events of items as text, and back."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec

from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Item
from pellucid.store.items import KINDS


def written(events: Iterable[Event]) -> str:
    """Events of items as JSON, those of growth that follow each other as one; what begins and
    ends the turn is left out."""
    rows: list[list[Any]] = []
    for event in events:
        match event:
            case ItemOpened(item):
                rows.append(["opened", *_written(item)])
            case ItemGrew(text) if rows[-1][0] == "grew":
                rows[-1][1].append(text)
            case ItemGrew(text):
                rows.append(["grew", [text]])
            case ItemClosed(item, cut, confidence):
                rows.append(["closed", *_written(item), cut, confidence])
            case _:
                pass
    joined = [["grew", "".join(row[1])] if row[0] == "grew" else row for row in rows]
    return json.dumps(joined, ensure_ascii=True)


def read(text: str) -> tuple[Event, ...]:
    """The events that were written."""
    return tuple(_read(*row) for row in json.loads(text))


def _read(what: str, *rest: Any) -> Event:  # noqa: ANN401 - JSON of three shapes
    match what:
        case "opened":
            return ItemOpened(_item(*rest))
        case "grew":
            return ItemGrew(rest[0])
        case _:
            kind, content, cut, confidence = rest
            return ItemClosed(_item(kind, content), cut, confidence)


def _written(item: Item) -> tuple[str, Any]:
    return type(item).__name__, msgspec.to_builtins(item)


def _item(kind: str, content: Any) -> Item:  # noqa: ANN401 - JSON
    return msgspec.convert(content, KINDS[kind])
