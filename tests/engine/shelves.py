"""A shelf without files, for tests: a dictionary that outlives schedulers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pellucid.engine.shelf import Prefix, Worth

# Everything of four tokens is worth saving, and of two once it was shared.
EAGER = Worth(long=4, hot=2, uses=1, grown=8, spared=2, used=8)


@dataclass
class Remembered:
    """Implements `shelf.Store`; the order of `states` is that of use."""

    states: dict[Prefix, bytes] = field(default_factory=dict)
    largest: int = 10**6
    ready: bool = True
    writes: int = 0
    reads: int = 0

    def index(self) -> list[Prefix]:
        return list(self.states)

    def __contains__(self, prefix: Prefix) -> bool:
        return prefix in self.states

    def read(self, prefix: Prefix) -> bytes | None:
        self.reads += 1
        self.touch(prefix)
        return self.states.get(prefix)

    def write(self, prefix: Prefix, state: bytes, replaced: Sequence[Prefix]) -> None:
        assert len(state) <= self.largest
        self.writes += 1
        self.states[prefix] = state
        for one in replaced:
            self.remove(one)

    def touch(self, prefix: Prefix) -> None:
        if prefix in self.states:
            self.states[prefix] = self.states.pop(prefix)

    def remove(self, prefix: Prefix) -> None:
        self.states.pop(prefix, None)
