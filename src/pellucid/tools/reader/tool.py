"""The reader as a tool: calls named "reader" look something up in the turn's documents.

A call's text is JSON with one of `search` (a question, and how many `characters` may come back),
`heading` (a title), `sentence` (how it begins) and `all` (how many characters from the
beginning). The result is passages, each below a line that says where it stands
(`[1] report.pdf, page 12`); it fails where nothing was found. Of files that were read from
pictures it first says how sure they are.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.turn import Attachment
from pellucid.tools.reader.library import Library
from pellucid.tools.reader.passages import Passage
from pellucid.tools.toolset import Events, said

READER = "reader"
_HEAD = re.compile(r"(?:\A|\n\n)\[\d+\] (?P<where>.+)\n")
"""The line above a passage; no passage has empty lines, so nothing in one looks like it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as a result tells it: file and place, and its words."""

    where: str
    text: str


def found(text: str) -> list[Found]:
    """The passages of a result."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [
        Found(head["where"], text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    ]


def seen(text: str) -> str:
    """What a result says of files that were read from pictures, else ""."""
    first = _HEAD.search(text)
    return text[: first.start()] if first else ""


class ReaderTool:
    """Answers calls named "reader" from the documents of one turn."""

    def __init__(self, files: Sequence[Attachment]) -> None:
        """Nothing is read before the first call."""
        self._library = Library(files)
        self._seen = "\n".join(f"{file.name}: {file.seen}." for file in files if file.seen)

    def owns(self, call: ToolCall) -> bool:
        """Calls named "reader"."""
        return call.name == READER

    async def run(self, calls: Sequence[ToolCall]) -> Events:
        """Look each up, aside from the event loop."""
        for call in calls:
            passages = await asyncio.to_thread(self._passages, json.loads(call.text))
            text = "\n\n".join(
                f"[{number}] {one.file}, {one.place}\n{one.text}"
                for number, one in enumerate(passages, start=1)
            )
            nothing = f"Nothing of it was found in {self._library.extent}."
            told = "\n\n".join(filter(None, (self._seen, text or nothing)))
            async for event in said(ToolResult(call.call_id, told, failed=not passages)):
                yield event

    def _passages(self, asked: dict[str, Any]) -> list[Passage]:
        match asked:
            case {"heading": str(title)}:
                return self._library.heading(title)
            case {"sentence": str(beginning)}:
                return self._library.sentence(beginning)
            case {"all": int(characters)}:
                return self._library.beginning(characters)
            case _:
                return self._library.search(asked["search"], asked["characters"])
