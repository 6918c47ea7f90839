"""Compaction: https://platform.openai.com/docs/guides/compaction

As a request of its own, or within one for a response that names how long its conversation may be
(`context_management`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from pellucid.api.wire.common import ignored, response_usage
from pellucid.api.wire.enclosed import FILE, Enclosed
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.input_items import shown
from pellucid.api.wire.responses_request import IGNORED, Asked, ResponsesRequest, understood
from pellucid.api.wire.sealed import COMPACTION
from pellucid.api.wire.shortening import Compacted, asks, compacted
from pellucid.core.items import Item, Message
from pellucid.core.usage import Usage

Json = dict[str, Any]
Seal = Callable[[Sequence[Item]], str]

TAKEN = {"model", "input", "previous_response_id", "instructions", "service_tier"}
TAKEN |= {"prompt_cache_key", "prompt_cache_retention", "prompt_cache_options"}
"""The parameters of a compaction."""


def asked(body: Json) -> Asked:
    """A request for a compaction; WireError names what is wrong, or has no place in one."""
    read = understood(body)
    if extra := sorted(read.model_fields_set - TAKEN):
        told = f"Unknown parameter: '{extra[0]}'."
        raise WireError(400, told, "unknown_parameter", extra[0])
    if read.input is None and read.previous_response_id is not None:
        return read.model_copy(update={"input": []})
    return read


def managed(asked: ResponsesRequest, tokens: int, seal: Seal) -> ResponsesRequest:
    """A request whose conversation has so many tokens, which are too many, with a shorter one."""
    done, turn, most = compacted(asked.talk), asked.turn, asked.compact_threshold
    told = {"tokens": tokens, "compact_threshold": most, "left_out": done.left_out()}
    if done.items == asked.talk:
        return replace(asked, context=told)
    instructions = turn.items[: len(turn.items) - len(asked.talk)]
    return replace(
        asked,
        turn=replace(turn, items=(*instructions, *done.items)),
        talk=done.items,
        context=told,
        compaction=_sealed(turn.turn_id, done, seal),
    )


def _sealed(name: str, done: Compacted, seal: Seal) -> Json:
    """The item that holds a conversation for the response of this name."""
    held = seal(done.items)
    return {"id": f"cmp_{name.partition('_')[2]}", "type": COMPACTION, "encrypted_content": held}


def reply(asked: Asked, done: Compacted, seal: Seal, name: str, created_at: int) -> Json:
    """The object that is sent: the questions, as they are, and the conversation, sealed."""
    bare = name.partition("_")[2]
    said = [_said(one) for one in done.items if isinstance(one, Message) and asks(one)]
    output = [shown(one, f"{bare}_{at}") for at, one in enumerate(said)]
    ours: Json = {"left_out": done.left_out()}
    if unused := ignored(asked, [*IGNORED, "instructions"]):
        ours["ignored"] = list(unused)
    return {
        "id": name,
        "object": "response.compaction",
        "created_at": created_at,
        "output": [*output, _sealed(name, done, seal)],
        "usage": response_usage(Usage()),
        "pellucid": ours,
    }


def by_id(given: Sequence[Enclosed]) -> None:
    """WireError for the first file that comes with its bytes: nothing of a compaction is kept."""
    for one in given:
        if one.content is not None:
            told = "nothing is kept of a compaction; upload the file, and name its 'file_id'"
            told = f"Invalid value for '{one.param}': {told}."
            raise WireError(400, told, "invalid_value", one.param)


def _said(message: Message) -> Json:
    """A question as it was asked."""
    if not message.files:
        return {"role": "user", "content": message.text}
    files = [{"type": FILE, "file_id": one} for one in message.files]
    return {"role": "user", "content": [*files, {"type": "input_text", "text": message.text}]}
