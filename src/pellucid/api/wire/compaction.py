"""Compaction: https://platform.openai.com/docs/api-reference/responses/compact

No model is asked. What people said stays word for word, and what programs printed stays evidence;
long answers and results of old turns are cut, and say so where they were cut; programs, what failed
and what was thought are left out (docs/decisions/0102).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pellucid.api.wire.common import RESERVED, ignored, response_usage
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.input_items import shown
from pellucid.api.wire.responses_request import IGNORED, Asked, understood
from pellucid.api.wire.sealed import COMPACTION
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.usage import Usage

Json = dict[str, Any]
KEPT = 1_000
"""Characters of an old answer, or an old result, that are kept."""

NOTE = "\n[The rest of this was left out when the conversation was compacted.]"

TAKEN = {"model", "input", "previous_response_id", "instructions", "service_tier"}
TAKEN |= {"prompt_cache_key", "prompt_cache_retention", "prompt_cache_options"}
"""The parameters of a compaction."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """A conversation that was made shorter: how many items are gone, how many were cut, and how
    many characters that were."""

    items: tuple[Item, ...]
    dropped: int
    cut: int
    characters: int


def asked(body: Json) -> Asked:
    """A request for a compaction; WireError names what is wrong, or has no place in one."""
    read = understood(body)
    if extra := sorted(read.model_fields_set - TAKEN):
        told = f"Unknown parameter: '{extra[0]}'."
        raise WireError(400, told, "unknown_parameter", extra[0])
    if read.input is None and read.previous_response_id is not None:
        return read.model_copy(update={"input": []})
    return read


def compacted(talk: Sequence[Item]) -> Compacted:
    """A conversation with its last turn, from the last question on, as it was, and the turns before
    it made shorter."""
    last = max((at for at, one in enumerate(talk) if _asks(one)), default=0)
    programs = {one.call_id for one in talk if isinstance(one, ToolCall) and one.name == RESERVED}
    pairs = [(item, _shorter(item, programs)) for item in talk[:last]]
    left = [(item, short) for item, short in pairs if short is not None]
    return Compacted(
        (*(short for _, short in left), *talk[last:]),
        len(pairs) - len(left),
        sum(item != short for item, short in left),
        sum(len(item.text) - (len(short.text) if short else 0) for item, short in pairs),
    )


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


def _asks(item: Item) -> bool:
    return isinstance(item, Message) and item.role == "user"


def _cut(text: str) -> str:
    """The beginning of a text, where leaving the rest out makes it shorter."""
    return text if len(text) <= KEPT + len(NOTE) else text[:KEPT] + NOTE


def reply(
    asked: Asked, done: Compacted, seal: Callable[[Sequence[Item]], str], name: str, created_at: int
) -> Json:
    """The object that is sent: the questions, as they are, and the conversation, sealed."""
    bare = name.partition("_")[2]
    said = [{"role": "user", "content": one.text} for one in done.items if _asks(one)]
    output = [shown(one, f"{bare}_{at}") for at, one in enumerate(said)]
    sealed = {"id": f"cmp_{bare}", "type": COMPACTION, "encrypted_content": seal(done.items)}
    ours: Json = {
        "left_out": {"items": done.dropped, "cut": done.cut, "characters": done.characters}
    }
    if unused := ignored(asked, [*IGNORED, "instructions"]):
        ours["ignored"] = list(unused)
    return {
        "id": name,
        "object": "response.compaction",
        "created_at": created_at,
        "output": [*output, sealed],
        "usage": response_usage(Usage()),
        "pellucid": ours,
    }
