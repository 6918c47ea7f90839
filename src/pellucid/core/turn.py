"""One request: conversation, effort, limits, tools offered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pellucid.core.constraint import Constraint, Function
from pellucid.core.effort import EffortName
from pellucid.core.items import Item, Message
from pellucid.core.serving import USUAL, Serving


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file that came with the question; programs find it under `name`.

    Form feeds part its pages, if it has any, or what else it is made of; `unit` is what one of
    them is called ("page", "slide", "section", "file"). `outline` are its headings with the page,
    from 1, that each begins on, where the file itself tells. `seen` says how sure the text is
    where it was read from pictures ("read from a picture, confidence 0.93"). `file_id` is what it
    is kept as, empty where it is not kept.
    """

    name: str
    text: str
    outline: tuple[tuple[str, int], ...] = ()
    unit: str = "page"
    seen: str = ""
    file_id: str = ""


def named_once(attached: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """The same attachments under names that differ: programs open them by name."""
    taken, named = {one.name for one in attached}, dict[str, Attachment]()
    for one in attached:
        name, number = one.name, 1
        while name in named or (number > 1 and name in taken):
            number += 1
            name = f"{number}-{one.name}"
        named[name] = replace(one, name=name)
    return tuple(named.values())


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of the turn's container, by content; programs find it under `name`. `head` is how it
    begins, empty where it is no text or nothing of it is to be shown."""

    name: str
    size: int
    sha256: str
    head: str = ""


@dataclass(frozen=True, slots=True)
class Web:
    """How a turn may use the web: hosts (and those below them) that pages may come from (none:
    all), and whether it may go there now (`live`) or only see what was fetched before."""

    hosts: tuple[str, ...] = ()
    live: bool = True


@dataclass(frozen=True, slots=True)
class Turn:
    """A request to answer the last message of `items`, or to go on from the results of calls
    after it.

    `tools` names what may be used ("python", "web"); `max_output_tokens` caps all output,
    thinking included; `seconds` is a deadline for the whole turn; `owner` keys every
    cache and record; `created_at` is Unix time in seconds. Turns of one `conversation`
    share a Python session (empty: the turn has its own). The words of the answer are drawn
    with `temperature` (0: the likeliest). `serving` is what the turn asks
    of the engine.

    `functions` are what the caller can do: calls of them end the turn, and their results
    come with the next one. With `must_call` at least one is called, with `parallel` there may
    be several. `form` is what the answer must look like; `stop` are texts it ends before.
    `cache` tells whether the answer of an equal turn may be given again (None: as usual).
    `top_logprobs` asks how likely each token of the answer was, and so many others in its place
    (None: not asked).

    `library` are documents that may be looked up in, and are never shown: files of collections;
    passages of them that have a lower score than `least_score` (0 to 1) are not read.

    Of the tools in `must_use` ("reader", "web", "python"; none: as usual) one is used, whatever
    the question is.

    `container` is where files of programs outlive the turn (empty: they do not), `files` are
    those that lie in it when the turn begins.

    `web` says how the web may be used where `tools` has "web".
    """

    turn_id: str
    items: tuple[Item, ...]
    model: str = "pellucid-mini"
    effort: EffortName = "medium"
    tools: frozenset[str] = frozenset({"python"})
    seed: int = 0
    temperature: float = 0.0
    max_output_tokens: int | None = None
    seconds: float | None = None
    owner: str = "local"
    created_at: int = 0
    conversation: str = ""
    attachments: tuple[Attachment, ...] = ()
    serving: Serving = USUAL
    functions: tuple[Function, ...] = ()
    must_call: bool = False
    parallel: bool = True
    form: Constraint | None = None
    stop: tuple[str, ...] = ()
    cache: bool | None = None
    top_logprobs: int | None = None
    container: str = ""
    files: tuple[GivenFile, ...] = ()
    library: tuple[Attachment, ...] = ()
    least_score: float = 0.0
    must_use: tuple[str, ...] = ()
    web: Web = Web()

    @property
    def documents(self) -> tuple[Attachment, ...]:
        """All that may be looked up in."""
        return (*self.attachments, *self.library)

    @property
    def question(self) -> str:
        """What the caller asked last; "" where they asked nothing."""
        asked = (i for i in reversed(self.items) if isinstance(i, Message) and i.role == "user")
        return next((message.text for message in asked), "")
