"""ChatML, the dialect of Qwen2.5 and SmolLM2 (openai/openai-python chatml.md, 2023).

Every message is `<|im_start|>role`, a newline, its text and `<|im_end|>`. Programs are
the assistant's fenced code; their output comes back as a user message, which small
weights follow better than a tool role.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import assert_never

from pellucid.core.constraint import Calls, Constraint, Function
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import Prompt
from pellucid.model.dialect import Segment

FENCE = "```"
OPENING = FENCE + "python\n"
"""What opens a program in the assistant's words."""

RENDERING = 1
"""Raised when the same items become other tokens: prompts kept on disk go by it."""

RAN = "The program printed:\n{}\nState the answer to the question in one short sentence."
RETURNED = "The function {} returned:\n{}"
FAILED = "The program failed:\n{}\nWrite the whole program again, corrected."

ASK = Segment("\n\nWrite a Python program that prints the answer.")

FUNCTIONS = (
    "You can call functions:\n{}\n\n"
    "Answer with a JSON list of calls and nothing else, one call for each thing that is asked:\n"
    '[{{"name": <function-name>, "arguments": <args-json-object>}}, ...]\n'
    "When no function does what is asked, answer []"
)
"""How small weights are told of functions. What the makers of Qwen2.5 trained larger ones for
(`<tool_call>` tags) the small ones hardly ever write (LOG.md)."""

NOTHING = "[]"
_DEFAULT_SYSTEM = "You are a helpful assistant."
_END = Segment("<|im_end|>\n", control=True)


@dataclass(frozen=True, slots=True)
class ChatML:
    """One family of weights that speaks ChatML."""

    name: str

    def render(self, prompt: Prompt) -> tuple[Segment, ...]:
        """All items, then the assistant's opening; a program begins inside its fence."""
        items = _with_functions(prompt.items, prompt.functions)
        names, segments = dict[str, str](), list[Segment]()
        for item, after in pairwise((*items, prompt.into)):
            segments += self._item(item, after, names)
            if isinstance(item, ToolCall):
                names[item.call_id] = item.name
        opening = [Segment(OPENING)] if _is_program(prompt.into) else []
        begun = [Segment(prompt.begun)] if prompt.begun else []
        return (*segments, _start("assistant"), *opening, *begun)

    def stops(self, prompt: Prompt) -> tuple[str, ...]:
        """A program ends at its closing fence; words end with the turn."""
        return (FENCE,) if _is_program(prompt.into) else ()

    def constraint(self, prompt: Prompt) -> Constraint | None:
        """A list of calls, where there are functions; an empty one says that none fits."""
        if not prompt.functions:
            return prompt.constraint
        return Calls(
            prompt.functions,
            opening='{"name": "',
            middle='", "arguments": ',
            closing="}",
            between=", ",
            around=("[", "]"),
            required=prompt.must_call,
            parallel=prompt.parallel,
            nothing=NOTHING,
            instead=prompt.constraint,
        )

    def calls(self, text: str, prefix: str) -> tuple[ToolCall, ...] | None:
        """The calls that a reply to a prompt with functions lists; None when it is no list of
        calls."""
        try:
            listed = json.loads(text)
            return tuple(
                ToolCall(f"{prefix}_{place}", one["name"], json.dumps(one["arguments"]))
                for place, one in enumerate(listed)
            )
        except (ValueError, KeyError, TypeError):
            return None

    def reply(self, item: Item) -> tuple[Segment, ...]:
        """A program ends with its fence; anything else is its text."""
        match item:
            case ToolCall(name="python"):
                return (Segment(item.text + FENCE),)
            case _:
                return (Segment(item.text),)

    def _item(self, item: Item, after: Item, names: Mapping[str, str]) -> tuple[Segment, ...]:
        """One item; a question that a program follows is rendered as asking for one. `names` are
        what the calls before it named, by their id."""
        match item:
            case Message("user", text) if _is_program(after):
                return (_start("user"), Segment(text), ASK, _END)
            case Message(role, text):
                return (_start(role), Segment(text), _END)
            case ToolCall(name="python"):
                return (_start("assistant"), Segment(OPENING), *self.reply(item), _END)
            case ToolCall(name=name, text=text):
                listed = f'[{{"name": {json.dumps(name)}, "arguments": {_arguments(text)}}}]'
                return (_start("assistant"), Segment(listed), _END)
            case ToolResult(call_id=call_id, text=text) if names.get(call_id, "python") != "python":
                return (_start("user"), Segment(RETURNED.format(names[call_id], text)), _END)
            case ToolResult(text=text, failed=failed):
                return (_start("user"), Segment((FAILED if failed else RAN).format(text)), _END)
            case Reasoning() | Verdicts():
                return ()
            case _:
                assert_never(item)


def _with_functions(items: tuple[Item, ...], functions: tuple[Function, ...]) -> tuple[Item, ...]:
    """The items with the functions named in the system message, which stands first."""
    if not functions:
        return items
    told = FUNCTIONS.format("\n".join(map(signature, functions)))
    match items:
        case (Message("system", text), *others):
            return (Message("system", f"{text}\n\n{told}"), *others)
        case _:
            return (Message("system", f"{_DEFAULT_SYSTEM}\n\n{told}"), *items)


def signature(function: Function) -> str:
    """A function as OpenAI's API and the makers of Qwen2.5 write it, in one line of JSON."""
    parameters = json.loads(function.parameters)
    described = {"description": function.description} if function.description else {}
    told = {"name": function.name, **described, "parameters": parameters}
    return json.dumps({"type": "function", "function": told}, ensure_ascii=False)


def _arguments(text: str) -> str:
    """The arguments of a call: JSON as it is; the text that a custom tool takes, as its input."""
    try:
        json.loads(text)
    except ValueError:
        return json.dumps({"input": text}, ensure_ascii=False)
    return text


def _is_program(item: Item) -> bool:
    return isinstance(item, ToolCall) and item.name == "python"


def _start(role: str) -> Segment:
    return Segment(f"<|im_start|>{role}\n", control=True)


def dialects() -> dict[str, ChatML]:
    """The dialects we ship, by the name the weights' manifest gives them."""
    return {name: ChatML(name) for name in ("chatml-qwen", "chatml-smollm")}
