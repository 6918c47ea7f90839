"""What a set of questions is made of: a question, what was answered, and what that is worth."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pellucid.core.claims import Claim
from pellucid.core.effort import Spent
from pellucid.core.items import Item, Message, ToolResult, Verdicts
from pellucid.core.ports import Sandbox
from pellucid.core.turn import Attachment
from pellucid.core.usage import Usage

SandboxSource = Callable[[], Awaitable[Sandbox]]
"""Where graders get a sandbox from; it is started when first asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """One item of a set.

    `turns` are the user's messages in order: each is asked after the one before was
    answered. `expected` is the right answer as it is shown; `group` the part of the set it
    belongs to ("" where there are none); `row` everything the set says about it.
    """

    id: str
    turns: tuple[str, ...]
    expected: str = ""
    group: str = ""
    row: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    tools: frozenset[str] = frozenset({"python"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system said and did.

    `items` is the whole conversation, the user's messages among them. `error` is "code:
    message" of the typed error that ended it, else "". `began` and `ended` are Unix times.
    """

    items: tuple[Item, ...] = ()
    usage: Usage = field(default_factory=Usage)
    reason: str = ""
    spent: Spent | None = None
    error: str = ""
    began: float = 0.0
    ended: float = 0.0

    @property
    def last(self) -> tuple[Item, ...]:
        """What came after the last message of the user."""
        asked = [n for n, item in enumerate(self.items) if _of(item, "user")]
        return self.items[asked[-1] + 1 :] if asked else self.items

    @property
    def text(self) -> str:
        """The last answer, "" when there is none."""
        told = [item.text for item in self.last if _of(item, "assistant")]
        return told[-1] if told else ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the last answer, with their verdicts."""
        return tuple(c for item in self.last if isinstance(item, Verdicts) for c in item.claims)

    @property
    def executions(self) -> int:
        """Programs that ran, in the whole conversation."""
        return sum(isinstance(i, ToolResult) and i.execution is not None for i in self.items)


def _of(item: Item, role: str) -> bool:
    return isinstance(item, Message) and item.role == role


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth. `got` is what was read from it, `note` why it is wrong,
    `feedback` what a second try is told, `counts` what a set counts besides."""

    right: bool
    got: str = ""
    note: str = ""
    feedback: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


Grader = Callable[[Question, Answer, SandboxSource], Awaitable[Grade]]


@dataclass(frozen=True, slots=True)
class Published:
    """A figure somebody printed: whose, in percent, and where."""

    whose: str
    percent: float
    source: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share that a set reports beside its right answers: the sum of one of its graders'
    counts over that of another."""

    told: str
    count: str
    of: str


@dataclass(frozen=True, slots=True)
class Task:
    """A set: where its questions are (BadRequest when they are not there) and how they are
    graded.

    `grading` says in a line what counts as right. `tries` is how often a wrong answer may
    be mended after its feedback. `requires` names the package of the grader, of the extra
    `eval`. `package` is whether the set ships with Pellucid (else it
    lies in the data folder); `functions` whether the questions are functions to call, which
    are asked of the model itself. `sandboxed` graders run code.
    """

    name: str
    load: Callable[[Path], tuple[Question, ...]]
    grade: Grader
    grading: str
    published: tuple[Published, ...] = ()
    rates: tuple[Rate, ...] = ()
    tries: int = 1
    functions: bool = False
    sandboxed: bool = False
    package: bool = False
    requires: str = ""


def pure(judge: Callable[[Question, Answer], Grade]) -> Grader:
    """A grader that runs nothing."""

    async def grade(question: Question, answer: Answer, _: SandboxSource) -> Grade:
        return judge(question, answer)

    return grade
