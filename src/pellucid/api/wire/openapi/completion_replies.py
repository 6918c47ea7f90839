"""Completions that were stored, and those of the format before Chat, as types.

https://platform.openai.com/docs/api-reference/chat/list and …/completions/object
"""

from typing import Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from pellucid.api.wire.openapi.chat_replies import (
    ChatCompletion,
    ChatUsage,
    ErrorReply,
    Extension,
)

Finish = Literal["stop", "length"]


class ChatCompletionList(TypedDict):
    """A page of stored completions."""

    object: Literal["list"]
    data: list[ChatCompletion]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ChatCompletionDeleted(TypedDict):
    """A completion that is gone."""

    id: str
    object: Literal["chat.completion.deleted"]
    deleted: Literal[True]


class NamedFile(TypedDict):
    """A file, by its id."""

    file_id: str
    filename: NotRequired[str]


class ContentPart(TypedDict):
    """A part of a message that was given in parts; a picture is a file."""

    type: Literal["text", "refusal", "file"]
    text: NotRequired[str]
    refusal: NotRequired[str]
    file: NotRequired[NamedFile]


@with_config({"extra": "allow"})
class StoredMessage(TypedDict):
    """A message as it was given, with an id; a content in parts is `content_parts`."""

    id: str
    role: Literal["developer", "system", "user", "assistant", "tool"]
    name: str | None
    content: str | None
    content_parts: list[ContentPart] | None


class StoredMessageList(TypedDict):
    """A page of messages."""

    object: Literal["list"]
    data: list[StoredMessage]
    first_id: str | None
    last_id: str | None
    has_more: bool


class TextChoice(TypedDict):
    """A choice; raw reasoning, where it was asked for, stands beside the text."""

    index: int
    text: str
    logprobs: None
    finish_reason: Finish
    reasoning: NotRequired[str]
    reasoning_content: NotRequired[str]
    pellucid: NotRequired[Extension]


class TextCompletion(TypedDict):
    """A completion of a text."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[TextChoice]
    usage: ChatUsage
    service_tier: Literal["default"]
    pellucid: NotRequired[Extension]


class TextChunkChoice(TypedDict):
    """More of a choice."""

    index: int
    text: str
    logprobs: None
    finish_reason: Finish | None
    reasoning: NotRequired[str]
    reasoning_content: NotRequired[str]


class TextChunk(TypedDict):
    """An event of a streamed completion of a text."""

    id: str
    object: Literal["text_completion"]
    created: int
    model: str
    choices: list[TextChunkChoice]
    service_tier: Literal["default"]
    usage: NotRequired[ChatUsage | None]
    pellucid: NotRequired[Extension]


TextEvent = TextChunk | ErrorReply
"""What a streamed completion of a text tells: chunks, or at last an error."""
