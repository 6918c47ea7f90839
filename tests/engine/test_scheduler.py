"""What the scheduler promises, one promise at a time."""

import pytest
from engine_runs import Driven, alone, limits, order_of_first_tokens, request

from pellucid.engine import fake
from pellucid.engine.backend import Sampled, Work
from pellucid.engine.cells import Imbalance
from pellucid.engine.jobs import Limits
from pellucid.engine.sequence import Finished, Rejected, Sampling, Tokens

WARM = Sampling(temperature=1.0, seed=5)


def endless(**sizes: int) -> fake.Backend:
    """A backend whose answers practically never end by themselves."""
    return fake.Backend(length=10**9, **sizes)  # type: ignore[arg-type]


def prefilled(work: list[Work]) -> int:
    return sum(len(one.tokens) for one in work)


def test_answers_go_on_while_a_long_prompt_is_read() -> None:
    driven = Driven(endless())
    driven.submit(request("short", "ab", 20))
    driven.step()
    driven.submit(request("long", "x" * 100, 2))
    first, second = driven.step(), driven.step()
    for work in (first, second):
        assert [len(one.tokens) for one in work] == [1, 15]
        assert [one.sample for one in work] == [True, False]
    assert len(driven.answer("short")) == 3
    assert driven.answer("long") == ()


def test_every_answer_gets_a_token_in_every_step() -> None:
    driven = Driven(endless(), limits(max_running=7, step_tokens=2, min_chunk=1))
    driven.submit(*(request(f"r{n}", f"{n}", 30) for n in range(7)))
    for _ in range(7):
        driven.step()
    before = [len(driven.answer(f"r{n}")) for n in range(7)]
    driven.step()
    assert [len(driven.answer(f"r{n}")) for n in range(7)] == [count + 1 for count in before]


def test_prompts_get_their_least_chunk_however_many_answers_run() -> None:
    driven = Driven(endless(), limits(step_tokens=3, min_chunk=4))
    driven.submit(*(request(f"r{n}", f"{n}", 20) for n in range(3)))
    driven.step()
    driven.submit(request("long", "x" * 100))
    assert [len(one.tokens) for one in driven.step()] == [1, 1, 1, 4]


@pytest.mark.parametrize(
    ("step", "chunk", "batch", "tokens"),
    [
        (7, 1, 10, 7),
        (0, 0, 10, 1),
        (99, 1, 10, 10),
        (1, 99, 10, 10),
        (1, 5, 10, 5),
    ],
)
def test_a_step_keeps_to_its_limits_and_to_the_batch(
    step: int, chunk: int, batch: int, tokens: int
) -> None:
    driven = Driven(fake.Backend(batch=batch), limits(step_tokens=step, min_chunk=chunk))
    driven.submit(request("long", "x" * 100))
    assert prefilled(driven.step()) == tokens


def test_first_come_first_served_and_higher_classes_first() -> None:
    driven = Driven(limits=limits(max_running=1))
    driven.submit(
        request("batch", "a", priority="batch"),
        request("back", "b", priority="background"),
        request("one", "c"),
        request("two", "d"),
    )
    assert order_of_first_tokens(driven.finish().outputs) == ["one", "two", "back", "batch"]


def test_owners_take_turns_for_places() -> None:
    driven = Driven(limits=limits(max_running=1))
    driven.submit(*(request(f"a{n}", f"{n}", owner="ann") for n in range(4)))
    driven.submit(*(request(f"b{n}", f"{n}", owner="bob") for n in range(2)))
    order = order_of_first_tokens(driven.finish().outputs)
    assert order == ["a0", "b0", "a1", "b1", "a2", "a3"]


def test_owners_take_turns_for_prefill() -> None:
    """A short prompt of another owner does not wait for the end of a long one."""
    driven = Driven()
    driven.submit(request("long", "x" * 200, owner="ann"), request("long2", "y" * 200, owner="ann"))
    driven.step()
    driven.submit(request("short", "z" * 20, owner="bob"))
    for _ in range(4):
        driven.step()
    assert order_of_first_tokens(driven.outputs) == ["short"]


def test_the_queue_is_bounded() -> None:
    driven = Driven(limits=limits(max_queued=2))
    outputs = driven.submit(*(request(f"r{n}", "ab") for n in range(3)))
    (only,) = outputs
    assert isinstance(only, Rejected)
    assert (only.request_id, only.retry_after) == ("r2", 1.0)
    assert "full" in only.message
    assert [end.request_id for end in driven.finish().outputs if isinstance(end, Finished)] == [
        "r0",
        "r1",
    ]


def test_slow_answers_make_the_retry_later_within_bounds() -> None:
    driven = Driven(limits=limits(max_queued=1, max_running=1))
    for seconds, least, most in [(300.0, 10, 59), (10_000.0, 60, 60)]:
        driven.submit(request("slow", "ab", 1))
        driven.scheduler.commit(driven.backend.decode(driven.scheduler.plan(driven.now)), 0.0)
        driven.submit(request("slower", "ab", 2), request("none", "ab"))
        assert driven.rejected()[-1].retry_after <= least
        driven.step()
        driven.now += seconds
        driven.finish()
        driven.submit(request("next", "ab"), request("late", "ab"))
        assert least <= driven.rejected()[-1].retry_after <= most
        driven.finish()


@pytest.mark.parametrize(
    ("prompt", "max_tokens", "n", "words"),
    [
        ("", 5, 1, "the prompt is empty"),
        ("ab", 0, 1, "max_tokens must be at least 1, not 0"),
        ("ab", 5, 0, "n must be 1 to 128, not 0"),
        ("ab", 5, 129, "n must be 1 to 128, not 129"),
        ("x" * 60, 41, 2, "60 prompt tokens and 41 of answer are 101; the engine holds 100"),
    ],
)
@pytest.mark.parametrize("sizes", [{"window": 100}, {"cells": 100}])
def test_what_can_never_run_ends_at_once(
    prompt: str, max_tokens: int, n: int, words: str, sizes: dict[str, int]
) -> None:
    driven = Driven(fake.Backend(**sizes))  # type: ignore[arg-type]
    outputs = driven.submit(request("bad", prompt, max_tokens, n=n))
    assert [one.index for one in driven.ends("bad")] == list(range(max(1, min(n, 128))))
    assert {one.message for one in driven.ends("bad")} == {words}
    assert {one.reason for one in driven.ends("bad")} == {"error"}
    assert len(outputs) == len(driven.ends("bad"))
    assert not driven.scheduler.busy


def test_what_just_fits_runs() -> None:
    driven = Driven(fake.Backend(cells=100, window=100))
    driven.submit(request("whole", "x" * 60, 40))
    assert driven.finish().answer("whole") == alone(request("whole", "x" * 60, 40))[0]


def test_candidates_share_the_prompt_and_each_has_its_own_seed() -> None:
    driven = Driven(limits=limits(max_running=3, step_tokens=64))
    asked = request("many", "a prompt of some length", 12, n=5, sampling=WARM)
    driven.submit(asked)
    decoded = 0
    while driven.scheduler.busy:
        decoded += sum(len(w.tokens) for w in driven.step() if w.start < len(asked.prompt))
    assert decoded == len(asked.prompt) + 4
    assert [driven.answer("many", n) for n in range(5)] == [alone(asked, n)[0] for n in range(5)]
    assert len({driven.answer("many", n) for n in range(5)}) > 1
    assert [end.cached for end in driven.ends("many")] == [0] + [len(asked.prompt) - 1] * 4


def test_candidates_wait_for_their_prompt_however_short() -> None:
    driven = Driven(limits=limits(min_share=50))
    driven.submit(request("many", "abc", 4, n=2, sampling=WARM))
    assert prefilled(driven.step()) == 3
    assert [one.start for one in driven.step()] == [3, 2]


def test_candidates_of_the_shortest_prompt() -> None:
    asked = request("many", "a", 4, n=3, sampling=WARM)
    driven = Driven()
    driven.submit(asked)
    driven.finish()
    assert [driven.answer("many", n) for n in range(3)] == [alone(asked, n)[0] for n in range(3)]


def test_clients_with_a_common_prefix_prefill_it_once_even_when_they_come_together() -> None:
    driven = Driven(limits=limits(max_running=8, step_tokens=64))
    asked = [request(f"r{n}", "common " * 40 + f"{n} own words") for n in range(8)]
    driven.submit(*asked)
    decoded = 0
    while driven.scheduler.busy:
        decoded += sum(len(one.tokens) for one in driven.step() if one.start < 290)
    assert decoded == len(asked[0].prompt) + 7 * len(b"0 own words")
    assert [driven.answer(one.request_id) for one in asked] == [alone(one)[0] for one in asked]


def test_nobody_waits_for_a_prompt_of_another_owner_or_of_a_lower_class() -> None:
    text = "common words of all of them"
    driven = Driven()
    driven.submit(request("batch", text, priority="batch"))
    driven.step()
    driven.submit(request("mine", text), request("other", text, owner="bob"))
    driven.step()
    assert len(driven.scheduler._running) == 3


def test_a_little_in_common_is_not_worth_waiting_for() -> None:
    driven = Driven(limits=limits(min_share=10))
    driven.submit(request("one", "123456789 and more"), request("two", "123456789, or else"))
    driven.step()
    assert len(driven.scheduler._running) == 2


def test_who_waits_for_a_prompt_goes_on_as_soon_as_it_is_read() -> None:
    driven = Driven(endless())
    driven.submit(request("first", "x" * 20, 50), request("second", "x" * 20, 50))
    assert [prefilled(driven.step()) for _ in range(3)] == [16, 4, 2]
    assert len(driven.answer("first")) == 2
    assert len(driven.answer("second")) == 1


def test_who_waits_for_a_prompt_goes_on_when_that_is_cancelled() -> None:
    driven = Driven()
    driven.submit(request("first", "x" * 100), request("second", "x" * 100))
    driven.step()
    assert len(driven.scheduler._running) == 1
    driven.cancel("first")
    driven.step()
    assert len(driven.scheduler._running) == 1
    assert driven.finish().end("second").cached == 16
    assert driven.answer("second") == alone(request("second", "x" * 100))[0]


def test_a_stop_string_ends_the_answer_across_tokens_and_in_its_last_token() -> None:
    whole = alone(request("all", "tell me more", 30))[0]
    text = bytes(whole)
    stop = text[4:7]
    at = text.index(stop) + 3
    driven = Driven()
    driven.submit(request("cut", "tell me more", 30, stop=(b"", b"never there", stop)))
    assert bytes(driven.finish().answer("cut")) == text[:at]
    assert driven.end("cut").reason == "stop"
    assert driven.end("cut").completion == at


@pytest.mark.parametrize("others", [(), (b"#",), (b"#" * 9,)])
def test_a_stop_string_is_found_whatever_the_length_of_the_others(others: tuple[bytes]) -> None:
    text = bytes(alone(request("all", "tell me more", 30))[0])
    driven = Driven()
    driven.submit(request("cut", "tell me more", 30, stop=(*others, text[4:7])))
    assert bytes(driven.finish().answer("cut")) == text[: text.index(text[4:7]) + 3]


def test_a_stop_string_of_one_byte_and_an_empty_one() -> None:
    text = bytes(alone(request("all", "tell me more", 30))[0])
    driven = Driven()
    driven.submit(request("one", "tell me more", 30, stop=(text[2:3],)))
    driven.submit(request("empty", "tell me more", 30, stop=(b"",)))
    driven.finish()
    assert bytes(driven.answer("one")) == text[: text.index(text[2:3]) + 1]
    assert bytes(driven.answer("empty")) == text


def test_end_tokens_are_never_published() -> None:
    script = {tuple(b"hi"): tuple(b"ok")}
    driven = Driven(fake.Backend(script=script))
    driven.submit(request("r", "hi", 9))
    assert driven.finish().answer("r") == tuple(b"ok")
    assert (driven.end("r").reason, driven.end("r").completion) == ("stop", 2)


def test_log_probabilities_come_with_the_tokens_when_asked() -> None:
    driven = Driven()
    driven.submit(request("with", "ab", sampling=Sampling(logprobs=True)), request("without", "ab"))
    tokens = [one for one in driven.finish().outputs if isinstance(one, Tokens)]
    assert {len(one.logprobs) for one in tokens if one.request_id == "with"} == {1}
    assert {len(one.logprobs) for one in tokens if one.request_id == "without"} == {0}


def test_the_likeliest_tokens_come_with_those_that_were_drawn_when_asked() -> None:
    driven, asked = Driven(), Sampling(logprobs=True, top_logprobs=3)
    driven.submit(request("with", "ab", sampling=asked), request("without", "ab"))
    tokens = [one for one in driven.finish().outputs if isinstance(one, Tokens)]
    tops = {one.request_id: one.tops for one in tokens}
    assert [len(top) for top in tops["with"]] == [3]
    assert [much for _, much in tops["with"][0]] == sorted(
        (much for _, much in tops["with"][0]), reverse=True
    )
    assert tops["without"] == ()


def test_the_next_turn_extends_the_last_one() -> None:
    driven = Driven(endless())
    driven.submit(request("one", "a question", 8))
    driven.finish()
    whole = (*tuple(b"a question"), *driven.answer("one"))
    driven.submit(request("two", bytes(whole).decode() + " and another", 8))
    driven.finish()
    assert driven.end("two").cached == len(whole) - 1  # the last token drawn was not decoded
    driven.submit(request("again", "a question", 8))
    assert driven.finish().end("again").cached == len(b"a question") - 1
    assert driven.answer("again") == driven.answer("one")


def test_other_owners_find_nothing_in_the_cache() -> None:
    driven = Driven()
    driven.submit(request("one", "a long enough question"))
    driven.finish()
    driven.submit(request("two", "a long enough question", owner="bob"))
    assert driven.finish().end("two").cached == 0


@pytest.mark.parametrize("sizes", [{"sequences": 1}, {"cells": 40}])
def test_the_cache_makes_room(sizes: dict[str, int]) -> None:
    driven = Driven(endless(**sizes))
    for name in ("first", "other"):
        driven.submit(request(name, f"{name} question", 8))
        driven.finish()
        assert driven.end(name).reason == "length"
    driven.submit(request("big", "x" * 30, 10))
    assert driven.finish().end("big").reason == "length"


def test_nobody_overtakes_one_who_waits_for_cells() -> None:
    driven = Driven(endless(cells=60))
    driven.submit(request("one", "a" * 20, 20), request("big", "b" * 30, 20))
    driven.submit(request("small", "c", 2))
    while not driven.ends("one"):
        driven.step()
        assert driven.running() in (["one"], [])
    driven.step()
    assert driven.running() == ["big", "small"]
    driven.finish()


def test_cancelling_frees_at_once_and_keeps_what_was_read() -> None:
    driven = Driven(endless(cells=100))
    driven.submit(request("long", "x" * 80, 20), request("next", "x" * 40 + "y", 20))
    driven.step()
    driven.step()
    assert driven.cancel("unknown") == []
    (ended,) = driven.cancel("long")
    assert isinstance(ended, Finished)
    assert (ended.reason, ended.completion) == ("cancelled", 0)
    driven.step()
    assert driven.finish().end("next").cached == 32
    assert driven.cancel("long") == []


def test_cancelling_ends_all_candidates_running_and_waiting() -> None:
    driven = Driven(endless(), limits(max_running=2))
    driven.submit(request("many", "ab", 9, n=4))
    driven.step()
    driven.step()
    driven.cancel("many")
    assert [(end.index, end.reason) for end in driven.ends("many")] == [
        (index, "cancelled") for index in range(4)
    ]
    assert not driven.scheduler.busy


def test_closing_cancels_everything() -> None:
    driven = Driven(endless(), limits(max_running=1))
    driven.submit(request("one", "ab", n=2), request("two", "ab"))
    driven.step()
    driven.note(driven.scheduler.close(0.0))
    assert [len(driven.ends(name)) for name in ("one", "two")] == [2, 1]
    assert not driven.scheduler.busy
    driven.scheduler.audit()


def test_times_are_told_apart() -> None:
    driven = Driven(endless(), limits(max_running=1))
    driven.submit(request("one", "x" * 20, 3), request("two", "y", 1))
    for _ in range(5):  # two steps of prefill, the second with the first token, two more tokens
        driven.now += 1
        driven.step()
    one, two = driven.end("one"), driven.end("two")
    assert (one.queued, one.prefill, one.decode) == (1, 1, 2)
    assert (two.queued, two.prefill, two.decode) == (5, 0, 0)


def test_a_failed_decode_ends_what_runs_and_keeps_none_of_it() -> None:
    driven = Driven(endless(), limits(max_running=2))
    driven.submit(request("old", "x" * 20, 1))
    driven.finish()
    driven.submit(request("many", "x" * 10, 9, n=3), request("next", "x" * 30, 2))
    driven.step()
    driven.step()
    driven.scheduler.plan(0.0)
    driven.note(driven.scheduler.fail("it broke", 0.0))
    assert [(end.index, end.reason, end.message) for end in driven.ends("many")] == [
        (index, "error", "it broke") for index in range(3)
    ]
    driven.scheduler.audit()
    assert driven.finish().end("next").reason == "length"
    assert driven.end("next").cached == 20  # what was cached before is still good


def test_settings_the_backend_refuses_end_that_request_only() -> None:
    bad = Sampling(logit_bias=((999, 1.0),))
    driven = Driven(endless())
    driven.submit(request("bad", "ab", n=2, sampling=bad), request("good", "ab", 3))
    driven.finish()
    assert {(end.reason, end.index) for end in driven.ends("bad")} == {("error", 0), ("error", 1)}
    assert "999" in driven.ends("bad")[0].message
    assert driven.end("good").reason == "length"


def test_refused_settings_are_told_even_when_decoding_fails() -> None:
    bad = Sampling(logit_bias=((999, 1.0),))
    driven = Driven(endless())
    driven.submit(request("bad", "ab", sampling=bad), request("good", "ab", 3))
    driven.scheduler.plan(0.0)
    driven.note(driven.scheduler.fail("it broke", 0.0))
    assert (driven.end("bad").message, driven.end("good").message) == (
        "logit_bias names token 999, which does not exist",
        "it broke",
    )


@pytest.mark.parametrize("sampled", [[], [Sampled(9, 65)], [Sampled(0, 65), Sampled(0, 66)]])
def test_a_backend_that_draws_something_else_is_found_out(sampled: list[Sampled]) -> None:
    driven = Driven()
    driven.submit(request("one", "ab"))
    driven.scheduler.plan(0.0)
    with pytest.raises(Imbalance, match="not what was asked"):
        driven.scheduler.commit(sampled, 0.0)


def test_no_more_run_than_the_backend_can_take() -> None:
    for sizes, most in [({"sequences": 2}, 2), ({"batch": 3}, 3), ({}, 4)]:
        driven = Driven(endless(**sizes))  # type: ignore[arg-type]
        driven.submit(*(request(f"r{n}", f"{n}", 30) for n in range(6)))
        for _ in range(8):
            driven.step()
        assert len(driven.scheduler._running) == most


def test_the_default_limits_serve() -> None:
    driven = Driven(limits=Limits())
    driven.submit(*(request(f"r{n}", "ab" * 300 + f"{n}", 20) for n in range(40)))
    driven.finish()
    one = request("r0", "ab" * 300 + "0", 20)
    assert driven.answer("r0") == alone(one)[0]
