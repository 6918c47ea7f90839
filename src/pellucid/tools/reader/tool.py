"""The reader as a tool: calls named "reader" look something up in the turn's documents.

A call's text is JSON with one of `search` (a question, and how many `characters` may come back),
`heading` (a title), `sentence` (how it begins), `all` (how many characters from the beginning)
and `survey` (a question, into how many `parts` the documents are parted, and how many sentences of
`each` come back; the number of each is that of its part). The result (`core.reading`) fails where
nothing was found. It has scores where something was looked for.
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

EXACT = 1.0
"""The score of what is the very title or sentence that was looked for."""


class ReaderTool:
    """Answers calls named "reader" from the documents of one turn. Of those that may only be looked
    up in (`library`), a search gives no passage with a lower score than `least`."""

    def __init__(
        self, files: Sequence[Attachment], library: Sequence[Attachment] = (), least: float = 0.0
    ) -> None:
        """Nothing is read before the first call."""
        every = (*files, *library)
        self._library = Library(every)
        self._bounded, self._least = {file.name for file in library}, least
        self._seen = "\n".join(f"{file.name}: {file.seen}." for file in every if file.seen)

    def owns(self, call: ToolCall) -> bool:
        """Calls named "reader"."""
        return call.name == READER

    async def run(self, calls: Sequence[ToolCall]) -> Events:
        """Look each up, aside from the event loop."""
        for call in calls:
            told = await asyncio.to_thread(self._found, json.loads(call.text))
            there = self._library.extent
            first = there if told else f"Nothing of it was found in {there}."
            text = written(first, self._seen, [one for one, _ in told])
            scores = tuple(score for _, score in told if score is not None)
            result = ToolResult(call.call_id, text, failed=not told, scores=scores)
            async for event in said(result):
                yield event

    def _found(self, asked: dict[str, Any]) -> list[tuple[Found, float | None]]:
        """Passages, each with its score if it has one."""
        if "survey" in asked:
            parts = self._library.survey(asked["survey"], asked["parts"], asked["each"])
            numbered = [(number, one) for number, part in enumerate(parts, 1) for one in part]
            return [(_told(one, number), None) for number, one in numbered]
        scored = enumerate(self._passages(asked), start=1)
        return [(_told(one, number), score) for number, (one, score) in scored]

    def _passages(self, asked: dict[str, Any]) -> list[tuple[Passage, float | None]]:
        match asked:
            case {"heading": str(title)}:
                return [(one, EXACT) for one in self._library.heading(title)]
            case {"sentence": str(beginning)}:
                return [(one, EXACT) for one in self._library.sentence(beginning)]
            case {"all": int(characters)}:
                return [(one, None) for one in self._library.beginning(characters)]
            case _:
                found = self._library.scored(asked["search"], asked["characters"])
                return [
                    (one, round(score, 4))
                    for one, score in found
                    if score >= self._least or one.file not in self._bounded
                ]


def _told(passage: Passage, number: int) -> Found:
    return Found(f"{passage.file}, {passage.place}", passage.text, number)
