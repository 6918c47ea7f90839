"""The sequence ids and cells of a backend: who runs in them, what is kept, what must go."""

from collections.abc import Collection

from pellucid.engine.backend import Backend
from pellucid.engine.cells import Cells, Imbalance
from pellucid.engine.metrics import Load
from pellucid.engine.prefix_cache import PrefixCache, Run


class Memory:
    """Opens sequences for runs that are sure to have room to their end, keeps what they
    leave in the prefix cache, and evicts from there when ids or cells are short.

    A run reserves cells for all it may ever take, so no run can get stuck half way.
    """

    def __init__(self, backend: Backend, min_gain: int) -> None:
        """All of an empty backend is free; `min_gain` as in PrefixCache."""
        self._backend = backend
        self._prefixes = PrefixCache(min_gain)
        self._cells = Cells(backend.cells)
        self._free = list(reversed(range(backend.sequences)))
        self._reserved: dict[int, int] = {}  # running sequence: cells it may still take
        self._evicted = 0

    def cached(self, owner: str, prompt: Run) -> int:
        """How much of the prompt could be shared now. Its last token is always decoded
        anew, because drawing the next one needs its logits."""
        match = self._prefixes.match(owner, prompt[:-1])
        return match.length if match else 0

    def open(self, owner: str, prompt: Run, max_tokens: int) -> tuple[int, int] | None:
        """A sequence for this run and how much of the prompt it holds already; None while
        there is no room."""
        self._prefixes.match(owner, prompt[:-1])  # what fits best is now the last to go
        if not self._free and not self._evict():
            return None
        match = self._prefixes.match(owner, prompt[:-1])
        source, length = (match.seq, match.length) if match else (None, 0)
        need = len(prompt) + max_tokens - length
        more = self._cells.lease_cost(source, length) if source is not None else 0
        if self._cells.leased + more + self._promised + need > self._cells.total:
            return None
        seq = self._free.pop()
        self._cells.begin(seq, source, length)
        if source is not None:
            self._backend.share(source, seq, length)
        self._reserved[seq] = need
        while self._cells.used + self._promised > self._cells.total and self._evict():
            pass
        return seq, length

    def grow(self, seq: int, count: int) -> None:
        """A run took `count` of the cells it reserved."""
        self._cells.grow(seq, count)
        self._reserved[seq] -= count

    def publish(self, seq: int, owner: str, prompt: Run) -> None:
        """A run holds its whole prompt: others of the owner may share it."""
        self._prefixes.lease(seq, owner, prompt)

    def keep(self, seq: int, owner: str, tokens: Run) -> None:
        """A run ended and holds `tokens`: keep what is worth it."""
        del self._reserved[seq]
        self._cells.settle(seq)
        for one in self._prefixes.settle(seq, owner, tokens):
            self._release(one)

    def discard(self, seq: int) -> None:
        """A run failed: keep nothing of it."""
        del self._reserved[seq]
        if seq in self._prefixes:
            self._prefixes.forget(seq)
        self._release(seq)

    def load(self, queued: int, running: int) -> Load:
        """The scheduler's numbers, and how many cells are held."""
        cells = self._cells
        return Load(queued, running, cells.used, cells.leased, cells.total, self._evicted)

    def audit(self, running: Collection[int]) -> None:
        """Check that everything is held exactly once, runs only in the sequences given, and
        that the backend counts the same; raises Imbalance."""
        self._cells.audit()
        held = self._prefixes.audit()
        cached, runs = self._prefixes.cached, sorted(running)
        known = sorted(self._free + cached + runs) == list(range(self._backend.sequences))
        if not known or sorted(self._reserved) != runs:
            raise Imbalance(f"sequences: free {self._free}, cached {cached}, running {runs}")
        if self._cells.used + self._promised > self._cells.total:
            raise Imbalance(f"cells: {self._promised} promised beyond {self._cells.used} used")
        for seq in range(self._backend.sequences):
            length = 0 if seq in self._free else self._cells.length(seq)
            if self._backend.length(seq) != length or held.get(seq, 0) > length:
                raise Imbalance(
                    f"sequence {seq} has {self._backend.length(seq)} cells in the backend, "
                    f"{length} in the books and {held.get(seq, 0)} in the prefix cache"
                )

    @property
    def _promised(self) -> int:
        """Cells that runs may still take."""
        return sum(self._reserved.values())

    def _evict(self) -> bool:
        """Give up the least recently used prefix; False when nothing is cached."""
        seq = self._prefixes.evict()
        if seq is not None:
            self._evicted += 1
            self._release(seq)
        return seq is not None

    def _release(self, seq: int) -> None:
        """The sequence id and the cells only it held are free."""
        self._cells.drop(seq)
        self._backend.drop(seq)
        self._free.append(seq)
