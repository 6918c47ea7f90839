"""Guesses: where they come from, when they pay, and that they change nothing but the time."""

from collections.abc import Callable
from typing import Any

import pytest
from engine_runs import Driven, alone, limits, request
from hypothesis import given
from hypothesis import strategies as st

from pellucid.engine import fake
from pellucid.engine.backend import DRAWS, Work
from pellucid.engine.jobs import Job
from pellucid.engine.lookup import MEMORY, NGRAM, Guesses, Lookup, Pace
from pellucid.engine.sequence import Sampling

TEXT = "def one(x):\n    return x + 1\n\ndef two(x):\n    return x + 2\n"


def copying(answer: str = TEXT, **sizes: int) -> fake.Backend:
    """A backend that answers the prompt TEXT so."""
    script = {tuple(TEXT.encode()): tuple(answer.encode())}
    return fake.Backend(script=script, **sizes)  # type: ignore[arg-type]


def answered(backend: fake.Backend, **more: Any) -> tuple[Driven, list[Work]]:
    """A run to its end, and its work."""
    steps: list[Work] = []
    driven = Driven(backend, limits(max_running=2), planned=steps.extend)
    driven.submit(request("r", TEXT, 200, **more))
    return driven.finish(), steps


@given(st.lists(st.integers(0, 2), max_size=40), st.integers(0, 40), st.integers(1, 9))
def test_a_guess_is_what_followed_the_last_time(tokens: list[int], cut: int, most: int) -> None:
    lookup = Lookup(0.0)
    lookup.extend(tokens[:cut])
    lookup.extend(tokens)
    tail, places = tokens[-NGRAM:], range(len(tokens) - 1, NGRAM - 1, -1)
    found = next((p for p in places if tokens[p - NGRAM : p] == tail), None)
    expected = tokens[found : found + most] if found is not None else []
    assert list(lookup.guess(most)) == (expected if len(tail) == NGRAM else [])


def test_a_pace_is_measured_and_followed() -> None:
    pace = Pace()
    assert pace.pays(0.0)
    pace.step(1, 1.0)
    assert pace.pays(0.0)
    pace.step(8, 3.0)
    assert pace.pays(2.1)
    assert not pace.pays(1.9)
    for _ in range(9 * MEMORY):
        pace.step(8, 1.5)
    assert pace.pays(1.0)


def test_a_copy_takes_fewer_steps_and_is_the_same() -> None:
    plain = len(TEXT)
    driven, steps = answered(copying())
    assert bytes(driven.answer("r")).decode() == TEXT
    assert driven.end("r").completion == plain
    assert len(steps) < plain / 4
    assert max(len(one.tokens) for one in steps[4:]) == DRAWS


def test_what_is_changed_on_the_way_is_found_to_be_so() -> None:
    edited = TEXT.replace("x", "value")
    driven, steps = answered(copying(edited))
    assert bytes(driven.answer("r")).decode() == edited
    assert len(steps) < len(edited)


@pytest.mark.parametrize("most", range(20, 34))
def test_the_token_limit_falls_inside_a_guess(most: int) -> None:
    def inside(work: list[Work]) -> None:
        assert all(one.start + len(one.tokens) < len(TEXT) + most for one in work)

    driven = Driven(copying(), planned=inside)
    driven.submit(request("r", TEXT, most))
    driven.finish()
    assert bytes(driven.answer("r")).decode() == TEXT[:most]
    assert (driven.end("r").reason, driven.end("r").completion) == ("length", most)


@pytest.mark.parametrize("length", range(20, 34))
def test_the_answer_ends_inside_a_guess(length: int) -> None:
    driven, _ = answered(copying(TEXT[:length]))
    assert bytes(driven.answer("r")).decode() == TEXT[:length]
    assert driven.end("r").reason == "stop"


@pytest.mark.parametrize("start", range(16, 30))
def test_a_stop_string_falls_inside_a_guess_and_what_is_kept_is_what_was_said(start: int) -> None:
    stop = TEXT[start : start + 3]
    driven, _ = answered(copying(), stop=(stop.encode(),))
    said = TEXT[: TEXT.index(stop) + 3]
    assert bytes(driven.answer("r")).decode() == said
    held = tuple(token for _, token in driven.backend.held(0))
    assert (TEXT + said).encode().startswith(bytes(held)), "it can be shared and saved"


@pytest.mark.parametrize(
    "more",
    [
        {"deterministic": True},
        {"sampling": Sampling(logprobs=True)},
        {"sampling": Sampling(grammar="start: /(.|\\n)*/")},
    ],
)
def test_some_answers_are_never_guessed(more: dict[str, Any]) -> None:
    _, steps = answered(copying(), **more)
    assert {one.guessed for one in steps} == {0}


def test_nothing_is_guessed_beside_others_and_none_of_it_is_lost_on_the_way() -> None:
    backend = copying()
    steps: list[list[Work]] = []
    driven = Driven(backend, limits(max_running=2), planned=steps.append)
    driven.submit(request("r", TEXT, 200))
    while len(driven.answer("r")) < 25:
        driven.step()
    driven.submit(request("other", "beside it", 12))
    driven.finish()
    assert bytes(driven.answer("r")).decode() == TEXT
    assert driven.answer("other") == alone(request("other", "beside it", 12))[0]
    assert all(len(work) == 1 or not any(one.guessed for one in work) for work in steps)
    assert any(one.guessed for one in steps[-1] + steps[-2])


def test_wrong_guesses_change_nothing_and_are_given_up() -> None:
    """The fake backend says something else each time, so that no guess is right."""

    def guesses(seconds: Callable[[int], float]) -> int:
        made: list[int] = []
        driven = Driven(fake.Backend(length=10**9, window=4096), planned=lambda w: made.extend(
            one.guessed for one in w
        ))  # fmt: skip
        asked = request("r", "the rose in the ro" * 9, 150, sampling=Sampling(1.0, seed=3))
        driven.submit(asked)
        while driven.scheduler.busy:
            work = driven.scheduler.plan(driven.now)
            made.append(sum(one.guessed for one in work))
            sampled = driven.decode(work)
            driven.now += seconds(sum(len(one.tokens) for one in work))
            driven.note(driven.scheduler.commit(sampled, driven.now))
            driven.scheduler.audit()
        assert driven.answer("r") == alone(asked, length=10**9)[0]
        return sum(1 for one in made if one)

    assert guesses(lambda tokens: 0.01 * tokens) < guesses(lambda tokens: 0.01)


def test_what_was_given_up_is_tried_again() -> None:
    asked = request("r", "abcabcabc")
    job = Job(asked, 0, 0, 0, 0.0, 0.0, list(asked.prompt), len(asked.prompt) - 1, first=0.0)
    guesses = Guesses(7)
    guesses.learn(0, 0, 1.0)
    for _ in range(20):
        assert guesses.guess(job, 7) == tuple(b"abc")
        guesses.learn(7, 0, 5.0)
        if not guesses.guess(job, 7):
            break
    again = next(number for number in range(200) if guesses.guess(job, 7))
    assert 0 < again < 100


def test_guesses_can_be_switched_off() -> None:
    driven = Driven(copying(), limits(guesses=0))
    driven.submit(request("r", TEXT, 200))
    count = 0
    while driven.scheduler.busy:
        assert all(one.guessed == 0 for one in driven.step())
        count += 1
    assert count > len(TEXT)


def test_a_backend_refuses_more_guesses_than_it_can_check() -> None:
    backend = fake.Backend()
    backend.open_sampler(0, Sampling())
    with pytest.raises(fake.Misuse, match="guesses"):
        backend.decode([Work(0, (1,) * (DRAWS + 1), 0, sample=True, guessed=DRAWS)])
    with pytest.raises(fake.Misuse, match="guesses"):
        backend.decode([Work(0, (1, 2), 0, sample=True, guessed=2)])
