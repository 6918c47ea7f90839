"""Several turns for one completion: run at the same time, told as one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from pellucid.api.wire import choices, sse
from pellucid.core.events import Event

Json = dict[str, Any]
T = TypeVar("T")


async def together(works: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """What several works give, in order; the first that fails ends them all, and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def merged(
    streams: Sequence[AsyncGenerator[T, None]],
) -> AsyncGenerator[tuple[int, T], None]:
    """What comes of several streams, as it comes, each with the number of its stream; all are
    closed at the end."""
    if len(streams) == 1:  # the usual case, without a task for every event
        async with aclosing(streams[0]) as only:
            async for value in only:
                yield 0, value
        return
    waiting = {asyncio.ensure_future(anext(one)): at for at, one in enumerate(streams)}
    try:
        while waiting:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                number = waiting.pop(task)
                try:
                    value = task.result()
                except StopAsyncIteration:
                    continue
                waiting[asyncio.ensure_future(anext(streams[number]))] = number
                yield number, value
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for stream in streams:
            await stream.aclose()


@dataclass(frozen=True, slots=True)
class ChoiceStream:
    """How turns become a stream: rendered together, each chunk framed by `frame`; `keep` is
    done with the whole reply before its end is told."""

    renderer: choices.Renderer
    frame: Callable[[Json], bytes]
    keep: Callable[[Json], Awaitable[None]]

    async def frames(
        self, *streams: AsyncGenerator[Event | None, None]
    ) -> AsyncGenerator[bytes, None]:
        """What is written, each chunk whole, up to the end of all or the failure of one."""
        async with aclosing(merged(streams)) as events:
            async for number, event in events:
                if event is None:
                    yield sse.ALIVE
                    continue
                written = [self.frame(one) for one in self.renderer.feed(number, event)]
                if self.renderer.ended:
                    await self.keep(self.renderer.whole())
                for one in written:
                    yield one
                if self.renderer.failed:
                    break
        yield sse.DONE
