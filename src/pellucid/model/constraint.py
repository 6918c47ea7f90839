"""Constraints as grammars of llguidance, checked before a token is spent.

Output is written as Python's json writes it (`{"a": 1, "b": 2}`): models know that form, and
with one form only, more tokens are forced.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, assert_never

from llguidance import LLMatcher, regex_to_lark

from pellucid.core.constraint import (
    Calls,
    Choice,
    Constraint,
    Function,
    JsonSchema,
    Lark,
    Marked,
    Regex,
)
from pellucid.core.errors import BadConstraint, BadSchema
from pellucid.engine.grammar import MOST_BYTES, limits, reason
from pellucid.model.json_schema import closed, dated, located

FORM = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
KEPT = 256
ANY_TEXT = "/(.|\\n)*/"

Grammar = dict[str, Any]
"""One of llguidance's named grammars."""


@lru_cache(KEPT)
def compiled(constraint: Constraint) -> str:
    """The grammar of a constraint, as the engine takes it.

    Raises BadSchema (which names keyword and JSON pointer) or BadConstraint when it cannot be
    enforced. Takes milliseconds, a second for the largest: call it aside from an event loop.
    """
    text = json.dumps({"grammars": list(_grammars(constraint, "main"))})
    if len(text) > MOST_BYTES:
        raise BadConstraint(f"the constraint has {len(text):,} bytes; {MOST_BYTES:,} are the most")
    if complaint := _complaint(text):
        raise BadConstraint(f"the constraint cannot be enforced: {complaint}")
    return text


def _complaint(grammar: str) -> str:
    return reason(LLMatcher.validate_grammar(grammar, limits=limits()))


def _grammars(constraint: Constraint, name: str) -> Iterator[Grammar]:
    """The grammar of this name, and those it refers to."""
    match constraint:
        case JsonSchema(schema):
            yield {"name": name, "json_schema": _tight(enforceable(schema))}
        case Regex(pattern):
            yield {"name": name, "lark_grammar": f"start: /{regex_to_lark(pattern, '')}/"}
        case Lark(grammar):
            yield {"name": name, "lark_grammar": grammar}
        case Choice(options):
            if not options:
                raise BadConstraint("a choice needs at least one option")
            texts = " | ".join(map(_quoted, options))
            yield {"name": name, "lark_grammar": f"start: {texts}"}
        case Marked(marker, then):
            if not marker:
                raise BadConstraint("a marker must not be empty")
            rules = f"start: head @{name}_then\nhead[lazy]: {ANY_TEXT} {_quoted(marker)}"
            yield {"name": name, "lark_grammar": rules}
            yield from _grammars(then, f"{name}_then")
        case Calls():
            yield {"name": name, "lark_grammar": _calls(constraint, name)}
            for number, function in enumerate(constraint.functions):
                yield {"name": f"{name}_{number}", "json_schema": arguments(function)}
            if constraint.instead is not None:
                yield from _grammars(constraint.instead, f"{name}_instead")
        case _:
            assert_never(constraint)


def _calls(calls: Calls, name: str) -> str:
    """The rules of calls: which function a call names decides the schema of its arguments."""
    if not calls.functions:
        raise BadConstraint("there is no function to call")
    ways = " | ".join(
        f"{_quoted(json.dumps(function.name)[1:-1] + calls.middle)} @{name}_{number}"
        for number, function in enumerate(calls.functions)
    )
    rules = [f"function: ({ways}) {_quoted(calls.closing)}"]
    if calls.required or calls.nothing or calls.instead is not None:
        more = f" ({_quoted(calls.between)} call)*" if calls.parallel else ""
        begin, end = map(_quoted, calls.around)
        others = [] if calls.instead is None else [f"@{name}_instead"]
        others += [_quoted(calls.nothing)] if calls.nothing and not calls.required else []
        start = " | ".join([f"{begin} call{more} {end}", *others])
        return "\n".join([*rules, f"start: {start}", f"call: {_quoted(calls.opening)} function"])
    # The first line of an opening decides that a call follows; the rest of it is forced.
    mark, rest = calls.opening.splitlines()[0], calls.opening[len(calls.opening.splitlines()[0]) :]
    return "\n".join(
        [
            *rules,
            "start: call* TEXT" if calls.parallel else "start: TEXT | call",
            f"call: trigger {_quoted(rest)} function",
            f"trigger[lazy]: TEXT {_quoted(mark)}",
            f"TEXT: {ANY_TEXT}",
        ]
    )


def _quoted(text: str) -> str:
    """A string of Lark, or nothing where there is none."""
    return json.dumps(text, ensure_ascii=False) if text else ""


def enforceable(schema: str) -> Grammar:
    """A schema as llguidance takes it; BadSchema when it cannot be enforced whole."""
    root = dated(_parsed(schema))
    found = located(root, lambda one: _complaint(_alone(one)))
    if found is not None:
        raise BadSchema(f"{found.complaint} (at {found.pointer or 'the root'})", found.pointer)
    return {**root, "x-guidance": FORM}


def _parsed(schema: str) -> Grammar:
    try:
        root = json.loads(schema)
    except ValueError as error:
        raise BadSchema(f"the schema is not JSON: {error}", "") from None
    if root is True:
        root = {}
    if not isinstance(root, dict):
        raise BadSchema("a schema must be an object that allows something", "")
    return root


def _alone(schema: Grammar) -> str:
    return json.dumps({"grammars": [{"json_schema": schema}]})


def _tight(schema: Grammar) -> Grammar:
    """A schema that allows no key which it does not declare, unless it says that others are
    welcome: a small model that may add keys makes them up, and finds no end.

    What is put together of parts stays as it is: each part would forbid the keys of the others.
    """
    tight = closed(schema)
    parts = '"allOf"' in json.dumps(schema)
    return schema if parts or _complaint(_alone(tight)) else tight


@lru_cache(KEPT)
def arguments(function: Function) -> Grammar:
    """The schema that a call's arguments are held to: what is not declared is not passed.

    A schema that cannot be enforced is refused if the function is strict; else any object is
    allowed.
    """
    _parsed(function.parameters)
    try:
        return _tight(enforceable(function.parameters))
    except BadSchema as error:
        if function.strict:
            message = f"the parameters of {function.name!r}: {error}"
            raise BadSchema(message, error.pointer) from None
        return {"type": "object", "x-guidance": FORM}
