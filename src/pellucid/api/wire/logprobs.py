"""Log-probabilities: https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices

They are told where an answer is, token for token, what the model wrote; there are no others.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from pellucid.api.wire.errors import WireError
from pellucid.core.fold import Record
from pellucid.core.items import Message
from pellucid.core.likely import Likely
from pellucid.core.turn import Turn

Json = dict[str, Any]
INCLUDE = "message.output_text.logprobs"
"""What `include` names to have them in a response."""

MOST = 20
"""Tokens told in the place of each, at most."""

Count = Annotated[int | None, Field(ge=0, le=MOST)]

WHY = (
    "There are none of this answer: its text is not, token for token, what the model wrote freely, "
    "but was computed, worded, begun or corrected by rule, or held to a form."
)


def of_chat(wanted: bool | None, count: int | None) -> int | None:
    """How many tokens a chat completion tells in the place of each (None: not even how likely those
    were); WireError where a number is given for what is not wanted."""
    if count and not wanted:
        told = "'top_logprobs' is only allowed when 'logprobs' is true."
        raise WireError(400, told, "invalid_value", "top_logprobs")
    return (count or 0) if wanted else None


def of_response(include: Sequence[str] | None, count: int | None) -> int | None:
    """The same for a response."""
    return (count or 0) if INCLUDE in (include or ()) else None


def listed(tokens: Sequence[Likely]) -> list[Json]:
    """Tokens, as both formats tell them."""
    return [
        {
            **_token(one.piece, one.logprob),
            "top_logprobs": [_token(*other) for other in one.top],
        }
        for one in tokens
    ]


def content(tokens: Sequence[Likely]) -> Json | None:
    """What a choice tells of its tokens."""
    return {"content": listed(tokens), "refusal": None} if tokens else None


def absent(record: Record, turn: Turn) -> Json:
    """What Pellucid says of a turn's log-probabilities: why there are none, if they were wanted."""
    said = any(isinstance(item, Message) for item in record.items)
    lacking = turn.top_logprobs is not None and said and not record.tokens
    return {"logprobs": WHY} if lacking else {}


def _token(piece: bytes, logprob: float) -> Json:
    return {"token": piece.decode("utf-8", "replace"), "logprob": logprob, "bytes": [*piece]}
