"""Async face of the engine: submit, stream, cancel. Starts the host and starts it again.

Requests live here, not in the host: when a host dies, those that have shown nothing yet
go to the next one, the others end with EngineDied.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from itertools import count
from typing import Self, assert_never

from pellucid.core.errors import (
    DeadlineMissed,
    EngineBusy,
    EngineDied,
    EngineError,
    PellucidError,
    WeightsError,
)
from pellucid.engine.frames import (
    EngineInfo,
    HostSettings,
    LoadFailed,
    ToClient,
    ToHost,
    Tokenize,
    Tokenized,
)
from pellucid.engine.metrics import Health, Metrics, Report
from pellucid.engine.process import HostProcess
from pellucid.engine.sequence import Cancel, Finished, Output, Rejected, Request, Tokens
from pellucid.engine.watch import Watch

__all__ = ["EngineClient", "EngineInfo", "HostSettings"]

# So many hosts may die one after the other without a token in between.
MOST_DEATHS = 3
# So often is a request given to a host.
MOST_TRIES = 2
# A host that has work and has not ended a step for so many seconds is started again. Steps
# take well under a second; the first one may have to read the weights from a slow disk.
STUCK = 120.0


@dataclass(slots=True, eq=False)
class Stream:
    """A request under way: what came of it, how often it was sent, whether anything came."""

    request: Request
    outputs: asyncio.Queue[Output | PellucidError] = field(default_factory=asyncio.Queue)
    tries: int = 0
    begun: bool = False


@dataclass(slots=True, eq=False)
class Question:
    """A text to split, and where the tokens go."""

    frame: Tokenize
    answer: asyncio.Future[tuple[int, ...]]


class EngineClient:
    """One engine. Use it from one event loop; `async with` starts and closes it."""

    def __init__(self, settings: HostSettings, stuck: float = STUCK) -> None:
        """Nothing runs until `start`. `stuck` is the seconds without a step after which a
        host is ended and started again (0: never)."""
        self._settings = settings
        self._watch = Watch(stuck)
        self._host: HostProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._info: EngineInfo | None = None
        self._failure: PellucidError | None = None
        self._settled = asyncio.Event()  # loaded, or failed for good
        self._deaths = 0  # in a row, without a token in between
        self._died = self._starts = 0
        self._streams: dict[str, Stream] = {}
        self._questions: dict[int, Question] = {}
        self._numbers = count()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close."""
        await self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the host that runs now."""
        return self._host.process.pid if self._host else None

    @property
    def health(self) -> Health:
        """How the engine is, as far as this side knows."""
        if self._keeper is None or self._failure is not None:
            return "dead"
        if not self._settled.is_set():
            return "loading"
        return "stuck" if self._watch.stuck else "ready"

    async def metrics(self) -> Metrics:
        """The numbers of this moment; those last heard where the host does not answer."""
        if self._host is not None and self.health in ("ready", "stuck"):
            await self._watch.fresh(self._host)
        return Metrics(
            health=self.health,
            pid=self.pid,
            load_seconds=self._info.load_seconds if self._info else 0.0,
            deaths=self._died,
            restarts=max(0, self._starts - 1),
            report=self._watch.report,
        )

    async def start(self) -> None:
        """Start the host; returns when its process runs, with the weights loading behind it.

        EngineError when the process cannot be started.
        """
        self._host = await self._spawn()
        self._keeper = asyncio.create_task(self._keep(self._host))
        self._keeper.add_done_callback(self._kept)

    async def ready(self) -> EngineInfo:
        """What was loaded, once it is. WeightsError when the weights cannot be used,
        EngineError when the host keeps dying."""
        if self._keeper is None:
            raise EngineError("the engine is not running")
        await self._settled.wait()
        if self._failure is not None or self._info is None:
            failure = self._failure or EngineError("the engine is not running")
            raise type(failure)(*failure.args)
        return self._info

    async def tokenize(self, text: bytes, special: bool) -> tuple[int, ...]:
        """Split a text into tokens. With `special`, the text of control tokens in it becomes
        these tokens; without, `<|im_end|>` and the like are plain text."""
        await self._alive()
        number = next(self._numbers)
        answer: asyncio.Future[tuple[int, ...]] = asyncio.get_running_loop().create_future()
        question = Question(Tokenize(number, text, special), answer)
        self._questions[number] = question
        try:
            self._send(question.frame)
            return await answer
        finally:
            del self._questions[number]

    async def generate(self, request: Request) -> AsyncGenerator[Tokens | Finished, None]:
        """The outputs of a request, up to one Finished for each candidate.

        Closing the generator cancels. Raises EngineBusy when the queue is full,
        DeadlineMissed when the first token is or would be late, EngineDied when the host
        died in the middle, EngineError when the request cannot be run.
        """
        check(request, await self._alive())
        if request.request_id in self._streams:
            raise EngineError(f"a request {request.request_id!r} is under way already")
        stream = Stream(request)
        self._streams[request.request_id] = stream
        left = request.n
        try:
            self._submit(stream)
            while left > 0:
                output = await stream.outputs.get()
                if isinstance(output, PellucidError):
                    left = 0
                    raise output
                left -= isinstance(output, Finished)
                yield usable(output)
        finally:
            del self._streams[request.request_id]
            if left > 0:
                self._send(Cancel(request.request_id))

    async def close(self) -> None:
        """End the host and every request; no process is left when this returns."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait({keeper})
        if self._host is not None:  # a task that is cancelled before it began ended nothing
            await self._host.end()
            self._host = None
        self._fail(EngineError("the engine was closed"))

    async def _alive(self) -> EngineInfo:
        """Like `ready`, and a host that kept dying gets another chance."""
        if isinstance(self._failure, EngineError) and self._keeper and self._keeper.done():
            self._failure, self._deaths = None, 0
            self._settled.clear()
            try:
                await self.start()
            except EngineError as error:
                self._fail(error)
        return await self.ready()

    async def _keep(self, host: HostProcess) -> None:
        """Serve one host after the other, until one cannot load or too many died."""
        while self._failure is None:
            try:
                await self._serve(host)
            finally:
                self._host = None
                await host.end()
            host = await self._after(host)

    async def _after(self, host: HostProcess) -> HostProcess:
        """The host that follows one that died, or the same one when there is none to follow."""
        if self._failure is None:
            self._bury(host)
        if self._failure is None:
            try:
                host = self._host = await self._spawn()
            except EngineError as error:
                self._fail(error)
        return host

    async def _spawn(self) -> HostProcess:
        """A new host; EngineError when it cannot be started."""
        host = await HostProcess.spawn(self._settings)
        self._starts += 1
        return host

    def _kept(self, keeper: asyncio.Task[None]) -> None:
        """The task ended: should it ever fail by itself, nobody must wait for it."""
        if not keeper.cancelled() and (error := keeper.exception()):
            self._fail(EngineError(f"the engine's client failed: {error!r}"))

    async def _serve(self, host: HostProcess) -> None:
        """Hand out what a host sends until it goes, or has to be ended."""
        watching = asyncio.create_task(self._watch.over(host, self._works))
        try:
            while (frame := await host.receive()) is not None:
                self._take(frame)
        finally:
            watching.cancel()
            await asyncio.wait({watching})

    def _works(self) -> bool:
        """Whether the host has been given something to do."""
        return self._settled.is_set() and bool(self._streams or self._questions)

    def _take(self, frame: ToClient) -> None:
        """One frame of the host."""
        match frame:
            case EngineInfo():
                self._info = frame
                self._settled.set()
                self._resume()
            case LoadFailed(message):
                self._fail(WeightsError(message))
            case Tokenized(number, tokens, error):
                self._settle(number, tokens, error)
            case Report():
                self._watch.hear(frame)
            case Tokens() | Finished() | Rejected():
                self._deaths = 0 if isinstance(frame, Tokens) else self._deaths
                if stream := self._streams.get(frame.request_id):
                    stream.begun = True
                    stream.outputs.put_nowait(frame)
            case _:
                assert_never(frame)

    def _settle(self, number: int, tokens: tuple[int, ...], error: str) -> None:
        """An answer to `tokenize`, unless nobody waits for it any more."""
        question = self._questions.get(number)
        if question is None or question.answer.done():
            return
        if error:
            question.answer.set_exception(EngineError(error))
        else:
            question.answer.set_result(tokens)

    def _resume(self) -> None:
        """A host is ready: give it everything that waits."""
        for question in self._questions.values():
            self._send(question.frame)
        for stream in self._streams.values():
            self._submit(stream)

    def _submit(self, stream: Stream) -> None:
        """Send a request, unless the host is down; then `_resume` will."""
        stream.tries += self._send(stream.request)

    def _send(self, frame: ToHost) -> bool:
        """Send a frame to the host, if it is there."""
        if self._host is None or not self._settled.is_set():
            return False
        self._host.send(frame)
        return True

    def _bury(self, host: HostProcess) -> None:
        """A host died: requests that showed something end, too many deaths end the rest."""
        self._deaths += 1
        self._died += 1
        self._settled.clear()
        self._watch.forget()
        epitaph = host.epitaph()
        for stream in self._streams.values():
            if stream.begun or stream.tries >= MOST_TRIES:
                stream.outputs.put_nowait(EngineDied(f"{epitaph}; it starts again, ask again"))
        if self._deaths >= MOST_DEATHS:
            kind = WeightsError if self._info is None else EngineError
            self._fail(kind(f"{epitaph}; gave up after {self._deaths} starts without a token"))

    def _fail(self, failure: PellucidError) -> None:
        """End everything that waits with this failure."""
        self._failure = failure
        self._settled.set()
        for stream in self._streams.values():
            stream.outputs.put_nowait(failure)
        for question in self._questions.values():
            if not question.answer.done():  # whoever asked may have gone just now
                question.answer.set_exception(failure)


def check(request: Request, info: EngineInfo) -> None:
    """EngineError for tokens that do not exist: llama.cpp would refuse the whole batch
    they are in, and with it the requests of others."""
    known = len(info.pieces)
    for token in (*request.prompt, *(token for token, _ in request.sampling.logit_bias)):
        if not 0 <= token < known:
            raise EngineError(f"token {token} does not exist; there are {known:,}")


def usable(output: Output) -> Tokens | Finished:
    """The output; EngineBusy, DeadlineMissed or EngineError for those that are none."""
    match output:
        case Rejected(retry_after=seconds, message=message, late=late):
            refusal = DeadlineMissed if late else EngineBusy
            raise refusal(f"{message}; try again in {seconds:.0f} s", seconds)
        case Finished(reason="error", message=message):
            raise EngineError(message)
        case Tokens() | Finished():
            return output
        case _:
            assert_never(output)
