"""Runs: ask the items of a set of one system, grade them, keep a record of each.

What was done stays done: a run that is stopped leaves the records of all items that ended,
and the next one with the same key goes on behind them.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex

from pellucid.core.errors import BadRequest, PellucidError
from pellucid.core.fold import Record
from pellucid.core.items import Message
from pellucid.evals.honesty import Audit, audited
from pellucid.evals.records import Shelf
from pellucid.evals.systems import Bench, Exchange, System, code_version, fingerprint, system
from pellucid.evals.task import Answer, Grade, Question, Task


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: a set's questions, the system's name, the seed of every random choice,
    how many are asked at the same time, and PELLUCID_HOME."""

    task: Task
    questions: Sequence[Question]
    system: str
    seed: int
    at_once: int
    home: Path


@dataclass(frozen=True, slots=True)
class Judged:
    """One item of a run, answered, graded and audited; `kept` tells that an earlier run
    asked it."""

    question: Question
    answer: Answer
    grade: Grade
    kept: bool = False
    audit: Audit = field(default_factory=Audit)


async def run(bench: Bench, plan: Plan, heard: Callable[[Judged], object]) -> list[Judged]:
    """All items in their order, `heard` of each as it is done.

    WeightsError, EngineError or SandboxUnavailable when nothing can be asked or graded at
    all; the typed error of one item is that item's failure, and counts as wrong.
    """
    shelf = Shelf.of(plan.home, await about(bench, plan))
    if plan.task.sandboxed:
        await bench.sandbox()
    free, column = asyncio.Semaphore(plan.at_once), system(plan.system, plan.task)
    done: list[asyncio.Task[Judged]] = []

    async def one(question: Question) -> Judged:
        async with free:
            judged = await _judged(bench, plan, shelf, column, question)
        heard(judged)
        return judged

    async with _together() as group:
        done = [group.create_task(one(question)) for question in plan.questions]
    return [task.result() for task in done]


@asynccontextmanager
async def _together() -> AsyncGenerator[asyncio.TaskGroup, None]:
    """A task group whose first error comes out by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None


async def about(bench: Bench, plan: Plan) -> dict[str, str | int]:
    """What answers depend on beside the question."""
    return {
        "task": plan.task.name,
        "system": plan.system,
        "seed": plan.seed,
        "at_once": plan.at_once,
        "weights": await fingerprint(bench),
        "settings": bench.setup,
        "code": code_version(),
    }


async def _judged(
    bench: Bench, plan: Plan, shelf: Shelf, column: System, question: Question
) -> Judged:
    """An item from its record, or asked now and put on record."""
    known = shelf.known(question)
    if known is not None:
        judged = Judged(question, known, await _graded(bench, plan.task, question, known), True)
    else:
        judged = await _asked(bench, plan, column, question)
    judged = replace(judged, audit=audited(judged.answer))
    shelf.keep(question, judged.answer, judged.grade, judged.audit)
    return judged


async def _asked(bench: Bench, plan: Plan, column: System, question: Question) -> Judged:
    """An item, asked as often as its set allows."""
    answer = Answer(column.opening(question), began=bench.clock())
    conversation = f"eval_{token_hex(12)}"
    try:
        for text in question.turns:
            answer = await _told(bench, plan, column, question, conversation, answer, text)
        grade = await _graded(bench, plan.task, question, answer)
        for _ in range(plan.task.tries - 1):
            if grade.right or answer.error or not grade.feedback:
                break
            text = (
                f"The tests fail:\n\n```\n{grade.feedback}\n```\n\nCorrect it, and write it whole."
            )
            answer = await _told(bench, plan, column, question, conversation, answer, text)
            grade = await _graded(bench, plan.task, question, answer)
    finally:
        if answer.executions:
            await (await bench.sandbox()).close_session(conversation)
    return Judged(question, answer, grade)


async def _told(
    bench: Bench,
    plan: Plan,
    column: System,
    question: Question,
    conversation: str,
    answer: Answer,
    text: str,
) -> Answer:
    """The conversation after one more message and its answer; none after an error. Grading
    is not part of its time."""
    if answer.error:
        return answer
    items = (*answer.items, Message("user", text))
    record = await column.reply(bench, Exchange(question, items, conversation, plan.seed))
    return replace(_after(replace(answer, items=items), record), ended=bench.clock())


def _after(answer: Answer, record: Record) -> Answer:
    error = record.error
    return replace(
        answer,
        items=(*answer.items, *record.items),
        usage=answer.usage + record.usage,
        reason=record.reason or "",
        spent=record.spent,
        error=f"{error.code}: {error.message}" if error else "",
    )


async def _graded(bench: Bench, task: Task, question: Question, answer: Answer) -> Grade:
    """The grade of an answer; a failed item is wrong, and so is one that cannot be graded.
    BadRequest when the grader itself is not there."""
    if answer.error:
        return Grade(False, "", answer.error)
    try:
        return await task.grade(question, answer, bench.sandbox)
    except BadRequest:
        raise
    except PellucidError as error:
        return Grade(False, "", f"could not be graded: {error}")
