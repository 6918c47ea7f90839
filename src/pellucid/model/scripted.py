"""Models without weights: one plays back given items, one follows simple rules.

Both are deterministic; they serve tests, demonstrations and load tests. The words of a
`Script` are streamed character by character, as a worst case for whoever reads them.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pellucid.core.constraint import Choice, JsonSchema
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Item, Message, Reasoning, ToolCall, ToolResult
from pellucid.core.likely import Likely
from pellucid.core.ports import NO_CALL, Prompt
from pellucid.core.usage import Usage

Json = dict[str, Any]
Script = Callable[[Prompt], Sequence[Item]]
"""What to reply to a prompt, with or without what the prompt begins the reply with. A program for
a prompt into a ToolCall keeps its call id."""


class ScriptedModel:
    """Replies what its script says; `seen` keeps the prompts, a token is four characters.

    `pause` says how many seconds pass before the first word of a reply.
    """

    name = "scripted"
    fingerprint = "scripted/1"

    def __init__(
        self,
        script: Script,
        window: int = 32_768,
        pause: Callable[[Prompt], float] = lambda prompt: 0.0,
    ) -> None:
        self.window, self.spent, self.seen = window, Usage(), list[Prompt]()
        self._script, self._pause = script, pause

    async def count(self, prompt: Prompt) -> int:
        """Four characters to a token."""
        return sum(len(item.text) for item in prompt.items) // 4

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """The script's items as events, cut at the token limit like a real reply."""
        self.seen.append(prompt)
        tokens = await self.count(prompt)
        if seconds := self._pause(prompt):
            await asyncio.sleep(seconds)
        for item in self._script(prompt):
            if isinstance(item, ToolCall) and isinstance(prompt.into, ToolCall):
                item = replace(item, call_id=prompt.into.call_id)
            begun = "" if item.text.startswith(prompt.begun) else prompt.begun
            item = replace(item, text=begun + item.text)
            text = item.text[: len(prompt.begun) + prompt.max_tokens * 4]
            used = max(1, len(text) // 4)
            thinking = 0 if isinstance(item, Message) else used
            self.spent += Usage(tokens, 0, thinking, used)
            yield ItemOpened(replace(item, text=""))
            for character in text:
                yield ItemGrew(character)
            said, cut = replace(item, text=text), text != item.text
            yield ItemClosed(said, cut, tokens=tuple(_certain(item.text, prompt)))


def _certain(text: str, prompt: Prompt) -> Iterator[Likely]:
    """The tokens of a reply, where they are asked for: a script leaves no doubt about them."""
    if prompt.top_logprobs is None or prompt.constraint or prompt.begun:
        return
    for at in range(0, len(text), 4):
        piece = text[at : at + 4].encode("utf-8", "surrogatepass")
        yield Likely(piece, 0.0, ((piece, 0.0),) if prompt.top_logprobs else ())


def playback(*replies: Sequence[Item]) -> Script:
    """Plays the replies in order; IndexError when asked for more."""
    waiting = list(replies)
    return lambda prompt: waiting.pop(0)


def pauses(prompt: Prompt) -> float:
    """The seconds of a line `wait: SECONDS` in the question: a model that is slow, for load tests
    and for those who go away meanwhile."""
    found = re.search(r"^wait: *(\d+(?:\.\d+)?)$", _question(prompt), re.M)
    return float(found[1]) if found else 0.0


def rules(prompt: Prompt) -> Sequence[Item]:
    """A small deterministic stand-in for a model.

    Of a choice the first option is taken. `call: NAME ARGUMENTS` calls that function, if there
    is one and it was not called yet; a line `think: TEXT` is thought before what follows is
    answered; `say: TEXT` and `reply exactly TEXT` are answered with TEXT;
    a fenced Python block in the question is the program to write; an answer in a form is the
    smallest one; otherwise the program evaluates the first arithmetic expression, and the answer
    repeats the output of the last program.
    """
    if isinstance(prompt.constraint, Choice):
        return [replace(prompt.into, text=prompt.constraint.options[0])]
    if isinstance(prompt.into, Reasoning):
        return [Reasoning("The scripted model has nothing to think about.")]
    if prompt.functions and _asks(prompt.items[-1]):
        return [_called(prompt, prompt.items[-1].text) or Reasoning(NO_CALL)]
    question = _question(prompt)
    if isinstance(prompt.into, ToolCall):
        return [replace(prompt.into, text=_program(question))]
    said = re.search(r"\b(?:say:|reply exactly)\s*(.+)", question, re.S)
    if said:
        return [*_thought(question), Message("assistant", said[1].strip())]
    if isinstance(prompt.constraint, JsonSchema):
        return [Message("assistant", json.dumps(smallest(json.loads(prompt.constraint.schema))))]
    last = prompt.items[-1]
    if isinstance(last, ToolResult) and not last.failed:
        return [Message("assistant", f"The result is {last.text.strip()}.")]
    return [Message("assistant", "I am the scripted model and only repeat what programs print.")]


def _called(prompt: Prompt, text: str) -> ToolCall | None:
    """The call that a message asks for; where one must be made, of the first function, texts
    among its required properties being the last word of the message."""
    names = [function.name for function in prompt.functions]
    found = re.search(r"\bcall:\s*([\w-]+)\s*(\{.*\})", text, re.S)
    call_id = f"call_{len(prompt.items)}"
    if found and found[1] in names:
        return ToolCall(call_id, found[1], found[2])
    if not prompt.must_call:
        return None
    word = (re.findall(r"\w+", text) or [""])[-1]
    arguments = smallest({"type": "object", **json.loads(prompt.functions[0].parameters)}, word)
    return ToolCall(call_id, names[0], json.dumps(arguments))


def smallest(schema: Json, word: str = "", whole: Json | None = None) -> object:
    """The least that fits a schema without patterns and formats; texts are `word`."""
    whole = whole or schema
    match schema:
        case {"$ref": str(name)}:
            return smallest(whole["$defs"][name.rpartition("/")[2]], word, whole)
        case {"const": value} | {"enum": [value, *_]}:
            return value
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]}:
            return smallest(first, word, whole)
        case {"type": [kind, *_]}:
            return smallest({**schema, "type": kind}, word, whole)
        case {"type": "array", "items": inner, "minItems": int(number)}:
            return [smallest(inner, word, whole)] * number
        case {"type": "integer" | "number", "minimum": number}:
            return number
        case {"type": "object"} | {"required": _}:
            fields, needed = schema.get("properties", {}), schema.get("required", [])
            return {name: smallest(fields.get(name, {}), word, whole) for name in needed}
        case _:
            least: Json = {"array": [], "null": None, "boolean": False, "integer": 0, "number": 0}
            return least.get(schema.get("type", "string"), word)


def _thought(question: str) -> Sequence[Item]:
    return [Reasoning(line) for line in re.findall(r"^think: *(.+)$", question, re.M)]


def _question(prompt: Prompt) -> str:
    return next((i.text for i in reversed(prompt.items) if _asks(i)), "")


def _asks(item: Item) -> bool:
    return isinstance(item, Message) and item.role == "user"


def _program(question: str) -> str:
    block = re.search(r"```(?:python)?\n(.*?)```", question, re.S)
    if block:
        return block[1]
    expression = re.search(r"\d[\d.]*(?:\s*(?:\*\*|[-+*/%])\s*\(?\d[\d.]*\)?)+", question)
    return f"print({expression[0] if expression else repr('nothing to compute')})\n"
