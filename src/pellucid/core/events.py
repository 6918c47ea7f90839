"""The one event type: what can happen while a turn runs.

At most one item is open at a time, so events carry no index and no id:
position is order of arrival, and wire ids are derived from the turn id.
"""

from dataclasses import dataclass
from typing import Literal

from pellucid.core.effort import Spent
from pellucid.core.items import Item
from pellucid.core.likely import Likely
from pellucid.core.usage import Usage

EndReason = Literal["answered", "calls", "length", "limit", "cancelled"]
"""answered: an answer stands; calls: the caller must act; length: the token limit cut
the answer; limit: a budget ended the work and the best answer so far was given;
cancelled: the caller went away."""


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The turn was accepted. `created_at` is Unix time in seconds."""

    turn_id: str
    model: str
    created_at: int


@dataclass(frozen=True, slots=True)
class ItemOpened:
    """An item began; its text is still empty."""

    item: Item


@dataclass(frozen=True, slots=True)
class ItemGrew:
    """More of the open item's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ItemClosed:
    """The open item is complete. `cut` tells that a token limit ended it; `confidence` is the mean
    log-probability of its tokens where the prompt asked for it; `tokens` are those it was written
    in, where that was asked for and they are known."""

    item: Item
    cut: bool = False
    confidence: float | None = None
    tokens: tuple[Likely, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The turn ended well; `spent` is effort asked, granted and used. `cached_from` names the turn
    whose events these are again ("": they were made for this one)."""

    reason: EndReason
    usage: Usage
    spent: Spent
    cached_from: str = ""


@dataclass(frozen=True, slots=True)
class TurnFailed:
    """The turn ended in a typed error; `code` is stable, `message` is for people."""

    code: str
    message: str
    usage: Usage
    retryable: bool = False


Event = TurnStarted | ItemOpened | ItemGrew | ItemClosed | TurnFinished | TurnFailed
