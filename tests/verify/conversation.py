"""Small conversations to hold answers against."""

from pellucid.core.executions import Execution, Outcome
from pellucid.core.items import Item, Message, ToolCall, ToolResult

PRINT = "print(solve())"


def asked(text: str) -> list[Item]:
    return [Message("user", text)]


def ran(output: str, code: str = PRINT, outcome: Outcome = "ok", name: str = "ex-1") -> list[Item]:
    execution = Execution(name, code, outcome, output)
    return [
        ToolCall(f"call-{name}", "python", code),
        ToolResult(f"call-{name}", output, outcome != "ok", execution),
    ]


def called(tool: str, output: str = "", failed: bool = False) -> list[Item]:
    return [ToolCall(f"call-{tool}", tool, "{}"), ToolResult(f"call-{tool}", output, failed)]
