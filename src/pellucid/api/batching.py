"""Batches at work: their requests take the usual routes, behind everybody somebody waits for.

What came of a request is on disk before it counts; a batch that a server left unfinished is
taken up by the next one, which asks only what has no result yet.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

from starlette.types import ASGIApp

from pellucid.api.inside import posted
from pellucid.api.keeping import Runs
from pellucid.api.wire import batches as wire
from pellucid.api.wire.common import Offer
from pellucid.core.events import Event
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.store.batches import ENDED, Batch, Batches, Line, Status
from pellucid.store.files import NEVER, File, Files

log = logging.getLogger("pellucid.api")

AT_ONCE = 8
"""Requests of all batches that are asked at the same time."""

TRIES = 3
"""How often a request is asked that fails by no fault of its own."""

LONGEST_WAIT = 30.0
"""Seconds between two tries, at most."""

BUSY, BROKEN = (429,), (500, 503)
"""Statuses after which a request is asked again: as often as it takes, and TRIES times."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The door for turns of batches: they come after all others."""

    turns: Runs

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """The events of a turn."""
        behind = replace(turn, serving=Serving(priority="batch"))
        async with aclosing(self.turns.run(behind)) as events:
            async for event in events:
                yield event

    async def count(self, turn: Turn) -> int:
        """The tokens of its conversation."""
        return await self.turns.count(turn)


class Batching:
    """All batches that are worked on; entering takes up those that were left, leaving leaves
    them to the next. `app` answers their requests."""

    def __init__(
        self,
        app: ASGIApp,
        batches: Batches,
        files: Files,
        offer: Offer,
        clock: Callable[[], float],
        new_id: Callable[[str], str],
    ) -> None:
        self._app, self._batches, self._files = app, batches, files
        self._offer, self._clock, self._new_id = offer, clock, new_id
        self._places = asyncio.Semaphore(AT_ONCE)
        self._cancelling = asyncio.Lock()
        self._tasks = dict[asyncio.Task[None], str]()

    async def __aenter__(self) -> Self:
        for batch in await self._batches.unfinished():
            self._begin(batch)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stop(*self._tasks)

    async def start(self, batch: Batch) -> None:
        """Begin to work on a batch, once it is on disk."""
        await self._batches.save(batch)
        self._begin(batch)

    async def cancel(self, batch: Batch) -> None:
        """Stop working on a batch; what is there is kept. One that has ended stays as it is."""
        async with self._cancelling:  # one after the other: what one ended, no other begins anew
            await self._stop(*(task for task, name in self._tasks.items() if name == batch.id))
            now = await self._batches.find(batch.id, batch.owner)
            if now is not None and now.status not in ENDED:
                self._begin(await self._moved(now, "cancelling"))

    async def _stop(self, *tasks: asyncio.Task[None]) -> None:
        """End tasks; what they broke with is logged when they do."""
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, batch: Batch) -> None:
        task = asyncio.create_task(self._work(batch))
        self._tasks[task] = batch.id
        task.add_done_callback(self._left)

    def _left(self, done: asyncio.Task[None]) -> None:
        batch_id = self._tasks.pop(done)
        if not done.cancelled() and (error := done.exception()):
            log.error("%s stopped", batch_id, exc_info=error)

    async def _work(self, batch: Batch) -> None:
        """All that is left to do for a batch, from whatever status it has."""
        if batch.status == "cancelling":
            await self._finish(batch, "cancelled")
            return
        content = await self._content(batch)
        if batch.status == "validating":
            batch = await self._validated(batch, content)
        if batch.status == "in_progress" and not content:
            await self._finish(replace(batch, complaints=(wire.no_input(),)), "failed")
            return
        if batch.status == "in_progress":
            late = not await self._answered(batch, content)
            batch = await self._moved(replace(batch, late=late), "finalizing")
        if batch.status == "finalizing":
            await self._finish(batch, "expired" if batch.late else "completed")

    async def _content(self, batch: Batch) -> bytes:
        async with aclosing(self._files.content(batch.input)) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def _validated(self, batch: Batch, content: bytes) -> Batch:
        found = await asyncio.to_thread(wire.checked, content, batch.endpoint, self._offer)
        known = replace(batch, total=found.total, model=found.model, complaints=found.complaints)
        return await self._moved(known, "failed" if found.complaints else "in_progress")

    async def _moved(self, batch: Batch, status: Status) -> Batch:
        """A batch that came to another status; on disk."""
        moved = self._at(batch, status)
        await self._batches.save(moved)
        return moved

    def _at(self, batch: Batch, status: Status) -> Batch:
        return replace(batch, status=status, times={**batch.times, status: int(self._clock())})

    async def _answered(self, batch: Batch, content: bytes) -> bool:
        """Ask what has no result yet; whether all of it was answered in time."""
        done = await self._batches.done(batch)
        requests = wire.requests(content, batch.endpoint, self._offer)
        left = [r for r in requests if isinstance(r, wire.Request) and r.position not in done]
        queue = iter(left)
        try:
            async with asyncio.timeout(max(0, batch.expires_at - self._clock())):
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(AT_ONCE, len(left))):
                        group.create_task(self._ask_each(batch, queue))
        except TimeoutError:
            await self._give_up(batch, left)
            return False
        return True

    async def _ask_each(self, batch: Batch, queue: Iterator[wire.Request]) -> None:
        for request in queue:
            async with self._places:
                status, body = await self._asked(batch, request)
            line = wire.output(request, self._new_id("req"), status, body)
            usage = wire.used(body)
            await self._batches.add(batch, Line(request.position, status >= 400, usage, line))

    async def _asked(self, batch: Batch, request: wire.Request) -> tuple[int, wire.Json]:
        """The reply to a request, after as many tries as its status is worth."""
        ask = partial(posted, self._app, batch.endpoint, request.body, batch.owner)
        (status, body), tries = await ask(), 1
        while status in BUSY or (status in BROKEN and tries < TRIES):
            await asyncio.sleep(min(LONGEST_WAIT, 2.0 ** (tries - 1)))
            (status, body), tries = await ask(), tries + 1
        return status, body

    async def _give_up(self, batch: Batch, left: list[wire.Request]) -> None:
        """Say of every request that was not answered that its time is over."""
        done = await self._batches.done(batch)
        for request in left:
            if request.position not in done:
                line = wire.late(request, self._new_id("req"))
                await self._batches.add(batch, Line(request.position, True, Usage(), line))

    async def _finish(self, batch: Batch, status: Status) -> None:
        """Write the files of a batch; they are there before its end is told."""
        progress = await self._batches.progress(batch)
        if progress.ended > progress.failed:
            await self._write(batch, batch.output, "output", failed=False)
        if progress.failed:
            await self._write(batch, batch.errors, "errors", failed=True)
        await self._batches.end(self._at(batch, status))

    async def _write(self, batch: Batch, file_id: str, what: str, *, failed: bool) -> None:
        now = int(self._clock())
        expires = now + batch.lifetime if batch.lifetime else NEVER
        name = f"{batch.id}_{what}.jsonl"
        file = File(file_id, batch.owner, now, name, "batch_output", expires)
        async with aclosing(self._batches.lines(batch, failed=failed)) as lines:
            await self._files.save(file, lines, anyway=True)  # it has been paid for
