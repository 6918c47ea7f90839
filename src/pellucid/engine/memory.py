"""The sequence ids and cells of a backend: who runs in them, what is kept, what must go."""

from collections import Counter
from collections.abc import Collection

from pellucid.engine.backend import Backend
from pellucid.engine.cells import Cells, Imbalance
from pellucid.engine.metrics import Load
from pellucid.engine.prefix_cache import PrefixCache, Run
from pellucid.engine.shelf import Found, Shelf

# What a run asks for: owner, tokens it begins with, how many may follow, and whether it may
# share the first ones.
Need = tuple[str, Run, int, bool]


class Memory:
    """Opens sequences for runs that are sure to have room to their end, keeps what they
    leave in the prefix cache, and evicts from there when ids or cells are short.

    A run reserves cells for all it may ever take, so no run can get stuck half way. With a
    shelf, what was kept before a restart is read back into a kept sequence.
    """

    def __init__(self, backend: Backend, min_gain: int, shelf: Shelf | None = None) -> None:
        """All of an empty backend is free; `min_gain` as in PrefixCache."""
        self._backend = backend
        self._prefixes = PrefixCache(min_gain)
        self._cells = Cells(backend.cells)
        self._free = list(reversed(range(backend.sequences)))
        self._reserved: dict[int, int] = {}  # running sequence: cells it may still take
        self._shelf = shelf
        self._uses: Counter[int] = Counter()  # how many runs shared a sequence
        self._unsaved: dict[int, None] = {}  # kept ones that may be worth saving, latest last
        self._evicted = 0

    def cached(self, owner: str, prompt: Run) -> int:
        """How much of the prompt could be shared now, read back where that pays. Its last
        token is always decoded anew, because drawing the next one needs its logits."""
        stored = self._stored(owner, prompt)
        return stored.length if stored else self._source(owner, prompt, share=True)[1]

    def room(
        self, owner: str, prompt: Run, max_tokens: int, share: bool, without: Collection[int] = ()
    ) -> bool:
        """Whether there were cells for this run if the runs `without` went."""
        source, length = self._source(owner, prompt, share)
        stay = [seq for seq in self._reserved if seq not in without]
        promised = sum(self._reserved[seq] for seq in stay)
        need = promised + len(prompt) + max_tokens - length
        return self._cells.leased_with(stay, source, length) + need <= self._cells.total

    def open(
        self, owner: str, prompt: Run, max_tokens: int, share: bool = True
    ) -> tuple[int, int] | None:
        """A sequence for this run and how much of the prompt it holds already (nothing
        unless it may `share`); None while there is no room."""
        if share:
            self._read_back(owner, prompt, max_tokens)
        self._source(owner, prompt, share)  # what fits best is now the last to go
        if not self._free and not self._evict():
            return None
        if not self.room(owner, prompt, max_tokens, share):
            return None
        source, length = self._source(owner, prompt, share)
        seq = self._free.pop()
        self._cells.begin(seq, source, length)
        if source is not None:
            self._backend.share(source, seq, length)
            self._uses[source] += 1
            if source not in self._reserved:
                self._unsaved[source] = None
        self._reserved[seq] = len(prompt) + max_tokens - length
        while self._cells.used + self._promised > self._cells.total and self._evict():
            pass
        return seq, length

    def grow(self, seq: int, count: int) -> None:
        """A run took `count` of the cells it reserved."""
        self._cells.grow(seq, count)
        self._reserved[seq] -= count

    def publish(self, seq: int, owner: str, tokens: Run) -> None:
        """A run holds these tokens (of its prompt): others of the owner may share them."""
        if seq in self._prefixes:
            self._prefixes.forget(seq)
        self._prefixes.lease(seq, owner, tokens)

    def keep(self, seq: int, owner: str, tokens: Run) -> None:
        """A run ended and holds `tokens`: keep what is worth it."""
        del self._reserved[seq]
        self._cells.settle(seq)
        self._unsaved[seq] = None
        for one in self._prefixes.settle(seq, owner, tokens):
            self._release(one)

    def save(self) -> bool:
        """Save one kept sequence, the latest first, if one is worth it and the shelf takes
        it; whether there may be more to save now. Costs about a millisecond a megabyte."""
        while self._shelf and self._unsaved and self._shelf.ready:
            seq, _ = self._unsaved.popitem()
            owner, tokens = self._prefixes.held(seq)
            if self._shelf.wants(owner, tokens, self._uses[seq]):
                self._shelf.put(owner, tokens, self._backend.save(seq))
                return bool(self._unsaved) and self._shelf.ready
        return False

    def discard(self, seq: int) -> None:
        """A run failed: keep nothing of it."""
        del self._reserved[seq]
        if seq in self._prefixes:
            self._prefixes.forget(seq)
        self._release(seq)

    def load(self, queued: int, running: int, preempted: int) -> Load:
        """The scheduler's numbers, and how many cells are held."""
        cells, evicted = self._cells, self._evicted
        return Load(queued, running, cells.used, cells.leased, cells.total, evicted, preempted)

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

    def _source(self, owner: str, prompt: Run, share: bool) -> tuple[int | None, int]:
        """The sequence to share the longest prefix of this prompt with, and its length."""
        match = self._prefixes.match(owner, prompt[:-1]) if share else None
        return (match.seq, match.length) if match else (None, 0)

    @property
    def _promised(self) -> int:
        """Cells that runs may still take."""
        return sum(self._reserved.values())

    @property
    def _taken(self) -> int:
        """Cells that evicting everything would not free: what runs hold and may still take."""
        return self._cells.leased + self._promised

    def _stored(self, owner: str, prompt: Run) -> Found | None:
        """What the shelf has for a prompt, if reading it pays and there is room for it beside
        what runs, and an id beside that of the run which asks."""
        if self._shelf is None or len(self._free) + len(self._prefixes.cached) < 2:
            return None
        match = self._prefixes.match(owner, prompt[:-1])
        found = self._shelf.find(owner, prompt[:-1], match.length if match else 0)
        if found is None or self._taken + len(found.prefix.tokens) > self._cells.total:
            return None
        return found

    def _read_back(self, owner: str, prompt: Run, max_tokens: int) -> None:
        """Keep a sequence from the shelf, if a run that needs so much will start on it now."""
        found = self._stored(owner, prompt)
        if not self._shelf or not found:
            return
        if self._taken + len(prompt) + max_tokens > self._cells.total:
            return
        state, tokens = self._shelf.take(found), found.prefix.tokens
        if state is None:
            return
        while not self._free or self._cells.used + self._promised + len(tokens) > self._cells.total:
            self._evict()
        seq = self._free.pop()
        if not self._restored(seq, state, len(tokens)):
            self._free.append(seq)
            self._shelf.drop(found)
            return
        self._cells.begin(seq)
        self._cells.grow(seq, len(tokens))
        self._cells.settle(seq)
        for one in self._prefixes.settle(seq, owner, tokens):
            self._release(one)

    def _restored(self, seq: int, state: bytes, length: int) -> bool:
        """Whether a state could be put into a sequence; the sequence is empty if not."""
        try:
            self._backend.restore(seq, state)
        except ValueError:
            return False
        if self._backend.length(seq) != length:
            self._backend.drop(seq)
            return False
        return True

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
        del self._uses[seq]
        self._unsaved.pop(seq, None)
