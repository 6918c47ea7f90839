"""Hold an answer, or calls of the caller's functions, back until they stand."""

from pellucid.core.events import Event, ItemClosed, ItemOpened
from pellucid.core.items import Message, ToolCall


class Curtain:
    """Tells which events of a model's reply nobody may see yet: those of an answer and, where
    `calls` are of the caller's functions, theirs."""

    def __init__(self, *, calls: bool = False) -> None:
        self._drawn = False
        self._held = (Message, ToolCall) if calls else (Message,)

    def hides(self, event: Event) -> bool:
        """Whether the event is part of something held back."""
        if isinstance(event, ItemOpened):
            self._drawn = isinstance(event.item, self._held)
        hidden = self._drawn
        if isinstance(event, ItemClosed):
            self._drawn = False
        return hidden
