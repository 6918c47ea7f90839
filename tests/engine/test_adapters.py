"""Adapters in the scheduler: one in a step, in turns, and never each other's prefixes."""

from itertools import pairwise

import pytest
from engine_runs import Driven, alone, limits, order_of_first_tokens, request
from hypothesis import given
from hypothesis import strategies as st

from pellucid.engine import fake
from pellucid.engine.adapters import Turns, objection, spaced
from pellucid.engine.jobs import Job

ADAPTERS = {"red": "digest of red", "blue": "digest of blue"}
NAMES = ("", *ADAPTERS)


def driven(**sizes: int) -> Driven:
    return Driven(fake.Backend(adapters=ADAPTERS, **sizes))  # type: ignore[arg-type]


def job(adapter: str, priority: str = "interactive") -> Job:
    one = request("r", "p", adapter=adapter, priority=priority)
    return Job(one, 0, 0, 0, 0.0, 0.0, list(one.prompt), 0)


@given(steps=st.lists(st.sets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=40))
def test_nobody_waits_longer_than_one_round(steps: list[set[str]]) -> None:
    turns, waited = Turns(), dict.fromkeys("abcd", 0)
    for wanted in steps:
        jobs = [job(name) for name in sorted(wanted) for _ in range(2)]
        chosen, other = turns.next(jobs)
        assert chosen.request.adapter == other.request.adapter
        name = chosen.request.adapter
        waited = {n: waited[n] + 1 if n in wanted and n != name else 0 for n in waited}
        assert max(waited.values()) < 4


def test_a_step_without_work_is_nobodys() -> None:
    assert Turns().next(()) == []


def test_adapters_of_the_highest_class_take_turns_and_lower_classes_join_them() -> None:
    high, other, low = job("red"), job("blue"), job("red", "batch")
    turns = Turns()
    assert turns.next([job("green", "batch"), low, high]) == [low, high]
    assert turns.next([high, other, low]) == [other]
    assert turns.next([high, other, low]) == [high, low]


def test_prefixes_belong_to_an_owner_and_an_adapter() -> None:
    asked = [request("r", "p", owner=owner, adapter=n) for owner in ("ann", "bob") for n in NAMES]
    assert len({spaced(one, ADAPTERS).owner for one in asked}) == len(asked)
    assert spaced(asked[1], {"red": "another file"}) != spaced(asked[1], ADAPTERS)
    assert [spaced(one, ADAPTERS) for one in asked[::3]] == asked[::3]


def test_an_owner_waits_once_whatever_adapters_it_names() -> None:
    run = Driven(fake.Backend(adapters=ADAPTERS), limits(max_running=1))
    run.submit(*(request(f"ann {n}", "p", 2, owner="ann", adapter=n) for n in NAMES))
    run.submit(request("bob", "p", 2, owner="bob"))
    run.finish()
    assert order_of_first_tokens(run.outputs) == ["ann ", "bob", "ann red", "ann blue"]


def test_what_cannot_be_is_refused_before_a_token_is_spent() -> None:
    run = driven()
    run.submit(request("unknown", "prompt", adapter="green"))
    run.submit(request("forged", "prompt", owner="ann\0digest of red"))
    assert run.end("unknown").message == "there is no adapter 'green'; there are red, blue"
    assert run.end("forged").message == "the owner's name holds a NUL"
    assert not run.scheduler.busy
    assert objection(request("r", "p", adapter="red"), ()).endswith("none is loaded")


def test_together_each_gets_what_it_gets_alone() -> None:
    run = driven()
    asked = [request(f"{n}-{k}", "the same prompt for all", adapter=n) for n in NAMES for k in "ab"]
    run.submit(*asked)
    run.finish()
    answers = {one.request_id: run.answer(one.request_id) for one in asked}
    assert answers == {one.request_id: alone(one)[0] for one in asked}
    assert len(set(answers.values())) == len(NAMES), "the adapter changes what is said"


def test_a_step_holds_one_adapter_and_they_take_turns() -> None:
    run = driven()
    # A long prompt of one adapter does not keep another from its answer.
    run.submit(request("long", "x" * 400, adapter="red"), request("short", "hi", 6, adapter="blue"))
    steps = []
    while not run.ends("short"):
        (adapter,) = {work.adapter for work in run.step()}
        steps.append(adapter)
    assert not run.ends("long")
    assert all(one != other for one, other in pairwise(steps))


def test_prefixes_are_shared_inside_an_adapter_only() -> None:
    run = driven()
    for name, adapter in (("a", ""), ("b", "red"), ("c", "red"), ("d", "blue"), ("e", "")):
        run.submit(request(name, "a prompt to be shared", adapter=adapter))
        run.finish()
    shared = {name: run.end(name).cached > 0 for name in "abcde"}
    assert shared == {"a": False, "b": False, "c": True, "d": False, "e": True}


def test_candidates_share_their_prompt() -> None:
    run = driven()
    run.submit(request("r", "a prompt for three", n=3, adapter="red"))
    run.finish()
    ends = run.ends("r")
    assert [end.cached > 0 for end in ends] == [False, True, True]
    asked = request("r", "a prompt for three", n=3, adapter="red")
    assert [run.answer("r", n) for n in range(3)] == [alone(asked, n)[0] for n in range(3)]


@pytest.mark.parametrize("first", NAMES)
def test_nobody_waits_for_the_prompt_of_another_adapter(first: str) -> None:
    run = driven()
    second = "blue" if first == "red" else "red"
    prompt = "a long prompt that both have in common, word for word"
    run.submit(request("one", prompt, adapter=first))
    run.step()
    run.submit(request("two", prompt, adapter=second))
    run.step()
    assert {job.request.request_id for job in run.scheduler._running.values()} == {"one", "two"}
