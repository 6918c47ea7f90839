"""Functions that the caller runs: the model calls them, or answers; calls end the turn.

The results come with the next turn, which goes on from them. What a function returned is
evidence of the caller's own making, as their words are. Where the model says that no function
fits, the turn goes on as if there were none: with a program, or in words.
"""

from pellucid.agent import answer
from pellucid.agent.context import shown
from pellucid.agent.work import Release, Step, Think, Work
from pellucid.core.items import Item, Reasoning, ToolCall, ToolResult
from pellucid.core.ports import NO_CALL, Prompt


def step(work: Work) -> Step:
    """Ask once, held to calls or words; hand calls over, let words be reviewed as an answer."""
    if any(isinstance(item, ToolCall) for item in work.items):
        return Release((), "calls")
    if work.draft is not None:
        return answer.review(work, work.draft)
    return answer.best_so_far(work) if work.out_of or work.items else _ask(work)


def offered(work: Work) -> bool:
    """Whether functions may be called: not where the model said that none fits, and not again
    where a call just failed to bring anything new."""
    declined = Reasoning(NO_CALL) in work.items
    return bool(work.turn.functions) and not declined and not _going_in_circles(work.turn.items)


def _going_in_circles(items: tuple[Item, ...]) -> bool:
    """Whether the last two rounds made the same call and got the same result."""
    calls = {item.call_id: item for item in items if isinstance(item, ToolCall)}
    results = [item for item in items if isinstance(item, ToolResult) and item.call_id in calls]
    made = [(calls[r.call_id].name, calls[r.call_id].text, r.text) for r in results[-2:]]
    return len(made) == 2 and made[0] == made[1]


def _ask(work: Work) -> Step:
    turn = work.turn
    prompt = Prompt(
        shown(turn),
        max_tokens=work.budget.output.left,
        seed=turn.seed,
        owner=turn.owner,
        constraint=turn.form,
        functions=turn.functions,
        must_call=turn.must_call,
        parallel=turn.parallel,
    )
    return Think(prompt, "answer")
