"""LoRA adapters in the scheduler: whose turn it is, and which prefixes may be shared. Pure.

llama.cpp applies an adapter to all it computes, so the work of one step is of one adapter,
and cells computed with one are of no use with another.
"""

from collections.abc import Collection, Mapping

import msgspec

from pellucid.engine.jobs import Job
from pellucid.engine.sequence import Request


class Turns:
    """Steps go round among the adapters that have work ("" is one of them): with k of them,
    each has every k-th step."""

    def __init__(self) -> None:
        """Nobody had a turn yet."""
        self._served: dict[str, int] = {}
        self._steps = 0

    def next(self, jobs: Collection[Job]) -> list[Job]:
        """Those who may have work in this step: of the adapters that the highest class there
        is runs with, the one served longest ago has its turn."""
        if not jobs:
            return []
        self._steps += 1
        highest = min(job.rank for job in jobs)
        wanted = sorted({job.request.adapter for job in jobs if job.rank == highest})
        chosen = min(wanted, key=lambda name: self._served.get(name, 0))
        self._served[chosen] = self._steps
        return [job for job in jobs if job.request.adapter == chosen]


def spaced(request: Request, adapters: Mapping[str, str]) -> Request:
    """The request with the name of what it shares prefixes with as its owner: its owner's,
    computed with the same adapter file. `adapters` maps names to digests of their files."""
    if not request.adapter:
        return request
    owner = f"{request.owner}\0{adapters[request.adapter]}"
    return msgspec.structs.replace(request, owner=owner)


def objection(request: Request, adapters: Collection[str]) -> str:
    """Why there are no prefixes and no turns for this request; empty when there are."""
    if "\0" in request.owner:
        return "the owner's name holds a NUL"
    if request.adapter and request.adapter not in adapters:
        known = f"there are {', '.join(adapters)}" if adapters else "none is loaded"
        return f"there is no adapter {request.adapter!r}; {known}"
    return ""
