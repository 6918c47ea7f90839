"""The one door: a turn goes in, its events come out."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from pellucid.agent import loop
from pellucid.agent.budget import SMALLEST_ANSWER, Budget, Deadline
from pellucid.agent.context import shown
from pellucid.agent.effort import ANSWER_TOKENS, grant
from pellucid.agent.route_rules import route
from pellucid.agent.work import Work
from pellucid.core.effort import EFFORTS, EffortName
from pellucid.core.errors import BadRequest, UnknownName
from pellucid.core.events import Event
from pellucid.core.grammar import checked
from pellucid.core.items import Message, ToolResult
from pellucid.core.ports import Model, Prompt, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.core.usage import Usage
from pellucid.model.constraint import compiled
from pellucid.service.taps import metered, receipted, sealed, watched
from pellucid.service.tracing import Tell, Trace, Untraced, telling

MODELS: dict[str, str] = {
    "pellucid-mini": "answers fast",
    "pellucid-mini-alto": "the same weights, thinking harder",
}
TOOLS = ("python", "web")


@dataclass(frozen=True, slots=True)
class Turns:
    """Runs turns. `model` and `tools` make what one turn needs, loading it if they must;
    the turn keeps both until it ends. No turn is granted more than `most_effort`. `tell` hears
    what became of each, also when its client goes away; `trace` sees each from its beginning."""

    model: Callable[[Serving], AbstractAsyncContextManager[Model]]
    tools: Callable[[Turn], AbstractAsyncContextManager[Toolset]]
    receipts: Path
    clock: Callable[[], float]
    most_effort: EffortName = EFFORTS[-1]
    tell: Tell = lambda turn, record: None
    trace: Callable[[Turn], Trace] = Untraced

    async def run(self, turn: Turn) -> AsyncGenerator[Event, None]:
        """The events of a turn: legal, ending exactly once, metered and receipted.

        Closing the stream cancels the queue, the decoding and the sandbox.
        """
        used: list[Model] = []
        trace = self.trace(turn)
        stream = sealed(self._events(turn, used, trace), turn, lambda: _spent(used))
        stream = metered(stream, self.clock)
        stream = receipted(stream, turn, self.receipts, lambda: _fingerprint(used))
        told = telling(trace, self.tell)
        stream = watched(stream, turn, told, lambda: _spent(used), self.clock)
        async with aclosing(checked(stream)) as events:
            async for event in events:
                yield event

    async def count(self, turn: Turn) -> int:
        """The tokens that the model would be shown of a turn's conversation."""
        check(turn)
        async with self.model(turn.serving) as model:
            return await model.count(Prompt(shown(turn), functions=turn.functions))

    async def _events(
        self, turn: Turn, used: list[Model], trace: Trace
    ) -> AsyncGenerator[Event, None]:
        check(turn)
        for form in (turn.form, *(function.form for function in turn.functions)):
            if form is not None:  # what cannot be enforced is refused before a token is spent
                await asyncio.to_thread(compiled, form)
        row, note = grant(turn.effort, self.most_effort)
        at = None if turn.seconds is None else self.clock() + turn.seconds
        budget = Budget.of(
            turn.max_output_tokens or row.thinking_tokens + ANSWER_TOKENS,
            row.thinking_tokens,
            row.tool_calls,
            Deadline(at, self.clock),
        )
        work = Work(turn, row, route(turn, row), budget)
        async with AsyncExitStack() as stack:
            found, tools = await self._equip(equipped(work), stack)
            model = trace.model(found)
            used.append(model)
            async with aclosing(loop.run(work, model, trace.tools(tools), note)) as events:
                async for event in events:
                    yield event

    async def _equip(self, turn: Turn, stack: AsyncExitStack) -> tuple[Model, Toolset]:
        """Model and tools, loaded side by side; what one of them lacks is told at once."""
        try:
            async with asyncio.TaskGroup() as group:
                model = group.create_task(stack.enter_async_context(self.model(turn.serving)))
                tools = group.create_task(stack.enter_async_context(self.tools(turn)))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return model.result(), tools.result()


def equipped(work: Work) -> Turn:
    """A turn with the tools its route may call: who only reads waits for no sandbox."""
    reads = work.route.name in ("read", "browse")
    return replace(work.turn, tools=work.turn.tools - {"python"}) if reads else work.turn


def _spent(used: list[Model]) -> Usage:
    return used[0].spent if used else Usage()


def _fingerprint(used: list[Model]) -> str:
    return used[0].fingerprint if used else ""


def check(turn: Turn) -> None:
    """Refuse, by name, what cannot be done; nothing has been spent yet."""
    known(turn.model, tuple(MODELS), "model")
    known(turn.effort, EFFORTS, "effort")
    for tool in turn.tools:
        known(tool, TOOLS, "tool")
    last = turn.items[-1] if turn.items else None
    asked = isinstance(last, Message) and last.role == "user"
    if not (asked or isinstance(last, ToolResult)):
        raise BadRequest("the last message must be the user's, or the result of a call")
    if not turn.question.strip():
        raise BadRequest("the question is empty")
    if turn.max_output_tokens is not None and turn.max_output_tokens < SMALLEST_ANSWER:
        raise BadRequest(
            f"max_output_tokens is {turn.max_output_tokens}; "
            f"an answer needs at least {SMALLEST_ANSWER}"
        )


def known(name: str, names: tuple[str, ...], what: str) -> None:
    """UnknownName, listing what there is, for a name that is not among them."""
    if name not in names:
        raise UnknownName(f"unknown {what} {name!r}; there are: {', '.join(names) or 'none'}")
