"""The systems that are compared: the weights alone, and Pellucid at every effort.

All use the same weights and engine. "bare" is the weights' own chat format with their makers'
usual system prompt, answering in prose; an effort is a whole turn through `service`. Where
functions are to be called, "bare" is the makers' template for them and "calls" a whole turn that
is offered them.
"""

import hashlib
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from pellucid.core.effort import EFFORTS, EffortName
from pellucid.core.errors import PellucidError
from pellucid.core.events import TurnFailed
from pellucid.core.fold import Record, advance
from pellucid.core.items import Item, Message
from pellucid.core.ports import Prompt
from pellucid.core.serving import USUAL
from pellucid.core.turn import Turn
from pellucid.evals.calls import function, functions_told, messages
from pellucid.evals.task import Question, SandboxSource, Task
from pellucid.service.turns import Turns

BARE, CALLS = "bare", "calls"
BARE_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
BARE_TOKENS = 1024
CALL_TOKENS = 512
HARD: tuple[EffortName, ...] = ("high", "xhigh")
"""Efforts of `pellucid-mini-alto`; the others are those of `pellucid-mini`."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured: the one door, and a sandbox for graders. `setup` names settings that
    change answers; `clock` tells Unix time."""

    turns: Turns
    sandbox: SandboxSource
    setup: str = ""
    clock: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing to answer: the conversation up to and including the user's message."""

    question: Question
    items: tuple[Item, ...]
    conversation: str
    seed: int


@dataclass(frozen=True, slots=True)
class System:
    """One column: what stands before a conversation, and how it is answered."""

    name: str
    opening: Callable[[Question], tuple[Item, ...]]
    reply: Callable[[Bench, Exchange], Awaitable[Record]]


def system(name: str, task: Task) -> System:
    """The system of a name: "bare", "calls" or an effort."""
    if task.functions:
        return _native() if name == BARE else System(CALLS, _before, _held)
    if name == BARE:
        return System(BARE, lambda _: (Message("system", BARE_SYSTEM),), _bare)
    return System(name, lambda _: (), _turn(next(one for one in EFFORTS if one == name)))


def columns(task: Task, efforts: tuple[EffortName, ...], *, bare: bool) -> tuple[str, ...]:
    """The systems to compare on a set, by name; functions are called without any effort."""
    mine = (CALLS,) if task.functions else tuple(dict.fromkeys(efforts))
    return (BARE, *mine) if bare else mine


def _turn(effort: EffortName) -> Callable[[Bench, Exchange], Awaitable[Record]]:
    async def reply(bench: Bench, asked: Exchange) -> Record:
        return await _run(bench, _asking(bench, asked, effort))

    return reply


def _asking(bench: Bench, asked: Exchange, effort: EffortName) -> Turn:
    """The turn that asks a question."""
    return Turn(
        turn_id=f"eval_{token_hex(12)}",
        items=asked.items,
        model="pellucid-mini-alto" if effort in HARD else "pellucid-mini",
        effort=effort,
        tools=asked.question.tools,
        seed=asked.seed,
        created_at=int(bench.clock()),
        conversation=asked.conversation,
        attachments=asked.question.attachments,
    )


async def _run(bench: Bench, turn: Turn) -> Record:
    """A turn from end to end."""
    record = Record()
    async with aclosing(bench.turns.run(turn)) as events:
        async for event in events:
            record = advance(record, event)
    return record


async def _bare(bench: Bench, asked: Exchange) -> Record:
    """The weights in prose; attached texts stand below the question."""
    attached = "".join(f"\n\n{one.name}:\n{one.text}" for one in asked.question.attachments)
    *before, last = asked.items
    items = (*before, replace(last, text=last.text + attached))
    return await _generated(bench, Prompt(items, max_tokens=BARE_TOKENS, seed=asked.seed))


def _native() -> System:
    def opening(question: Question) -> tuple[Item, ...]:
        told = functions_told(tuple(map(function, question.row["function"])))
        return (Message("system", told), *_before(question))

    async def reply(bench: Bench, asked: Exchange) -> Record:
        return await _generated(bench, Prompt(asked.items, max_tokens=CALL_TOKENS, seed=asked.seed))

    return System(BARE, opening, reply)


def _before(question: Question) -> tuple[Item, ...]:
    return messages(question.row)[:-1]


async def _held(bench: Bench, asked: Exchange) -> Record:
    """A turn that is offered a question's functions, and has no tools of its own."""
    functions = tuple(map(function, asked.question.row["function"]))
    turn = _asking(bench, asked, "medium")
    return await _run(bench, replace(turn, tools=frozenset(), functions=functions))


async def _generated(bench: Bench, prompt: Prompt) -> Record:
    """One reply of the model as a record; a typed error is part of it."""
    record, error = Record(), None
    async with bench.turns.model(USUAL) as model:
        began = bench.clock()
        try:
            async with aclosing(model.generate(prompt)) as events:
                async for event in events:
                    record = advance(record, event)
        except PellucidError as raised:
            error = TurnFailed(raised.code, str(raised), model.spent, raised.retryable)
        usage = replace(model.spent, seconds=bench.clock() - began)
        return replace(record, model=model.name, error=error, usage=usage)


async def fingerprint(bench: Bench) -> str:
    """The weights' fingerprint, once they are loaded; WeightsError or EngineError if not."""
    async with bench.turns.model(USUAL) as model:
        return model.fingerprint


CODE = ("core", "model", "engine", "tools", "agent", "service", "settings.py", "assembly.py")
"""The parts of the package that answers come from, beside this file."""


def code_version() -> str:
    """Twelve digits that change with any source that could change an answer."""
    root = Path(__file__).parent.parent
    places = [root / name for name in CODE]
    files = [p for place in places for p in (place.rglob("*.py") if place.is_dir() else [place])]
    digest = hashlib.sha256()
    for path in sorted([*files, Path(__file__)]):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
