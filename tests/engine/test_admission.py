"""Deadlines: who cannot keep one is told at once, and who did not is ended."""

import pytest
from engine_runs import Driven, limits, request

from pellucid.engine import fake
from pellucid.engine.admission import tokens_ahead
from pellucid.engine.sequence import Rejected, Tokens

# Each token takes a hundredth of a second.
TOKEN = 0.01


def measured(**changes: int) -> Driven:
    """An engine that has read enough to know how fast it is."""
    driven = Driven(fake.Backend(length=10**9), limits(**changes), token=TOKEN)
    driven.submit(request("warm", "w" * 200, 1))
    return driven.finish()


def refused(driven: Driven, prompt: str, deadline: float, **more: object) -> Rejected | None:
    """What a request with this deadline is told, and nothing is left of it."""
    name = f"r{len(driven.outputs)}"
    outputs = driven.submit(request(name, prompt, deadline=deadline, **more))
    driven.cancel(name)
    if not outputs:
        return None
    (rejected,) = outputs
    assert isinstance(rejected, Rejected)
    assert (rejected.request_id, rejected.late) == (name, True)
    return rejected


def test_what_takes_too_long_by_itself_is_refused_with_an_estimate() -> None:
    rejected = refused(measured(), "x" * 300, 2.5)
    assert rejected is not None
    assert rejected.message == "the first token, due after 2.5 s, would take 3.0 s"
    assert rejected.retry_after == 1.0
    assert refused(measured(), "x" * 300, 3.5) is None


def test_who_names_no_deadline_is_not_refused() -> None:
    assert refused(measured(), "x" * 300, 0.0) is None


def test_before_enough_is_measured_nobody_is_refused() -> None:
    driven = Driven(fake.Backend(), token=TOKEN)
    driven.submit(request("warm", "w" * 100, 1))
    driven.finish()
    assert refused(driven, "x" * 300, 0.1) is None
    driven.submit(request("more", "m" * 100, 1))
    driven.finish()
    assert refused(driven, "x" * 300, 0.1) is not None


def test_what_is_cached_takes_no_time() -> None:
    driven = measured()
    assert refused(driven, "w" * 200, 0.1) is None
    assert refused(driven, "w" * 200, 0.1, owner="bob") is not None
    assert refused(driven, "w" * 200, 0.1, deterministic=True) is not None


@pytest.mark.parametrize(
    ("prompt", "priority", "tokens"),
    [
        ("n" * 116, "interactive", 100 + 150),
        ("n" * 200, "interactive", 150 * 4 / 3),
        ("n" * 200, "batch", 150),
    ],
)
def test_what_is_ahead_counts(prompt: str, priority: str, tokens: int) -> None:
    """What is shorter goes first, what is longer has a share, lower classes have none."""
    driven = measured()
    driven.submit(request("ahead", prompt, priority=priority))
    driven.step()
    rejected = refused(driven, "x" * 150, 0.1)
    assert rejected is not None
    assert rejected.message.endswith(f"would take {tokens * TOKEN:.1f} s")


def test_who_waits_before_counts() -> None:
    driven = measured()
    driven.submit(request("before", "n" * 100), request("below", "n" * 100, priority="batch"))
    assert "would take 2.5 s" in str(refused(driven, "x" * 150, 0.1))


def test_short_prompts_say_nothing_about_long_ones() -> None:
    driven = Driven(fake.Backend(length=10**9), token=TOKEN)
    for n in range(200):
        driven.submit(request("short", f"{n}", 1))
        driven.finish()
    assert refused(driven, "x" * 300, 0.1) is None


def test_tokens_ahead() -> None:
    assert tokens_ahead(100, 1, []) == 100
    assert tokens_ahead(100, 1, [(0, 500), (1, 100), (1, 20), (2, 900)]) == 720
    assert tokens_ahead(99, 1, [(1, 100)]) == 99 * 4 / 3


def test_a_place_that_is_taken_counts() -> None:
    driven = measured(max_running=1)
    for _ in range(60):  # the average of how long a run takes
        driven.submit(request("run", "ab", 50))
        driven.finish()
    driven.submit(request("run", "ab", 50))
    driven.step()
    assert refused(driven, "xy", 0.3) is not None
    assert refused(driven, "xy", 0.9) is None
    driven.finish()
    assert refused(driven, "xy", 0.3) is None


def test_a_deadline_that_passes_in_the_queue() -> None:
    driven = Driven(fake.Backend(length=10**9), limits(max_running=1), token=TOKEN)
    driven.submit(request("first", "a", 500), request("second", "b", deadline=0.5, n=3))
    while not driven.rejected():
        driven.step()
    (rejected,) = driven.rejected()
    assert (rejected.request_id, rejected.late) == ("second", True)
    assert rejected.message == "the first token, due after 0.5 s, did not come"
    assert 0.5 <= driven.now <= 0.53
    assert driven.ends("second") == []
    assert driven.running() == ["first"]


def test_a_deadline_that_passes_while_the_prompt_is_read() -> None:
    driven = Driven(fake.Backend(length=10**9), token=TOKEN)
    driven.submit(request("slow", "x" * 200, deadline=0.5, n=2))
    driven.finish()
    assert [one.request_id for one in driven.rejected()] == ["slow"]
    assert driven.ends("slow") == []
    driven.submit(request("again", "x" * 200))  # what was read is not lost
    assert driven.finish().end("again").cached >= 40


def test_a_deadline_is_for_the_first_token_only() -> None:
    driven = Driven(fake.Backend(length=10**9), token=TOKEN)
    driven.submit(request("r", "ab", 100, deadline=0.5, n=2))
    driven.finish()
    assert driven.now > 0.5
    assert [len(driven.answer("r", index)) for index in (0, 1)] == [100, 100]
    assert isinstance(driven.outputs[0], Tokens)


def test_each_class_has_a_queue_of_its_own() -> None:
    driven = Driven(limits=limits(max_queued=2))
    driven.submit(*(request(f"b{n}", "ab", priority="batch") for n in range(3)))
    assert [one.request_id for one in driven.rejected()] == ["b2"]
    driven.submit(*(request(f"a{n}", "ab") for n in range(2)))
    assert len(driven.rejected()) == 1
