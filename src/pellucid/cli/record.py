"""A turn as one JSON object: everything its events told."""

from decimal import Decimal
from pathlib import Path
from typing import Any, assert_never

import msgspec

from pellucid.core.fold import Record
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts

VERSION = 1
"""Goes up when a field changes its meaning or goes away."""


def as_object(record: Record, price: Decimal | None, receipt: Path | None) -> dict[str, Any]:
    """The whole record in plain types; `cost_usd` is what it would have cost at list price."""
    error = record.error
    return {
        "version": VERSION,
        "turn_id": record.turn_id,
        "model": record.model,
        "created_at": record.created_at,
        "answer": answer(record),
        "items": [item_object(item) for item in record.items],
        "reason": record.reason,
        "error": error
        and {"code": error.code, "message": error.message, "retryable": error.retryable},
        "usage": msgspec.to_builtins(record.usage),
        "spent": msgspec.to_builtins(record.spent),
        "cost_usd": None if price is None else f"{price:f}",
        "receipt": None if receipt is None else str(receipt),
    }


def as_json(record: Record, price: Decimal | None, receipt: Path | None) -> str:
    """The same as one line of JSON."""
    return msgspec.json.encode(as_object(record, price, receipt)).decode()


def answer(record: Record) -> str:
    """The text of the last message of the assistant; empty when there is none."""
    texts = [i.text for i in record.items if isinstance(i, Message) and i.role == "assistant"]
    return texts[-1] if texts else ""


def item_object(item: Item) -> dict[str, Any]:
    """An item in plain types, its kind first."""
    return {"kind": _kind(item), **msgspec.to_builtins(item)}


def _kind(item: Item) -> str:
    match item:
        case Message():
            return "message"
        case Reasoning():
            return "reasoning"
        case ToolCall():
            return "tool_call"
        case ToolResult():
            return "tool_result"
        case Verdicts():
            return "verdicts"
        case _:
            assert_never(item)
