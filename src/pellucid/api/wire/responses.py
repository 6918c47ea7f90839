"""Responses, the reply: https://platform.openai.com/docs/api-reference/responses/object

Thinking is one item of reasoning until something is said or called: its words and programs are
shown only where they are asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from pellucid.api.wire import cited as cited_in
from pellucid.api.wire import containers, hosted, web_search
from pellucid.api.wire.chat import CLOSED, OPENED
from pellucid.api.wire.common import extension, response_usage
from pellucid.api.wire.custom_tools import is_custom
from pellucid.api.wire.errors import failed
from pellucid.api.wire.logprobs import listed
from pellucid.api.wire.responses_request import ResponsesRequest
from pellucid.core.events import (
    Event,
    ItemClosed,
    ItemGrew,
    ItemOpened,
    TurnFailed,
    TurnFinished,
    TurnStarted,
)
from pellucid.core.fold import Record, advance
from pellucid.core.items import (
    LOADER,
    Item,
    Message,
    Reasoning,
    ToolCall,
    ToolResult,
    Verdicts,
)

Json = dict[str, Any]
FORM = "text.format.schema"
"""The parameter that may hold a schema."""

Told = tuple[str, Json]
"""The kind of an event, and what it says beside kind and number."""


@dataclass(slots=True)
class _Shown:
    """The output item being written, empty between items; `text` is what was thought in it."""

    item: Json = field(default_factory=dict)
    index: int = 0
    text: str = ""


@dataclass(slots=True)
class Renderer:
    """Events in, numbered events of a response out; `response` is the object so far, `told` all
    events so far. Where reasoning is to be sealed, `_unseen` are the items the next of it holds."""

    request: ResponsesRequest
    record: Record = field(default_factory=Record)
    output: list[Json] = field(default_factory=list)
    told: list[Json] = field(default_factory=list)
    completed_at: int | None = None
    cancelled: bool = False
    _open: _Shown = field(default_factory=_Shown)
    _kind: Item | None = None
    _unseen: list[Item] = field(default_factory=list)

    def feed(self, event: Event) -> Sequence[Json]:
        """The events that one event becomes; a failure is told twice, as clients expect it."""
        self.record = advance(self.record, event)
        before = len(self.told)
        for kind, told in self._render(event):
            self._tell({"type": f"response.{kind}", **told})
        if isinstance(event, TurnFailed):
            self._tell(_error(event))
        return self.told[before:]

    def _tell(self, told: Json) -> None:
        self.told.append({**told, "sequence_number": len(self.told)})

    def _render(self, event: Event) -> Iterator[Told]:
        match event:
            case TurnStarted():
                yield "created", {"response": self.response()}
                yield "in_progress", {"response": self.response()}
                yield from self._compacted(self.request.compaction)
            case ItemOpened(item):
                self._kind = item
                yield from self._opened(item)
            case ItemGrew(text):
                yield from self._grew(text)
            case ItemClosed(item, cut, tokens=tokens):
                yield from self._closed(item, cut, listed(tokens))
            case TurnFinished() | TurnFailed():
                yield from self._end_thought()
                self.completed_at = self.record.created_at + round(event.usage.seconds)
                whole = self.response()
                yield whole["status"], {"response": whole}
            case _:
                assert_never(event)

    def _compacted(self, item: Json | None) -> Iterator[Told]:
        """What is left of a conversation that was too long: whole before anything is thought."""
        if item is not None:
            at = {"output_index": len(self.output), "item": item}
            yield "output_item.added", at
            self.output.append(item)
            yield "output_item.done", at

    def _opened(self, item: Item) -> Iterator[Told]:
        match item:
            case Message():
                yield from self._end_thought()
                yield from self._add({**self._named("msg", "message"), "role": "assistant"}, [])
                part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
                yield "content_part.added", {**self._at(), "content_index": 0, "part": part}
            case ToolCall(call_id, name) if self._theirs(item):
                yield from self._end_thought()
                head, text = self._called(item)
                yield from self._add({**head, "call_id": call_id, "name": name, text: ""})
            case ToolCall() | ToolResult() if self.request.interpreter or self._looks_up(item):
                pass
            case Verdicts():
                pass
            case _:
                yield from self._think(OPENED if isinstance(item, ToolCall) else "")

    def _grew(self, text: str) -> Iterator[Told]:
        match self._kind:
            case Message():
                yield from self._more("output_text.delta", text, content_index=0, logprobs=[])
            case ToolCall() as call if self._theirs(call):
                yield from self._more(f"{self._writing(call)}.delta", text)
            case ToolCall() | ToolResult() as item if self.request.interpreter or self._looks_up(
                item
            ):
                pass
            case Reasoning() | ToolCall() | ToolResult():
                yield from self._think(text)
            case _:
                pass

    def _closed(self, item: Item, cut: bool, likely: list[Json]) -> Iterator[Told]:
        self._kind = None
        if self.request.seal and not self._seen(item):
            self._unseen.append(item)
        match item:
            case Message(text=text):
                yield from self._message(text, cut, likely)
            case ToolCall(text=text) if self._theirs(item):
                said = {self._called(item)[1]: text}
                yield f"{self._writing(item)}.done", {**self._at(), **said}
                yield from self._done(**said)
            case ToolCall() | ToolResult() if self._looks_up(item):
                yield from self._searched(item)
            case ToolCall() | ToolResult() if self.request.interpreter:
                yield from self._ran(item)
            case ToolCall(text=text) | ToolResult(text=text) | Reasoning(text=text):
                ended = "" if text.endswith("\n") else "\n"
                yield from self._think(ended + CLOSED * isinstance(item, ToolCall))
            case Verdicts():
                pass
            case _:
                assert_never(item)

    def _message(self, text: str, cut: bool, likely: list[Json]) -> Iterator[Told]:
        at = {**self._at(), "content_index": 0}
        items, files = self.record.items, self.request.turn.documents
        cited = cited_in.citations(text, items, files) + web_search.citations(text, items)
        cited += containers.citations(text, items) if self.request.interpreter else []
        for number, annotation in enumerate(cited):
            told = {"annotation_index": number, "annotation": annotation}
            yield "output_text.annotation.added", {**at, **told}
        part = {"type": "output_text", "text": text, "annotations": cited, "logprobs": likely}
        yield "output_text.done", {**at, "text": text, "logprobs": likely}
        yield "content_part.done", {**at, "part": part}
        yield from self._done("incomplete" if cut else "completed", content=[part])

    def _looks_up(self, item: Item) -> bool:
        """Whether it is a hosted tool that looks something up, at work."""
        return hosted.call_of(item, self.record.items, self.request) is not None

    def _searched(self, item: Item) -> Iterator[Told]:
        """A lookup in documents or on the web, told when it has ended."""
        call = hosted.call_of(item, self.record.items, self.request)
        if not isinstance(item, ToolResult) or call is None:
            return
        told = hosted.looked_up(call, item, self.request)
        yield from self._end_thought()
        yield from self._add({**self._named(told.prefix, told.kind), **told.begun})
        for stage in ("in_progress", "searching", "completed"):
            yield f"{told.kind}.{stage}", self._at()
        yield from self._done(told.status, **told.ended)

    def _ran(self, item: Item) -> Iterator[Told]:
        """A run of the hosted Python, told when it has ended: of candidates that were written at
        the same time, some are never run."""
        if not isinstance(item, ToolResult) or item.execution is None:
            return
        if item.call_id.endswith(LOADER):  # the files of the messages, put where programs find them
            return
        code = item.execution.code
        container = self.request.turn.container or f"cntr_{self._bare_id()}"
        yield from self._end_thought()
        started = {"code": "", "container_id": container, "outputs": None}
        yield from self._add({**self._named("ci", "code_interpreter_call"), **started})
        yield "code_interpreter_call.in_progress", self._at()
        yield from self._more("code_interpreter_call_code.delta", code)
        yield "code_interpreter_call_code.done", {**self._at(), "code": code}
        yield "code_interpreter_call.interpreting", self._at()
        yield "code_interpreter_call.completed", self._at()
        logs = [{"type": "logs", "logs": item.text}] if item.text else []
        outputs = [*logs, *containers.images(item.execution)]
        yield from self._done("failed" if item.failed else "completed", code=code, outputs=outputs)

    def _think(self, text: str) -> Iterator[Told]:
        """More of the item of reasoning, which is opened for it."""
        if not self._open.item:
            yield from self._add({**self._named("rs", "reasoning"), "summary": []})
            if self.request.summary:
                part = {"type": "summary_text", "text": ""}
                yield "reasoning_summary_part.added", {**self._at(), **_FIRST, "part": part}
        if text:
            self._open.text += text
            if self.request.summary:
                told = {**self._at(), **_FIRST, "delta": text}
                yield "reasoning_summary_text.delta", told
            if self.request.raw_reasoning:
                yield "reasoning_text.delta", {**self._at(), "content_index": 0, "delta": text}

    def _end_thought(self) -> Iterator[Told]:
        if self._unseen and not self._open.item:  # runs that were shown, and are to be carried
            yield from self._think("")
        if not self._open.item:
            return
        text, more = self._open.text, Json()
        if self.request.seal:
            more["encrypted_content"] = self.request.seal(self._unseen)
            self._unseen = []
        if self.request.summary:
            part = {"type": "summary_text", "text": text}
            yield "reasoning_summary_text.done", {**self._at(), **_FIRST, "text": text}
            yield "reasoning_summary_part.done", {**self._at(), **_FIRST, "part": part}
            more["summary"] = [part]
        if self.request.raw_reasoning:
            yield "reasoning_text.done", {**self._at(), "content_index": 0, "text": text}
            more["content"] = [{"type": "reasoning_text", "text": text}]
        yield from self._done(**more)

    def _add(self, item: Json, content: list[Json] | None = None) -> Iterator[Told]:
        if content is not None:
            item["content"] = content
        self._open = _Shown(item, len(self.output))
        yield "output_item.added", {"output_index": self._open.index, "item": dict(item)}

    def _more(self, kind: str, text: str, **told: object) -> Iterator[Told]:
        yield kind, {**self._at(), "delta": text, **told}

    def _done(self, status: str = "completed", **more: object) -> Iterator[Told]:
        item = {**self._open.item, **more, "status": status}
        index, self._open = self._open.index, _Shown()
        self.output.append(item)
        yield "output_item.done", {"output_index": index, "item": item}

    def _named(self, prefix: str, kind: str) -> Json:
        item_id = f"{prefix}_{self._bare_id()}_{len(self.output)}"
        return {"id": item_id, "type": kind, "status": "in_progress"}

    def _bare_id(self) -> str:
        return self.record.turn_id.partition("_")[2]

    def _at(self) -> Json:
        return {"item_id": self._open.item["id"], "output_index": self._open.index}

    def _seen(self, item: Item) -> bool:
        """Whether clients send an item again themselves; verdicts are for nobody but them."""
        calls = isinstance(item, ToolCall) and self._theirs(item)
        return calls or isinstance(item, Message | Verdicts)

    def _theirs(self, item: ToolCall) -> bool:
        return item.name in {one.name for one in self.request.turn.functions}

    def _called(self, call: ToolCall) -> tuple[Json, str]:
        """How the item of a call begins, and the name of what is written in it."""
        if is_custom(call.name, self.request.turn):
            return self._named("ctc", "custom_tool_call"), "input"
        return self._named("fc", "function_call"), "arguments"

    def _writing(self, call: ToolCall) -> str:
        custom = is_custom(call.name, self.request.turn)
        return "custom_tool_call_input" if custom else "function_call_arguments"

    def response(self) -> Json:
        """The response object as it stands."""
        record, told, turn = self.record, self.request, self.request.turn
        error = failed(record.error) if record.error else None
        short = record.reason in ("length", "limit")
        status = self._status()
        ended = status not in ("queued", "in_progress")
        whole: Json = {
            "id": turn.turn_id,
            "object": "response",
            "created_at": turn.created_at,
            "completed_at": self.completed_at if status == "completed" else None,
            "status": status,
            "error": {"code": _code(error.code), "message": error.message} if error else None,
            "incomplete_details": {"reason": "max_output_tokens"} if short else None,
            "model": told.model,
            "output": list(self.output),
            "usage": response_usage(record.usage) if ended else None,
            **told.echo,
        }
        if ended and told.verdicts:
            whole["pellucid"] = extension(record, turn, told.ignored)
            whole["pellucid"] |= containers.lost(record.items)
            whole["pellucid"] |= {"context": told.context} if told.context else {}
        return whole

    def _status(self) -> str:
        if self.cancelled:
            return "cancelled"
        if self.record.error:
            return "failed"
        match self.record.reason:
            case None:
                return "in_progress" if self.record.turn_id else "queued"
            case "length" | "limit":
                return "incomplete"
            case _:
                return "completed"


def _error(event: TurnFailed) -> Json:
    """The event `error`: flat, as OpenAI's clients read it, and nested, as Open Responses does."""
    told = failed(event).body()["error"]
    flat = {"code": told["code"], "message": told["message"], "param": told["param"]}
    return {"type": "error", **flat, "error": told}


_FIRST = {"summary_index": 0}
_CODES = frozenset({"server_error", "rate_limit_exceeded", "invalid_prompt"})


def _code(code: str | None) -> str:
    """The error's code, as the few that a response's error may have."""
    known = {"context_length_exceeded": "invalid_prompt", "invalid_json_schema": "invalid_prompt"}
    return code if code in _CODES else known.get(code or "", "server_error")
