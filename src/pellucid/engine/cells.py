"""Who holds which key-value cells, counted exactly although sequences share them.

A sequence is a chain of spans; sequences that share a prefix share the spans of it, so
the spans form a forest and cells are freed when the last sequence using them goes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class Imbalance(AssertionError):
    """The books of the engine do not balance: a bug in Pellucid, never in a request."""


@dataclass(slots=True, eq=False)
class Span:
    """Cells for positions `start` to `end` - 1 of each sequence whose chain passes here.

    `users` counts spans that follow and sequences that end here; `leases` counts running
    sequences anywhere behind.
    """

    parent: "Span | None"
    start: int = 0
    end: int = 0
    users: int = 0
    leases: int = 0

    @property
    def size(self) -> int:
        """Cells in this span."""
        return self.end - self.start


class Cells:
    """A ledger of `total` cells: `used` by any sequence, `leased` to running ones.

    A sequence begins leased (it runs and may grow), then is settled (it is kept as it
    is), then dropped; dropping a leased one is fine too.
    """

    def __init__(self, total: int) -> None:
        """All cells are free."""
        self.total = total
        self.used = 0
        self.leased = 0
        self._root = Span(None, users=1, leases=1)
        self._tails: dict[int, Span] = {}
        self._running: set[int] = set()

    def length(self, seq: int) -> int:
        """Positions the sequence holds."""
        return self._tails[seq].end

    def leased_with(self, running: Iterable[int], source: int | None, length: int) -> int:
        """Cells that would be leased if only these sequences ran, and one more that shares
        the first `length` cells of `source`."""
        spans = {span: span.size for seq in running for span in self._chain(self._tails[seq])}
        if source is not None:
            for span in self._chain(self._tails[source]):
                spans.setdefault(span, max(0, min(span.end, length) - span.start))
        return sum(spans.values())

    def begin(self, seq: int, source: int | None = None, length: int = 0) -> None:
        """A sequence starts to run, on the first `length` cells of `source`."""
        tail = self._cut(self._tails[source], length) if source is not None else self._root
        tail.users += 1
        self._tails[seq] = tail
        self._running.add(seq)
        for span in self._chain(tail):
            self.leased += span.size if not span.leases else 0
            span.leases += 1

    def grow(self, seq: int, count: int) -> None:
        """A running sequence takes `count` more cells."""
        tail = self._tails[seq]
        if tail.users > 1:  # others end or go on here: these cells are this sequence's alone
            tail = Span(tail, tail.end, tail.end, users=1, leases=1)
            self._tails[seq] = tail
        tail.end += count
        self.used += count
        self.leased += count

    def settle(self, seq: int) -> None:
        """A running sequence is kept as it is and no longer leased."""
        self._running.remove(seq)
        for span in self._chain(self._tails[seq]):
            span.leases -= 1
            self.leased -= span.size if not span.leases else 0

    def drop(self, seq: int) -> None:
        """A sequence goes; cells that no other shares are free again."""
        if seq in self._running:
            self.settle(seq)
        span = self._tails.pop(seq)
        span.users -= 1
        while not span.users and span.parent:
            self.used -= span.size
            span = span.parent
            span.users -= 1

    def audit(self) -> None:
        """Count everything again from the chains; raises Imbalance where the sums differ."""
        seen = {s: s.size for tail in self._tails.values() for s in self._chain(tail)}
        running = [self._chain(self._tails[seq]) for seq in self._running]
        leased = sum(span.size for span in {span for chain in running for span in chain})
        counted = sum(seen.values()), leased
        if counted != (self.used, self.leased) or self.used > self.total:
            raise Imbalance(
                f"cells (used, leased): {counted} counted, "
                f"{(self.used, self.leased)} in the books, {self.total} in all"
            )

    def _chain(self, span: Span) -> Iterator[Span]:
        """The spans of a sequence, last first; the empty root is not among them."""
        while span.parent:
            yield span
            span = span.parent

    def _cut(self, span: Span, length: int) -> Span:
        """The span of this chain that ends exactly at `length`, split off where needed."""
        while span.start >= length and span.parent:
            span = span.parent
        if span.end > length:
            upper = Span(span.parent, span.start, length, users=1, leases=span.leases)
            span.parent, span.start = upper, length
            span = upper
        return span
