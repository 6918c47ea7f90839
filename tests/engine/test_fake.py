"""The fake backend refuses what a real one could not do."""

import pytest

from pellucid.engine import fake
from pellucid.engine.backend import Sampled, Work
from pellucid.engine.fake import Misuse
from pellucid.engine.sequence import Sampling

GREEDY = Sampling()


def drawn(backend: fake.Backend, seq: int, tokens: tuple[int, ...], start: int = 0) -> Sampled:
    (one,) = backend.decode([Work(seq, tokens, start, sample=True)])
    return one


def opened(sampling: Sampling = GREEDY, **sizes: int) -> fake.Backend:
    backend = fake.Backend(**sizes)  # type: ignore[arg-type]
    backend.open_sampler(0, sampling)
    return backend


def test_the_next_token_depends_on_all_tokens_before_it_and_on_nothing_else() -> None:
    whole = drawn(opened(), 0, (1, 2, 3))
    parts = opened()
    assert parts.decode([Work(0, (1, 2), 0, sample=False)]) == []
    assert drawn(parts, 0, (3,), 2) == whole
    others = {drawn(opened(), 0, (token, 2, 3)).token for token in range(20)}
    assert len(others) > 5


def test_seeds_count_only_above_temperature_zero() -> None:
    def tokens(temperature: float) -> set[int]:
        sampling = [Sampling(temperature=temperature, seed=seed) for seed in range(20)]
        return {drawn(opened(one), 0, (1, 2, 3)).token for one in sampling}

    assert len(tokens(0.0)) == 1
    assert len(tokens(1.0)) > 5


def test_answers_come_to_an_end() -> None:
    backend, token, length = opened(), 1, 0
    while token not in backend.end_tokens:
        token = drawn(backend, 0, (token,), length).token
        length += 1
        assert backend.length(0) == length
    assert backend.piece(token) == b""


def test_log_probabilities_on_request() -> None:
    assert drawn(opened(), 0, (1,)).logprob == 0
    assert drawn(opened(Sampling(logprobs=True)), 0, (1,)).logprob < 0


def test_a_script_is_followed_to_its_end() -> None:
    backend = fake.Backend(script={(1, 2): (65, 66)})
    backend.open_sampler(0, Sampling())
    assert drawn(backend, 0, (1, 2)).token == 65
    assert drawn(backend, 0, (65,), 2).token == 66
    assert drawn(backend, 0, (66,), 3).token == fake.END
    backend.drop(0)
    assert drawn(backend, 0, (1, 2, 9)).token != 65
    assert backend.piece(65) == b"A"


def test_shared_cells_are_counted_once_and_stay_with_whoever_holds_them() -> None:
    backend = opened(cells=6)
    backend.open_sampler(1, Sampling())
    backend.decode([Work(0, (1, 2, 3, 4), 0, sample=False)])
    backend.share(0, 1, 3)
    assert backend.held(1) == backend.held(0)[:3]
    backend.drop(0, 2)
    assert (backend.length(0), backend.length(1)) == (2, 3)
    expected = drawn(opened(), 0, (1, 2, 3, 5))
    assert drawn(backend, 1, (5,), 3).token == expected.token
    with pytest.raises(Misuse, match="out of cells"):
        backend.decode([Work(0, (7, 7, 7), 2, sample=False)])


def test_decode_refuses_misuse() -> None:
    for work, words in [
        (Work(0, (1,) * 9, 0, sample=False), "more than 8 tokens in a batch"),
        (Work(0, (1,) * 7, 0, sample=False), "over the window of 6"),
        (Work(0, (1,), 1, sample=False), "holds 0 cells, not 1"),
        (Work(2, (1,), 0, sample=False), "holds 2 cells, not 0"),
        (Work(0, (), 0, sample=False), "no tokens"),
        (Work(0, (fake.VOCABULARY,), 0, sample=False), "do not exist"),
        (Work(1, (1,), 0, sample=True), "sequence 1 has no sampler"),
    ]:
        backend = opened(batch=8, window=6)
        backend.decode([Work(2, (1, 2), 0, sample=False)])
        with pytest.raises(Misuse, match=words):
            backend.decode([work])


def test_share_refuses_misuse() -> None:
    backend = opened()
    backend.decode([Work(0, (1, 2), 0, sample=False), Work(1, (1,), 0, sample=False)])
    with pytest.raises(Misuse, match="sequence 1 is not empty"):
        backend.share(0, 1, 1)
    for length in (0, 3):
        with pytest.raises(Misuse, match=f"holds no {length} cells"):
            backend.share(0, 2, length)


def test_samplers_are_opened_and_closed_once() -> None:
    backend = opened()
    with pytest.raises(Misuse, match="has a sampler already"):
        backend.open_sampler(0, Sampling())
    backend.close_sampler(0)
    with pytest.raises(Misuse, match="has no sampler"):
        backend.close_sampler(0)
    with pytest.raises(ValueError, match="token 999"):
        backend.open_sampler(0, Sampling(logit_bias=((5, 1.0), (999, 1.0))))


def test_charge_is_told_how_much_was_decoded() -> None:
    charged: list[int] = []
    backend = fake.Backend(charge=charged.append)
    backend.decode([Work(0, (1, 2), 0, sample=False), Work(1, (1,), 0, sample=False)])
    assert charged == [3]


def test_a_saved_sequence_goes_on_as_if_nothing_had_happened() -> None:
    backend = opened()
    backend.open_sampler(1, Sampling())
    backend.decode([Work(0, (1, 2, 3), 0, sample=False)])
    state = backend.save(0)
    assert backend.save_size(0) == len(state)
    backend.restore(1, state)
    assert backend.held(1) != backend.held(0)
    assert drawn(backend, 1, (4,), 3).token == drawn(backend, 0, (4,), 3).token
    with pytest.raises(Misuse, match="not empty"):
        backend.restore(1, backend.save(0))


@pytest.mark.parametrize("state", [b"", b"fak", b"fake\1", b"fake\2\0"])
def test_what_is_no_state_is_refused(state: bytes) -> None:
    backend = opened()
    with pytest.raises(ValueError, match="no state"):
        backend.restore(0, state)
    assert backend.length(0) == 0


def test_a_sampler_moves_and_keeps_its_settings() -> None:
    backend = opened(Sampling(temperature=1.0, seed=4))
    expected = drawn(opened(Sampling(temperature=1.0, seed=4)), 0, (1, 2, 3)).token
    backend.move_sampler(0, 99)
    backend.open_sampler(0, GREEDY)
    with pytest.raises(Misuse, match="already"):
        backend.move_sampler(99, 0)
    backend.move_sampler(99, 1)
    with pytest.raises(Misuse, match="no sampler in 99"):
        backend.move_sampler(99, 2)
    assert drawn(backend, 1, (1, 2, 3)).token == expected


def test_a_touchy_backend_minds_the_shape_of_its_batches() -> None:
    def answers(shapes: list[int]) -> list[int]:
        backend = fake.Backend(touchy=True)
        backend.open_sampler(0, GREEDY)
        for start in range(0, 24, 3):
            work = [
                Work(seq, (1,) * size, backend.length(seq), False)
                for seq, size in enumerate(shapes)
            ]
            backend.decode([*work[1:], Work(0, (1,) * 3, start, sample=False)])
        return [drawn(backend, 0, (1,), 24 + n).token for n in range(9)]

    assert answers([3]) == answers([3]) != answers([3, 2])


def test_adapters_change_what_is_said_and_do_not_mix() -> None:
    known = {"red": "1", "blue": "2"}
    said = set()
    for adapter in ("", *known):
        backend = opened(adapters=known)  # type: ignore[arg-type]
        steps = (Work(0, (1, 2, 3), 3 * n, sample=True, adapter=adapter) for n in range(9))
        said |= {tuple(backend.decode([work])[0].token for work in steps)}
    assert len(said) == 3
    backend = fake.Backend(adapters=known)
    with pytest.raises(Misuse, match="several adapters"):
        backend.decode([Work(0, (1,), 0, False), Work(1, (1,), 0, False, "red")])
    with pytest.raises(Misuse, match="no adapter 'green'"):
        backend.decode([Work(0, (1,), 0, False, "green")])


def test_cells_of_another_adapter_are_seen_and_outlive_a_save() -> None:
    backend = opened(adapters={"red": "1"})  # type: ignore[arg-type]
    backend.open_sampler(1, Sampling())
    backend.open_sampler(2, Sampling())
    backend.decode([Work(0, (1, 2), 0, sample=False, adapter="red")])
    backend.restore(1, backend.save(0))
    backend.decode([Work(2, (1, 2), 0, sample=False)])
    tokens = [drawn(backend, seq, (3,), 2).token for seq in (0, 1, 2)]
    assert tokens[0] == tokens[1] != tokens[2]
