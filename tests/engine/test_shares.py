"""Who gets how much of a step: classes, short prompts, long prompts, owners."""

from statistics import median

import pytest
from engine_runs import Driven, limits, request

from pellucid.core.serving import Priority
from pellucid.engine import fake
from pellucid.engine.jobs import Limits
from pellucid.engine.sequence import Request, Tokens

STEP = 32
LIMITS = Limits()


def endless(**sizes: int) -> fake.Backend:
    sizes = {"cells": 40_000, "window": 8192, **sizes}
    return fake.Backend(length=10**9, **sizes)  # type: ignore[arg-type]


def first_tokens(driven: Driven, names: list[str], most: int = 10_000) -> dict[str, int]:
    """Tokens computed, from now on, until each has its first token."""
    found: dict[str, int] = {}
    computed = 0
    for _ in range(most):
        before = len(driven.outputs)
        computed += sum(len(one.tokens) for one in driven.step())
        fresh = {one.request_id for one in driven.outputs[before:] if isinstance(one, Tokens)}
        found |= {name: computed for name in names if name in fresh and name not in found}
        if len(found) == len(names):
            return found
    raise AssertionError(f"no first token: {set(names) - set(found)}")


def prompt(name: str, tokens: int) -> str:
    return (name + "." * tokens)[:tokens]


@pytest.mark.parametrize("long", ["interactive", "background", "batch"])
@pytest.mark.parametrize("owner", ["ann", "bob"])
def test_a_short_prompt_beside_a_long_one_and_batch_work(long: Priority, owner: str) -> None:
    """Its first token comes after at most twice the tokens that it takes alone."""
    asked = request("short", prompt("short", 500), owner=owner)
    quiet = Driven(endless(), LIMITS)
    quiet.submit(asked)
    alone = first_tokens(quiet, ["short"])["short"]
    driven = Driven(endless(), LIMITS)
    work = [request(f"b{n}", prompt(f"b{n}", 20), 500, priority="batch") for n in range(4)]
    driven.submit(*work)
    first_tokens(driven, [f"b{n}" for n in range(4)])
    driven.submit(request("long", prompt("long", 6000), owner="ann", priority=long))
    for _ in range(10):
        driven.step()
    driven.submit(asked)
    assert first_tokens(driven, ["short"])["short"] <= 2 * alone


def test_a_short_prompt_that_begins_like_a_long_one_does_not_wait_for_its_end() -> None:
    """The long one has read what they have in common; that is shared while it goes on."""
    driven = Driven(endless(), LIMITS)
    driven.submit(request("long", "system " * 40 + prompt("long", 6000)))
    for _ in range(15):
        driven.step()
    driven.submit(request("short", "system " * 40 + "and a question"))
    assert first_tokens(driven, ["short"])["short"] <= 2 * STEP
    assert driven.cancel("short") or driven.end("short").cached == 280


def test_who_waits_for_a_common_prefix_gets_it_as_soon_as_it_is_read() -> None:
    driven = Driven(endless(), LIMITS)
    driven.submit(request("long", "system " * 40 + prompt("long", 6000)))
    driven.submit(request("short", "system " * 40 + "and a question"))
    assert first_tokens(driven, ["short"])["short"] <= 280 + 3 * STEP


@pytest.mark.parametrize("priority", ["interactive", "batch"])
def test_a_long_prompt_ends_however_many_short_ones_come(priority: Priority) -> None:
    """Of four steps in a row it gets one."""
    driven = Driven(endless(), LIMITS)
    driven.submit(request("long", prompt("long", 960), owner="ann", priority=priority))
    steps = 0
    while not driven.answer("long"):
        for n in range(3):
            name = f"s{steps}.{n}"
            driven.submit(request(name, prompt(name, 31), 1, owner=f"o{n}", priority=priority))
        driven.step()
        steps += 1
    assert 960 / STEP < steps <= 4 * 960 / STEP + 4


def test_eight_equal_clients() -> None:
    """The first token of the last comes after at most twice the time of the median."""
    driven = Driven(endless(), LIMITS)
    names = [f"c{n}" for n in range(8)]
    driven.submit(*(request(name, prompt(name, 1000), owner=name) for name in names))
    times = first_tokens(driven, names)
    assert max(times.values()) <= 2 * median(times.values())


def driven_with(*requests: Request, **changes: int) -> Driven:
    driven = Driven(endless(), limits(**changes))
    driven.submit(*requests)
    return driven


def test_lower_classes_pause_while_a_higher_one_reads_and_then_go_on() -> None:
    driven = driven_with(request("batch", "b", 50, priority="batch"))
    driven.step()
    driven.submit(request("now", "n" * 40, 20))
    counts = []
    for _ in range(4):
        before = len(driven.answer("batch"))
        driven.step()
        counts.append(len(driven.answer("batch")) - before)
    assert counts == [0, 0, 0, 1]


def test_lower_classes_get_what_is_left_of_the_step() -> None:
    """Two interactive answers leave two of four tokens to three in the background; nothing
    is left for batch work. Those in the background take turns."""
    driven = driven_with(
        *(request(f"c{n}", "c", 50, priority="batch") for n in range(2)),
        *(request(f"b{n}", f"b{n}", 50, priority="background") for n in range(3)),
        *(request(f"a{n}", f"a{n}", 50) for n in range(2)),
        max_running=9,
        step_tokens=4,
    )
    for _ in range(8):
        driven.step()
    before = {name: len(driven.answer(name)) for name in ("a0", "a1", "b0", "b1", "b2", "c0", "c1")}
    for _ in range(6):
        assert sum(len(one.tokens) for one in driven.step()) == 4
    got = {name: len(driven.answer(name)) - before[name] for name in before}
    assert got == {"a0": 6, "a1": 6, "b0": 4, "b1": 4, "b2": 4, "c0": 0, "c1": 0}


def test_a_prompt_of_a_lower_class_gets_what_is_left_and_no_more() -> None:
    driven = driven_with(
        *(request(f"a{n}", f"a{n}", 50) for n in range(3)),
        request("batch", "b" * 50, 50, priority="batch"),
        step_tokens=5,
        min_chunk=4,
    )
    for _ in range(5):
        driven.step()
    assert [len(one.tokens) for one in driven.step()] == [1, 1, 1, 2]


def test_lower_classes_get_nothing_when_nothing_is_left() -> None:
    driven = driven_with(
        *(request(f"a{n}", f"a{n}", 50) for n in range(3)),
        request("batch", "b" * 50, 50, priority="batch"),
        step_tokens=2,
    )
    for _ in range(5):
        driven.step()
    assert [len(one.tokens) for one in driven.step()] == [1, 1, 1]
