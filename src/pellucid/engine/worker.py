"""THE TOKEN LOOP: one thread, one inbox, five calls."""

from collections.abc import Callable, Sequence
from typing import Protocol, assert_never

from pellucid.core.errors import EngineError
from pellucid.engine.backend import Backend, Sampled, Work
from pellucid.engine.jobs import Limits
from pellucid.engine.metrics import Meter
from pellucid.engine.scheduler import Scheduler
from pellucid.engine.sequence import Cancel, Order, Output, Request, Stop
from pellucid.engine.shelf import Shelf


class DecodeFailed(EngineError):
    """The backend could not compute a step: what was running ends, the loop goes on."""


class Inbox(Protocol):
    """Where orders wait for the loop; filled by another thread."""

    def drain(self, block: bool) -> list[Order]:
        """All orders waiting, oldest first; with `block`, wait until there is one."""
        ...


class Worker:
    """Runs the loop over one backend. `clock` gives seconds that never go back; `meter`
    counts what happens."""

    def __init__(
        self,
        backend: Backend,
        limits: Limits,
        clock: Callable[[], float],
        shelf: Shelf | None = None,
        meter: Meter | None = None,
    ) -> None:
        """Take over an empty backend; nothing is computed before `run`."""
        self.scheduler = Scheduler(backend, limits, shelf)
        self._meter = meter or Meter()
        self._backend = backend
        self._clock = clock

    def run(self, inbox: Inbox, publish: Callable[[list[Output]], None]) -> None:
        """Serve until Stop. Every request taken ends exactly once for each candidate.

        Raises Imbalance when the books do not balance: a bug, and the process had better
        start anew.
        """
        scheduler, now = self.scheduler, self._clock
        while True:
            if not scheduler.busy:
                scheduler.audit()
            more = scheduler.save()
            orders = inbox.drain(block=not scheduler.busy and not more)
            outputs = self._take(orders)
            begun = now()
            work = scheduler.plan(begun)
            self._meter.begin(begun, scheduler.load)
            try:
                sampled = self._decode(work)
                ended = now()
                outputs += scheduler.commit(sampled, ended)
            except DecodeFailed as failure:
                ended = now()
                outputs += scheduler.fail(str(failure), ended)
            self._meter.end(ended, work, outputs, scheduler.load)
            if outputs:
                publish(outputs)
            if Stop() in orders:
                return

    def _take(self, orders: Sequence[Order]) -> list[Output]:
        """Hand the orders to the scheduler; what came with a Stop ends with the rest."""
        outputs: list[Output] = []
        stopping = False
        for order in orders:
            match order:
                case Request():
                    outputs += self.scheduler.submit(order, self._clock())
                case Cancel():
                    outputs += self.scheduler.cancel(order.request_id, self._clock())
                case Stop():
                    stopping = True
                case _:
                    assert_never(order)
        return outputs + self.scheduler.close(self._clock()) if stopping else outputs

    def _decode(self, work: list[Work]) -> list[Sampled]:
        """Let the backend compute; DecodeFailed when it cannot, whatever its reason."""
        try:
            return self._backend.decode(work) if work else []
        except Exception as error:
            raise DecodeFailed(f"decoding failed: {error}") from error
