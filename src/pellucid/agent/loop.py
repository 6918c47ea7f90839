"""THE TURN LOOP: think, act, check, until an answer stands."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import assert_never

from pellucid.agent.context import fitted
from pellucid.agent.drafts import Curtain
from pellucid.agent.policy import next_step
from pellucid.agent.work import Act, Release, Step, Tell, Think, Work
from pellucid.core.effort import Spent
from pellucid.core.errors import BudgetExceeded
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened, TurnFinished, TurnStarted
from pellucid.core.items import Item, Message
from pellucid.core.ports import Model, Toolset


async def run(
    work: Work, model: Model, tools: Toolset, note: str = ""
) -> AsyncGenerator[Event, None]:
    """All events of one turn.

    Programs, their results and reasoning are shown as they come; the answer is held
    until it stands. `note` says why another effort than the one asked for was granted.
    """
    yield TurnStarted(work.turn.turn_id, work.turn.model, work.turn.created_at)
    while True:
        step = next_step(work)
        work, curtain = work.begun(step), Curtain()
        try:
            async with aclosing(perform(step, work, model, tools)) as events:
                async for event in events:
                    if isinstance(event, ItemClosed):
                        work = work.saw(event.item, event.cut)
                    if not (isinstance(step, Think) and curtain.hides(event)):
                        yield event
        except BudgetExceeded as ended:
            work = replace(work, out_of=str(ended))
        if isinstance(step, Release):
            yield TurnFinished(step.reason, model.spent, _spent(work, note))
            return


async def perform(
    step: Step, work: Work, model: Model, tools: Toolset
) -> AsyncGenerator[Event, None]:
    """The item events of one step; BudgetExceeded when a scope runs out on the way."""
    match step:
        case Think(prompt):
            prompt = await fitted(model, prompt)
            before = model.spent.completion
            answering = isinstance(prompt.into, Message)
            scope = work.budget.output if answering else work.budget.thinking
            async with aclosing(work.budget.deadline.bound(model.generate(prompt))) as events:
                async for event in events:
                    yield event
            scope.spend(model.spent.completion - before)
        case Act(call):
            work.budget.calls.spend(1)
            async with aclosing(work.budget.deadline.bound(tools.run([call]))) as events:
                async for event in events:
                    yield event
        case Tell(items) | Release(items):
            for item in items:
                for event in _told(item):
                    yield event
        case _:
            assert_never(step)


def _told(item: Item) -> Iterator[Event]:
    yield ItemOpened(replace(item, text=""))
    if item.text:
        yield ItemGrew(item.text)
    yield ItemClosed(item)


def _spent(work: Work, note: str) -> Spent:
    return Spent(
        asked=work.turn.effort,
        granted=work.row.name,
        note=note,
        thinking_tokens=work.budget.thinking.spent,
        candidates=work.candidates,
        repairs=work.repaired,
        rounds=work.rounds,
        tool_calls=work.calls,
    )
