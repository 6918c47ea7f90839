"""Turns at any stage, for tests of the policy."""

from dataclasses import replace
from typing import Any

from pellucid.agent.budget import Budget, Deadline
from pellucid.agent.effort import TABLE
from pellucid.agent.route import Route
from pellucid.agent.work import Work
from pellucid.core.effort import EffortName
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, ToolCall, ToolResult
from pellucid.core.turn import Turn

QUESTION = "A box holds 12 eggs. How many eggs are in 7 boxes?"


def never() -> Deadline:
    return Deadline(None, lambda: 0.0)


def work(
    *items: Item,
    question: str = QUESTION,
    effort: EffortName = "medium",
    route: Any = "program",
    **changes: Any,
) -> Work:
    """A turn at `effort` that already has `items`."""
    row = TABLE[effort]
    budget = Budget.of(2048, row.thinking_tokens, row.tool_calls, never())
    turn = Turn("t", (Message("user", question),), effort=effort)
    return replace(Work(turn, row, Route(route, "test"), budget, tuple(items)), **changes)


def ran(code: str, output: str, call_id: str = "c") -> tuple[ToolCall, ToolResult]:
    """A program that printed `output`."""
    done = Execution(f"exec_{call_id}", code, "ok", output=output)
    return ToolCall(call_id, "python", code), ToolResult(call_id, output.strip(), execution=done)


def broke(code: str, error: str, call_id: str = "c") -> tuple[ToolCall, ToolResult]:
    """A program that raised."""
    done = Execution(f"exec_{call_id}", code, "error", error=error)
    return ToolCall(call_id, "python", code), ToolResult(call_id, error, True, done)
