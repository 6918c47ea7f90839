"""Responses, the reply, as types: https://platform.openai.com/docs/api-reference/responses/object

What need not be there is NotRequired; what may be null says so. Nothing else is sent.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from pellucid.api.wire.openapi.chat_replies import Error, Extension, Logprob
from pellucid.api.wire.openapi.vector_store_replies import OutputSearch
from pellucid.api.wire.openapi.web_replies import OutputWeb, UrlCitation
from pellucid.core.effort import EffortName

Json = dict[str, Any]
ItemStatus = Literal["in_progress", "completed", "incomplete", "failed"]
Status = Literal["queued", "in_progress", "completed", "incomplete", "failed", "cancelled"]
KINDS = (
    *("created", "queued", "in_progress", "completed", "failed", "incomplete"),
    *("output_item.added", "output_item.done", "content_part.added", "content_part.done"),
    *("output_text.delta", "output_text.done"),
    *("function_call_arguments.delta", "function_call_arguments.done"),
    *("custom_tool_call_input.delta", "custom_tool_call_input.done"),
    *("reasoning_summary_part.added", "reasoning_summary_part.done"),
    *("reasoning_summary_text.delta", "reasoning_summary_text.done"),
    *("reasoning_text.delta", "reasoning_text.done"),
    *("code_interpreter_call.in_progress", "code_interpreter_call.interpreting"),
    *("code_interpreter_call.completed", "code_interpreter_call_code.delta"),
    *("code_interpreter_call_code.done", "output_text.annotation.added"),
    *("file_search_call.in_progress", "file_search_call.searching", "file_search_call.completed"),
    *("web_search_call.in_progress", "web_search_call.searching", "web_search_call.completed"),
)
"""The events of a response, each behind `response.`."""


class Citation(TypedDict):
    """A file that a program left in its container, at the place where the answer names it."""

    type: Literal["container_file_citation"]
    container_id: str
    file_id: str
    filename: str
    start_index: int
    end_index: int


class FileCitation(TypedDict):
    """A file of the conversation whose place the answer names at `index`."""

    type: Literal["file_citation"]
    file_id: str
    filename: str
    index: int


class OutputText(TypedDict):
    """Words of an answer."""

    type: Literal["output_text"]
    text: str
    annotations: list[Citation | FileCitation | UrlCitation]
    logprobs: list[Logprob]


class SummaryText(TypedDict):
    """What was thought, where a summary was asked for."""

    type: Literal["summary_text"]
    text: str


class ReasoningText(TypedDict):
    """What was thought, where raw reasoning was asked for."""

    type: Literal["reasoning_text"]
    text: str


class OutputMessage(TypedDict):
    """An answer; `incomplete` where a limit of tokens cut it."""

    id: str
    type: Literal["message"]
    status: ItemStatus
    role: Literal["assistant"]
    content: list[OutputText]


class OutputReasoning(TypedDict):
    """Everything that was thought until something was said or called; `encrypted_content` is it
    sealed, for clients that carry it themselves, where that was asked for."""

    id: str
    type: Literal["reasoning"]
    status: ItemStatus
    summary: list[SummaryText]
    content: NotRequired[list[ReasoningText]]
    encrypted_content: NotRequired[str]


class OutputCall(TypedDict):
    """A call of one of the caller's functions; the arguments are JSON text that fits its schema."""

    id: str
    type: Literal["function_call"]
    status: ItemStatus
    call_id: str
    name: str
    arguments: str


class OutputCustomCall(TypedDict):
    """A call of one of the caller's custom tools, with the text that was written for it."""

    id: str
    type: Literal["custom_tool_call"]
    status: ItemStatus
    call_id: str
    name: str
    input: str


class Logs(TypedDict):
    """What a program printed."""

    type: Literal["logs"]
    logs: str


class Picture(TypedDict):
    """A picture that a program left: `url` is a path of this server."""

    type: Literal["image"]
    url: str


class OutputProgram(TypedDict):
    """A program that was run, where the tool `code_interpreter` was asked for."""

    id: str
    type: Literal["code_interpreter_call"]
    status: ItemStatus
    code: str
    container_id: str
    outputs: list[Logs | Picture] | None


class Compaction(TypedDict):
    """A conversation, sealed; an input may begin with it."""

    id: str
    type: Literal["compaction"]
    encrypted_content: str


class LeftOut(TypedDict):
    """How many items are gone, how many were cut, and how many characters that were."""

    items: int
    cut: int
    characters: int


OutputItem = (
    OutputMessage
    | OutputReasoning
    | OutputCall
    | OutputCustomCall
    | OutputProgram
    | OutputSearch
    | OutputWeb
    | Compaction
)


class InputDetails(TypedDict):
    """Tokens of the prompt that were not computed again."""

    cached_tokens: int
    cache_write_tokens: Literal[0]


class OutputDetails(TypedDict):
    """Tokens that were spent on thinking."""

    reasoning_tokens: int


class ResponseUsage(TypedDict):
    """Tokens read and written, thinking included."""

    input_tokens: int
    input_tokens_details: InputDetails
    output_tokens: int
    output_tokens_details: OutputDetails
    total_tokens: int


class ResponseError(TypedDict):
    """Why a response failed."""

    code: Literal["server_error", "rate_limit_exceeded", "invalid_prompt"]
    message: str


class Incomplete(TypedDict):
    """Why a response is incomplete."""

    reason: Literal["max_output_tokens"]


class EchoedReasoning(TypedDict):
    """The effort that was granted, and the summary that was asked for."""

    effort: EffortName
    summary: Literal["auto", "concise", "detailed"] | None


class EchoedText(TypedDict):
    """The form that the answer was held to."""

    format: Json


class InConversation(TypedDict):
    """The conversation that a response belongs to."""

    id: str


class Context(TypedDict):
    """A conversation that had too many tokens, and what it lost."""

    tokens: int
    compact_threshold: int
    left_out: LeftOut


class ResponseExtension(Extension):
    """What Pellucid says of a response; `context` is there where its conversation was too long."""

    context: NotRequired[Context]


class ResponseObject(TypedDict):
    """A response. It repeats its request: every key is there, null where nothing was said."""

    id: str
    object: Literal["response"]
    created_at: int
    completed_at: int | None
    status: Status
    error: ResponseError | None
    incomplete_details: Incomplete | None
    model: str
    output: list[OutputItem]
    usage: ResponseUsage | None
    background: bool
    conversation: NotRequired[InConversation]
    frequency_penalty: float
    instructions: str | None
    max_output_tokens: int | None
    max_tool_calls: int | None
    metadata: dict[str, str]
    parallel_tool_calls: bool
    presence_penalty: float
    previous_response_id: str | None
    prompt_cache_key: str | None
    reasoning: EchoedReasoning
    safety_identifier: str | None
    service_tier: Literal["default"]
    store: bool
    temperature: float
    text: EchoedText
    tool_choice: str | Json
    tools: list[Json]
    top_logprobs: int
    top_p: float
    truncation: Literal["disabled"]
    pellucid: NotRequired[ResponseExtension]


class ResponseEvent(TypedDict):
    """An event of a response. Which fields there are depends on its `type`, as in OpenAI's API;
    `sequence_number` counts from 0."""

    type: Annotated[str, Field(json_schema_extra={"enum": [f"response.{one}" for one in KINDS]})]
    sequence_number: int
    response: NotRequired[ResponseObject]
    item: NotRequired[OutputItem]
    part: NotRequired[OutputText | SummaryText]
    item_id: NotRequired[str]
    output_index: NotRequired[int]
    content_index: NotRequired[Literal[0]]
    summary_index: NotRequired[Literal[0]]
    delta: NotRequired[str]
    text: NotRequired[str]
    arguments: NotRequired[str]
    input: NotRequired[str]
    code: NotRequired[str]
    logprobs: NotRequired[list[Logprob]]
    annotation: NotRequired[Citation | FileCitation]
    annotation_index: NotRequired[int]


class ErrorEvent(TypedDict):
    """The last event of a response that failed; flat and nested say the same."""

    type: Literal["error"]
    sequence_number: int
    message: str
    code: str | None
    param: str | None
    error: Error


StreamEvent = ResponseEvent | ErrorEvent
"""What a streamed response tells."""


@with_config({"extra": "allow"})
class ListedItem(TypedDict):
    """An item as it was given, with what it lacked: an id, its type, a status."""

    id: str
    type: str
    status: str


class ItemList(TypedDict):
    """A page of items."""

    object: Literal["list"]
    data: list[ListedItem]
    first_id: str | None
    last_id: str | None
    has_more: bool


class AskedText(TypedDict):
    """Words of a question."""

    type: Literal["input_text"]
    text: str


class AskedFile(TypedDict):
    """A file that came with a question."""

    type: Literal["input_file"]
    file_id: str


class AskedMessage(TypedDict):
    """What a user said, word for word."""

    id: str
    type: Literal["message"]
    status: Literal["completed"]
    role: Literal["user"]
    content: list[AskedText | AskedFile]


class CompactionDetails(TypedDict):
    """What the conversation lost; `ignored` are parameters that changed nothing."""

    left_out: LeftOut
    ignored: NotRequired[list[str]]


class CompactedResponse(TypedDict):
    """A conversation made shorter: the questions, then the whole of it as one item."""

    id: str
    object: Literal["response.compaction"]
    created_at: int
    output: list[AskedMessage | Compaction]
    usage: ResponseUsage
    pellucid: CompactionDetails


class InputTokens(TypedDict):
    """How many tokens an input has."""

    object: Literal["response.input_tokens"]
    input_tokens: int


class ResponseDeleted(TypedDict):
    """A response that is gone."""

    id: str
    object: Literal["response"]
    deleted: Literal[True]
