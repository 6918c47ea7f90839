"""`tool_choice` of Responses: which tools may be used, and whether one must be.

https://platform.openai.com/docs/api-reference/responses/create#responses_create-tool_choice
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pellucid.api.wire import file_search, web_search
from pellucid.api.wire.bodies import unsupported
from pellucid.api.wire.common import choosing
from pellucid.api.wire.errors import WireError
from pellucid.core.constraint import Function
from pellucid.core.effort import EffortName
from pellucid.core.reading import READER

Json = dict[str, Any]
INTERPRETER = "code_interpreter"
HOSTED = {file_search.TOOL: READER, INTERPRETER: "python", **dict.fromkeys(web_search.TYPES, "web")}
"""The types of hosted tools, and what a turn calls each."""


@dataclass(frozen=True, slots=True)
class ToolChoice:
    """The functions that may be called, and whether one must be; the hosted tools that may be
    used, and those of which one must be (none: as usual)."""

    functions: tuple[Function, ...] = ()
    must: bool = False
    hosted: frozenset[str] = frozenset()
    use: tuple[str, ...] = ()


def chosen(
    choice: str | Json | None, tools: Sequence[Json], functions: tuple[Function, ...]
) -> ToolChoice:
    """What a choice leaves of some tools; WireError where it names what is none of them."""
    hosted = frozenset(HOSTED[one["type"]] for one in tools if one.get("type") in HOSTED)
    match choice or "auto":
        case "auto":
            return ToolChoice(functions, hosted=hosted)
        case "none":
            return ToolChoice()
        case "required":
            return _one_of(functions, hosted, hosted)
        case {"type": "function" | "custom", "name": str(name)}:
            return ToolChoice(choosing(functions, (name,)).functions, True, hosted)
        case {"type": kind} if HOSTED.get(str(kind)) in hosted:
            return _one_of((), hosted, frozenset({HOSTED[str(kind)]}))
        case {"type": "allowed_tools", "mode": "auto" | "required" as mode, "tools": list(listed)}:
            return _allowed(listed, functions, hosted, must=mode == "required")
        case _:
            raise unsupported(f"Tool choice {json.dumps(choice)}", "tool_choice")


def _allowed(
    listed: Sequence[Any], functions: Sequence[Function], hosted: frozenset[str], *, must: bool
) -> ToolChoice:
    """What is left where some tools are listed, functions by name and hosted ones by type."""
    given = [one for one in listed if isinstance(one, dict)]
    kinds = {kind for one in given if (kind := str(one.get("type"))) in HOSTED}
    names = [str(one.get("name")) for one in given if str(one.get("type")) not in HOSTED]
    if lacking := sorted(kind for kind in kinds if HOSTED[kind] not in hosted):
        told = f"Tool choice {lacking[0]!r} is not one of the tools."
        raise WireError(400, told, "invalid_value", "tool_choice")
    left, allowed = choosing(functions, names).functions, frozenset(HOSTED[kind] for kind in kinds)
    return _one_of(left, allowed, allowed) if must else ToolChoice(left, hosted=allowed)


def _one_of(
    functions: tuple[Function, ...], hosted: frozenset[str], use: frozenset[str]
) -> ToolChoice:
    """One of the functions must be called or, where there are none, one hosted tool used."""
    return ToolChoice(functions, bool(functions), hosted, () if functions else tuple(sorted(use)))


def possible(choice: ToolChoice, effort: EffortName) -> None:
    """WireError where an effort does not allow the tool that must be used."""
    if choice.use and effort == "none":
        told = "A tool that must be used needs an effort of 'minimal' or more."
        raise WireError(400, told, "invalid_value", "reasoning.effort")


def told(choice: str | Json | None) -> str | Json:
    """A choice as a response repeats it: the search of the web by the only name that OpenAI's
    types have for it there."""
    new = set(web_search.TYPES).difference(web_search.CHOSEN)
    if isinstance(choice, dict) and choice["type"] in new:
        return choice | {"type": web_search.CHOSEN[0]}
    return choice or "auto"
