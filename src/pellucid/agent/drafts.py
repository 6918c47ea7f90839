"""Hold an answer back until it stands."""

from pellucid.core.events import Event, ItemClosed, ItemOpened
from pellucid.core.items import Message


class Curtain:
    """Tells which events of a model's reply belong to an answer nobody may see yet."""

    def __init__(self) -> None:
        self._drawn = False

    def hides(self, event: Event) -> bool:
        """Whether the event is part of a message."""
        if isinstance(event, ItemOpened):
            self._drawn = isinstance(event.item, Message)
        hidden = self._drawn
        if isinstance(event, ItemClosed):
            self._drawn = False
        return hidden
