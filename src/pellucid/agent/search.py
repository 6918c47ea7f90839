"""High effort on the program path: several solutions of different form, one result chosen.

The first program comes as at medium effort, greedy and repaired. Then batches of other forms
are asked at the same time, run, and compared, until one result is safe or the row is used up.
"""

from collections.abc import Sequence

from pellucid.agent import answer, forms, program
from pellucid.agent.context import shown
from pellucid.agent.forms import TEMPERATURE, Form
from pellucid.agent.judge import judge, opinions
from pellucid.agent.puzzles import translated
from pellucid.agent.select import Group, compared
from pellucid.agent.work import Act, Explore, Step, Tell, Think, Work, usable
from pellucid.core.items import Reasoning, ToolCall, ToolResult
from pellucid.core.ports import Prompt

BATCH = 4
"""How many candidates are asked at once: few enough to stop early, enough for a batch."""

JUDGED = 3
"""How many of the likeliest results the model is asked about."""

LONGEST_PROSE = 400
"""Tokens after which thinking in words is taken to have gone astray."""

SHORTEST = 64
"""Tokens without which no candidate is worth asking for."""


def step(work: Work) -> Step:
    """The next step: settle what was written, then compare, then look further or answer."""
    if work.explored:
        call = _unsettled(work)
        return _further(work) if call is None else program.check(work, call)
    if work.candidates and isinstance(work.last, ToolResult) and usable(work.last):
        return _further(work)
    following = program.step(work)
    repairs = isinstance(following, Think) and following.purpose == "repair"
    first = not work.candidates or repairs or isinstance(following, Act | Tell)
    return following if first else _further(work)


def _unsettled(work: Work) -> ToolCall | None:
    """The first program that was neither run nor refused."""
    settled = {result.call_id for _, result in work.pairs}
    calls = (item for item in work.items if isinstance(item, ToolCall))
    return next((call for call in calls if call.call_id not in settled), None)


def _further(work: Work) -> Step:
    """More candidates, unless one result is safe or nothing is left to look with."""
    found = compared(work)
    if (doubtful := _unjudged(work, found)) and work.budget.thinking.left > SHORTEST:
        return judge(work, doubtful)
    number = min(BATCH, work.row.candidates - work.candidates, work.budget.calls.left)
    share = work.budget.thinking.left // max(number, 1)
    if number <= 0 or share < SHORTEST or (found and found[0].likely >= work.row.safe):
        return answer.conclude(work)
    return Explore(tuple(_prompt(work, n, share) for n in range(number)))


def _unjudged(work: Work, found: Sequence[Group]) -> list[tuple[str, ToolCall, ToolResult]]:
    """The likeliest results that the model was not asked about, while there are several."""
    known = opinions(work.items)
    open_ones = len(found) > 1 and found[0].likely < work.row.safe
    runs = [(one.value, *one.run) for one in found[:JUDGED] if one.run is not None]
    return [run for run in runs if open_ones and run[0] not in known]


def _prompt(work: Work, number: int, share: int) -> Prompt:
    """What asks for one candidate of a batch, in at most `share` tokens."""
    form: Form = forms.form(work.candidates + number)
    call = ToolCall(f"{work.turn.turn_id}_{len(work.items)}_{number}_{form}", "python")
    most = LONGEST_PROSE if form == "prose" else program.LONGEST_PROGRAM
    there = translated(work.question) if form != "prose" else None
    return Prompt(
        shown(work.turn) if there else forms.hinted(shown(work.turn), form),
        into=Reasoning() if form == "prose" else call,
        begun=there.beginning if there else "",
        constraint=there.form if there else None,
        max_tokens=min(most, share),
        temperature=TEMPERATURE[form],
        seed=work.turn.seed + work.candidates + number,
        owner=work.turn.owner,
    )
