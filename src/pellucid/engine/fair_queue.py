"""A queue in three classes, fair between owners, for a place to run."""

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from pellucid.core.serving import Priority
from pellucid.engine.sequence import Request

CLASSES: tuple[Priority, ...] = ("interactive", "background", "batch")


def rank(request: Request) -> int:
    """How important a request is; 0 is the highest class."""
    return CLASSES.index(request.priority)


class HasRequest(Protocol):
    """Something that waits on behalf of a request."""

    request: Request


T = TypeVar("T", bound=HasRequest)


class FairQueue(Generic[T]):
    """First come first served for each owner, owners in turn, higher classes first.

    Owners of a class stand in a ring: one joins at the end with its first item, goes to
    the end when served, and leaves with its last item. So nobody waits longer than one
    round of those who were there before.
    """

    def __init__(self) -> None:
        """Nobody waits."""
        self._rings: dict[Priority, dict[str, list[T]]] = {name: {} for name in CLASSES}

    def __len__(self) -> int:
        """Items waiting."""
        return sum(map(self.count, CLASSES))

    def count(self, priority: Priority) -> int:
        """Items of a class waiting."""
        return sum(map(len, self._rings[priority].values()))

    def __iter__(self) -> Iterator[T]:
        """Items in the order to serve them if each owner in turn gets all it asks for."""
        for ring in self._rings.values():
            for items in ring.values():
                yield from items

    def push(self, item: T) -> None:
        """Add an item behind the others of its owner."""
        self._rings[item.request.priority].setdefault(_owner(item), []).append(item)

    def served(self, item: T) -> None:
        """The item's owner had its turn and goes to the end of its ring."""
        ring = self._rings[item.request.priority]
        ring[_owner(item)] = ring.pop(_owner(item))

    def remove(self, item: T) -> None:
        """The item waits no longer."""
        ring = self._rings[item.request.priority]
        items = ring[_owner(item)]
        items.remove(item)
        if not items:
            del ring[_owner(item)]


def _owner(item: HasRequest) -> str:
    """Who waits: one owner, whatever adapters the requests name (`adapters.spaced`)."""
    return item.request.owner.partition("\0")[0]
