"""A deterministic request gives the tokens it gives on an idle engine, whatever goes on."""

from itertools import groupby
from random import Random

import msgspec
import pytest
from engine_runs import Driven, limits, request

from pellucid.core.serving import Priority
from pellucid.engine import fake
from pellucid.engine.sequence import Request, Sampling


def touchy(**sizes: int) -> fake.Backend:
    """A backend whose draws depend on the shapes of the batches."""
    return fake.Backend(length=10**9, touchy=True, **sizes)  # type: ignore[arg-type]


ASKED = request("same", "a question of some length", 12, deterministic=True)


def alone(asked: Request) -> tuple[int, ...]:
    driven = Driven(touchy())
    driven.submit(asked)
    return driven.finish().answer(asked.request_id)


def among_others(asked: Request, seed: int, **changes: int) -> Driven:
    """It comes among six others, in some order, at some time."""
    random = Random(seed)
    classes: tuple[Priority, ...] = ("interactive", "background", "batch")
    others = [
        request(f"o{n}", f"a question of {n}" * (n + 1), 9, priority=random.choice(classes))
        for n in range(6)
    ]
    requests = random.sample([asked, *others], 7)
    driven = Driven(touchy(), limits(**changes))
    for one in requests:
        driven.submit(one)
        for _ in range(random.randrange(6)):
            driven.step()
    return driven.finish()


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("priority", ["interactive", "background", "batch"])
@pytest.mark.parametrize("saved", [0, 10**6])
def test_alone_and_under_load(seed: int, priority: Priority, saved: int) -> None:
    asked = msgspec.structs.replace(ASKED, priority=priority)
    driven = among_others(asked, seed, saved_bytes=saved)
    assert driven.answer("same") == alone(asked)
    assert driven.end("same").cached == 0


def test_without_the_flag_tokens_may_differ() -> None:
    asked = msgspec.structs.replace(ASKED, deterministic=False)
    assert any(among_others(asked, seed).answer("same") != alone(asked) for seed in range(20))


def test_candidates_run_one_after_the_other_each_as_if_alone() -> None:
    warm = Sampling(temperature=1.0, seed=5)
    driven = Driven(touchy())
    driven.submit(msgspec.structs.replace(ASKED, n=3, sampling=warm))
    most = 0
    while driven.scheduler.busy:
        driven.step()
        most = max(most, len(driven.running()))
    assert most == 1
    for index in range(3):
        seeded = Sampling(temperature=1.0, seed=5 + index)
        one = msgspec.structs.replace(ASKED, sampling=seeded)
        assert driven.answer("same", index) == alone(one)


def test_it_waits_for_its_class_and_preempts_those_below() -> None:
    driven = Driven(touchy())
    driven.submit(request("one", "ab", 8), request("batch", "cd", 50, priority="batch"))
    driven.step()
    driven.submit(ASKED, request("later", "ef", 8))
    order: list[list[str]] = []
    driven.planned = lambda work: order.append(driven.running())
    driven.finish()
    assert [one for one, _ in groupby(order)] == [
        ["one", "batch"],
        ["same"],
        ["later", "batch"],
        ["batch"],
    ]


def test_it_comes_back_into_cells_of_its_own() -> None:
    """Its old ones may still be cached, but what it writes next could lie below them."""
    driven = Driven(touchy())
    driven.submit(msgspec.structs.replace(ASKED, priority="batch"))
    for _ in range(6):
        driven.step()
    old = {cell for seq in range(32) for cell, _ in driven.backend.held(seq)}
    kept = [row[:] for row in driven.backend._rows]  # else an identity may be used again
    driven.submit(request("now", "ab", 2))
    driven.step()
    assert driven.running() == ["now"]
    while driven.running() != ["same"]:
        driven.step()
    (job,) = driven.scheduler._running.values()
    assert kept
    assert not old & {cell for cell, _ in driven.backend.held(job.seq)}
    assert driven.finish().answer("same") == alone(ASKED)
