"""Responses, the request: https://platform.openai.com/docs/api-reference/responses/create"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from pellucid.api.wire import (
    containers,
    custom_tools,
    file_search,
    logprobs,
    tool_choice,
    web_search,
)
from pellucid.api.wire.bodies import Body, Loose, named, parsed, unsupported
from pellucid.api.wire.common import (
    FEWEST,
    Offer,
    Parameters,
    effort,
    function,
    ignored,
    json_form,
    stray,
)
from pellucid.api.wire.enclosed import Enclosed
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.input_items import items_of, shown
from pellucid.api.wire.sealed import COMPACTION, NOTHING, Restored, Sealed, unserved
from pellucid.api.wire.tool_choice import ToolChoice
from pellucid.core.constraint import Constraint, Function
from pellucid.core.items import Item, Message
from pellucid.core.reading import READER
from pellucid.core.serving import USUAL, Serving
from pellucid.core.turn import Turn, Web

Json = dict[str, Any]

IGNORED = (
    *("temperature", "top_p", "truncation", "service_tier", "max_tool_calls"),
    *("prompt_cache_key", "prompt_cache_retention", "prompt_cache_options", "safety_identifier"),
    *("user", "stream_options"),
)
"""Parameters that change nothing here; which of them a request sets, its reply tells."""

LEAST = 1_000
"""Tokens of the shortest conversation that is made shorter by itself."""

REFUSED = ("prompt", "moderation")
"""Parameters whose meaning would be lost if they were ignored."""


class _Reasoning(Loose):
    effort: str | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None


class _Format(Loose):
    type: Literal["text", "json_object", "json_schema"]
    name: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = None
    json_schema: Annotated[Json | None, Field(alias="schema")] = None
    strict: bool | None = None
    description: str | None = None


class _Text(Loose):
    format: _Format | None = None
    verbosity: str | None = None


class _Management(Body):
    type: str
    compact_threshold: Annotated[int | None, Field(ge=LEAST)] = None


class Asked(Parameters):
    """The parameters of a request."""

    input: str | list[Json] | None = None
    instructions: str | None = None
    reasoning: _Reasoning | None = None
    max_output_tokens: Annotated[int | None, Field(ge=FEWEST)] = None
    tools: list[Json] | None = None
    text: _Text | None = None
    include: list[str] | None = None
    background: bool | None = None
    conversation: str | Json | None = None
    previous_response_id: str | None = None
    prompt: Json | None = None
    top_logprobs: logprobs.Count = None
    truncation: str | None = None
    max_tool_calls: int | None = None
    stream_options: Json | None = None
    context_management: Annotated[list[_Management] | None, Field(max_length=1)] = None


@dataclass(frozen=True, slots=True)
class ResponsesRequest:
    """A request understood: the turn, what its reply repeats of it, and how it is wanted. `model`
    is what the reply names.

    `before` is the conversation before the new input, `talk` with it, both without the
    instructions, which hold for this turn only; `asked` is the new input as the API shows it.
    `store` tells that the reply is to be kept, `background` that nobody waits for it,
    `conversation` which one it belongs to,
    `interpreter` that the hosted Python was asked for, so that its runs are shown, `summary`
    that thinking is to be summed up, `seal` how items that are not shown are sealed.
    Of `compact_threshold` tokens on, the conversation is made shorter (None: never): `context`
    tells that this was so, `compaction` is the item that holds what is left. `enclosed` are the
    files in it that are not kept yet, `searching` tells what it may have looked up in, `browsing`
    how the web may be used, which is shown.
    """

    turn: Turn
    model: str
    before: tuple[Item, ...]
    talk: tuple[Item, ...]
    asked: tuple[Json, ...]
    store: bool
    background: bool
    conversation: str | None
    stream: bool
    echo: Json
    interpreter: bool
    summary: bool
    raw_reasoning: bool
    verdicts: bool
    ignored: tuple[str, ...]
    seal: Callable[[Sequence[Item]], str] | None = None
    compact_threshold: int | None = None
    context: Json | None = None
    compaction: Json | None = None
    enclosed: tuple[Enclosed, ...] = ()
    searching: file_search.Searching | None = None
    browsing: web_search.Browsing | None = None


def understood(body: Json) -> Asked:
    """The parameters of a request; WireError names the first that is wrong."""
    return parsed(Asked, body)


def goes_on_from(asked: Asked) -> tuple[str | None, str | None]:
    """The response, or the conversation, that a request goes on from, by its id."""
    name = _conversation(asked)
    if name and asked.previous_response_id:
        told = "Only one of 'previous_response_id' and 'conversation' can be given."
        raise WireError(400, told, "mutually_exclusive_parameters", "conversation")
    return named(asked.previous_response_id, "previous_response_id"), name


def _conversation(asked: Asked) -> str | None:
    given = asked.conversation
    return named(given.get("id") if isinstance(given, dict) else given, "conversation")


def parse(
    asked: Asked,
    offer: Offer,
    turn_id: str,
    created_at: int,
    owner: str,
    before: tuple[Item, ...] = (),
    sealed: Sealed = NOTHING,
) -> ResponsesRequest:
    """The turn that a request asks for, after the conversation `before` it; WireError says what
    is wrong with it."""
    _refuse(asked)
    model = offer.model(asked.model)
    chosen = tool_choice.chosen(asked.tool_choice, asked.tools or (), _functions(asked))
    browsing = _browsing(asked, chosen)
    level = asked.reasoning.effort if asked.reasoning else None
    interpreter, talk = "python" in chosen.hosted, talk_of(asked, before, sealed.restored)
    turn = Turn(
        turn_id,
        (*_instructions(asked), *talk),
        model=model,
        effort=effort(level, offer.models[model], "reasoning.effort"),
        tools=offer.tools(asked.pellucid, hosted=interpreter, web=browsing is not None),
        max_output_tokens=asked.max_output_tokens,
        seconds=asked.pellucid.seconds,
        owner=owner,
        created_at=created_at,
        functions=chosen.functions,
        must_call=chosen.must,
        must_use=chosen.use,
        parallel=asked.parallel_tool_calls is not False,
        form=_form(asked),
        cache=asked.cache(),
        top_logprobs=logprobs.of_response(asked.include, asked.top_logprobs),
        serving=Serving(priority="background") if asked.background else USUAL,
        web=browsing.web if browsing else Web(),
    )
    tool_choice.possible(chosen, turn.effort)
    return ResponsesRequest(
        turn,
        offer.called(asked.model),
        before,
        talk,
        _shown(asked, turn_id),
        asked.store is not False,
        bool(asked.background),
        _conversation(asked),
        bool(asked.stream),
        _echo(asked, turn),
        interpreter,
        _summary(asked) is not None,
        asked.pellucid.reasoning,
        asked.pellucid.verdicts,
        (*ignored(asked, _unread(turn)), *unserved(asked.include)),
        sealed.close,
        _threshold(asked),
        searching=_searching(asked, chosen, turn),
        browsing=browsing,
    )


def _refuse(asked: Asked) -> None:
    """Parameters whose meaning would be lost."""
    for name in REFUSED:
        if getattr(asked, name) not in (None, False):
            raise unsupported(f"Parameter '{name}'", name)
    if asked.background and asked.store is False:
        told = "A response in the background is kept: 'store' cannot be false."
        raise WireError(400, told, "invalid_value", "store")


def _summary(asked: Asked) -> str | None:
    """The summary of thinking that is asked for, by its newer or its older name."""
    wanted = asked.reasoning
    return (wanted.summary or wanted.generate_summary) if wanted else None


def _searching(asked: Asked, chosen: ToolChoice, turn: Turn) -> file_search.Searching | None:
    """What may be looked up in; WireError where the effort allows nothing of the kind."""
    found = file_search.asked(asked.tools, asked.include)
    if found and turn.effort == "none":
        told = (
            "'file_search' needs an effort of 'minimal' or more: nothing is looked up with 'none'."
        )
        raise WireError(400, told, "invalid_value", "reasoning.effort")
    return found if READER in chosen.hosted else None


def _browsing(asked: Asked, chosen: ToolChoice) -> web_search.Browsing | None:
    """How the web may be used."""
    found = web_search.asked(asked.tools, asked.include)
    return found if "web" in chosen.hosted else None


def _threshold(asked: Asked) -> int | None:
    """How many tokens a conversation must have to be made shorter; None where it never is."""
    for wanted in asked.context_management or ():
        if wanted.type != COMPACTION:
            where = "context_management[0].type"
            raise unsupported(f"Context management of type {wanted.type!r}", where)
        if wanted.compact_threshold is None:
            where = "context_management[0].compact_threshold"
            told = f"Missing required parameter: '{where}'."
            raise WireError(400, told, "missing_required_parameter", where)
        return wanted.compact_threshold
    return None


def _unread(turn: Turn) -> tuple[str, ...]:
    """The parameters that change nothing in a turn: a number of log-probabilities neither, where
    none are to be included."""
    return IGNORED if turn.top_logprobs is not None else (*IGNORED, "top_logprobs")


def _instructions(asked: Asked) -> tuple[Item, ...]:
    return (Message("system", asked.instructions),) if asked.instructions else ()


def talk_of(asked: Asked, before: tuple[Item, ...], restored: Restored) -> tuple[Item, ...]:
    """The conversation before a request with its input, both as items."""
    if asked.input is None:
        told = "Missing required parameter: 'input'."
        raise WireError(400, told, "missing_required_parameter", "input")
    talk = items_of(_listed(asked), restored, before)
    if (lost := stray(talk)) is not None:
        told = f"No tool call found for function call output with call_id {lost}."
        raise WireError(400, told, None, "input")
    return talk


def _shown(asked: Asked, turn_id: str) -> tuple[Json, ...]:
    """The input items as they are listed, each with an id."""
    return tuple(shown(one, f"{turn_id}_in_{at}") for at, one in enumerate(_listed(asked)))


def _listed(asked: Asked) -> list[Json]:
    told = asked.input
    return [{"role": "user", "content": told}] if isinstance(told, str) else told or []


def _functions(asked: Asked) -> tuple[Function, ...]:
    """The caller's functions; WireError names what is wrong with a tool."""
    functions, custom = list[Function](), custom_tools.listed(asked.tools or ())
    for at, tool in enumerate(asked.tools or ()):
        match tool:
            case {"type": "function", "name": str(name)}:
                parameters = tool.get("parameters")
                strict = tool.get("strict") is not False
                functions.append(
                    function(
                        name,
                        tool.get("description"),
                        parameters if isinstance(parameters, dict) else None,
                        strict and isinstance(parameters, dict),
                    )
                )
            case {"type": "function"}:
                told = f"Missing required parameter: 'tools[{at}].name'."
                raise WireError(400, told, "missing_required_parameter", f"tools[{at}].name")
            case {"type": "custom"}:
                functions.append(custom[at])
            case {"type": "code_interpreter"}:
                containers.tool(tool, at)
            case {"type": file_search.TOOL}:
                pass  # `_searching` reads it
            case {"type": kind} if kind in web_search.TYPES:
                pass  # `web_search.asked` reads it
            case _:
                raise unsupported(f"Tool type {tool.get('type')!r}", f"tools[{at}].type")
    return tuple(functions)


def _form(asked: Asked) -> Constraint | None:
    wanted = asked.text.format if asked.text else None
    if wanted is None:
        return None
    for name, value in (("name", wanted.name), ("schema", wanted.json_schema)):
        if wanted.type == "json_schema" and value is None:
            told = f"Missing required parameter: 'text.format.{name}'."
            raise WireError(400, told, "missing_required_parameter", f"text.format.{name}")
    return json_form(wanted.type, wanted.json_schema)


def _echo(asked: Asked, turn: Turn) -> Json:
    """What a response repeats of its request: every key there, null where nothing was said."""
    name = _conversation(asked)
    wanted = asked.text.format if asked.text else None
    shape: Json = {"type": wanted.type if wanted else "text"}
    if wanted and wanted.type == "json_schema":
        shape |= {"name": wanted.name, "schema": wanted.json_schema, "strict": bool(wanted.strict)}
        shape |= {"description": wanted.description} if wanted.description else {}
    return ({"conversation": {"id": name}} if name else {}) | {
        "background": bool(asked.background),
        "frequency_penalty": 0.0,
        "instructions": asked.instructions,
        "max_output_tokens": asked.max_output_tokens,
        "max_tool_calls": asked.max_tool_calls,
        "metadata": asked.metadata or {},
        "parallel_tool_calls": asked.parallel_tool_calls is not False,
        "presence_penalty": 0.0,
        "previous_response_id": asked.previous_response_id,
        "prompt_cache_key": asked.prompt_cache_key,
        "reasoning": {"effort": turn.effort, "summary": _summary(asked)},
        "safety_identifier": asked.safety_identifier,
        "service_tier": "default",
        "store": asked.store is not False,
        "temperature": 1.0,
        "text": {"format": shape},
        "tool_choice": tool_choice.told(asked.tool_choice),
        "tools": [_echoed(tool) for tool in asked.tools or ()],
        "top_logprobs": turn.top_logprobs or 0,
        "top_p": 1.0,
        "truncation": "disabled",
    }


def _echoed(tool: Json) -> Json:
    """A tool as it was asked for; of a function, what may be null is there."""
    if tool.get("type") != "function":
        return tool
    return {"description": None, "parameters": None, "strict": True, **tool}
