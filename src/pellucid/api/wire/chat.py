"""Chat Completions, the reply: https://platform.openai.com/docs/api-reference/chat/object"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from pellucid.api.wire.chat_request import ChatRequest
from pellucid.api.wire.common import extension
from pellucid.api.wire.custom_tools import is_custom
from pellucid.api.wire.errors import failed
from pellucid.api.wire.logprobs import content
from pellucid.api.wire.web_search import citations
from pellucid.core.events import (
    EndReason,
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.fold import Record, advance
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.likely import Likely

Json = dict[str, Any]
FORM = "response_format"
"""The parameter that may hold a schema."""

OPENED, CLOSED = "```python\n", "```\n"
FINISH: dict[EndReason, str] = {
    "answered": "stop",
    "calls": "tool_calls",
    "length": "length",
    "limit": "length",
    "cancelled": "stop",
}


def theirs(item: Item, request: ChatRequest) -> bool:
    """Whether it is a call of one of the caller's functions."""
    return isinstance(item, ToolCall) and item.name in {f.name for f in request.turn.functions}


def thought(item: Item) -> str:
    """What raw reasoning shows of an item: words, programs and what they printed."""
    match item:
        case Reasoning(text):
            return text + "\n"
        case ToolCall(text=text):
            return f"{OPENED}{text}{_ended(text)}{CLOSED}"
        case ToolResult(text=text):
            return text + _ended(text)
        case Message() | Verdicts():
            return ""
        case _:
            assert_never(item)


def _ended(text: str) -> str:
    return "" if text.endswith("\n") else "\n"


def choice(record: Record, request: ChatRequest) -> Json:
    """What a turn that ended well says: a choice of the reply, without its index."""
    calls = [
        _call(item, request)
        for item in record.items
        if theirs(item, request) and isinstance(item, ToolCall)
    ]
    words = [item.text for item in record.items if isinstance(item, Message)]
    message: Json = {"role": "assistant", "content": words[-1] if words else None}
    message |= {"refusal": None, "annotations": _cited(words[-1] if words else "", record.items)}
    if calls:
        message["tool_calls"] = calls
    if request.raw_reasoning:
        raw = "".join(thought(item) for item in record.items if not theirs(item, request))
        message |= {"reasoning": raw, "reasoning_content": raw}
    reason = FINISH[record.reason] if record.reason else None
    return {"message": message, "logprobs": content(record.tokens), "finish_reason": reason}


def _cited(text: str, items: Sequence[Item]) -> list[Json]:
    """Annotations of an answer."""
    return [
        {"type": "url_citation", "url_citation": {k: v for k, v in one.items() if k != "type"}}
        for one in citations(text, items)
    ]


def _call(item: ToolCall, request: ChatRequest) -> Json:
    head = {"id": item.call_id, "type": "function"}
    if is_custom(item.name, request.turn):
        return {**head, "type": "custom", "custom": {"name": item.name, "input": item.text}}
    return {**head, "function": {"name": item.name, "arguments": item.text}}


@dataclass(slots=True)
class Renderer:
    """Events of a choice in, chunks out."""

    request: ChatRequest
    index: int = 0
    record: Record = field(default_factory=Record)
    _open: Item | None = None
    _calls: int = 0

    def feed(self, event: Event) -> Iterator[Json]:
        """The chunks of one event; a failed turn's is an error."""
        self.record = advance(self.record, event)
        match event:
            case TurnStarted():
                yield self._chunk({"role": "assistant", "content": "", "refusal": None})
            case ItemOpened(item):
                self._open = item
                yield from self._opened(item)
            case ItemGrew(text):
                yield from self._grew(text)
            case ItemClosed(item, tokens=tokens):
                if tokens:
                    yield self._chunk({"content": ""}, likely=tokens)
                yield from self._closed(item)
            case TurnFinished(reason):
                yield self._chunk({}, FINISH[reason])
            case TurnFailed():
                yield failed(event).body()
            case _:
                assert_never(event)

    def _opened(self, item: Item) -> Iterator[Json]:
        if theirs(item, self.request) and isinstance(item, ToolCall):
            started = {"index": self._calls, **_call(item, self.request)}
            self._calls += 1
            yield self._chunk({"tool_calls": [started]})
        elif self.request.raw_reasoning and isinstance(item, ToolCall):
            yield self._thought(OPENED)

    def _grew(self, text: str) -> Iterator[Json]:
        match self._open:
            case Message():
                yield self._chunk({"content": text})
            case ToolCall() as call if theirs(call, self.request):
                custom = is_custom(call.name, self.request.turn)
                said = {"custom": {"input": text}} if custom else {"function": {"arguments": text}}
                yield self._chunk({"tool_calls": [{"index": self._calls - 1, **said}]})
            case Reasoning() | ToolCall() | ToolResult():
                if self.request.raw_reasoning:
                    yield self._thought(text)
            case Verdicts() | None:
                pass
            case _:
                assert_never(self._open)

    def _closed(self, item: Item) -> Iterator[Json]:
        """The end of a thought, so that what was streamed is what `thought` gives."""
        self._open = None
        if isinstance(item, Message) and (cited := _cited(item.text, self.record.items)):
            yield self._chunk({"annotations": cited})
        if not self.request.raw_reasoning or theirs(item, self.request):
            return
        match item:
            case Reasoning():
                yield self._thought("\n")
            case ToolCall(text=text):
                yield self._thought(_ended(text) + CLOSED)
            case ToolResult(text=text):
                yield self._thought(_ended(text))
            case Message() | Verdicts():
                pass
            case _:
                assert_never(item)

    def _thought(self, text: str) -> Json:
        return self._chunk({"reasoning": text, "reasoning_content": text})

    def _chunk(self, delta: Json, finish: str | None = None, likely: Sequence[Likely] = ()) -> Json:
        told: Json = {"index": self.index, "delta": delta, "logprobs": content(likely)}
        told = {**self.head(), "choices": [{**told, "finish_reason": finish}]}
        if self.request.include_usage:
            told["usage"] = None
        if finish and self.request.verdicts:
            told["pellucid"] = extension(self.record, self.request.turn, self.request.ignored)
        return told

    def head(self) -> Json:
        """What all chunks of a completion have in common."""
        return {
            "id": self.request.turn.turn_id,
            "object": "chat.completion.chunk",
            "created": self.record.created_at,
            "model": self.request.model,
            "service_tier": "default",
        }
