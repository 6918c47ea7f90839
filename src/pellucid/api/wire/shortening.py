"""How a conversation is made shorter, by rule.

No model is asked. What people said stays word for word, and what programs printed stays evidence;
long answers and results of old turns are cut, and say so where they were cut; programs, what failed
and what was thought are left out (docs/decisions/0102).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pellucid.api.wire.common import RESERVED
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts

Json = dict[str, Any]
KEPT = 1_000
"""Characters of an old answer, or an old result, that are kept."""

NOTE = "\n[The rest of this was left out when the conversation was compacted.]"


@dataclass(frozen=True, slots=True)
class Compacted:
    """A conversation that was made shorter: how many items are gone, how many were cut, and how
    many characters that were."""

    items: tuple[Item, ...]
    dropped: int
    cut: int
    characters: int

    def left_out(self) -> Json:
        """What is gone, as replies tell it."""
        return {"items": self.dropped, "cut": self.cut, "characters": self.characters}


def compacted(talk: Sequence[Item]) -> Compacted:
    """A conversation with its last turn, from the last question on, as it was, and the turns before
    it made shorter."""
    last = max((at for at, one in enumerate(talk) if asks(one)), default=0)
    pairs = [(item, short) for item, short in zip(talk, shortened(talk), strict=True)][:last]
    left = [(item, short) for item, short in pairs if short is not None]
    return Compacted(
        (*(short for _, short in left), *talk[last:]),
        len(pairs) - len(left),
        sum(item != short for item, short in left),
        sum(len(item.text) - (len(short.text) if short else 0) for item, short in pairs),
    )


def shortened(talk: Sequence[Item]) -> list[Item | None]:
    """What is kept of each item of old turns; None of those that are left out."""
    programs = {one.call_id for one in talk if isinstance(one, ToolCall) and one.name == RESERVED}
    return [_shorter(item, programs) for item in talk]


def _shorter(item: Item, programs: set[str]) -> Item | None:
    """What is kept of an item of an old turn; `programs` are the calls of Pellucid's own Python."""
    match item:
        case Reasoning() | Verdicts():
            return None
        case ToolCall(name=name) if name == RESERVED:
            return None
        case ToolResult(call_id=call_id, execution=None, failed=True) if call_id in programs:
            return None
        case ToolResult(execution=run) if run is not None and run.outcome != "ok":
            return None
        case Message("assistant", text) | ToolResult(text=text):
            return replace(item, text=_cut(text))
        case _:
            return item


def asks(item: Item) -> bool:
    """Whether it is a question."""
    return isinstance(item, Message) and item.role == "user"


def _cut(text: str) -> str:
    """The beginning of a text, where leaving the rest out makes it shorter."""
    return text if len(text) <= KEPT + len(NOTE) else text[:KEPT] + NOTE
