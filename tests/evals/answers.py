"""Answers as systems give them, for tests of graders."""

from pellucid.core.claims import Claim, ClaimKind, Verdict
from pellucid.core.errors import SandboxUnavailable
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, ToolCall, ToolResult, Verdicts
from pellucid.core.ports import Sandbox
from pellucid.evals.task import Answer


def said(text: str, *claims: Claim) -> Answer:
    """An answer in words, with its verdicts."""
    items: tuple[Item, ...] = (Message("user", "?"), Message("assistant", text))
    return Answer((*items, Verdicts(claims)) if claims else items)


def claim(
    answer: str, text: str, verdict: Verdict = "computed", kind: ClaimKind = "number"
) -> Claim:
    """The claim of the last mention of a text."""
    start = answer.rindex(text)
    return Claim(kind, verdict, start, start + len(text), text)


def ran(text: str) -> Answer:
    """An answer after a program."""
    call = ToolCall("call_1", "python", "print(1)")
    result = ToolResult("call_1", "1", execution=Execution("run_1", "print(1)", "ok", "1\n"))
    return Answer((Message("user", "?"), call, result, Message("assistant", text)))


async def no_sandbox() -> Sandbox:
    """For graders that must not run anything."""
    raise SandboxUnavailable("nothing should run")
