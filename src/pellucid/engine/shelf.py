"""Which prefixes are worth keeping beyond the life of the process, and which serves a prompt.

Pure: a Store holds the bytes (`prefix_files` has them on disk), the Shelf decides. Its index
is a radix tree like that of the prefix cache, of prefixes instead of sequences. Owners
appear as digests only, from here on down.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Protocol

from pellucid.engine.prefix_cache import PrefixCache, Run


@dataclass(frozen=True, slots=True)
class Prefix:
    """Whose tokens a stored state holds; `owner` is a digest (`owner_digest`)."""

    owner: str
    tokens: Run


@dataclass(frozen=True, slots=True)
class Found:
    """A stored prefix, how many of its tokens a prompt begins with, and its number in the
    index."""

    prefix: Prefix
    length: int
    number: int


@dataclass(frozen=True, slots=True)
class Worth:
    """When saving and reading pay, in tokens unless said otherwise.

    Saved is what adds `long` tokens to what is stored, or `hot` once `uses` runs shared it
    (both at least 1), and always one in `grown` of its length: a conversation that grows is
    written a few times and not every turn. Read is what spares `spared` tokens, and one in
    `used` of all that has to be read.
    """

    long: int = 256
    hot: int = 64
    uses: int = 2
    grown: int = 8
    spared: int = 64
    used: int = 16


class Store(Protocol):
    """Where states are kept. Anything in it may vanish at any time."""

    largest: int

    @property
    def ready(self) -> bool:
        """Whether it takes another state now."""
        ...

    def index(self) -> Iterable[Prefix]:
        """What it holds, least recently used first."""
        ...

    def __contains__(self, prefix: Prefix) -> bool:
        """Whether it holds this, as far as can be told without reading it."""
        ...

    def read(self, prefix: Prefix) -> bytes | None:
        """The state as it was written, now used; None when there is none to be trusted."""
        ...

    def write(self, prefix: Prefix, state: bytes, replaced: Sequence[Prefix]) -> None:
        """Keep a state of at most `largest` bytes, if it can, then forget those replaced."""
        ...

    def touch(self, prefix: Prefix) -> None:
        """It was used."""
        ...

    def remove(self, prefix: Prefix) -> None:
        """Forget it."""
        ...


class Shelf:
    """Chooses what is saved and what is read back."""

    def __init__(self, store: Store, worth: Worth) -> None:
        """Take up what the store holds."""
        self._store = store
        self._worth = worth
        self._index = PrefixCache(1)
        self._prefixes: dict[int, Prefix] = {}  # by the numbers they have in the index
        self._numbers = count()
        self._too_long: float = float("inf")  # a state of so many tokens was over the size
        for prefix in store.index():
            self._add(prefix)

    @property
    def ready(self) -> bool:
        """Whether something can be saved now."""
        return self._store.ready

    def find(self, owner: str, tokens: Run, have: int) -> Found | None:
        """The stored prefix with most in common with `tokens`, of which `have` need no
        reading; None where reading it does not pay."""
        found = self._match(owner_digest(owner), tokens)
        if found is None:
            return None
        least = max(self._worth.spared, len(found.prefix.tokens) // self._worth.used)
        return found if found.length - have >= least else None

    def take(self, found: Found) -> bytes | None:
        """The state of what was found; None when it turns out that there is none."""
        state = self._store.read(found.prefix)
        if state is None:
            self._forget(found.number)
        return state

    def drop(self, found: Found) -> None:
        """The state that was taken is no good."""
        self._store.remove(found.prefix)
        self._forget(found.number)

    def wants(self, owner: str, tokens: Run, uses: int) -> bool:
        """Whether to save a sequence that so many runs shared. What is stored of it already
        counts as used."""
        found = self._match(owner_digest(owner), tokens)
        stored = found.length if found else 0
        if found and stored >= self._worth.spared:
            self._store.touch(found.prefix)
        worth = self._worth
        least = worth.hot if uses >= worth.uses else worth.long
        gain = len(tokens) - stored
        return gain >= max(least, len(tokens) // worth.grown) and len(tokens) < self._too_long

    def put(self, owner: str, tokens: Run, state: bytes) -> None:
        """Save what was wanted, in place of what it extends."""
        if len(state) > self._store.largest:
            self._too_long = len(tokens)
            return
        prefix = Prefix(owner_digest(owner), tokens)
        self._store.write(prefix, state, self._add(prefix))

    def _match(self, owner: str, tokens: Run) -> Found | None:
        """The best match that is still in the store."""
        while match := self._index.match(owner, tokens):
            prefix = self._prefixes[match.seq]
            if prefix in self._store:
                return Found(prefix, match.length, match.seq)
            self._forget(match.seq)
        return None

    def _forget(self, number: int) -> None:
        """Take a prefix out of the index."""
        del self._prefixes[number]
        self._index.forget(number)

    def _add(self, prefix: Prefix) -> list[Prefix]:
        """Enter a prefix into the index; those it leaves there without use."""
        number = next(self._numbers)
        self._prefixes[number] = prefix
        useless = self._index.settle(number, prefix.owner, prefix.tokens)
        return [self._prefixes.pop(one) for one in useless]


def owner_digest(owner: str) -> str:
    """What stands for an owner in files and their names; the name cannot be read off it."""
    return blake2b(owner.encode(), digest_size=16, person=b"pellucid owner").hexdigest()
