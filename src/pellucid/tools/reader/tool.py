"""The reader as a tool: calls named "reader" look something up in the turn's documents.

A call's text is JSON with one of `search` (a question, and how many `characters` may come back),
`heading` (a title), `sentence` (how it begins), `all` (how many characters from the beginning)
and `survey` (a question, into how many `parts` the documents are parted, and how many sentences of
`each` come back). The result says how much there is, how sure that is where it was read from
pictures, and then passages, each below a line that says where it stands
(`[1] report.pdf, page 12`; for a survey the number is that of the part). It fails where nothing
was found.
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
_HEAD = re.compile(r"(?:\A|\n\n)\[(?P<number>\d+)\] (?P<where>.+)\n")
"""The line above a passage; no passage has empty lines, so nothing in one looks like it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as a result tells it: file and place, its words, and its number or that of its
    part."""

    where: str
    text: str
    number: int = 1


def found(text: str) -> list[Found]:
    """The passages of a result."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return [
        Found(head["where"], text[head.end() : end], int(head["number"]))
        for head, end in zip(heads, ends, strict=True)
    ]


def extent(text: str) -> str:
    """How much there is in all, as a result tells it: "480 pages"."""
    return text.partition("\n\n")[0]


def seen(text: str) -> str:
    """What a result says of files that were read from pictures, else ""."""
    first = _HEAD.search(text)
    return text[: first.start()].partition("\n\n")[2] if first else ""


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
            numbered = await asyncio.to_thread(self._numbered, json.loads(call.text))
            told = [f"[{number}] {one.file}, {one.place}\n{one.text}" for number, one in numbered]
            there = self._library.extent
            first = there if told else f"Nothing of it was found in {there}."
            text = "\n\n".join(filter(None, (first, self._seen, *told)))
            async for event in said(ToolResult(call.call_id, text, failed=not told)):
                yield event

    def _numbered(self, asked: dict[str, Any]) -> list[tuple[int, Passage]]:
        if "survey" in asked:
            parts = self._library.survey(asked["survey"], asked["parts"], asked["each"])
            return [(number, one) for number, part in enumerate(parts, 1) for one in part]
        return list(enumerate(self._passages(asked), start=1))

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
