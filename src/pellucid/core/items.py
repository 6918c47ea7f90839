"""What a conversation is made of: messages, reasoning, tool work and verdicts.

Every item has a `text`, empty while it is being written; that is what lets one
event type carry all of them (see `events`).
"""

from dataclasses import dataclass
from typing import Literal

from pellucid.core.claims import Claim
from pellucid.core.executions import Execution
from pellucid.core.pages import Page

Role = Literal["system", "user", "assistant"]
LOADER = "attachments"
"""The call that puts attachments where programs find them; it ends its id."""


@dataclass(frozen=True, slots=True)
class Message:
    """Words from one side of the conversation, and the ids of the files that came with them."""

    role: Role
    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the model thought, in its own words: text, never evidence."""

    text: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A request to act. `text` is JSON arguments for functions, raw input for `python` and for
    custom tools."""

    call_id: str
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What came back of a call; `execution` is set when code ran, `page` when one was opened: they
    are the evidence. `scores` tell how much of what was looked for is in each passage that was
    found, from 0 to 1; there are none where nothing was looked for by its words."""

    call_id: str
    text: str = ""
    failed: bool = False
    execution: Execution | None = None
    page: Page | None = None
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What supports each checkable part of the answer before it; `text` sums it up in a line."""

    claims: tuple[Claim, ...] = ()
    removed: tuple[str, ...] = ()
    text: str = ""


Item = Message | Reasoning | ToolCall | ToolResult | Verdicts
