"""Items of a conversation as text, and back."""

import json
from collections.abc import Sequence
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
