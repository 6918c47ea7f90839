"""Tools the model may use, and the small wrappers that limit them.

Stack them: `LoopBreaker(Tools(PythonTool(...)))`. A call that fails is a
result the model reads; a sandbox that fails is an error.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager

from pellucid.core.events import Event, ItemClosed, ItemGrew, ItemOpened
from pellucid.core.executions import Execution
from pellucid.core.items import ToolCall, ToolResult
from pellucid.core.ports import Sandbox, Toolset

Events = AsyncGenerator[Event, None]
PYTHON = "python"


class PythonTool:
    """Answers calls named "python", whose text is code, by running it in one session.

    `seconds` is wall time per call, `seed` what random generators start from, `chars`
    how much of the outcome the model is shown (the execution keeps more).
    """

    def __init__(
        self,
        sandbox: Sandbox,
        session: str,
        *,
        seconds: float = 10.0,
        seed: int = 0,
        chars: int = 8_000,
    ) -> None:
        """Tie a session of the sandbox to its limits."""
        self._sandbox, self._session = sandbox, session
        self._seconds, self._seed, self._chars = seconds, seed, chars

    def owns(self, call: ToolCall) -> bool:
        """Calls named "python"."""
        return call.name == PYTHON

    async def run(self, calls: Sequence[ToolCall]) -> Events:
        """Run each call's code in order; state is kept between them."""
        for call in calls:
            yield ItemOpened(ToolResult(call.call_id))
            execution = await self._sandbox.run(
                self._session, call.text, seconds=self._seconds, seed=self._seed
            )
            text = shorten(spoken(execution), self._chars, execution.dropped)
            yield ItemGrew(text)
            yield ItemClosed(ToolResult(call.call_id, text, execution.outcome != "ok", execution))


class Tools:
    """Several toolsets as one; a call nobody owns fails with words for the model."""

    def __init__(self, *sets: Toolset) -> None:
        """The first set that owns a call answers it."""
        self._sets = sets

    def owns(self, call: ToolCall) -> bool:
        """Whether one of the sets does."""
        return any(tools.owns(call) for tools in self._sets)

    async def run(self, calls: Sequence[ToolCall]) -> Events:
        """Each call by its owner, in order."""
        for call in calls:
            owner = next((tools for tools in self._sets if tools.owns(call)), None)
            events = (
                owner.run([call]) if owner else refused(call, f"no tool is named {call.name!r}")
            )
            async with aclosing(events):
                async for event in events:
                    yield event


class LoopBreaker:
    """Answers a repeated call from the record; at the second repeat withdraws the tool.

    A call repeats when name and text are the same. For one conversation.
    """

    def __init__(self, tools: Toolset) -> None:
        """Wrap, with an empty record."""
        self._tools = tools
        self._answers: dict[tuple[str, str], ToolResult] = {}
        self._repeated: set[tuple[str, str]] = set()
        self._withdrawn: set[str] = set()

    def owns(self, call: ToolCall) -> bool:
        """Whether the wrapped set does."""
        return self._tools.owns(call)

    async def run(self, calls: Sequence[ToolCall]) -> Events:
        """Each call: anew, from the record, or refused."""
        for call in calls:
            async with aclosing(self._answer(call)) as events:
                async for event in events:
                    if isinstance(event, ItemClosed) and isinstance(event.item, ToolResult):
                        self._answers.setdefault((call.name, call.text), event.item)
                    yield event

    def _answer(self, call: ToolCall) -> Events:
        """The events that answer one call."""
        key = (call.name, call.text)
        if call.name in self._withdrawn or key in self._repeated:
            self._withdrawn.add(call.name)
            return refused(
                call,
                f"{call.name} is withdrawn: the same call was made three times; "
                "answer with what is known",
            )
        if key in self._answers:
            self._repeated.add(key)
            known = self._answers[key]
            return said(
                ToolResult(
                    call.call_id,
                    f"{known.text}\n(the same call as before: answered from the record)",
                    known.failed,
                    known.execution,
                )
            )
        return self._tools.run([call])


async def said(result: ToolResult) -> Events:
    """A result as events."""
    yield ItemOpened(ToolResult(result.call_id))
    yield ItemGrew(result.text)
    yield ItemClosed(result)


def refused(call: ToolCall, why: str) -> Events:
    """A failed result as events."""
    return said(ToolResult(call.call_id, why, failed=True))


def spoken(execution: Execution) -> str:
    """What the model reads of an execution: what was printed, the value, the failure."""
    parts = (execution.output.rstrip("\n"), execution.result, execution.error.rstrip("\n"))
    return "\n".join(part for part in parts if part) or _silent(execution)


def _silent(execution: Execution) -> str:
    """What a program that printed nothing came to."""
    names = [file.name for file in execution.kept]
    if not names:
        return "(the program printed nothing)"
    listed = " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    return f"The file {listed} is ready." if len(names) == 1 else f"The files {listed} are ready."


def shorten(text: str, chars: int, dropped: int = 0) -> str:
    """Beginning and end of a long text, with the count of characters left out between.

    `dropped` counts characters that were lost before and belong to the count.
    """
    if len(text) <= chars:
        return f"{text}\n… {dropped:,} more characters were not kept …" if dropped else text
    head = chars * 2 // 3
    tail = chars - head
    lost = len(text) - chars + dropped
    return f"{text[:head]}\n… {lost:,} characters left out …\n{text[-tail:]}"


@asynccontextmanager
async def computing(
    sandbox: Sandbox, session: str, *, kept: bool, seed: int
) -> AsyncGenerator[Toolset, None]:
    """Python in a session of the sandbox, which ends with the turn unless it is `kept` for the
    turns that follow."""
    try:
        yield LoopBreaker(Tools(PythonTool(sandbox, session, seed=seed)))
    finally:
        if not kept:
            await sandbox.close_session(session)
