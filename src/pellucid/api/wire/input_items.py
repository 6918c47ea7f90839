"""Items as clients write them: what they mean, and how they are listed.

https://platform.openai.com/docs/api-reference/responses/input-items
"""

from collections.abc import Sequence
from typing import Any

from pellucid.api.wire.bodies import named, path, unsupported
from pellucid.api.wire.enclosed import FILE, IMAGE
from pellucid.api.wire.errors import WireError
from pellucid.api.wire.sealed import NOTHING, Restored, joined
from pellucid.core.items import Item, Message, Role, ToolCall, ToolResult

Json = dict[str, Any]

ROLES: dict[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}
TEXTS = ("input_text", "output_text", "text", "summary_text")


def items_of(
    listed: Sequence[Json], restored: Restored = NOTHING.restored, before: Sequence[Item] = ()
) -> tuple[Item, ...]:
    """What items mean as the API writes them, after those before them, with what was `restored`
    of sealed ones; WireError for what is not understood."""
    return joined(listed, _item, restored, before)


def shown(item: Json, item_id: str) -> Json:
    """An input item as it is listed, with an id where it has none."""
    item = {key: value for key, value in item.items() if value is not None or key not in _NAMED}
    kind = item.get("type", "message")
    told = {"id": f"{_PREFIX.get(kind, 'item')}_{item_id}", "status": "completed", **item}
    told["type"] = kind
    if kind == "message" and isinstance(told.get("content"), str):
        part = "output_text" if told.get("role") == "assistant" else "input_text"
        more: Json = {"annotations": []} if part == "output_text" else {}
        told["content"] = [{"type": part, "text": told["content"], **more}]
    return told


_PREFIX = {"message": "msg", "function_call": "fc", "function_call_output": "fco"}
_PREFIX |= {"custom_tool_call": "ctc", "custom_tool_call_output": "ctco"}


_NAMED = ("id", "status")
"""What an item is listed with: its own, where it has them."""


def _item(item: Json, at: int) -> tuple[Item, ...]:
    """An input item; reasoning that is not sealed was read by nobody and is left out."""
    for key in _NAMED:
        named(item.get(key), f"input[{at}].{key}")
    match item.get("type", "message"):
        case "message":
            role = ROLES.get(str(item.get("role")))
            if role is None:
                told = f"Invalid value: {item.get('role')!r}. Supported values are: " + ", ".join(
                    f"'{name}'" for name in ROLES
                )
                raise WireError(400, told + ".", "invalid_value", f"input[{at}].role")
            where, content = f"input[{at}].content", item.get("content")
            words, files = _parts(content, where, files=role != "assistant")
            return (Message(role, words, files),)
        case "function_call":
            call_id, name, arguments = (_string(item, key, at) for key in _CALL)
            return (ToolCall(call_id, name, arguments),)
        case "custom_tool_call":
            call_id, name, text = (_string(item, key, at) for key in ("call_id", "name", "input"))
            return (ToolCall(call_id, name, text),)
        case "function_call_output" | "custom_tool_call_output":
            output = _words(item.get("output"), f"input[{at}].output")
            return (ToolResult(_string(item, "call_id", at), output),)
        case "reasoning":
            return ()
        case "code_interpreter_call" | "file_search_call" | "web_search_call":
            return ()
        case kind:
            raise unsupported(f"Input of type {kind!r}", f"input[{at}].type")


_CALL = ("call_id", "name", "arguments")


def _string(item: Json, key: str, at: int) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        told = f"Missing required parameter: 'input[{at}].{key}'."
        raise WireError(400, told, "missing_required_parameter", f"input[{at}].{key}")
    return value


def _words(content: object, where: str) -> str:
    """The text of a content; images and files are refused by name."""
    return _parts(content, where)[0]


def _parts(content: object, where: str, *, files: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text of a content, and the ids of its `files`, where it may have any; what else it holds
    is refused by name."""
    if isinstance(content, str):
        return content, ()
    if not isinstance(content, list):
        raise WireError(400, f"Invalid type for '{where}'.", "invalid_type", where)
    texts, named = list[str](), list[str]()
    for at, part in enumerate(content):
        match part:
            case {"type": "refusal"} if isinstance(part.get("refusal", ""), str):
                texts.append(part.get("refusal", ""))
            case {"type": kind, "text": str(text)} if kind in TEXTS:
                texts.append(text)
            case {"type": kind, "file_id": str(file_id)} if files and kind in (FILE, IMAGE):
                named.append(file_id)
            case _:
                kind = part.get("type") if isinstance(part, dict) else None
                raise unsupported(f"Content of type {kind!r}", path(("type",), f"{where}[{at}]"))
    return "\n".join(texts), tuple(named)
