"""The token loop, driven by an inbox that is a list."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from engine_runs import alone, request
from shelves import EAGER, Remembered

from pellucid.engine import fake
from pellucid.engine.cells import Imbalance
from pellucid.engine.jobs import Limits
from pellucid.engine.sequence import (
    Cancel,
    Finished,
    Order,
    Output,
    Rejected,
    Request,
    Sampling,
    Stop,
    Tokens,
)
from pellucid.engine.shelf import Shelf
from pellucid.engine.worker import Worker

LIMITS = Limits(max_running=4, step_tokens=64, min_chunk=8, min_gain=2)


class Listed:
    """An inbox that gives one list of orders a step, and Stop when all is done."""

    def __init__(self, *steps: list[Order]) -> None:
        self.steps = list(steps)
        self.blocked: list[bool] = []

    def drain(self, block: bool) -> list[Order]:
        self.blocked.append(block)
        if self.steps:
            return self.steps.pop(0)
        return [Stop()] if block else []


def served(*steps: list[Order], backend: fake.Backend | None = None) -> list[Output]:
    """All outputs of a loop that is given these orders."""
    outputs: list[Output] = []
    worker = Worker(backend or fake.Backend(), LIMITS, lambda: 0.0)
    worker.run(Listed(*steps), outputs.extend)
    return outputs


def answer(outputs: list[Output], name: str) -> tuple[int, ...]:
    mine = [one for one in outputs if isinstance(one, Tokens) and one.request_id == name]
    return tuple(token for one in mine for token in one.tokens)


def ends(outputs: list[Output]) -> dict[str, Finished]:
    return {one.request_id: one for one in outputs if isinstance(one, Finished)}


def test_requests_are_answered() -> None:
    asked = [request(f"r{n}", "question " * n, 20) for n in range(1, 7)]
    outputs = served(list(asked[:4]), [], list(asked[4:]))
    for one in asked:
        assert (answer(outputs, one.request_id), ends(outputs)[one.request_id].reason) == alone(one)


def test_it_blocks_only_when_there_is_nothing_to_do() -> None:
    inbox = Listed([request("one", "ab", 1)])
    Worker(fake.Backend(), LIMITS, lambda: 0.0).run(inbox, lambda outputs: None)
    assert inbox.blocked == [True, True]
    busy = Listed([request("long", "x" * 100, 1)])
    Worker(fake.Backend(), LIMITS, lambda: 0.0).run(busy, lambda outputs: None)
    assert set(busy.blocked[1:-1]) == {False}


def test_nothing_is_published_when_nothing_happened() -> None:
    published: list[list[Output]] = []
    orders: list[Order] = [request("long", "x" * 100, 1)]
    Worker(fake.Backend(), LIMITS, lambda: 0.0).run(Listed(orders), published.append)
    assert len(published) == 1
    assert published[0] != []


def test_a_cancelled_request_ends_in_the_same_step() -> None:
    outputs = served([request("long", "x" * 200, 9)], [Cancel("long")])
    (only,) = outputs
    assert isinstance(only, Finished)
    assert only.reason == "cancelled"


def test_stop_ends_what_runs_and_what_waits() -> None:
    orders: list[Order] = [request(f"r{n}", f"{n}" * 50, 9) for n in range(6)]
    outputs = served(orders, [request("late", "ab"), Stop(), Cancel("r0")])
    assert len([one for one in outputs if isinstance(one, Finished)]) == 7
    assert {end.reason for end in ends(outputs).values()} == {"cancelled"}


def test_refusals_are_published() -> None:
    backend, limits = fake.Backend(), replace(LIMITS, max_queued=1)
    outputs: list[Output] = []
    orders: list[Order] = [request("bad", ""), request("one", "ab"), request("two", "ab")]
    Worker(backend, limits, lambda: 0.0).run(Listed(orders), outputs.extend)
    assert ends(outputs)["bad"].reason == "error"
    assert [one.request_id for one in outputs if isinstance(one, Rejected)] == ["two"]
    assert ends(outputs)["one"].reason != "error"


def failing(times: Iterator[bool]) -> fake.Backend:
    """A backend that breaks where the iterator says so."""

    def charge(tokens: int) -> None:
        if next(times, False):
            raise RuntimeError("no compute")

    return fake.Backend(charge=charge)


def test_a_failed_decode_ends_what_runs_and_the_loop_goes_on() -> None:
    first: list[Order] = [request("one", "x" * 30, 9), request("two", "y" * 30, 9)]
    backend = failing(iter([False, True]))
    outputs = served(first, [], [request("three", "x" * 30, 9)], backend=backend)
    for name in ("one", "two"):
        assert ends(outputs)[name].reason == "error"
        assert ends(outputs)[name].message == "decoding failed: no compute"
    assert answer(outputs, "three") == alone(request("three", "x" * 30, 9))[0]
    assert ends(outputs)["three"].cached == 0


def test_bad_sampling_is_answered_when_nothing_else_runs() -> None:
    bad: Request = request("bad", "ab", sampling=Sampling(logit_bias=((999, 1.0),)))
    outputs = served([bad])
    assert ends(outputs)["bad"].reason == "error"


def test_the_books_are_audited_when_idle() -> None:
    backend = fake.Backend()
    worker = Worker(backend, LIMITS, lambda: 0.0)
    with pytest.raises(Imbalance, match="sequence 0 has 0 cells in the backend"):
        worker.run(Listed([request("r", "a question", 1)]), lambda outputs: backend.drop(0))


def test_prefixes_are_saved_one_after_the_other_before_it_waits() -> None:
    store = Remembered()
    asked: list[Order] = [request(letter, letter * 9, 1) for letter in "xyz"]
    worker = Worker(fake.Backend(), LIMITS, lambda: 0.0, Shelf(store, EAGER))
    worker.run(Listed(asked), lambda outputs: None)
    assert len(store.states) == 3


def test_times_are_those_of_the_clock() -> None:
    seconds = iter(range(1000))
    outputs: list[Output] = []
    worker = Worker(fake.Backend(), LIMITS, lambda: float(next(seconds)))
    worker.run(Listed([request("one", "ab", 2)]), outputs.extend)
    # submit 0, plan 1, commit 2, plan 3, commit 4
    end = ends(outputs)["one"]
    assert (end.queued, end.prefill, end.decode) == (1.0, 1.0, 2.0)


def test_an_order_nobody_knows_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="unreachable"):
        served([Tokens("r", 0, (1,))])  # type: ignore[list-item]
