"""Protocols the layers meet at: Model, Toolset, Sandbox, Workplace, Folder, Verifier."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pellucid.core.claims import Claim
from pellucid.core.constraint import Constraint, Function
from pellucid.core.events import Event
from pellucid.core.executions import Execution
from pellucid.core.items import Item, Message, ToolCall
from pellucid.core.usage import Usage

NO_CALL = "No function does what is asked."
"""What a model thinks where functions are offered and none of them fits."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask of a model.

    `into` is the item its words fill: a Message is parsed for tool calls and
    reasoning, a `python` ToolCall takes a program, without its fences. `constraint` is what
    the words must look like; the first of them is due in `seconds` (None: whenever).
    `functions` may be called, several in one reply if `parallel`; with `must_call`, at least
    one is, and nothing else is said. `begun` is how the words begin: written by rule, read by the
    model as its own, and part of the reply. `measured` asks how likely the words were,
    `top_logprobs` how likely each token was, and so many in its place (None: not asked).
    """

    items: tuple[Item, ...]
    into: Item = field(default_factory=lambda: Message("assistant"))
    max_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    owner: str = "local"
    constraint: Constraint | None = None
    seconds: float | None = None
    functions: tuple[Function, ...] = ()
    must_call: bool = False
    parallel: bool = True
    begun: str = ""
    measured: bool = False
    top_logprobs: int | None = None


class Model(Protocol):
    """One model for one turn; `spent` adds up what it used."""

    name: str
    fingerprint: str
    window: int
    spent: Usage

    async def count(self, prompt: Prompt) -> int:
        """Tokens the prompt takes of the window."""
        ...

    def generate(self, prompt: Prompt) -> AsyncGenerator[Event, None]:
        """One model reply as item events (ItemOpened, ItemGrew, ItemClosed).

        DeadlineMissed as soon as it is known that the first word will be late.
        """
        ...


class Toolset(Protocol):
    """Tools the model may use: a failed call is a result, a failed sandbox an error."""

    def owns(self, call: ToolCall) -> bool:
        """Whether this set answers the call."""
        ...

    def run(self, calls: Sequence[ToolCall]) -> AsyncGenerator[Event, None]:
        """Answer the calls in order, as ToolResult item events."""
        ...


class Sandbox(Protocol):
    """A place where code runs isolated, with state kept between runs of one session."""

    async def run(self, session: str, code: str, *, seconds: float, seed: int) -> Execution:
        """Run code; SandboxError is for the sandbox's own failure, never for the code's."""
        ...

    async def close_session(self, session: str) -> None:
        """Forget a session and kill what it left."""
        ...


@dataclass(frozen=True, slots=True)
class WorkFile:
    """A file of a work folder, with its content."""

    name: str
    content: bytes


class Workplace(Sandbox, Protocol):
    """A sandbox whose work folders take files in and give them out, never by following a link."""

    async def furnish(
        self, session: str, contents: Callable[[], Awaitable[Sequence[WorkFile]]]
    ) -> None:
        """Open a session with these files in its work folder; nothing where it is open."""
        ...

    async def take(self, session: str, name: str, most: int) -> WorkFile:
        """A plain file of the work folder, of at most so many bytes; BadRequest says why not."""
        ...


class Folder(Protocol):
    """Where the files of programs outlive their session; `name` is its container's."""

    name: str
    most: int

    async def contents(self) -> Sequence[WorkFile]:
        """What lies in it now."""
        ...

    async def keep(self, file: WorkFile) -> str:
        """Keep a file in the place of what has its name; its id. BadRequest says why not."""
        ...


class Verifier(Protocol):
    """Binds the claims of an answer to evidence."""

    def verify(self, answer: str, transcript: Sequence[Item]) -> tuple[Claim, ...]:
        """Every claim found, in order, with its verdict."""
        ...
