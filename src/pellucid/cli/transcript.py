"""A conversation as a file, written whole or not at all."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

import msgspec

from pellucid.cli.record import VERSION, item_object
from pellucid.core.errors import BadRequest
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts


def save(path: Path, items: Sequence[Item]) -> Path:
    """Write a conversation as JSON or markdown, by the file's ending; the path written to."""
    if path.suffix.lower() == ".json":
        objects = {"version": VERSION, "items": [item_object(item) for item in items]}
        text = msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"
    else:
        text = markdown(items)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        if path.is_dir():
            raise BadRequest(f"cannot save to {path}: it is a directory")
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadRequest(f"cannot save to {path}: {error.strerror}") from None
    return path


def markdown(items: Sequence[Item]) -> str:
    """A conversation for people: questions, programs, outputs, answers, verdicts."""
    return "\n\n".join(part for item in items if (part := _section(item))) + "\n"


def _section(item: Item) -> str:
    match item:
        case Message(role, text):
            return f"## {'Question' if role == 'user' else 'Answer'}\n\n{text.strip()}"
        case Reasoning(text):
            return f"Thinking:\n\n{_fenced(text)}"
        case ToolCall(name=name, text=text):
            return f"Program:\n\n{_fenced(text, name)}"
        case ToolResult(text=text):
            return f"Output:\n\n{_fenced(text)}"
        case Verdicts(claims, removed, _):
            lines = [
                f"- {claim.text}: {claim.verdict} {', '.join(claim.evidence)}".rstrip()
                for claim in claims
            ]
            lines += [f"- removed: {sentence}" for sentence in removed]
            return "\n".join(["Verdicts:", "", *lines]) if lines else ""
        case _:
            assert_never(item)


def _fenced(text: str, language: str = "") -> str:
    """A code block whose fence is longer than any inside."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
