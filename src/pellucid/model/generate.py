"""Dialect plus engine: one model reply as events."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from itertools import repeat

from pellucid.core.constraint import Marked
from pellucid.core.errors import EngineError
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import Message, Reasoning
from pellucid.core.likely import Likely
from pellucid.core.ports import NO_CALL, Prompt
from pellucid.core.serving import USUAL, Serving
from pellucid.core.usage import Usage
from pellucid.engine.client import EngineClient, EngineInfo
from pellucid.engine.sequence import Finished, Request, Sampling, Tokens
from pellucid.model.constraint import compiled
from pellucid.model.dialect import Dialect, Segment
from pellucid.model.parser import Parser

REMEMBERED = 4096
"""How many segments keep their tokens; the oldest are forgotten first."""

SOONEST = 0.001
"""Seconds: a deadline that has passed must not read as none."""


@dataclass(slots=True)
class TokenMemory:
    """The tokens of segments already seen.

    What the model wrote is remembered with the very tokens it chose, which another
    tokenisation of the same text need not give; so a longer prompt extends the tokens
    of the shorter one and its cells are reused.
    """

    engine: EngineClient
    _known: dict[Segment, tuple[int, ...]] = field(default_factory=dict)

    async def tokens(self, segments: Sequence[Segment]) -> tuple[int, ...]:
        """The tokens of a prompt."""
        found: list[int] = []
        for segment in segments:
            if segment not in self._known:
                text = segment.text.encode("utf-8", "surrogatepass")
                self.learn(segment, await self.engine.tokenize(text, segment.control))
            found += self._known[segment]
        return tuple(found)

    def learn(self, segment: Segment, tokens: tuple[int, ...]) -> None:
        """Remember the tokens of a segment."""
        while len(self._known) >= REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[segment] = tokens


class EngineModel:
    """Weights on the embedded engine, for one turn; `spent` adds up what it used."""

    def __init__(
        self,
        name: str,
        engine: EngineClient,
        info: EngineInfo,
        dialect: Dialect,
        memory: TokenMemory,
        request_id: Callable[[], str],
        serving: Serving = USUAL,
    ) -> None:
        self.name, self.fingerprint, self.window = name, info.fingerprint, info.window
        self.spent = Usage()
        self._engine, self._info, self._dialect = engine, info, dialect
        self._memory, self._request_id, self._serving = memory, request_id, serving

    async def count(self, prompt: Prompt) -> int:
        """Tokens the prompt takes of the window."""
        return len(await self._memory.tokens(self._dialect.render(prompt)))

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """One reply as item events; EngineError when the engine fails, BadConstraint when the
        prompt's constraint cannot be enforced.

        With functions, a reply is their calls; where the model says that none fits, that is a
        thought, `NO_CALL`. What was decoded counts, also when the caller goes away.
        """
        reply = self._calls(prompt) if prompt.functions else self._reply(prompt)
        async with aclosing(reply) as events:
            async for event in events:
                yield event

    async def _calls(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """The calls of a reply, each when all are whole; one cut by its limit calls nothing."""
        text, cut = "", False
        async with aclosing(self._reply(prompt)) as events:
            async for event in events:
                if isinstance(event, ItemClosed):
                    text, cut = event.item.text, event.cut
        calls = None if cut else self._dialect.calls(text, f"call_{self._request_id()}")
        said = Reasoning(text) if cut else Message("assistant", text)
        for item in (said,) if calls is None else calls or (Reasoning(NO_CALL),):
            yield ItemOpened(replace(item, text=""))
            yield ItemGrew(item.text)
            yield ItemClosed(item, cut)

    async def _reply(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """What the model writes."""
        constraint = self._dialect.constraint(prompt)
        # Compiling takes up to a second; what cannot be enforced is refused here.
        grammar = await asyncio.to_thread(compiled, constraint) if constraint else ""
        tokens = await self._memory.tokens(self._dialect.render(prompt))
        request = self._request(prompt, tokens, grammar)
        # Inside of what is held to a form, a marker is only text.
        form = constraint is not None and not isinstance(constraint, Marked)
        stops, call = self._dialect.stops(prompt), f"call_{request.request_id}"
        parser = Parser(prompt.into, stops, call, raw=form or bool(prompt.functions))
        produced, logprobs, likely = list[int](), list[float](), list[Likely]()
        cached = 0
        try:
            for event in parser.feed(prompt.begun.encode()):
                yield event
            async with aclosing(self._engine.generate(request)) as outputs:
                async for output in outputs:
                    match output:
                        case Tokens(tokens=new):
                            produced += new
                            logprobs += output.logprobs
                            likely += () if grammar else self._likely(output)
                            for event in parser.feed(self._bytes(new)):
                                yield event
                        case Finished(reason="error", message=message):
                            raise EngineError(message)
                        case Finished(reason=reason):
                            cached = output.cached
                            for event in parser.finish(cut=reason == "length"):
                                self._learn(event, produced)
                                yield _measured(event, prompt, logprobs, likely)
        finally:
            thinking = 0 if isinstance(prompt.into, Message) else len(produced)
            self.spent += Usage(len(tokens), cached, thinking, len(produced))

    def _request(self, prompt: Prompt, tokens: tuple[int, ...], grammar: str) -> Request:
        return Request(
            self._request_id(),
            tokens,
            prompt.max_tokens,
            Sampling(
                prompt.temperature,
                prompt.top_p,
                seed=prompt.seed,
                grammar=grammar,
                logprobs=prompt.measured or prompt.top_logprobs is not None,
                top_logprobs=prompt.top_logprobs or 0,
            ),
            tuple(stop.encode() for stop in self._dialect.stops(prompt)),
            owner=prompt.owner,
            priority=self._serving.priority,
            deadline=0.0 if prompt.seconds is None else max(prompt.seconds, SOONEST),
            deterministic=self._serving.deterministic,
            adapter=self._serving.adapter,
        )

    def _likely(self, output: Tokens) -> Iterator[Likely]:
        """How likely the tokens of an output were, where that was asked for."""
        pieces, tops = self._info.pieces, output.tops or repeat(())
        for token, logprob, top in zip(output.tokens, output.logprobs, tops, strict=False):
            yield Likely(pieces[token], logprob, tuple((pieces[t], much) for t, much in top))

    def _bytes(self, tokens: Sequence[int]) -> bytes:
        return b"".join(self._info.pieces[token] for token in tokens)

    def _learn(self, event: Event, produced: list[int]) -> None:
        """Keep the tokens of a reply that is one item, as the next prompt will spell it."""
        if isinstance(event, ItemClosed) and not event.cut:
            for segment in self._dialect.reply(event.item):
                if self._bytes(produced).decode("utf-8", "replace").startswith(segment.text):
                    self._memory.learn(segment, tuple(produced))


def _measured(
    event: Event, prompt: Prompt, logprobs: Sequence[float], likely: Sequence[Likely]
) -> Event:
    """The event, with how likely its item and its tokens were, if that was asked for."""
    if not isinstance(event, ItemClosed) or not logprobs:
        return event
    confidence = sum(logprobs) / len(logprobs) if prompt.measured else None
    tokens = () if prompt.top_logprobs is None else tuple(likely)
    return replace(event, confidence=confidence, tokens=tokens)
