"""What requests may hold, in words: the models that parse them know only names and types."""

from typing import Any

from pellucid.api.wire import (
    chat_request,
    conversations,
    enclosed,
    input_items,
    responses_request,
)
from pellucid.api.wire.bodies import NAME
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
_STOP: Json = {"type": "string", "minLength": 1}
_NONE: Json = {"type": "null"}
_OBJECT: Json = {"type": "object"}

COMMON = {
    "model": "Any name that `GET /v1/models` lists.",
    "stream": "Server-sent events instead of one reply.",
    "parallel_tool_calls": "False: one call at a time.",
    "metadata": "Texts that the reply repeats.",
    "pellucid": "What Pellucid understands beside OpenAI's parameters.",
    "pellucid.reasoning": "Raw reasoning in the reply.",
    "pellucid.verdicts": "False: the reply has no object `pellucid`.",
    "pellucid.cache": "False: made anew, and not remembered. True: the answer of an equal request "
    "will do in the background too.",
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
        "messages.content": "A text, or a list of parts of type `text`; of a user, a developer or "
        "the system also `file` (`file_id`, or `file_data` with `filename`) and `image_url` (`url`:"
        " a data URL). Nothing is fetched from the net.",
        "messages.tool_calls": "The calls that an assistant's message made.",
        "messages.tool_call_id": "Of a message with role `tool`: the call it is the result of.",
        "reasoning_effort": "How much the turn may spend; each model has its own default.",
        "max_completion_tokens": "The most tokens of the turn, thinking included; less than 16 "
        "counts as 16.",
        "max_tokens": "The older name of `max_completion_tokens`.",
        "n": f"How many choices, each a turn of its own: {chat_request.MOST_CHOICES} at most.",
        "stop": "Up to four texts that the answer ends before.",
        "seed": "The same seed makes the same choices, as far as the weights do.",
        "stream_options": "How a stream is told.",
        "logprobs": "True: how likely each token was of an answer that the model wrote freely.",
        "top_logprobs": "How many of the likeliest tokens are told in the place of each.",
        "stream_options.include_usage": "A last event with the usage.",
        "tools": "What may be called: functions, whose arguments are held to their schema, and "
        "custom tools, whose text is held to their grammar.",
        "tools.type": "`function` or `custom`.",
        "tool_choice": "`none`, `auto`, `required`, one tool by name, or `allowed_tools`.",
        "store": "True: the completion is kept, and can be looked up.",
        "web_search_options": "The web may be used; what the options say changes nothing.",
        "response_format": "Free text, any JSON, or JSON that is held to a schema. A schema that "
        "cannot be enforced is refused, before a token is spent.",
    },
    chat_request.IGNORED,
    ("modalities", "audio", "functions", "function_call", "moderation"),
    {
        "reasoning_effort": EFFORT,
        "n": {"type": ["integer", "null"], "minimum": 1, "maximum": chat_request.MOST_CHOICES},
        "stop": {"anyOf": [_STOP, {"type": "array", "items": _STOP, "maxItems": 4}, _NONE]},
        "tool_choice": {"anyOf": [{"enum": ["none", "auto", "required"]}, _OBJECT, _NONE]},
        "tools.type": {"enum": ["function", "custom"]},
        "modalities": {"type": ["array", "null"], "items": {"const": "text"}},
    },
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


def _item(kind: str, needed: tuple[str, ...], **fields: Json) -> Json:
    """An item of an input; other fields are kept as they are given."""
    told = {"type": {"const": kind}, "id": _NAME, "status": _NAME, **fields}
    return {"type": "object", "properties": told, "required": list(needed)}


_TEXT: Json = {"type": "string"}
_NAME: Json = {"type": ["string", "null"], "pattern": f"^{NAME}$"}
_WORDS: Json = {
    "type": "object",
    "properties": {"type": {"enum": list(input_items.TEXTS)}, "text": _TEXT},
    "required": ["type", "text"],
}
_REFUSAL: Json = {
    "type": "object",
    "properties": {"type": {"const": "refusal"}, "refusal": _TEXT},
    "required": ["type"],
}
_MAYBE: Json = {"type": ["string", "null"]}
_FILE: Json = {
    "type": "object",
    "description": "A file, by its id or its content: a data URL, or base64.",
    "properties": {
        "type": {"const": enclosed.FILE},
        "file_id": _NAME,
        "file_data": _MAYBE,
        "filename": _MAYBE,
        "detail": {"enum": ["auto", "low", "high", None]},
    },
    "required": ["type"],
}
_IMAGE: Json = {
    "type": "object",
    "description": "A picture, by its id or as a data URL.",
    "properties": {
        "type": {"const": enclosed.IMAGE},
        "file_id": _NAME,
        "image_url": {**_MAYBE, "pattern": "^[Dd][Aa][Tt][Aa]:"},
        "detail": {"enum": ["auto", "low", "high", "original", None]},
    },
    "required": ["type"],
}


def _content(*parts: Json) -> Json:
    return {"anyOf": [_TEXT, {"type": "array", "items": {"anyOf": list(parts)}}]}


_CONTENT, _ENCLOSING = _content(_WORDS, _REFUSAL), _content(_WORDS, _REFUSAL, _FILE, _IMAGE)
_ROLE: Json = {"enum": list(input_items.ROLES)}
_CALLED = ("type", "call_id", "name", "arguments")
_ITEM: Json = {
    "anyOf": [
        _item("message", ("role", "content"), role=_ROLE, content=_ENCLOSING),
        _item("function_call", _CALLED, call_id=_TEXT, name=_TEXT, arguments=_TEXT),
        _item("function_call_output", ("type", "call_id", "output"), call_id=_TEXT,
              output=_CONTENT),
        _item("custom_tool_call", ("type", "call_id", "name", "input"), call_id=_TEXT,
              name=_TEXT, input=_TEXT),
        _item("custom_tool_call_output", ("type", "call_id", "output"), call_id=_TEXT,
              output=_CONTENT),
        _item("reasoning", ("type",), encrypted_content={"type": ["string", "null"]}),
        _item("compaction", ("type", "encrypted_content"), encrypted_content=_TEXT),
        _item("code_interpreter_call", ("type",)),
        _item("file_search_call", ("type",)),
        _item("web_search_call", ("type",)),
    ]
}  # fmt: skip
KINDS = tuple(one["properties"]["type"]["const"] for one in _ITEM["anyOf"])
"""Types of input items that are understood."""

_INPUT: Json = {"anyOf": [{"type": "string"}, {"type": "array", "items": _ITEM}]}

RESPONSE = Body(
    "ResponseRequest",
    responses_request.Asked,
    {
        **COMMON,
        "input": "A text, or the new items of the conversation. Reasoning that is replayed is left "
        "out, unless it is sealed (`encrypted_content`).",
        "instructions": "Told to the model before everything else, for this response only.",
        "reasoning": "How much is thought, and what is shown of it.",
        "reasoning.effort": "How much the turn may spend; each model has its own default.",
        "reasoning.summary": "Shows what was thought.",
        "reasoning.generate_summary": "The older name of `summary`.",
        "max_output_tokens": "The most tokens of the turn, thinking included; at least 16.",
        "tools": "Functions (`type`: `function`), custom tools (`custom`), the hosted Python "
        "(`code_interpreter`), vector stores to look something up in (`file_search`), and the web "
        "(`web_search`, with `filters.allowed_domains` and `external_web_access`).",
        "tool_choice": "`none`, `auto`, `required`, one tool by name, or `allowed_tools`.",
        "include": "`reasoning.encrypted_content`: reasoning is sealed, for clients that carry it "
        "themselves. `message.output_text.logprobs`: how likely each token was of an answer that "
        "the model wrote freely. `file_search_call.results`: the passages that were found. "
        "`web_search_call.action.sources`: the addresses that were found. Other names change "
        "nothing.",
        "top_logprobs": "With that, how many of the likeliest tokens are told in place of each.",
        "context_management": "One entry: what is done with a conversation that is long.",
        "context_management.type": "`compaction`.",
        "context_management.compact_threshold": "From so many tokens on, it is made shorter, and "
        "the output begins with an item that holds what is left.",
        "text": "What the answer looks like.",
        "text.format": "Free text, any JSON, or JSON that is held to a schema.",
        "store": "False: the response is not kept.",
        "background": "Reply at once; the response is made while nobody waits.",
        "conversation": "The conversation to go on with, by its id.",
        "previous_response_id": "The response to go on from.",
    },
    responses_request.IGNORED,
    responses_request.REFUSED,
    {
        "": {"required": ["model", "input"]},
        "input": _INPUT,
        "reasoning.effort": EFFORT,
        "previous_response_id": _NAME,
        "conversation": {"anyOf": [_NAME, {"type": "object", "properties": {"id": _NAME}}]},
        "context_management.type": {"const": "compaction"},
        "tool_choice": {"anyOf": [{"enum": ["none", "auto", "required"]}, _OBJECT, _NONE]},
    },
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
NOTE: Json = {"type": "message", "role": "user", "content": "My name is Ann."}

CONVERSATION = Body(
    "ConversationRequest",
    conversations.Made,
    {"items": "The first items.", "metadata": "Texts to know it by."},
    changes={"items": _ITEMS | {"type": ["array", "null"]}},
    examples={"A conversation": {"items": [NOTE], "metadata": {"topic": "names"}}},
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
    examples={"A message": {"items": [NOTE]}},
)
