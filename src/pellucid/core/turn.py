"""One request: conversation, effort, limits, tools offered."""

from dataclasses import dataclass

from pellucid.core.effort import EffortName
from pellucid.core.items import Item
from pellucid.core.serving import USUAL, Serving


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that came with the question; programs find it under `name`."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A request to answer the last message of `items`.

    `tools` names what may be used ("python"); `max_output_tokens` caps all output,
    thinking included; `seconds` is a deadline for the whole turn; `owner` keys every
    cache and record; `created_at` is Unix time in seconds. Turns of one `conversation`
    share a Python session (empty: the turn has its own). `serving` is what the turn asks
    of the engine.
    """

    turn_id: str
    items: tuple[Item, ...]
    model: str = "pellucid-mini"
    effort: EffortName = "medium"
    tools: frozenset[str] = frozenset({"python"})
    seed: int = 0
    max_output_tokens: int | None = None
    seconds: float | None = None
    owner: str = "local"
    created_at: int = 0
    conversation: str = ""
    attachments: tuple[Attachment, ...] = ()
    serving: Serving = USUAL
