"""Whether a host still does its work: asks it, hears its reports, and ends one that does not."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from pellucid.engine.metrics import Ask, Report
from pellucid.engine.process import HostProcess

# So often within the limit is a host asked that has work.
LOOKS = 4
# How long somebody who wants fresh numbers waits for them, in seconds.
ANSWER = 1.0


class Watch:
    """Watches the hosts of one client, one after the other.

    A host is stuck when no step has ended for `limit` seconds although there is work: it
    says so itself while its reading thread runs, and says nothing where the whole process
    stands still. Silence is counted in looks, not by a clock: when this process itself
    stood still, that is one look, and what the host said meanwhile is heard before the
    next. A host without work is not asked; with a limit of 0, none is.
    """

    def __init__(self, limit: float) -> None:
        """`limit` is in seconds."""
        self.report = Report()
        self._limit = limit
        self._silent = 0.0
        self._unanswered = False
        self._heard = asyncio.Event()

    @property
    def stuck(self) -> bool:
        """Whether half the limit has passed without a step."""
        return 0 < self._limit <= 2 * self._silent

    def hear(self, report: Report) -> None:
        """A host answered."""
        self.report, self._silent, self._unanswered = report, report.step, False
        self.forget()

    def forget(self) -> None:
        """Nobody need wait for an answer any more: it came, or the host died."""
        self._heard.set()
        self._heard = asyncio.Event()

    async def fresh(self, host: HostProcess) -> None:
        """Have a report of this moment, unless the host does not answer."""
        heard = self._heard
        host.send(Ask())
        with suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), ANSWER)

    async def over(self, host: HostProcess, working: Callable[[], bool]) -> None:
        """Look after a host until it has to be killed; `working` tells whether it has been
        given something to do."""
        self._silent, self._unanswered = 0.0, False
        while self._silent < self._limit:
            await asyncio.sleep(self._limit / LOOKS)
            self._look(host, working())
        if self._limit:
            host.kill(f"no step ended for {self._limit:g} s")

    def _look(self, host: HostProcess, working: bool) -> None:
        """Count the silence since the last look, and ask again."""
        if not working:
            self._silent, self._unanswered = 0.0, False
        elif self._unanswered:
            self._silent += self._limit / LOOKS
        else:
            self._unanswered = True
            host.send(Ask())
