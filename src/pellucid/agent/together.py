"""Several streams of events at the same time, passed on one after the other.

At most one item of a turn is open at a time, but an engine that decodes several replies in
one batch gives more tokens a second than one after the other (continuous batching, Orca,
OSDI 2022).
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from pellucid.core.events import Event

Heard = asyncio.Queue[Event | Exception | None]
"""What one stream said so far; None once it has ended."""


async def together(
    streams: Sequence[AsyncGenerator[Event, None]],
) -> AsyncGenerator[Event, None]:
    """The events of all streams, in the order of the streams, while all of them run.

    An error is raised when it is its stream's turn; closing ends every stream.
    """
    heard: list[Heard] = [asyncio.Queue() for _ in streams]
    tasks = [asyncio.create_task(_pour(*one)) for one in zip(streams, heard, strict=True)]
    try:
        for queue in heard:
            while (event := await queue.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                yield event
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pour(stream: AsyncGenerator[Event, None], heard: Heard) -> None:
    try:
        async with aclosing(stream) as events:
            async for event in events:
                heard.put_nowait(event)
    except Exception as error:
        heard.put_nowait(error)  # raised by who listens
    finally:
        heard.put_nowait(None)
