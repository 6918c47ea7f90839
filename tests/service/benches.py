"""A door to turns with a scripted model, the real sandbox and real receipts."""

import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pellucid.core.errors import SandboxUnavailable
from pellucid.core.events import Event, ItemGrew
from pellucid.core.fold import Record
from pellucid.core.items import Message
from pellucid.core.ports import Model, Toolset
from pellucid.core.serving import Serving
from pellucid.core.turn import Turn
from pellucid.model.scripted import Script, ScriptedModel
from pellucid.service.turns import Turns
from pellucid.tools.python.sandbox import PythonSandbox
from pellucid.tools.reader.tool import ReaderTool
from pellucid.tools.toolset import Tools, computing

SUBTRACTION = "What is 48271964 - 19384756?"


class Bench:
    """Turns over a script; `model` is the last model used."""

    def __init__(self, script: Script, sandbox: PythonSandbox | None, home: Path) -> None:
        self.script, self.sandbox, self.receipts = script, sandbox, home / "receipts"
        self.model = ScriptedModel(script)
        self.turns = Turns(self._model, self._tools, self.receipts, time.monotonic)

    @asynccontextmanager
    async def _model(self, serving: Serving) -> AsyncGenerator[Model, None]:
        self.model = ScriptedModel(self.script, window=4096)
        yield self.model

    @asynccontextmanager
    async def _tools(self, turn: Turn) -> AsyncGenerator[Toolset, None]:
        reader = ReaderTool(turn.attachments)
        if "python" not in turn.tools:
            yield Tools(reader)
            return
        if self.sandbox is None:
            raise SandboxUnavailable("no isolation here")
        session, kept = turn.conversation or turn.turn_id, bool(turn.conversation)
        async with computing(self.sandbox, session, kept=kept, seed=0) as tools:
            yield Tools(reader, tools)

    async def play(self, turn: Turn) -> list[Event]:
        return [event async for event in self.turns.run(turn)]


def turn(question: str = SUBTRACTION, **changes: object) -> Turn:
    return replace(Turn("turn_1", (Message("user", question),), created_at=1), **changes)  # type: ignore[arg-type]


def written(code: str) -> str:
    """A question that the scripted model answers with this program."""
    return f"What is 1 + 1?\n```python\n{code}\n```"


def said(record: Record) -> str:
    return "".join(i.text for i in record.items if isinstance(i, Message))


def shown(events: Sequence[Event]) -> str:
    return "".join(e.text for e in events if isinstance(e, ItemGrew))


@asynccontextmanager
async def no_tools(turn: Turn) -> AsyncGenerator[Toolset, None]:
    """Where nothing may be used."""
    yield Tools()
