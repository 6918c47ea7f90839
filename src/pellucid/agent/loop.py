"""THE TURN LOOP: think, act, check, until an answer stands."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import assert_never

from pellucid.agent.budget import Deadline, Scope
from pellucid.agent.context import fitted
from pellucid.agent.drafts import Curtain
from pellucid.agent.judge import opinion
from pellucid.agent.policy import next_step
from pellucid.agent.together import together
from pellucid.agent.work import Act, Explore, Judge, Release, Step, Tell, Think, Work
from pellucid.core.effort import Spent
from pellucid.core.errors import BudgetExceeded, DeadlineMissed
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened, TurnFinished, TurnStarted
from pellucid.core.items import Item, Message
from pellucid.core.likely import Likely, spelling
from pellucid.core.ports import Model, Prompt, Toolset


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
        held = isinstance(step, Think) and bool(step.prompt.functions)
        work, curtain = work.begun(step), Curtain(calls=held)
        try:
            async with aclosing(perform(step, work, model, tools)) as events:
                async for event in events:
                    if isinstance(event, ItemClosed):
                        work = work.saw(event.item, event.cut, event.tokens)
                    if not (isinstance(step, Think) and curtain.hides(event)):
                        yield event
        except BudgetExceeded as ended:
            work = replace(work, out_of=str(ended))
        except DeadlineMissed as ended:
            if not work.pairs:  # nothing to answer with: who asked may try again
                raise
            work = replace(work, out_of=str(ended))
        if isinstance(step, Release):
            yield TurnFinished(step.reason, model.spent, _spent(work, note))
            return


async def perform(
    step: Step, work: Work, model: Model, tools: Toolset
) -> AsyncGenerator[Event, None]:
    """The item events of one step; BudgetExceeded when a scope runs out on the way."""
    budget = work.budget
    match step:
        case Think(prompt):
            scope = budget.output if isinstance(prompt.into, Message) else budget.thinking
            events = asked((prompt,), scope, budget.deadline, model)
        case Explore(prompts):
            events = asked(prompts, budget.thinking, budget.deadline, model)
        case Judge(prompts, values, yes):
            replies = asked(prompts, budget.thinking, budget.deadline, model)
            events = judged(replies, values, yes)
        case Act(call):
            budget.calls.spend(1)
            events = budget.deadline.bound(tools.run([call]))
        case Tell(items):
            events = told(items)
        case Release(items):
            events = told(items, work.draft_tokens)
        case _:
            assert_never(step)
    async with aclosing(events):
        async for event in events:
            yield event


async def asked(
    prompts: Sequence[Prompt], scope: Scope, deadline: Deadline, model: Model
) -> AsyncGenerator[Event, None]:
    """The replies to prompts that are asked at the same time; their tokens count in `scope`."""
    fitting = [replace(await fitted(model, p), seconds=deadline.left) for p in prompts]
    before = model.spent.completion
    replies = [model.generate(prompt) for prompt in fitting]
    async with aclosing(
        deadline.bound(together(replies) if len(replies) > 1 else replies[0])
    ) as events:
        async for event in events:
            yield event
    scope.spend(model.spent.completion - before)


async def judged(
    replies: AsyncGenerator[Event, None], values: Sequence[str], yes: str
) -> AsyncGenerator[Event, None]:
    """What the model thinks of each result, as reasoning that says so."""
    said = list[ItemClosed]()
    async with aclosing(replies) as events:
        async for event in events:
            said += [event] if isinstance(event, ItemClosed) else []
    opinions = [opinion(value, one, yes) for value, one in zip(values, said, strict=True)]
    async with aclosing(told(opinions)) as events:
        async for event in events:
            yield event


async def told(items: Sequence[Item], tokens: Sequence[Likely] = ()) -> AsyncGenerator[Event, None]:
    """Items that are there already, as events; a message with those of some tokens that spell it,
    if they do."""
    for item in items:
        yield ItemOpened(replace(item, text=""))
        if item.text:
            yield ItemGrew(item.text)
        spelt = spelling(tokens, item.text) if isinstance(item, Message) else ()
        yield ItemClosed(item, tokens=spelt)


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
