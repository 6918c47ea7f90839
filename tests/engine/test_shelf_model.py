"""The scheduler against the naive model, with restarts that only saved prefixes survive."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from shelves import EAGER, Remembered
from test_scheduler_model import ADAPTERS, SchedulerMachine, TestScheduler

from pellucid.engine import fake
from pellucid.engine.scheduler import Scheduler
from pellucid.engine.shelf import Shelf, owner_digest

OWNERS = {
    owner_digest(owner + adapter)
    for owner in ("ann", "bob")
    for adapter in ("", *(f"\0{digest}" for digest in ADAPTERS.values()))
}


class RestartedMachine(SchedulerMachine):
    """As before, while prefixes are saved, the process starts anew, and files break."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Remembered(largest=500)

    def shelf(self) -> Shelf:
        return Shelf(self.store, EAGER)

    @precondition(lambda self: self.driven.scheduler.busy)
    @rule(most=st.integers(1, 60))
    def steps(self, most: int) -> None:
        """Enough for some to end."""
        while most and self.driven.scheduler.busy:
            self.step()
            most -= 1

    @rule(ready=st.booleans())
    def save(self, ready: bool) -> None:
        """What is saved is what a sequence of the owner held."""
        before = dict(self.store.states)
        self.store.ready = ready
        self.driven.scheduler.save()
        assert ready or self.store.states == before
        for prefix, state in self.store.states.items():
            if prefix not in before:
                cells = fake.CELL.iter_unpack(state.removeprefix(fake.MARK))
                assert tuple(token for token, *_ in cells) == prefix.tokens
                assert prefix.owner in OWNERS

    @precondition(lambda self: self.store.states)
    @rule()
    def restart(self) -> None:
        """Everything ends, and a new process finds only what was saved."""
        self.cancelled |= {job.request.request_id for job in self.driven.scheduler._jobs()}
        self.cancelled |= {one.request.request_id for one in self.driven.scheduler._waiting}
        self.driven.note(self.driven.scheduler.close(self.driven.now))
        self.driven.backend = self.fresh()
        self.driven.scheduler = Scheduler(self.driven.backend, self.limits, self.shelf())

    @precondition(lambda self: self.store.states)
    @rule(data=st.data(), damage=st.sampled_from(["gone", "empty", "foreign", "short"]))
    def damage(self, data: st.DataObject, damage: str) -> None:
        """A state is lost, or is no good although it came through every check."""
        prefix = data.draw(st.sampled_from(list(self.store.states)))
        state = self.store.states.pop(prefix)
        left = {"empty": b"", "foreign": b"x", "short": state[: -fake.CELL.size]}
        if damage in left:
            self.store.states[prefix] = left[damage]


TestRestarted = RestartedMachine.TestCase
TestRestarted.settings = TestScheduler.settings
del TestScheduler  # is run where it is at home
