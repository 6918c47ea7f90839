"""Custom tools, which take text instead of arguments, maybe held to a grammar.

https://platform.openai.com/docs/guides/function-calling#custom-tools; Chat nests what Responses
has flat.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from pellucid.api.wire.bodies import Loose, parsed
from pellucid.api.wire.common import function
from pellucid.api.wire.errors import WireError
from pellucid.core.constraint import Constraint, Function, Lark, Regex
from pellucid.core.turn import Turn

Json = dict[str, Any]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class _FreeText(Loose):
    type: Literal["text"]

    def form(self) -> Constraint | None:
        """Nothing holds it."""
        return None


class _Grammar(Loose):
    syntax: Literal["lark", "regex"]
    definition: str

    def form(self) -> Constraint:
        """What a text must look like."""
        return Lark(self.definition) if self.syntax == "lark" else Regex(self.definition)


class _Nested(Loose):
    type: Literal["grammar"]
    grammar: _Grammar

    def form(self) -> Constraint:
        """What a text must look like."""
        return self.grammar.form()


def _kind(value: object) -> str:
    """Which variant it is: no name that could be taken for a field's in a complaint."""
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return f"<{kind}>" if kind in ("grammar", "custom") else "<other>"


class Custom(Loose):
    """A custom tool, as Chat describes it."""

    name: Name
    description: str | None = None
    format: (
        Annotated[
            Annotated[_Nested, Tag("<grammar>")] | Annotated[_FreeText, Tag("<other>")],
            Discriminator(_kind),
        ]
        | None
    ) = None

    def function(self) -> Function:
        """The tool as the agent knows it."""
        return _custom(self.name, self.description, self.format.form() if self.format else None)


class _Flat(Loose):
    type: Literal["custom"]
    name: Name
    description: str | None = None
    format: (
        Annotated[
            Annotated[_Grammar, Tag("<grammar>")] | Annotated[_FreeText, Tag("<other>")],
            Discriminator(_kind),
        ]
        | None
    ) = None


class _Listed(Loose):
    tools: list[
        Annotated[
            Annotated[_Flat, Tag("<custom>")] | Annotated[Json, Tag("<other>")],
            Discriminator(_kind),
        ]
    ]


def listed(tools: Sequence[Json]) -> dict[int, Function]:
    """The custom tools among those of a response, by their place in the list."""
    found = parsed(_Listed, {"tools": list(tools)}).tools
    return {
        at: _custom(one.name, one.description, one.format.form() if one.format else None)
        for at, one in enumerate(found)
        if isinstance(one, _Flat)
    }


def _custom(name: str, description: str | None, form: Constraint | None) -> Function:
    return replace(function(name, description, None, strict=False), custom=True, form=form)


def grammars(tools: Sequence[Json], *, nested: bool) -> Iterator[tuple[str, Constraint]]:
    """The grammars among tools that were understood, each behind the parameter it stands in."""
    for at, tool in enumerate(tools):
        if tool.get("type") != "custom":
            continue
        given = (tool["custom"] if nested else tool).get("format") or {}
        if given.get("type") == "grammar":
            where = "custom.format.grammar" if nested else "format"
            grammar = _Grammar.model_validate(given["grammar"] if nested else given)
            yield f"tools[{at}].{where}.definition", grammar.form()


def is_custom(name: str, turn: Turn) -> bool:
    """Whether a call of this name is one of a custom tool."""
    return any(one.name == name and one.custom for one in turn.functions)


def not_enforceable(why: str, param: str) -> WireError:
    """For a grammar that no text can be held to."""
    return WireError(400, f"Invalid grammar: {why}.", "invalid_grammar", param)
