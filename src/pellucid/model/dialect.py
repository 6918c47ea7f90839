"""Protocol: how one family of weights writes prompts and replies.

A prompt is a sequence of segments. Control segments are ours and may hold control
tokens (`<|im_start|>`); text segments come from people, tools or the model and are
tokenised as plain text, so that a control token spelled out in user text is only text.
No template from a model file is ever executed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pellucid.core.constraint import Constraint
from pellucid.core.items import Item, ToolCall
from pellucid.core.ports import Prompt


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a prompt; `control` allows control tokens in it."""

    text: str
    control: bool = False


class Dialect(Protocol):
    """Rendering is append-only: the segments of a longer conversation begin with
    those of a shorter one, so its tokens can be reused."""

    @property
    def name(self) -> str:
        """The name the weights' manifest uses."""
        ...

    def render(self, prompt: Prompt) -> tuple[Segment, ...]:
        """The whole prompt, up to the place where the reply begins."""
        ...

    def stops(self, prompt: Prompt) -> tuple[str, ...]:
        """The strings that end a reply to this prompt."""
        ...

    def constraint(self, prompt: Prompt) -> Constraint | None:
        """What a reply must look like: the prompt's constraint, its functions' calls, both."""
        ...

    def calls(self, text: str, prefix: str) -> tuple[ToolCall, ...] | None:
        """The calls in a reply to a prompt with functions, their ids beginning with `prefix`;
        None when it is words."""
        ...

    def reply(self, item: Item) -> tuple[Segment, ...]:
        """What the model itself writes for `item`, as one exact text segment."""
        ...


def joined(segments: Sequence[Segment]) -> str:
    """The text a person would read in a prompt, for logs and tests."""
    return "".join(segment.text for segment in segments)
