"""Limits as nested scopes: tokens, calls and seconds; the error names its scope."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from pellucid.core.errors import BudgetExceeded
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Item

ANSWER_RESERVE = 256
"""Tokens kept for the answer before any thinking starts."""

SMALLEST_ANSWER = 16
"""The smallest output cap that can hold an answer; less is refused up front."""


@dataclass(slots=True)
class Scope:
    """A counted budget inside another: what is spent here is spent there too."""

    name: str
    limit: int
    parent: "Scope | None" = None
    spent: int = 0

    @property
    def left(self) -> int:
        """What may still be spent, here and in every scope around."""
        here = max(0, self.limit - self.spent)
        return here if self.parent is None else min(here, self.parent.left)

    def spend(self, amount: int) -> None:
        """Count `amount`; BudgetExceeded names the innermost scope that had less left."""
        had = self.limit - self.spent
        self.spent += amount
        if had < amount:
            raise BudgetExceeded(f"the budget of {self.limit:,} {self.name} is used up")
        if self.parent is not None:
            self.parent.spend(amount)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point in time by `clock` (monotonic seconds); `at` None is never."""

    at: float | None
    clock: Callable[[], float]

    @property
    def left(self) -> float | None:
        """Seconds left, at least 0; None without a deadline."""
        return None if self.at is None else max(0.0, self.at - self.clock())

    async def bound(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The same events until the deadline; then the open item is closed as cut,
        the source is closed and BudgetExceeded is raised."""
        async with aclosing(events if self.at is None else self._timed(events)) as timed:
            async for event in timed:
                yield event

    async def _timed(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        """The events that come in time."""
        unfinished: Item | None = None
        text: list[str] = []
        try:
            async with aclosing(events):
                while (event := await self._next(events)) is not None:
                    match event:
                        case ItemOpened(item):
                            unfinished, text = item, []
                        case ItemGrew(more):
                            text.append(more)
                        case _:
                            unfinished = None
                    yield event
        except BudgetExceeded:
            if unfinished is not None:
                yield ItemClosed(replace(unfinished, text="".join(text)), cut=True)
            raise

    async def _next(self, events: AsyncGenerator[Event, None]) -> Event | None:
        """The next event in the time left, None after the last."""
        try:
            async with asyncio.timeout(self.left):
                return await anext(events)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            raise BudgetExceeded("the time for this answer is used up") from None


@dataclass(frozen=True, slots=True)
class Budget:
    """The scopes of one turn: all output, thinking inside it, executions, time."""

    output: Scope
    thinking: Scope
    calls: Scope
    deadline: Deadline

    @classmethod
    def of(cls, output: int, thinking: int, calls: int, deadline: Deadline) -> "Budget":
        """Thinking gets what its row allows, never the part of `output` kept for the answer."""
        reserve = max(SMALLEST_ANSWER, min(ANSWER_RESERVE, output // 2))
        whole = Scope("output tokens", output)
        return cls(
            whole,
            Scope("thinking tokens", min(thinking, max(0, output - reserve)), whole),
            Scope("tool calls", calls),
            deadline,
        )
