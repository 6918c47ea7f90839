"""Input items whose content only the server can read: encrypted reasoning, and compactions.

https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pellucid.api.wire.errors import WireError
from pellucid.api.wire.logprobs import INCLUDE as LOGPROBS
from pellucid.api.wire.shortening import shortened
from pellucid.api.wire.web_search import SOURCES
from pellucid.core.items import Item

Json = dict[str, Any]
INCLUDE = "reasoning.encrypted_content"
"""What `include` names to have reasoning encrypted."""

RESULTS = "file_search_call.results"

SERVED = frozenset({INCLUDE, LOGPROBS, "code_interpreter_call.outputs", RESULTS, SOURCES})
"""What `include` may name that is there; what else it names changes nothing."""

REASONING, COMPACTION = "reasoning", "compaction"

Restored = Mapping[int, tuple[Item, ...]]
"""What sealed items hold, each by its place in the list it stands in."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """What is sealed of a request: `restored` of its input; `close` seals what the reply does not
    show (None: that was not asked for)."""

    restored: Restored = field(default_factory=dict)
    close: Callable[[Sequence[Item]], str] | None = None


NOTHING = Sealed()
"""A request that neither brings nor wants anything sealed."""


def unserved(include: Sequence[str] | None) -> tuple[str, ...]:
    """The parameter `include`, where it names something that changes nothing."""
    return ("include",) if {*(include or ())} - SERVED else ()


def restored(
    listed: Sequence[Json], opened: Callable[[str, str], tuple[Item, ...] | None], where: str
) -> Restored:
    """What the sealed items of a list hold; `opened` reads a content of a kind, or gives None;
    WireError names the first that cannot be read, in the parameter `where`."""
    found = {}
    for at, one in enumerate(listed):
        kind, text = one.get("type"), one.get("encrypted_content")
        param = f"{where}[{at}].encrypted_content"
        if kind == COMPACTION and text is None:
            told = f"Missing required parameter: '{param}'."
            raise WireError(400, told, "missing_required_parameter", param)
        if kind not in (REASONING, COMPACTION) or text is None:
            continue
        held = opened(kind, text) if isinstance(text, str) else None
        if held is None:
            told = f"The encrypted content of '{where}[{at}]' could not be verified: "
            told += "it was changed, or not made by this server for the owner of this key."
            raise WireError(400, told, "invalid_encrypted_content", param)
        found[at] = held
    return found


def joined(
    listed: Sequence[Json],
    read: Callable[[Json, int], tuple[Item, ...]],
    restored: Restored,
    before: Sequence[Item],
) -> tuple[Item, ...]:
    """A conversation gone on with the items of a list, each as `read` understands it, or as it was
    restored. A compaction holds the conversation so far; what stands before it all the same is not
    read twice."""
    items = list(before)
    for at, one in enumerate(listed):
        if one.get("type") == COMPACTION and at in restored:
            items = _unheld(items, restored[at])
        items += restored[at] if at in restored else read(one, at)
    return tuple(items)


def _unheld(items: Sequence[Item], held: Sequence[Item]) -> list[Item]:
    """The items that are not among those held, as they are or as a compaction keeps them, each as
    often as it is not; nor what a compaction leaves out."""
    left, kept = Counter(held), []
    for item, short in zip(items, shortened(items), strict=True):
        found = next((one for one in (item, short) if one is not None and left[one] > 0), None)
        if found is not None:
            left[found] -= 1
        elif short is not None:
            kept.append(item)
    return kept
