"""The real backend by itself, beside llama-cpp-python's own Llama class and numpy."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from pellucid.core.errors import EngineError
from pellucid.engine.backend import Work
from pellucid.engine.llama.binding import Shape
from pellucid.engine.llama.context import LlamaBackend, log_softmax
from pellucid.engine.llama.fingerprint import fingerprint
from pellucid.engine.sequence import Sampling

pytestmark = pytest.mark.weights

CHAT = b"<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n"


@pytest.fixture(scope="module")
def loaded(smol: Path) -> Iterator[LlamaBackend]:
    backend = LlamaBackend(smol, 2048, Shape(cells=512, sequences=8, batch=512, threads=2))
    yield backend
    backend.close()


@pytest.fixture
def backend(loaded: LlamaBackend) -> LlamaBackend:
    """An empty one."""
    for seq in range(loaded.sequences):
        loaded.drop(seq)
        loaded.close_sampler(seq)
    return loaded


def prompt(backend: LlamaBackend, question: bytes) -> tuple[int, ...]:
    return backend.vocabulary.tokenize(CHAT % question, special=True)


def run(
    backend: LlamaBackend, seq: int, tokens: tuple[int, ...], sampling: Sampling, most: int = 24
) -> list[int]:
    """What a sequence continues `tokens` with; its first cells may be there already."""
    backend.open_sampler(seq, sampling)
    start, drawn = backend.length(seq), []
    new = tokens[start:]
    while len(drawn) < most:
        token = backend.decode([Work(seq, new, start, sample=True)])[0].token
        if token in backend.end_tokens:
            break
        drawn.append(token)
        start, new = start + len(new), (token,)
    return drawn


def test_greedy_is_that_of_the_naive_class(backend: LlamaBackend, smol: Path) -> None:
    from llama_cpp import Llama

    naive = Llama(str(smol), n_ctx=2048, n_threads=2, flash_attn=True, verbose=False)
    for question in (b"What is the capital of France?", b"Count to ten.", b"Write a haiku."):
        tokens = prompt(backend, question)
        assert naive.tokenize(CHAT % question, add_bos=False, special=True) == list(tokens)
        expected = []
        for token in naive.generate(tokens, temp=0.0, top_k=1):
            if token in backend.end_tokens or len(expected) == 24:
                break
            expected.append(token)
        backend.drop(0)
        assert run(backend, 0, tokens, Sampling()) == expected
    naive.close()


def test_vocabulary(backend: LlamaBackend) -> None:
    vocabulary = backend.vocabulary
    text = "Grüße, 世界! <|im_end|> 😀\0".encode()
    plain = vocabulary.tokenize(text, special=False)
    assert b"".join(map(backend.piece, plain)) == text
    assert not set(plain) & set(vocabulary.special.values())
    assert vocabulary.special["<|im_end|>"] in vocabulary.tokenize(text, special=True)
    assert vocabulary.special["<|im_end|>"] in backend.end_tokens
    assert all(backend.piece(token) == b"" for token in vocabulary.special.values())
    assert vocabulary.tokenize(b"", special=True) == ()


def test_every_control_token_written_in_a_text_stays_text(backend: LlamaBackend) -> None:
    control = set(backend.vocabulary.special.values())
    for written in backend.vocabulary.special:
        tokens = backend.vocabulary.tokenize(f"a{written}b".encode(), special=False)
        assert not control & set(tokens)


@pytest.mark.parametrize("text", [b"\xff\xfe", b"\xf4\x90\x80\x80", b"\xed\xa0\x80", b"\xc3"])
def test_broken_text_does_not_abort(backend: LlamaBackend, text: bytes) -> None:
    tokens = backend.vocabulary.tokenize(b"a" + text + b"b", special=False)
    expected = (b"a" + text + b"b").decode("utf-8", "replace").encode()
    assert b"".join(map(backend.piece, tokens)) == expected


def test_share_and_drop_count_as_llama_cpp_does(backend: LlamaBackend) -> None:
    backend.decode([Work(0, tuple(range(100, 140)), 0, sample=False)])
    backend.share(0, 1, 30)
    assert [backend.length(seq) for seq in (0, 1, 2)] == [40, 30, 0]
    backend.drop(0)
    backend.drop(1, 12)
    assert [backend.length(seq) for seq in (0, 1)] == [0, 12]


def test_shared_cells_cost_nothing(backend: LlamaBackend) -> None:
    """Eight sequences of 320 tokens fit in 512 cells only when they share."""
    backend.decode([Work(0, tuple(range(100, 400)), 0, sample=False)])
    for seq in range(1, 8):
        backend.share(0, seq, 300)
    backend.decode([Work(seq, (7,) * 20, 300, sample=False) for seq in range(8)])
    assert [backend.length(seq) for seq in range(8)] == [320] * 8
    with pytest.raises(EngineError, match="no free cells"):
        backend.decode([Work(0, (7,) * 100, 320, sample=False)])
    assert backend.length(0) == 320


def test_a_shared_prefix_gives_the_same_tokens(backend: LlamaBackend) -> None:
    tokens = prompt(backend, b"Name three colours of the rainbow.")
    cold = run(backend, 0, tokens, Sampling())
    backend.share(0, 1, len(tokens) - 1)
    assert run(backend, 1, tokens, Sampling()) == cold
    assert cold


def test_logprobs_match_numpy(backend: LlamaBackend) -> None:
    backend.open_sampler(0, Sampling(logprobs=True, temperature=1.0, seed=3))
    tokens = prompt(backend, b"Tell me a story.")
    (drawn,) = backend.decode([Work(0, tokens, 0, sample=True)])
    logits = backend.logits(len(tokens) - 1).astype(np.float64)
    expected = np.log(np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum())
    assert drawn.logprob == pytest.approx(expected[drawn.token], abs=1e-4)
    assert drawn.logprob <= 0
    assert drawn.top == ()
    backend.open_sampler(0, Sampling(logprobs=True, top_logprobs=5))
    (drawn,) = backend.decode([Work(0, (9,), backend.length(0), sample=True)])
    logits = backend.logits(0).astype(np.float64)
    likeliest = np.argsort(-logits)[:5]
    assert [token for token, _ in drawn.top] == [*likeliest]
    assert drawn.top[0] == (drawn.token, drawn.logprob)
    exact = logits - np.log(np.exp(logits).sum())
    assert [much for _, much in drawn.top] == pytest.approx([*exact[likeliest]], abs=1e-4)
    assert np.exp(expected).sum() == pytest.approx(1)


def test_log_softmax_of_certainty() -> None:
    assert log_softmax(np.array([50.0, -50.0], np.float32), 0) == 0.0


def test_seeds(backend: LlamaBackend) -> None:
    tokens = prompt(backend, b"Tell me a story.")
    stories = []
    for seed in (1, 2, 1):
        backend.drop(0)
        stories.append(run(backend, 0, tokens, Sampling(temperature=1.0, top_p=0.9, seed=seed)))
    assert stories[0] == stories[2] != stories[1]


def test_samplers_narrow_and_shape(backend: LlamaBackend) -> None:
    tokens = prompt(backend, b"What is the capital of France?")
    greedy = run(backend, 0, tokens, Sampling())
    for narrow in (Sampling(temperature=2.0, top_k=1), Sampling(temperature=2.0, top_p=1e-6)):
        backend.drop(0)
        assert run(backend, 0, tokens, narrow) == greedy
    backend.drop(0)
    banned = Sampling(logit_bias=((greedy[0], -1e9),))
    assert greedy[0] not in run(backend, 0, tokens, banned)
    with pytest.raises(ValueError, match="does not exist"):
        backend.open_sampler(0, Sampling(logit_bias=((10**6, 1.0),)))


def test_repeat_penalty(backend: LlamaBackend) -> None:
    tokens = backend.vocabulary.tokenize(b"la la la la la la", special=False)
    plain = run(backend, 0, tokens, Sampling())
    backend.drop(0)
    punished = run(backend, 0, tokens, Sampling(repeat_penalty=5.0))
    assert len(set(plain)) < len(set(punished))


def test_log_probabilities_of_a_batch_belong_to_their_sequences(backend: LlamaBackend) -> None:
    prompts = [prompt(backend, q) for q in (b"Say yes.", b"What is 2+2?", b"Name a fish.")]
    alone = []
    for tokens in prompts:
        backend.drop(0)
        backend.open_sampler(0, Sampling(logprobs=True))
        alone += backend.decode([Work(0, tokens, 0, sample=True)])
        backend.close_sampler(0)
    for seq in (1, 2, 3):
        backend.open_sampler(seq, Sampling(logprobs=True))
    plan = [Work(seq + 1, tokens, 0, sample=True) for seq, tokens in enumerate(prompts)]
    together = backend.decode(plan)
    assert [one.seq for one in together] == [1, 2, 3]
    assert [one.token for one in together] == [one.token for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.logprob == pytest.approx(other.logprob, abs=0.05)


def test_a_saved_sequence_goes_on_as_if_nothing_had_happened(backend: LlamaBackend) -> None:
    tokens = prompt(backend, b"Name three colours of the rainbow.")
    cold = run(backend, 0, tokens, Sampling())
    backend.drop(0, len(tokens) - 1)
    state = backend.save(0)
    backend.drop(0)
    backend.decode([Work(2, (7,) * 50, 0, sample=False)])
    backend.restore(1, state)
    assert backend.length(1) == len(tokens) - 1
    assert run(backend, 1, tokens, Sampling()) == cold


@pytest.mark.parametrize("damage", [lambda s: s[:-1], lambda s: b"", lambda s: b"x" * len(s)])
def test_what_is_no_state_is_refused(
    backend: LlamaBackend, damage: Callable[[bytes], bytes]
) -> None:
    backend.decode([Work(0, (7,) * 50, 0, sample=False)])
    with pytest.raises(ValueError, match="no state"):
        backend.restore(1, damage(backend.save(0)))
    assert backend.length(1) == 0


def test_a_sampler_keeps_its_state_when_it_moves(backend: LlamaBackend) -> None:
    """Seed and penalties go on where they were, beside another sequence's sampler."""
    tokens = prompt(backend, b"Tell me a story.")
    sampling = Sampling(temperature=1.0, seed=3, repeat_penalty=1.3)
    straight = run(backend, 0, tokens, sampling)
    backend.drop(0)
    drawn = run(backend, 0, tokens, sampling, most=12)
    state, start = backend.save(0), backend.length(0)
    assert backend.save_size(0) == len(state)
    backend.move_sampler(0, backend.sequences + 5)
    backend.drop(0)
    run(backend, 0, tokens, Sampling(temperature=1.0, seed=9))
    backend.restore(3, state)
    backend.move_sampler(backend.sequences + 5, 3)
    while len(drawn) < len(straight):
        drawn.append(backend.decode([Work(3, (drawn[-1],), start, sample=True)])[0].token)
        start += 1
    assert drawn == straight


def test_fingerprints(backend: LlamaBackend, smol: Path, tmp_path: Path) -> None:
    def taken(threads: int = 2, step: int = 32, path: Path = smol) -> str:
        shape = Shape(cells=512, sequences=8, batch=512, threads=threads)
        return fingerprint(path, backend.model, shape, step)

    assert taken() == taken()
    changed = tmp_path / "changed.gguf"
    changed.write_bytes(smol.read_bytes()[:-1000] + bytes(1000))
    assert len({taken(), taken(threads=1), taken(step=64)}) == 3
    assert taken(path=changed).split("-")[0] != taken().split("-")[0]
    assert taken(path=changed).split("-")[1:] == taken().split("-")[1:]


@pytest.mark.parametrize("right", [0, 2, 7])
def test_guesses_are_checked_in_one_batch(backend: LlamaBackend, right: int) -> None:
    """As many as are right count, the draws are those of single steps, the rest is forgotten."""
    tokens = prompt(backend, b"Name three colours of the rainbow.")
    single = run(backend, 0, tokens, Sampling(), 10)
    guesses = (*single[1 : 1 + right], *(7 for _ in range(7 - right)))
    backend.open_sampler(1, Sampling())
    (first,) = backend.decode([Work(1, tokens, 0, sample=True)])
    assert first.token == single[0]
    work = Work(1, (first.token, *guesses), len(tokens), sample=True, guessed=7)
    (drawn,) = backend.decode([work])
    assert [drawn.token, *drawn.then] == single[1 : 2 + right]
    assert backend.length(1) == len(tokens) + 1 + right
    last = (drawn.token, *drawn.then)[-1]
    (after,) = backend.decode([Work(1, (last,), backend.length(1), sample=True)])
    assert after.token == single[2 + right]
