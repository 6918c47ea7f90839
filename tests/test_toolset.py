"""Tools answer calls as results; wrappers limit them."""

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

import pytest

from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.executions import Execution, FileRecord
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.ports import Toolset
from pellucid.tools.python.config import SandboxSettings
from pellucid.tools.python.sandbox import PythonSandbox
from pellucid.tools.toolset import (
    LoopBreaker,
    PythonTool,
    Tools,
    shorten,
    spoken,
)


@pytest.fixture
async def tool(tmp_path: Path) -> AsyncGenerator[PythonTool, None]:
    settings = SandboxSettings(tmp_path, tmp_path / "state", preload=())
    async with PythonSandbox(settings) as sandbox:
        yield PythonTool(sandbox, "a", seconds=1.0, chars=120)


async def results(tools: Toolset, *calls: ToolCall) -> list[ToolResult]:
    """The results of the calls; every one opened empty before it was closed."""
    events: Sequence[Event] = [event async for event in tools.run(calls)]
    opened = [event.item for event in events if isinstance(event, ItemOpened)]
    closed = [event.item for event in events if isinstance(event, ItemClosed)]
    assert opened == [ToolResult(call.call_id) for call in calls]
    found = [item for item in closed if isinstance(item, ToolResult)]
    grown = [event.text for event in events if isinstance(event, ItemGrew)]
    assert grown == [item.text for item in found]
    assert len(events) == 3 * len(calls)
    return found


def call(text: str, number: int = 1, name: str = "python") -> ToolCall:
    return ToolCall(f"call_{number}", name, text)


async def test_python_answers_with_the_execution(tool: PythonTool) -> None:
    first, second = await results(tool, call("x = 6\nprint('six')\nx * 7"), call("x", 2))
    assert (first.text, first.failed) == ("six\n42", False)
    assert first.execution is not None
    assert (first.execution.output, first.execution.result) == ("six\n", "42")
    assert (second.call_id, second.text) == ("call_2", "6")


async def test_a_failing_program_is_a_failed_result(tool: PythonTool) -> None:
    (result,) = await results(tool, call("print('before')\n1 / 0"))
    assert result.failed
    assert result.text.startswith("before\nTraceback")
    assert result.text.endswith("ZeroDivisionError: division by zero")


async def test_a_timeout_shows_what_was_printed_and_the_notice(tool: PythonTool) -> None:
    (result,) = await results(tool, call("print('so far')\nwhile True: pass"))
    assert result.failed
    assert result.text.startswith("so far\nstopped after 1 s")


async def test_long_output_is_cut_for_the_model_and_counted(tool: PythonTool) -> None:
    (result,) = await results(tool, call("print('a' * 1000 + 'z')"))
    assert "881 characters left out" in result.text
    assert result.text.endswith("az")
    assert result.execution is not None
    assert len(result.execution.output) == 1002


def test_characters_the_sandbox_dropped_are_counted_too() -> None:
    assert shorten("abc", 10) == "abc"
    assert "7 more characters" in shorten("abc", 10, 7)
    assert "12 characters left out" in shorten("a" * 15, 10, 7)


def test_a_silent_program_is_said_to_be_silent() -> None:
    assert spoken(Execution("e", "pass", "ok")) == "(the program printed nothing)"
    files = tuple(FileRecord(name, 1, "0", f"cfile_{name}") for name in "abc")
    lost = FileRecord("d", 1, "0", lost="too large")
    for ran, told in (
        (Execution("e", "pass", "ok", files=(files[0], lost)), "The file a is ready."),
        (Execution("e", "pass", "ok", files=files), "The files a, b and c are ready."),
        (Execution("e", "pass", "ok", files=(lost,)), "(the program printed nothing)"),
        (Execution("e", "1", "ok", result="1", files=files), "1"),
    ):
        assert spoken(ran) == told


async def test_a_repeat_is_answered_from_the_record_and_then_the_tool_withdrawn(
    tool: PythonTool,
) -> None:
    tools = LoopBreaker(tool)
    code = "import os; n = globals().get('n', 0) + 1; n"
    first, again, third, other = await results(
        tools, call(code, 1), call(code, 2), call(code, 3), call("1", 4)
    )
    assert (first.text, again.text.splitlines()[0]) == ("1", "1")
    assert "from the record" in again.text
    assert again.execution is first.execution
    assert (third.failed, other.failed) == (True, True)
    assert "withdrawn" in third.text
    assert (await results(tool, call("n", 5)))[0].text == "1"  # it ran once


async def test_different_calls_are_not_a_loop(tool: PythonTool) -> None:
    tools = LoopBreaker(tool)
    found = await results(tools, *(call(str(n), n) for n in range(5)))
    assert [result.text for result in found] == ["0", "1", "2", "3", "4"]


async def test_tools_send_each_call_to_its_owner(tool: PythonTool) -> None:
    tools = Tools(tool)
    assert tools.owns(call("1"))
    assert not tools.owns(call("1", name="search"))
    ran, unknown = await results(tools, call("1"), call("1", 2, "search"))
    assert (ran.text, unknown.failed) == ("1", True)
    assert "'search'" in unknown.text
