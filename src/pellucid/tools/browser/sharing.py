"""What several ask for at the same time is done once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


@dataclass(slots=True)
class _Running(Generic[Value]):
    task: asyncio.Task[Value]
    waiting: int = 0


class Shared(Generic[Value]):
    """Work that is under way, by what it is for."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._running: dict[Hashable, _Running[Value]] = {}

    async def get(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """The result of the work for `key`, which begins if it is not under way, and ends early
        when nobody waits for it any more."""
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = _Running(asyncio.create_task(work()))
        running.waiting += 1
        try:
            return await asyncio.shield(running.task)
        finally:
            running.waiting -= 1
            if not running.waiting:
                running.task.cancel()
                if self._running.get(key) is running:
                    del self._running[key]
