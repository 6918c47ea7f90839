"""Items of a conversation as text, and back."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts

KINDS: dict[str, type[Item]] = {
    kind.__name__: kind for kind in (Message, Reasoning, ToolCall, ToolResult, Verdicts)
}


def written(items: Sequence[Item]) -> str:
    """Items as JSON: a list of pairs of kind and content."""
    pairs = [(type(item).__name__, msgspec.to_builtins(item)) for item in items]
    return json.dumps(pairs, ensure_ascii=True)


def read(text: str) -> tuple[Item, ...]:
    """The items that were written."""
    pairs: list[tuple[str, Any]] = json.loads(text)
    return tuple(msgspec.convert(content, KINDS[kind]) for kind, content in pairs)


def files(listed: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The ids of the files that items, or messages, name as the API shows them."""
    for item in listed:
        content = item.get("content") or item.get("content_parts")
        for part in content if isinstance(content, list) else ():
            match part:
                case {"file_id": str(file_id)} | {"file": {"file_id": str(file_id)}}:
                    yield file_id
                case _:
                    pass
