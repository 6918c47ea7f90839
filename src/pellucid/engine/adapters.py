"""LoRA adapters in the scheduler: whose turn it is, and which prefixes may be shared. Pure.

llama.cpp applies an adapter to all it computes, so the work of one step is of one adapter,
and cells computed with one are of no use with another.
"""

from collections.abc import Collection, Mapping

from pellucid.engine.sequence import Request


class Turns:
    """Steps go round among the adapters that have work ("" is one of them): with k of them,
    each has every k-th step."""

    def __init__(self) -> None:
        """Nobody had a turn yet."""
        self._served: dict[str, int] = {}
        self._steps = 0

    def next(self, wanted: Collection[str]) -> str:
        """The adapter whose turn it is: of those with work, the one served longest ago."""
        if not wanted:
            return ""
        self._steps += 1
        chosen = min(sorted(wanted), key=lambda name: self._served.get(name, 0))
        self._served[chosen] = self._steps
        return chosen


def space(request: Request, adapters: Mapping[str, str]) -> str:
    """Whose prefixes a request may share: its owner's, computed with the same adapter file.
    `adapters` maps names to digests of their files."""
    return f"{request.owner}\0{adapters[request.adapter]}" if request.adapter else request.owner


def objection(request: Request, adapters: Collection[str]) -> str:
    """Why there are no prefixes and no turns for this request; empty when there are."""
    if "\0" in request.owner:
        return "the owner's name holds a NUL"
    if request.adapter and request.adapter not in adapters:
        known = f"there are {', '.join(adapters)}" if adapters else "none is loaded"
        return f"there is no adapter {request.adapter!r}; {known}"
    return ""
