"""The way a turn goes: words, a program, code to deliver, or documents or the web to look
something up in.

Rules decide first (`route_rules`); each names what it saw, so that a wrong turn can be
understood. Where they are silent the model chooses (`route_choice`). How often both are wrong
is measured by `benchmarks/routing.py`.
"""

from dataclasses import dataclass
from typing import Literal

from pellucid.core.reading import READER

RouteName = Literal["answer", "program", "code", "read", "browse"]


@dataclass(frozen=True, slots=True)
class Route:
    """The way a turn goes, and the rule that sent it there.

    The name is None while no rule was sure and the model has not chosen yet.
    """

    name: RouteName | None
    why: str


UNDECIDED = Route(None, "no rule is sure")
UNCHOSEN = Route("answer", "no rule was sure, and nothing was chosen")
"""What holds once the model is asked, until it has replied."""

BROWSED = Route("browse", "the web asked for")
FACT = Route("browse", "a fact asked for")
"""Where the web is not asked for, it is used where a search finds what the question is about."""

FILE_ASKED = Route("program", "a file asked for")
"""What the words of a program alone do not answer."""

USED: dict[RouteName, str] = {
    "read": READER,
    "browse": "web",
    "program": "python",
    "code": "python",
}
"""The tool that is used on each way."""

TOLD_TO_USE = {
    READER: Route("read", "told to look up"),
    "web": BROWSED,
    "python": Route("program", "told to compute"),
}
"""The way on which each tool is used whatever is asked."""

WORDS, PROGRAM = "words", "program"
"""What the model can choose: each is one token of Qwen2.5's and SmolLM2's vocabularies."""


def chosen(reply: str) -> Route:
    """The route that the model's reply stands for; words when it is no choice."""
    name: RouteName = "program" if reply.strip() == PROGRAM else "answer"
    return Route(name, "the model's choice")
