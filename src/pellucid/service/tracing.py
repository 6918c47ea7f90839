"""What a turn tells those who trace it; without them, nothing is done.

`telemetry` makes OpenTelemetry's spans of it. It is not imported unless it is wanted.
"""

from collections.abc import Callable
from typing import Protocol

from pellucid.core.fold import Record
from pellucid.core.ports import Model, Toolset
from pellucid.core.turn import Turn

Tell = Callable[[Turn, Record], None]
"""Hears what became of a turn, once."""


class Trace(Protocol):
    """One turn, from its beginning on."""

    def model(self, model: Model) -> Model:
        """The same model, each call of which is seen."""
        ...

    def tools(self, tools: Toolset) -> Toolset:
        """The same tools, each run of which is seen."""
        ...

    def ended(self, record: Record) -> None:
        """Hear what became of the turn, once."""
        ...


class Untraced:
    """A turn that nobody traces."""

    def __init__(self, turn: Turn) -> None:
        """Any turn."""

    def model(self, model: Model) -> Model:
        """The model itself."""
        return model

    def tools(self, tools: Toolset) -> Toolset:
        """The tools themselves."""
        return tools

    def ended(self, record: Record) -> None:
        """Nobody hears of it."""


def telling(trace: Trace, tell: Tell) -> Tell:
    """Tells both what became of a turn."""

    def both(turn: Turn, record: Record) -> None:
        trace.ended(record)
        tell(turn, record)

    return both
