"""Chat Completions, the request: https://platform.openai.com/docs/api-reference/chat/create"""

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal, assert_never

from pydantic import Discriminator, Field, Strict, Tag

from pellucid.api.wire.bodies import Loose, parsed, unsupported
from pellucid.api.wire.common import (
    FEWEST,
    Choosing,
    Offer,
    Parameters,
    choosing,
    effort,
    function,
    ignored,
    json_form,
    stray,
)
from pellucid.api.wire.custom_tools import Custom
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.logprobs import Count, of_chat
from pellucid.core.constraint import Constraint
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.turn import Turn

Json = dict[str, Any]

IGNORED = (
    *("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias"),
    *("service_tier", "prompt_cache_key", "prompt_cache_retention", "prompt_cache_options"),
    *("safety_identifier", "user", "verbosity", "prediction"),
)
"""Parameters that change nothing here; which of them a request sets, its reply tells."""

MOST_CHOICES = 8
"""Choices of one completion: each is a turn of its own."""


class _Text(Loose):
    type: Literal["text"]
    text: str


class _Refusal(Loose):
    type: Literal["refusal"]
    refusal: str


class _Known(Loose):
    file_id: str
    filename: str | None = None


class _File(Loose):
    type: Literal["file"]
    file: _Known


class _Other(Loose):
    type: str


def _kind(value: object) -> str:
    """Which part it is: no name that could be taken for a field's in a complaint."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{kind}>" if kind in ("text", "refusal", "file") else "<other>"


Part = Annotated[
    Annotated[_Text, Tag("<text>")]
    | Annotated[_Refusal, Tag("<refusal>")]
    | Annotated[_File, Tag("<file>")]
    | Annotated[_Other, Tag("<other>")],
    Discriminator(_kind),
]
Content = str | list[Part]


class _FunctionCalled(Loose):
    name: str
    arguments: str


class _CustomCalled(Loose):
    name: str
    input: str


class _Call(Loose):
    id: str
    type: Literal["function", "custom"] = "function"
    function: _FunctionCalled | None = None
    custom: _CustomCalled | None = None


class _Message(Loose):
    role: Literal["developer", "system", "user", "assistant", "tool"]
    content: Content | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None
    tool_call_id: str | None = None


class _Function(Loose):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    description: str | None = None
    parameters: Json | None = None
    strict: bool | None = None


class _Tool(Loose):
    type: str
    function: _Function | None = None
    custom: Custom | None = None


class _Schema(Loose):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    json_schema: Annotated[Json | None, Field(alias="schema")] = None
    strict: bool | None = None


class _Format(Loose):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _Schema | None = None


class _StreamOptions(Loose):
    include_usage: Annotated[bool, Strict()] = False


class Asked(Parameters):
    """The parameters of a request."""

    messages: Annotated[list[_Message], Field(min_length=1)]
    reasoning_effort: str | None = None
    max_completion_tokens: Annotated[int | None, Field(ge=1)] = None
    max_tokens: Annotated[int | None, Field(ge=1)] = None
    n: Annotated[int | None, Field(ge=1, le=128)] = None
    stream_options: _StreamOptions | None = None
    stop: str | list[str] | None = None
    seed: int | None = None
    tools: list[_Tool] | None = None
    response_format: _Format | None = None
    logprobs: bool | None = None
    top_logprobs: Count = None
    modalities: list[str] | None = None
    audio: Json | None = None
    web_search_options: Json | None = None
    functions: list[Json] | None = None
    function_call: str | Json | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    logit_bias: dict[str, float] | None = None
    verbosity: str | None = None
    prediction: Json | None = None


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request understood: the turn, and how its reply is wanted; `model` is what the reply
    names, `messages` are those it was asked with, `store` tells that the reply is to be kept,
    `count` how many choices it has, `enclosed` are the files in them that are not kept yet."""

    turn: Turn
    model: str
    count: int
    messages: tuple[Json, ...]
    store: bool
    stream: bool
    include_usage: bool
    raw_reasoning: bool
    verdicts: bool
    ignored: tuple[str, ...]
    metadata: dict[str, str] | None
    enclosed: tuple[Enclosed, ...] = ()


def parse(body: Json, offer: Offer, turn_id: str, created_at: int, owner: str) -> ChatRequest:
    """The turn that a request asks for; WireError says what is wrong with it."""
    asked = parsed(Asked, body)
    _refuse(asked)
    model = offer.model(asked.model)
    chosen = _choosing(asked)
    limit, unkept = _limit(asked)
    turn = Turn(
        turn_id,
        tuple(item for at, one in enumerate(asked.messages) for item in _items(one, at)),
        model=model,
        effort=effort(asked.reasoning_effort, offer.models[model], "reasoning_effort"),
        tools=offer.tools(asked.pellucid, web=asked.web_search_options is not None),
        seed=asked.seed or 0,
        max_output_tokens=limit,
        seconds=asked.pellucid.seconds,
        owner=owner,
        created_at=created_at,
        functions=chosen.functions,
        must_call=chosen.must,
        parallel=asked.parallel_tool_calls is not False,
        form=_form(asked),
        stop=_stops(asked.stop),
        cache=asked.cache(),
        top_logprobs=of_chat(asked.logprobs, asked.top_logprobs),
    )
    if (lost := stray(turn.items)) is not None:
        told = (
            "Messages with role 'tool' must be a response to a preceding message with "
            f"'tool_calls': no call has the id {lost!r}."
        )
        raise WireError(400, told, None, "messages")
    return ChatRequest(
        turn,
        offer.called(asked.model),
        asked.n or 1,
        tuple(body["messages"]),
        bool(asked.store),
        bool(asked.stream),
        bool(asked.stream_options and asked.stream_options.include_usage),
        asked.pellucid.reasoning,
        asked.pellucid.verdicts,
        (*ignored(asked, IGNORED), *unkept),
        asked.metadata,
    )


def _limit(asked: Asked) -> tuple[int | None, tuple[str, ...]]:
    """The most tokens of a turn; and the name of a limit that was too small to be kept to, as
    those have that only try whether anybody answers."""
    name = "max_completion_tokens" if asked.max_completion_tokens else "max_tokens"
    limit: int | None = getattr(asked, name)
    if limit is None or limit >= FEWEST:
        return limit, ()
    return FEWEST, (name,)


def _refuse(asked: Asked) -> None:
    """Parameters whose meaning would be lost."""
    if (asked.n or 1) > MOST_CHOICES:
        told = f"'n' is {asked.n}: this server makes at most {MOST_CHOICES} choices at once."
        raise WireError(400, told, "invalid_value", "n")
    if asked.audio is not None or any(one != "text" for one in asked.modalities or ()):
        raise unsupported("Audio", "modalities")
    for name in ("functions", "function_call", "moderation"):
        if getattr(asked, name) is not None:
            raise unsupported(f"Parameter '{name}'", name)


def _items(message: _Message, at: int) -> tuple[Item, ...]:
    """A message as items; calls of an assistant's message follow its words."""
    where = f"messages[{at}].content"
    text, files = _parts(message.content, where, files=message.role not in ("assistant", "tool"))
    match message.role:
        case "developer" | "system":
            return (Message("system", text, files),)
        case "user":
            return (Message("user", text, files),)
        case "assistant":
            words = text or message.refusal or ""
            listed = enumerate(message.tool_calls or ())
            calls = (_called(one, f"messages[{at}].tool_calls[{n}]") for n, one in listed)
            return (*((Message("assistant", words),) if words else ()), *calls)
        case "tool":
            if not message.tool_call_id:
                raise _missing(f"messages[{at}].tool_call_id")
            return (ToolResult(message.tool_call_id, text),)
        case _:
            assert_never(message.role)


def _called(call: _Call, where: str) -> ToolCall:
    """A call of a function, or of a custom tool, that was made before."""
    match call:
        case _Call(type="function", function=_FunctionCalled(name=name, arguments=text)):
            return ToolCall(call.id, name, text)
        case _Call(type="custom", custom=_CustomCalled(name=name, input=text)):
            return ToolCall(call.id, name, text)
        case _:
            raise _missing(f"{where}.{call.type}")


def _missing(param: str) -> WireError:
    told = f"Missing required parameter: '{param}'."
    return WireError(400, told, "missing_required_parameter", param)


def _parts(content: Content | None, where: str, *, files: bool) -> tuple[str, tuple[str, ...]]:
    """The words of a content, and the ids of its `files`, where it may have any; what else it holds
    is refused by name."""
    if content is None or isinstance(content, str):
        return content or "", ()
    texts, named = list[str](), list[str]()
    for at, part in enumerate(content):
        match part:
            case _Text(text=text):
                texts.append(text)
            case _Refusal(refusal=text):
                texts.append(text)
            case _File(file=file) if files:
                named.append(file.file_id)
            case _:
                raise unsupported(f"Content of type '{part.type}'", f"{where}[{at}].type")
    return "\n".join(texts), tuple(named)


def _choosing(asked: Asked) -> Choosing:
    functions = []
    for at, tool in enumerate(asked.tools or ()):
        match tool:
            case _Tool(type="function", function=_Function() as f):
                functions.append(function(f.name, f.description, f.parameters, bool(f.strict)))
            case _Tool(type="custom", custom=Custom() as custom):
                functions.append(custom.function())
            case _Tool(type="function" | "custom" as kind):
                raise _missing(f"tools[{at}].{kind}")
            case _:
                raise unsupported(f"Tool type '{tool.type}'", f"tools[{at}].type")
    choice = asked.tool_choice or "auto"
    match choice:
        case {"type": "allowed_tools", "allowed_tools": {"tools": list(allowed), **rest}}:
            names = [name for one in allowed for name in _named(one)]
            return Choosing(choosing(functions, names).functions, rest.get("mode") == "required")
        case dict():
            return choosing(functions, _named(choice))
        case _:
            pass
    if choice not in ("none", "auto", "required"):
        told = f"Invalid value: '{choice}'. Supported values are: none, auto, required."
        raise WireError(400, told, "invalid_value", "tool_choice")
    if choice == "required" and not functions:
        raise WireError(400, "'tool_choice' is required without tools.", None, "tool_choice")
    return choosing(functions, choice)


def _named(choice: Json) -> tuple[str, ...]:
    """The one function, or custom tool, that a choice names."""
    match choice:
        case {"type": "function", "function": {"name": str(name)}}:
            return (name,)
        case {"type": "custom", "custom": {"name": str(name)}}:
            return (name,)
        case _:
            raise unsupported(f"Tool choice {json.dumps(choice)}", "tool_choice")


def _form(asked: Asked) -> Constraint | None:
    wanted = asked.response_format
    if wanted is None:
        return None
    if wanted.type == "json_schema" and wanted.json_schema is None:
        raise _missing("response_format.json_schema")
    schema = wanted.json_schema.json_schema if wanted.json_schema else None
    return json_form(wanted.type, schema)


def _stops(stop: str | list[str] | None) -> tuple[str, ...]:
    stops = (stop,) if isinstance(stop, str) else tuple(stop or ())
    if len(stops) > 4 or not all(stops):
        raise WireError(400, "Up to 4 stop sequences, none empty.", "invalid_value", "stop")
    return stops
