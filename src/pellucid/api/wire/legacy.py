"""Completions, the format before Chat: https://platform.openai.com/docs/api-reference/completions

A prompt is answered as a message of the user, through the same turn as in Chat.
"""

from typing import Any

from pellucid.api.wire.bodies import Body, parsed, unsupported

Json = dict[str, Any]

HARMLESS: dict[str, tuple[Any, ...]] = {
    "suffix": ("",),
    "echo": (False,),
    "best_of": (1,),
    "logprobs": (),
}
"""Parameters that mean something this server has not, with the values that ask for nothing."""


class Asked(Body):
    """The parameters of a request; what they may be, Chat says, which has them too."""

    model: str
    prompt: str | list[Any]
    n: Any = None
    max_tokens: Any = None
    stop: Any = None
    seed: Any = None
    stream: Any = None
    stream_options: Any = None
    temperature: Any = None
    top_p: Any = None
    frequency_penalty: Any = None
    presence_penalty: Any = None
    logit_bias: Any = None
    user: Any = None
    pellucid: Any = None
    suffix: Any = None
    echo: Any = None
    best_of: Any = None
    logprobs: Any = None


def chat_body(body: Json) -> Json:
    """The request for a chat completion that says the same; WireError where there is none."""
    asked = parsed(Asked, body)
    for name, harmless in HARMLESS.items():
        value = getattr(asked, name)
        if value is not None and value not in harmless:
            raise unsupported(f"Parameter '{name}'", name)
    said = {name: value for name, value in body.items() if value is not None}
    same = {name: value for name, value in said.items() if name not in (*HARMLESS, "prompt")}
    return {**same, "messages": [{"role": "user", "content": _text(asked.prompt)}]}


def _text(prompt: str | list[Any]) -> str:
    match prompt:
        case str(text) | [str(text)]:
            return text
        case _:
            raise unsupported("A prompt of several texts, or of tokens,", "prompt")


def told(reply: Json) -> Json:
    """A chat completion, or a chunk of one, in this format; an error is the same in both."""
    if "error" in reply:
        return reply
    choices = [_choice(one) for one in reply["choices"]]
    return {**reply, "object": "text_completion", "choices": choices}


def _choice(choice: Json) -> Json:
    """A choice: its text; raw reasoning, where it was asked for, stands beside it."""
    said: Json = choice.get("message") or choice["delta"]
    same = {name: value for name, value in choice.items() if name not in ("message", "delta")}
    thoughts = {name: text for name, text in said.items() if name.startswith("reasoning")}
    return {**same, "text": said.get("content") or "", **thoughts}
