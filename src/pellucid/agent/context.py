"""What the model is shown: one fixed system prompt, the conversation, and nothing cut.

The prompt of a later turn extends the tokens of an earlier one: the system prompt
never changes within a conversation and items are only appended.
"""

from collections.abc import Sequence
from dataclasses import replace

from pellucid.agent.budget import ANSWER_RESERVE
from pellucid.agent.hints import hinted
from pellucid.core.errors import WindowExceeded
from pellucid.core.items import Item, Message, Role
from pellucid.core.ports import Model, Prompt
from pellucid.core.turn import Attachment, GivenFile, Turn

SYSTEM = "You are a careful, honest assistant."
HEAD_LINES = 6
"""How much of an attached table a program's author sees."""

HEADS = 4
"""Of how many files of a container the beginnings are shown."""

LONG_LINES = 40
"""Attachments up to this many lines are shown whole."""


def shown(turn: Turn, new: Sequence[Item] = (), *, hints: bool = True) -> tuple[Item, ...]:
    """The system prompt, the turn's conversation with its attachments, then new items; questions
    with the hints they need unless there shall be none."""
    instructions = [i.text for i in turn.items if _is(i, "system")]
    talk = [_hinted(i) if hints else i for i in turn.items if not _is(i, "system")]
    attached = "".join(_attached(a) for a in turn.attachments) + _given(turn.files)
    last = max((at for at, item in enumerate(talk) if _is(item, "user")), default=None)
    if attached and last is not None:
        talk[last] = replace(talk[last], text=talk[last].text + attached)
    return (Message("system", "\n\n".join([SYSTEM, *instructions])), *talk, *new)


def _is(item: Item, role: Role) -> bool:
    return isinstance(item, Message) and item.role == role


def _hinted(item: Item) -> Item:
    return replace(item, text=hinted(item.text)) if _is(item, "user") else item


def _attached(attachment: Attachment) -> str:
    lines = attachment.text.splitlines()
    if len(lines) <= LONG_LINES:
        body, what = attachment.text, "the whole file"
    else:
        body, what = "\n".join(lines[:HEAD_LINES]), f"its first {HEAD_LINES} of {len(lines)} lines"
    seen = f", {attachment.seen}" if attachment.seen else ""
    return f"\n\nThe file {attachment.name!r} is in the working directory; {what}{seen}:\n{body}"


def _given(files: Sequence[GivenFile]) -> str:
    """The files of a container: the newest texts with their beginnings, the others by name."""
    texts = [file for file in files if file.head][-HEADS:]
    others = ", ".join(repr(file.name) for file in files if file not in texts)
    named = f"\n\nThese files are in the working directory: {others}." if others else ""
    return named + "".join(map(_begun, texts))


def _begun(file: GivenFile) -> str:
    what = "the whole file" if len(file.head.encode()) == file.size else "how it begins"
    return f"\n\nThe file {file.name!r} is in the working directory; {what}:\n{file.head}"


async def fitted(model: Model, prompt: Prompt) -> Prompt:
    """The prompt with no more room for its reply than the window has left.

    WindowExceeded, with counts, when not even a short reply fits; nothing is cut.
    """
    tokens = await model.count(prompt)
    least = min(prompt.max_tokens, ANSWER_RESERVE)
    if tokens + least > model.window:
        raise WindowExceeded(tokens, model.window, least)
    return replace(prompt, max_tokens=min(prompt.max_tokens, model.window - tokens))
