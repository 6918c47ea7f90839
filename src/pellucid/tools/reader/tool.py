"""The reader as a tool: calls named "reader" look something up in the turn's documents.

A call's text is JSON with one of `search` (a question, and how many `characters` may come back),
`heading` (a title), `sentence` (how it begins), `all` (how many characters from the beginning)
and `survey` (a question, into how many `parts` the documents are parted, and how many sentences of
`each` come back; the number of each is that of its part). The result (`core.reading`) fails where
nothing was found.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.reading import READER, Found, written
from pellucid.core.turn import Attachment
from pellucid.tools.reader.library import Library
from pellucid.tools.reader.passages import Passage
from pellucid.tools.toolset import Events, said


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
            told = await asyncio.to_thread(self._found, json.loads(call.text))
            there = self._library.extent
            first = there if told else f"Nothing of it was found in {there}."
            text = written(first, self._seen, told)
            async for event in said(ToolResult(call.call_id, text, failed=not told)):
                yield event

    def _found(self, asked: dict[str, Any]) -> list[Found]:
        if "survey" in asked:
            parts = self._library.survey(asked["survey"], asked["parts"], asked["each"])
            numbered = [(number, one) for number, part in enumerate(parts, 1) for one in part]
        else:
            numbered = list(enumerate(self._passages(asked), start=1))
        return [Found(f"{one.file}, {one.place}", one.text, number) for number, one in numbered]

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
