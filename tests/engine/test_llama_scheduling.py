"""Scheduling on real weights: preempted runs and deterministic requests keep their tokens."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest
from engine_runs import Driven

from pellucid.engine.jobs import Limits
from pellucid.engine.llama.binding import Shape
from pellucid.engine.llama.context import LlamaBackend
from pellucid.engine.sequence import Request, Sampling

pytestmark = pytest.mark.weights

CHAT = b"<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n"
LIMITS = Limits(max_running=4)
WARM = Sampling(temperature=1.0, seed=4, repeat_penalty=1.2)


@pytest.fixture(scope="module")
def backend(smol: Path) -> Iterator[LlamaBackend]:
    loaded = LlamaBackend(smol, 2048, Shape(cells=2048, sequences=8, batch=512, threads=2))
    yield loaded
    loaded.close()


def driven(backend: LlamaBackend, limits: Limits = LIMITS) -> Driven:
    """A scheduler over the backend, emptied of what was there before."""
    for seq in range(backend.sequences):
        backend.drop(seq)
    return Driven(backend, limits)  # type: ignore[arg-type]


def ask(backend: LlamaBackend, name: str, question: str, **more: object) -> Request:
    tokens = backend.vocabulary.tokenize(CHAT % question.encode(), special=True)
    return Request(name, tokens, 24, **more)  # type: ignore[arg-type]


def alone(backend: LlamaBackend, asked: Request) -> tuple[int, ...]:
    one = driven(backend)
    one.submit(asked)
    return one.finish().answer(asked.request_id)


@pytest.mark.parametrize("sampling", [Sampling(), WARM])
@pytest.mark.parametrize("restored", [True, False])
def test_preempted_and_resumed(backend: LlamaBackend, sampling: Sampling, restored: bool) -> None:
    """It comes back from host memory, or, where there is no room there, reads all again: in
    chunks, which may change the last bits, unless it is deterministic."""
    batch = ask(backend, "batch", "Name three colours.", priority="batch", sampling=sampling)
    batch = msgspec.structs.replace(batch, deterministic=not restored)
    expected = alone(backend, batch)
    assert len(expected) > 8
    one = driven(backend, Limits(max_running=1, saved_bytes=restored << 29))
    one.submit(batch)
    while len(one.answer("batch")) < 6:
        one.step()
    one.submit(Request("big", tuple(range(1000, 1100)) * 16, 448))
    for _ in range(5):
        one.step()
    assert one.running() == ["big"]
    assert one.scheduler._memory.cached("local", batch.prompt) == 0
    one.cancel("big")
    assert one.finish().answer("batch") == expected


@pytest.mark.parametrize("priority", ["interactive", "batch"])
@pytest.mark.parametrize("seed", range(2))
def test_deterministic_among_six_others(backend: LlamaBackend, seed: int, priority: str) -> None:
    asked = ask(backend, "same", "Tell me a story about rain.", sampling=WARM, deterministic=True)
    asked = msgspec.structs.replace(asked, priority=priority)
    expected = alone(backend, asked)
    random = Random(seed)
    others = [
        ask(backend, f"o{n}", f"Tell me a story about {n}. " * (n + 1), priority=kind)
        for n, kind in enumerate(["interactive", "background", "batch"] * 2)
    ]
    one = driven(backend, Limits(max_running=4, saved_bytes=random.choice([0, 1 << 29])))
    for request in random.sample([asked, *others], 7):
        one.submit(request)
        for _ in range(random.randrange(8)):
            one.step()
    assert one.finish().answer("same") == expected
    assert one.end("same").cached == 0
