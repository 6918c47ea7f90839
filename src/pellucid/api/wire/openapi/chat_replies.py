"""Chat Completions, the reply, as types: https://platform.openai.com/docs/api-reference/chat/object

What need not be there is NotRequired; what may be null says so. Nothing else is sent.
"""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from pellucid.core.claims import ClaimKind
from pellucid.core.claims import Verdict as VerdictName
from pellucid.core.effort import EffortName

"""A list that is there for clients who expect it, and always empty."""

Finish = Literal["stop", "length", "tool_calls"]


class Error(TypedDict):
    """What was wrong, for people; its kind and code, for programs; the parameter it is about."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorReply(TypedDict):
    """A refusal, or a failure."""

    error: Error


class Verdict(TypedDict):
    """A checkable part of the answer and what supports it. `start` and `end` are offsets in
    characters, `value` is a number's normal form, `evidence` names what supports it, `correction`
    what would put it right."""

    kind: ClaimKind
    verdict: VerdictName
    start: int
    end: int
    text: NotRequired[str]
    value: NotRequired[str]
    evidence: NotRequired[list[str]]
    note: NotRequired[str]
    correction: NotRequired[str]


class Spent(TypedDict):
    """Effort asked and granted, and what was used of it."""

    asked: EffortName
    granted: EffortName
    note: str
    thinking_tokens: int
    candidates: int
    repairs: int
    rounds: int
    tool_calls: int


class LostFile(TypedDict):
    """A file that a program left and that was not kept."""

    filename: str
    why: str


class Extension(TypedDict):
    """What Pellucid says beside OpenAI's fields. `removed` are sentences that nothing supported,
    `ignored` are parameters that changed nothing, or were too small to be kept to; `partial` is
    there where a budget ended the work, `cached` where an equal request had been answered, by the
    reply `cached_from`; `logprobs` says why those that were asked for are not there. `files_lost`
    are files of programs that were not kept, `files_unlisted` counts those beyond the number that
    is looked at."""

    receipt_id: str
    verdicts: NotRequired[list[Verdict]]
    removed: NotRequired[list[str]]
    effort: NotRequired[Spent]
    partial: NotRequired[Literal[True]]
    cached: NotRequired[Literal[True]]
    cached_from: NotRequired[str]
    logprobs: NotRequired[str]
    ignored: NotRequired[list[str]]
    files_lost: NotRequired[list[LostFile]]
    files_unlisted: NotRequired[int]


class PromptDetails(TypedDict):
    """Tokens of the prompt that were not computed again."""

    cached_tokens: int
    audio_tokens: Literal[0]


class CompletionDetails(TypedDict):
    """Tokens that were spent on thinking."""

    reasoning_tokens: int
    audio_tokens: Literal[0]
    accepted_prediction_tokens: Literal[0]
    rejected_prediction_tokens: Literal[0]


class ChatUsage(TypedDict):
    """Tokens read and written, thinking included."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: PromptDetails
    completion_tokens_details: CompletionDetails


class Called(TypedDict):
    """The function, and its arguments as JSON text that fits its schema."""

    name: str
    arguments: str


class ChatCall(TypedDict):
    """A call of one of the caller's functions."""

    id: str
    type: Literal["function"]
    function: Called


class Written(TypedDict):
    """The custom tool, and the text that was written for it."""

    name: str
    input: str


class ChatCustomCall(TypedDict):
    """A call of one of the caller's custom tools."""

    id: str
    type: Literal["custom"]
    custom: Written


class CitedPage(TypedDict):
    """A page that was opened, where the answer names a place of it."""

    start_index: int
    end_index: int
    url: str
    title: str


class ChatCitation(TypedDict):
    """What an answer cites."""

    type: Literal["url_citation"]
    url_citation: CitedPage


class ChatMessage(TypedDict):
    """The answer. `reasoning` and `reasoning_content` are the same, where raw reasoning was
    asked for."""

    role: Literal["assistant"]
    content: str | None
    refusal: None
    annotations: list[ChatCitation]
    tool_calls: NotRequired[list[ChatCall | ChatCustomCall]]
    reasoning: NotRequired[str]
    reasoning_content: NotRequired[str]


class Alternative(TypedDict):
    """A token, its natural log-probability, and its bytes: a character may be spread over several
    tokens."""

    token: str
    logprob: float
    bytes: list[int]


class Logprob(Alternative):
    """A token of an answer, with the likeliest tokens in its place."""

    top_logprobs: list[Alternative]


class Logprobs(TypedDict):
    """The tokens of an answer, where the model wrote it token for token."""

    content: list[Logprob]
    refusal: None


class ChatChoice(TypedDict):
    """A choice; where there are several, each says of itself what Pellucid says."""

    index: int
    message: ChatMessage
    logprobs: Logprobs | None
    finish_reason: Finish
    pellucid: NotRequired[Extension]


class ChatCompletion(TypedDict):
    """A completion."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChatChoice]
    usage: ChatUsage
    service_tier: Literal["default"]
    metadata: NotRequired[dict[str, str]]
    pellucid: NotRequired[Extension]


class CalledDelta(TypedDict):
    """The name comes first, then pieces of the arguments."""

    name: NotRequired[str]
    arguments: str


class WrittenDelta(TypedDict):
    """The name comes first, then pieces of the text."""

    name: NotRequired[str]
    input: str


class CallDelta(TypedDict):
    """More of a call; `id`, `type` and the name come with its first piece."""

    index: int
    id: NotRequired[str]
    type: NotRequired[Literal["function", "custom"]]
    function: NotRequired[CalledDelta]
    custom: NotRequired[WrittenDelta]


class ChatDelta(TypedDict):
    """More of the message."""

    role: NotRequired[Literal["assistant"]]
    content: NotRequired[str]
    refusal: NotRequired[None]
    annotations: NotRequired[list[ChatCitation]]
    tool_calls: NotRequired[list[CallDelta]]
    reasoning: NotRequired[str]
    reasoning_content: NotRequired[str]


class ChunkChoice(TypedDict):
    """More of a choice."""

    index: int
    delta: ChatDelta
    logprobs: Logprobs | None
    finish_reason: Finish | None


class ChatChunk(TypedDict):
    """An event of a streamed completion. With `stream_options.include_usage`, the last one holds
    the usage and no choice."""

    id: str
    object: Literal["chat.completion.chunk"]
    created: int
    model: str
    choices: list[ChunkChoice]
    service_tier: Literal["default"]
    usage: NotRequired[ChatUsage | None]
    pellucid: NotRequired[Extension]


ChatEvent = ChatChunk | ErrorReply
"""What a streamed completion tells: chunks, or at last an error."""
