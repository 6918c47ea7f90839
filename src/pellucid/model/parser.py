"""Incremental parser: the bytes of a reply, in any chunks, to item events.

A reply is text with marked parts: `<think>...</think>` is reasoning and
`<tool_call>{"name": ..., "arguments": {...}}</tool_call>` is a call (the syntax of
Qwen2.5's model card). Text that may be the start of a marker or of a stop string is
held back until it is clear, so neither ever reaches a reader, however it is cut.
"""

import codecs
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Item, Message, Reasoning, ToolCall

THINK, CALL = ("<think>", "</think>"), ("<tool_call>", "</tool_call>")


class Parser:
    """Parses one reply into `into`.

    A Message is searched for markers, unless it is `raw`; any other item takes the raw text,
    too. After
    `finish`, `raw` is the text up to and including the stop string.
    """

    def __init__(
        self,
        into: Item,
        stop: Sequence[str] = (),
        call_prefix: str = "call",
        raw: bool = False,
    ) -> None:
        self._marked = isinstance(into, Message) and not raw
        self._into, self._stop, self._call_prefix = into, tuple(stop), call_prefix
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._pending = ""
        self._open: Item | None = None
        self._text: list[str] = []
        self._calls = 0
        self.stopped = False

    def feed(self, data: bytes) -> Iterator[Event]:
        """The events that follow from more bytes; nothing after a stop string."""
        if not self.stopped:
            self._pending += self._decoder.decode(data)
            yield from self._advance(final=False)

    def finish(self, cut: bool = False) -> Iterator[Event]:
        """The events that end the reply; `cut` tells that a token limit ended it."""
        if not self.stopped:
            self._pending += self._decoder.decode(b"", final=True)
            yield from self._advance(final=True)
        if self._open is None and (self._calls == 0 or not self._marked):
            yield from self._begin(self._into)
        yield from self._close(cut)

    def _advance(self, final: bool) -> Iterator[Event]:
        while self._pending:
            at, marker = self._first_marker()
            if marker is None:
                keep = 0 if final else self._held()
                yield from self._grow(self._take(len(self._pending) - keep))
                return
            yield from self._grow(self._take(at))
            self._take(len(marker))
            if marker in self._stop:
                self.stopped, self._pending = True, ""
                return
            yield from self._switch(marker)

    def _markers(self) -> tuple[str, ...]:
        match self._open:
            case Reasoning() if self._marked:
                return (*self._stop, THINK[1])
            case ToolCall() if self._marked:
                return (CALL[1],)
            case _ if self._marked:
                return (*self._stop, THINK[0], CALL[0])
            case _:
                return self._stop

    def _first_marker(self) -> tuple[int, str | None]:
        found = [(at, m) for m in self._markers() if (at := self._pending.find(m)) >= 0]
        return min(found, key=lambda f: (f[0], -len(f[1])), default=(0, None))

    def _held(self) -> int:
        """How many trailing characters may still become a marker."""
        longest = max((len(m) for m in self._markers()), default=0)
        sizes = range(min(longest, len(self._pending)), 0, -1)
        tails = ((n, self._pending[-n:]) for n in sizes)
        return next((n for n, t in tails if any(m.startswith(t) for m in self._markers())), 0)

    def _take(self, count: int) -> str:
        taken, self._pending = self._pending[:count], self._pending[count:]
        return taken

    def _switch(self, marker: str) -> Iterator[Event]:
        yield from self._close(cut=False)
        if marker == THINK[0]:
            yield from self._begin(Reasoning())
        elif marker == CALL[0]:
            self._open, self._text = ToolCall("", ""), []

    def _begin(self, item: Item) -> Iterator[Event]:
        self._open, self._text = item, []
        yield ItemOpened(item)

    def _grow(self, text: str) -> Iterator[Event]:
        if not text:
            return
        if self._open is None:
            if self._marked and self._calls and not text.strip():
                return
            yield from self._begin(self._into)
        self._text.append(text)
        if not self._inside_call():
            yield ItemGrew(text)

    def _inside_call(self) -> bool:
        return isinstance(self._open, ToolCall) and self._marked

    def _close(self, cut: bool) -> Iterator[Event]:
        if self._open is None:
            return
        text = "".join(self._text)
        if self._inside_call():
            call = _call(text, f"{self._call_prefix}_{self._calls}")
            self._calls += 1
            yield ItemOpened(replace(call, text=""))
            if call.text:
                yield ItemGrew(call.text)
            yield ItemClosed(call, cut)
        else:
            yield ItemClosed(replace(self._open, text=text), cut)
        self._open, self._text = None, []


def _call(text: str, call_id: str) -> ToolCall | Reasoning:
    """The call a marked part spells; what is no call stays visible as reasoning."""
    try:
        spelled = json.loads(text)
        name, arguments = spelled["name"], spelled.get("arguments", {})
    except (ValueError, KeyError, TypeError, AttributeError):
        return Reasoning(text)
    if name == "python" and isinstance(arguments, dict) and "code" in arguments:
        return ToolCall(call_id, "python", str(arguments["code"]))
    return ToolCall(call_id, str(name), json.dumps(arguments, ensure_ascii=False))
