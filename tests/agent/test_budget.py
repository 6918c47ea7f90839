"""Budgets: nested, named, and never empty-handed."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.works import never
from pellucid.agent.budget import SMALLEST_ANSWER, Budget, Deadline, Scope
from pellucid.agent.effort import TABLE, grant
from pellucid.core.errors import BudgetExceeded
from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.items import ToolCall


def test_what_is_spent_inside_is_spent_outside() -> None:
    outer = Scope("output tokens", 10)
    inner = Scope("thinking tokens", 8, outer)
    inner.spend(6)
    assert (inner.left, outer.left) == (2, 4)
    outer.spend(3)
    assert inner.left == 1


def test_the_error_names_the_scope_that_ran_out() -> None:
    outer = Scope("output tokens", 5)
    inner = Scope("thinking tokens", 8, outer)
    with pytest.raises(BudgetExceeded, match="5 output tokens"):
        inner.spend(6)
    with pytest.raises(BudgetExceeded, match="8 thinking tokens"):
        inner.spend(6)


@given(st.integers(SMALLEST_ANSWER, 5000), st.integers(0, 20_000))
def test_thinking_never_takes_the_answer_s_reserve(output: int, thinking: int) -> None:
    budget = Budget.of(output, thinking, 1, never())
    budget.thinking.spend(budget.thinking.left)
    assert budget.output.left >= min(SMALLEST_ANSWER, output)


async def _typing(pause: asyncio.Event) -> AsyncGenerator[Event, None]:
    yield ItemOpened(ToolCall("c", "python"))
    yield ItemGrew("pri")
    await pause.wait()
    yield ItemGrew("nt")
    yield ItemClosed(ToolCall("c", "python", "print"))


async def _collect(events: AsyncGenerator[Event, None], seen: list[Event]) -> None:
    async for event in events:
        seen.append(event)


async def test_without_a_deadline_events_pass() -> None:
    pause = asyncio.Event()
    pause.set()
    assert len([e async for e in never().bound(_typing(pause))]) == 4


async def test_at_the_deadline_the_open_item_is_closed_as_cut() -> None:
    now = [0.0, 0.0, 1.0]
    deadline = Deadline(1.0, lambda: now.pop(0))
    seen: list[Event] = []
    with pytest.raises(BudgetExceeded, match="time"):
        await _collect(deadline.bound(_typing(asyncio.Event())), seen)
    assert seen[-1] == ItemClosed(ToolCall("c", "python", "pri"), cut=True)


async def test_a_deadline_between_items_closes_nothing() -> None:
    async def silent() -> AsyncGenerator[Event, None]:
        await asyncio.Event().wait()
        yield ItemGrew("never")

    with pytest.raises(BudgetExceeded):
        _ = [e async for e in Deadline(0.0, lambda: 1.0).bound(silent())]


def test_what_is_granted_is_said() -> None:
    assert grant("low") == (TABLE["low"], "")
    assert grant("xhigh") == (TABLE["xhigh"], "")
    row, note = grant("high", most="medium")
    assert row is TABLE["medium"]
    assert "high" in note
    assert "medium" in note


def test_effort_grows() -> None:
    rows = list(TABLE.values())
    for smaller, larger in pairwise(rows):
        assert smaller.thinking_tokens <= larger.thinking_tokens
        assert smaller.tool_calls <= larger.tool_calls
