"""A more important request takes the place of a less important run, which loses nothing."""

from collections.abc import Callable

import pytest
from engine_runs import Driven, alone, limits, request

from pellucid.engine import fake
from pellucid.engine.cells import Imbalance
from pellucid.engine.jobs import Queued
from pellucid.engine.scheduler import Limits
from pellucid.engine.sequence import Sampling

ONE = limits(max_running=1)


def endless(**sizes: int) -> fake.Backend:
    return fake.Backend(length=10**9, **sizes)  # type: ignore[arg-type]


def preempted(limits: Limits, backend: fake.Backend, **more: object) -> Driven:
    """Batch work that has written a few tokens when something interactive takes its place."""
    driven = Driven(backend, limits)
    driven.submit(request("batch", "x" * 30, 20, priority="batch", **more))
    for _ in range(5):
        driven.step()
    driven.submit(request("now", "y" * 30, 4))
    driven.step()
    assert driven.running() == ["now"]
    assert 0 < len(driven.answer("batch")) < 20
    return driven


def read(driven: Driven) -> int:
    """Tokens computed until everything has ended."""
    tokens = 0
    while driven.scheduler.busy:
        tokens += sum(len(one.tokens) for one in driven.step())
    return tokens


@pytest.mark.parametrize("saved", [0, 10**6])
@pytest.mark.parametrize("sizes", [{}, {"sequences": 1}, {"cells": 60}])
@pytest.mark.parametrize("sampling", [Sampling(), Sampling(temperature=1.0, seed=3)])
def test_what_was_preempted_goes_on_as_if_nothing_had_happened(
    saved: int, sizes: dict[str, int], sampling: Sampling
) -> None:
    driven = preempted(
        limits(max_running=1, saved_bytes=saved), endless(**sizes), sampling=sampling
    )
    driven.finish()
    asked = request("batch", "x" * 30, 20, priority="batch", sampling=sampling)
    assert driven.answer("batch") == alone(asked, length=10**9)[0]
    assert driven.end("batch").completion == 20
    assert driven.backend._samplers == {}


def test_cells_that_nobody_needs_are_used_again() -> None:
    """Nothing is computed twice, even with no host memory at all."""
    driven = preempted(limits(max_running=1, saved_bytes=0), endless())
    left = 20 - len(driven.answer("batch"))
    assert read(driven) == (30 - 16) + 3 + left


def test_host_memory_spares_reading_again() -> None:
    driven = preempted(ONE, endless(sequences=1))
    left = 20 - len(driven.answer("batch"))
    assert read(driven) == (30 - 16) + 3 + left


def test_without_host_memory_tokens_are_read_again() -> None:
    driven = preempted(limits(max_running=1, saved_bytes=100), endless(sequences=1))
    written = len(driven.answer("batch"))
    assert read(driven) == (30 - 16) + 3 + (30 + written - 1) + (20 - written)


def test_a_state_that_is_no_good_is_read_again() -> None:
    driven = preempted(ONE, endless(sequences=1))
    (job,) = driven.scheduler._parking
    driven.scheduler._parking._states[job] = b"rotten"
    driven.finish()
    assert driven.answer("batch") == alone(request("", "x" * 30, 20), length=10**9)[0]


def test_the_least_important_and_last_begun_goes_first() -> None:
    driven = Driven(endless(), limits(max_running=4))
    for name, priority in [
        ("c1", "batch"),
        ("b1", "background"),
        ("c2", "batch"),
        ("a", "interactive"),
    ]:
        driven.submit(request(name, name, 100, priority=priority))
        driven.step()
    for name, left in [
        ("n1", ["c1", "b1", "a", "n1"]),
        ("n2", ["b1", "a", "n1", "n2"]),
        ("n3", ["a", "n1", "n2", "n3"]),
        ("n4", ["a", "n1", "n2", "n3"]),
    ]:
        driven.submit(request(name, name, 100))
        driven.step()
        assert sorted(driven.running()) == sorted(left)


def test_what_was_preempted_comes_before_new_requests_of_its_class_and_after_higher_ones() -> None:
    driven = preempted(ONE, endless())
    driven.submit(request("new", "z", 2, priority="batch"))
    driven.submit(request("back", "z", 2, priority="background"))
    order = []
    while driven.scheduler.busy:
        driven.step()
        order += [name for name in driven.running() if name not in order]
    assert order == ["now", "back", "batch", "new"]


def test_the_same_class_is_never_preempted() -> None:
    driven = Driven(endless(), ONE)
    driven.submit(request("one", "ab", 30, priority="batch"))
    driven.step()
    driven.submit(request("two", "cd", 2, priority="batch"))
    driven.step()
    assert driven.running() == ["one"]


def test_cells_are_a_reason_to_preempt_but_only_when_that_is_enough() -> None:
    driven = Driven(endless(cells=100))
    driven.submit(request("mine", "a" * 30, 20), request("batch", "b" * 20, 10, priority="batch"))
    driven.step()
    driven.submit(request("big", "c" * 60, 20))  # does not fit beside "mine"
    driven.step()
    assert driven.running() == ["mine", "batch"]
    driven.cancel("big")
    driven.submit(request("fits", "c" * 40, 10))
    driven.step()
    assert driven.running() == ["mine", "fits"]
    assert driven.finish().end("batch").reason == "length"


def test_a_prompt_may_be_preempted_before_any_of_it_was_read() -> None:
    driven = Driven(endless(), limits(max_running=2))
    driven.submit(request("first", "a" * 60, 3, priority="background"))
    driven.submit(request("batch", "b" * 60, 3, priority="batch"))
    driven.step()
    driven.submit(request("now", "c" * 60, 3))
    driven.step()
    assert driven.running() == ["first", "now"]
    driven.finish()
    assert driven.answer("batch") == alone(request("", "b" * 60, 3), length=10**9)[0]


@pytest.mark.parametrize("end", [lambda d: d.cancel("batch"), lambda d: d.scheduler.close(0.0)])
def test_what_was_preempted_can_be_cancelled(end: Callable[[Driven], object]) -> None:
    driven = preempted(ONE, endless())
    end(driven)
    assert len(driven.scheduler._parking) == 0
    driven.finish()
    assert driven.backend._samplers == {}


def test_a_failed_decode_spares_what_was_preempted() -> None:
    driven = preempted(ONE, endless())
    driven.scheduler.plan(0.0)
    driven.note(driven.scheduler.fail("it broke", 0.0))
    assert driven.end("now").reason == "error"
    driven.finish()
    assert driven.answer("batch") == alone(request("", "x" * 30, 20), length=10**9)[0]


def test_a_failed_decode_ends_all_candidates_of_a_request() -> None:
    driven = Driven(endless(), limits(max_running=2))
    driven.submit(request("many", "ab", 9, n=2, priority="batch"))
    driven.step()
    driven.step()
    driven.submit(request("now", "c", 9))
    driven.scheduler.plan(0.0)
    driven.note(driven.scheduler.fail("it broke", 0.0))
    assert [(end.index, end.reason) for end in driven.ends("many")] == [(0, "error"), (1, "error")]
    assert not driven.scheduler.busy
    driven.scheduler.audit()


def test_a_place_that_is_not_there_after_all() -> None:
    driven = Driven(endless(cells=60))
    driven.submit(request("one", "a" * 30, 20))
    driven.step()
    assert not driven.scheduler._enter(Queued(request("two", "b" * 30, 20), 0.0), 0.0)
    driven.scheduler.audit()


def test_the_audit_sees_host_memory_over_its_bound_and_kept_for_who_runs() -> None:
    driven = preempted(ONE, endless())
    parking = driven.scheduler._parking
    (job,) = parking
    parking._most = 10
    with pytest.raises(Imbalance, match="of 10 bytes"):
        driven.scheduler.audit()
    parking._most, job.seq = 10**6, 0
    with pytest.raises(Imbalance, match=r"\[0\] run"):
        driven.scheduler.audit()
