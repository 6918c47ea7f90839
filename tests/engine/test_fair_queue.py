"""Order of the queue: classes, then owners in turn, then first come first served."""

from dataclasses import dataclass

from pellucid.engine.fair_queue import FairQueue
from pellucid.engine.sequence import Request


@dataclass(eq=False)
class Item:
    request: Request


def queue_of(*items: tuple[str, str]) -> FairQueue[Item]:
    """A queue of (owner, priority); request ids count up."""
    queue: FairQueue[Item] = FairQueue()
    for number, (owner, priority) in enumerate(items):
        queue.push(Item(Request(str(number), (1,), 1, owner=owner, priority=priority)))  # type: ignore[arg-type]
    return queue


def served(queue: FairQueue[Item]) -> str:
    """Serve everything, one at a time; the ids in order."""
    order = ""
    while len(queue):
        item = next(iter(queue))
        queue.served(item)
        queue.remove(item)
        order += item.request.request_id
    return order


def test_first_come_first_served() -> None:
    assert served(queue_of(*[("ann", "interactive")] * 4)) == "0123"


def test_owners_take_turns() -> None:
    one, two, three = ("ann", "batch"), ("bob", "batch"), ("eve", "batch")
    assert served(queue_of(one, one, one, two, two, three)) == "035142"


def test_higher_classes_go_first() -> None:
    queue = queue_of(("ann", "batch"), ("ann", "background"), ("bob", "interactive"))
    assert served(queue) == "210"


def test_newcomers_do_not_overtake() -> None:
    """However many new owners come, the second of the first owner has its turn."""
    queue = queue_of(("ann", "batch"), ("ann", "batch"))
    order = []
    for number in range(5):
        queue.push(Item(Request(f"new{number}", (1,), 1, owner=f"new{number}", priority="batch")))
        item = next(iter(queue))
        queue.served(item)
        queue.remove(item)
        order.append(item.request.request_id)
    assert order == ["0", "new0", "1", "new1", "new2"]
