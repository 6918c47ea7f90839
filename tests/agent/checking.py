"""Runs of check programs in this process, for tests: the same text a sandbox would run."""

import contextlib
import io
from pathlib import Path

from pellucid.agent.coding.checks import Plan, program
from pellucid.core.executions import Execution
from pellucid.core.items import ToolCall, ToolResult


def executed(plan: Plan, folder: Path | None = None) -> Execution:
    """What a sandbox would record of the plan's program; `folder` is where files are written."""
    code, printed = program(plan), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.chdir(folder or Path.cwd()):
        exec(compile(code, "<program 1>", "exec"), {"__name__": "__main__"})
    return Execution("exec_1", code, "ok", output=printed.getvalue())


def recorded(plan: Plan, output: str = "", call_id: str = "c_check") -> tuple[ToolCall, ToolResult]:
    """A call that checked the plan, and its result; without an output, the real one."""
    ran = Execution("exec_1", program(plan), "ok", output=output) if output else executed(plan)
    return ToolCall(call_id, "python", ran.code), ToolResult(call_id, ran.output, execution=ran)
