"""What requests may hold, in words: the models that parse them know only names and types."""

from typing import Any

from pellucid.api.wire import chat_request, conversations, responses_request
from pellucid.api.wire.common import EFFORTS as RENAMED
from pellucid.api.wire.openapi.operation import Body
from pellucid.core.effort import EFFORTS

Json = dict[str, Any]
QUESTION = "What is 48271964 - 19384756?"
WEATHER: Json = {
    "name": "weather",
    "description": "The weather of a city, now.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
CITY: Json = {
    "name": "city",
    "schema": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "people": {"type": "integer"}},
        "required": ["name", "people"],
        "additionalProperties": False,
    },
}
EFFORT: Json = {"anyOf": [{"enum": sorted({*EFFORTS, *RENAMED})}, {"type": "null"}]}

COMMON = {
    "model": "Any name that `GET /v1/models` lists.",
    "stream": "Server-sent events instead of one reply.",
    "parallel_tool_calls": "False: one call at a time.",
    "metadata": "Texts that the reply repeats.",
    "pellucid": "What Pellucid understands beside OpenAI's parameters.",
    "pellucid.reasoning": "Raw reasoning in the reply.",
    "pellucid.verdicts": "False: the reply has no object `pellucid`.",
    "pellucid.computing": "False: no programs while thinking.",
    "pellucid.seconds": "A deadline for the whole turn; what is there then is the answer.",
}

CHAT = Body(
    "ChatCompletionRequest",
    chat_request.Asked,
    {
        **COMMON,
        "messages": "The conversation. The last message is the user's, or a result of a call.",
        "messages.role": "`developer` and `system` are the same, anywhere in the list.",
        "messages.content": "A text, or a list of parts of type `text`.",
        "messages.tool_calls": "The calls that an assistant's message made.",
        "messages.tool_call_id": "Of a message with role `tool`: the call it is the result of.",
        "reasoning_effort": "How much the turn may spend; each model has its own default.",
        "max_completion_tokens": "The most tokens of the turn, thinking included; less than 16 "
        "counts as 16.",
        "max_tokens": "The older name of `max_completion_tokens`.",
        "n": "Only 1 is supported.",
        "stop": "Up to four texts that the answer ends before.",
        "seed": "The same seed makes the same choices, as far as the weights do.",
        "stream_options.include_usage": "A last event with the usage.",
        "tools": "Functions that may be called; arguments are held to their schema.",
        "tools.type": "Only `function` is supported.",
        "tool_choice": "`none`, `auto`, `required`, or one function by name.",
        "response_format": "Free text, any JSON, or JSON that is held to a schema. A schema that "
        "cannot be enforced is refused, before a token is spent.",
    },
    chat_request.IGNORED,
    ("logprobs", "top_logprobs", "modalities", "audio", "web_search_options", "functions",
     "function_call", "moderation"),
    {"reasoning_effort": EFFORT},
    {
        "A question": {
            "model": "pellucid-mini",
            "messages": [{"role": "user", "content": QUESTION}],
        },
        "A function to call": {
            "model": "pellucid-mini",
            "messages": [{"role": "user", "content": "What is the weather in Bern?"}],
            "tools": [{"type": "function", "function": WEATHER}],
        },
        "An answer in a form": {
            "model": "pellucid-mini",
            "messages": [{"role": "user", "content": 'say: {"name": "Bern", "people": 134000}'}],
            "response_format": {"type": "json_schema", "json_schema": CITY},
        },
    },
)  # fmt: skip

KINDS = ("message", "function_call", "function_call_output", "reasoning", "code_interpreter_call")
"""Types of input items that are understood."""

_ITEM: Json = {
    "type": "object",
    "description": "Which fields it must have depends on its type; it is kept as given.",
    "properties": {
        "type": {"enum": list(KINDS), "default": "message"},
        "id": {"type": "string"},
        "role": {"enum": list(responses_request.ROLES)},
        "content": {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "type": {"enum": [*responses_request.TEXTS, "refusal"]},
                            "text": {"type": "string"},
                        },
                        "required": ["type"],
                    },
                },
            ]
        },
        "call_id": {"type": "string"},
        "name": {"type": "string"},
        "arguments": {"type": "string"},
        "output": {"description": "A text, or a list of parts like those of `content`."},
    },
}

_INPUT: Json = {"anyOf": [{"type": "string"}, {"type": "array", "items": _ITEM}]}

RESPONSE = Body(
    "ResponseRequest",
    responses_request.Asked,
    {
        **COMMON,
        "input": "A text, or the new items of the conversation. Reasoning that is replayed is left "
        "out.",
        "instructions": "Told to the model before everything else, for this response only.",
        "reasoning.effort": "How much the turn may spend; each model has its own default.",
        "reasoning.summary": "Shows what was thought.",
        "reasoning.generate_summary": "The older name of `summary`.",
        "max_output_tokens": "The most tokens of the turn, thinking included.",
        "tools": "Functions (`type`: `function`), and the hosted Python (`code_interpreter`).",
        "tool_choice": "`none`, `auto`, `required`, one function by name, or `allowed_tools`.",
        "text.format": "Free text, any JSON, or JSON that is held to a schema.",
        "store": "False: the response is not kept.",
        "background": "Reply at once; the response is made while nobody waits.",
        "conversation": "The conversation to go on with, by its id.",
        "previous_response_id": "The response to go on from.",
    },
    responses_request.IGNORED,
    responses_request.REFUSED,
    {"": {"required": ["model", "input"]}, "input": _INPUT, "reasoning.effort": EFFORT},
    {
        "A question": {"model": "pellucid-mini", "input": QUESTION},
        "A function to call": {
            "model": "pellucid-mini",
            "input": "What is the weather in Bern?",
            "tools": [{"type": "function", **WEATHER}],
        },
        "An answer in a form": {
            "model": "pellucid-mini",
            "input": 'say: {"name": "Bern", "people": 134000}',
            "text": {"format": {"type": "json_schema", **CITY}},
        },
        "In the background": {"model": "pellucid-mini", "input": QUESTION, "background": True},
    },
)

_ITEMS: Json = {"type": "array", "items": _ITEM, "maxItems": conversations.MOST}
_NOTE: Json = {"type": "message", "role": "user", "content": "My name is Ann."}

CONVERSATION = Body(
    "ConversationRequest",
    conversations.Made,
    {"items": "The first items.", "metadata": "Texts to know it by."},
    changes={"items": _ITEMS | {"type": ["array", "null"]}},
    examples={"A conversation": {"items": [_NOTE], "metadata": {"topic": "names"}}},
    optional=True,
)
RENAMED_CONVERSATION = Body(
    "ConversationMetadata",
    conversations.Renamed,
    {"metadata": "Takes the place of what was there."},
    examples={"Other metadata": {"metadata": {"topic": "places"}}},
)
ADDED_ITEMS = Body(
    "ConversationItems",
    conversations.Added,
    {"items": "The items to add."},
    changes={"items": _ITEMS | {"minItems": 1}},
    examples={"A message": {"items": [_NOTE]}},
)
