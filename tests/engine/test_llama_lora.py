"""LoRA adapters on real weights: tiny ones for SmolLM2, written here."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest

from gguf_writer import gguf
from pellucid.core.errors import EngineError, WeightsError
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.sequence import Finished, Request, Tokens

pytestmark = pytest.mark.weights

CHAT = b"<|im_start|>user\n%s<|im_end|>\n<|im_start|>assistant\n"
WIDTH, RANK, LAYERS = 576, 4, 30
SURE = 4
"""So many tokens of an answer are the same whatever it is computed with."""
ENTRIES = {
    "general.type": "adapter",
    "general.architecture": "llama",
    "adapter.type": "lora",
    "adapter.lora.alpha": 8.0,
}


def lora(path: Path, strength: float, seed: int, **entries: object) -> str:
    """An adapter of the query projections, with random numbers of this strength in B."""
    random, tensors = np.random.default_rng(seed), {}
    for layer in range(LAYERS):
        name = f"blk.{layer}.attn_q.weight"
        tensors[f"{name}.lora_a"] = random.standard_normal((RANK, WIDTH)).astype(np.float32)
        b = strength * random.standard_normal((WIDTH, RANK))
        tensors[f"{name}.lora_b"] = b.astype(np.float32)
    path.write_bytes(gguf({**ENTRIES, **entries}, tensors))
    return str(path)


def settings(smol: Path, **adapters: str) -> HostSettings:
    return HostSettings(str(smol), window=1024, adapters=tuple(adapters.items()))


async def say(
    client: EngineClient, question: bytes, adapter: str, name: str = "", alone: bool = False
) -> tuple[tuple[int, ...], int]:
    """The tokens of an answer, and how many of the prompt's were cached."""
    prompt = await client.tokenize(CHAT % question, special=True)
    said: tuple[int, ...] = ()
    request = Request(
        name or f"{adapter}-{question!r}", prompt, 16, adapter=adapter, deterministic=alone
    )
    async with aclosing(client.generate(request)) as outputs:
        async for one in outputs:
            if isinstance(one, Tokens):
                said += one.tokens
            elif isinstance(one, Finished):
                cached = one.cached
    return said, cached


async def test_together_each_request_gets_what_it_gets_alone(smol: Path, tmp_path: Path) -> None:
    adapters = {
        "nothing": lora(tmp_path / "nothing.gguf", 0.0, 1),
        "red": lora(tmp_path / "red.gguf", 0.02, 2),
        "blue": lora(tmp_path / "blue.gguf", 0.02, 3),
    }
    question = b"What is the capital of France?"
    async with EngineClient(settings(smol, **adapters)) as client:
        info = await client.ready()
        assert list(info.adapters) == list(adapters)
        assert len(set(info.adapters.values())) == 3
        alone = {name: await say(client, question, name) for name in ("", *adapters)}
        assert alone["nothing"][0] == alone[""][0]
        assert len({said[:SURE] for said, _ in alone.values()}) == 3
        assert {cached for _, cached in alone.values()} == {0}, "no prefix is shared"
        asked = [(name, f"{name}-{n}") for n in range(2) for name in alone]
        jobs = [say(client, question, name, request) for name, request in asked]
        together = await asyncio.gather(*jobs)
        # Further on they may part: what else is in a batch changes the last bits of logits.
        assert [said[:SURE] for said, _ in together] == [alone[name][0][:SURE] for name, _ in asked]
        calm = {name: await say(client, question, name, f"{name}-calm", True) for name in alone}
        jobs = [say(client, question, name, f"{name}-busy", True) for name in alone]
        busy = await asyncio.gather(*jobs, *(say(client, b"Hi", name) for name in alone))
        assert [said for said, _ in busy[: len(alone)]] == [said for said, _ in calm.values()]
        assert all(cached for _, cached in together), "each finds its own prefix"
        with pytest.raises(EngineError, match="no adapter 'green'; there are nothing, red, blue"):
            await say(client, question, "green")


async def test_an_adapter_alone_is_the_same_as_beside_others(smol: Path, tmp_path: Path) -> None:
    said = set()
    for others in ((), ("none", "more")):
        files = {name: lora(tmp_path / f"{name}.gguf", 0.02, n) for n, name in enumerate(others)}
        files["red"] = lora(tmp_path / "red.gguf", 0.02, 9)
        async with EngineClient(settings(smol, **files)) as client:
            said.add((await say(client, b"Name three animals.", "red"))[0])
    assert len(said) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"general.type": "model"}, "cannot load .*adapter"),
        ({"general.type": 7}, r"no LoRA adapter \(general.type is missing\)"),
        ({"general.architecture": "qwen2"}, "cannot load .*mismatch"),
        ({"adapter.lora.alpha": 7}, r"adapter.lora.alpha is missing"),
        ({"adapter.alora.invocation_tokens": [1, 2]}, "activated LoRA"),
    ],
)
async def test_a_bad_adapter_is_named(
    changes: dict[str, object], says: str, smol: Path, tmp_path: Path
) -> None:
    path = lora(tmp_path / "bad.gguf", 0.0, 1, **changes)
    async with EngineClient(settings(smol, mine=path)) as client:
        with pytest.raises(WeightsError, match=f"adapter 'mine': .*{says}") as raised:
            await client.ready()
    assert "bad.gguf" in str(raised.value)


@pytest.mark.parametrize("cut", [0, 10, 3000, 30_000])
async def test_a_damaged_adapter_is_named(cut: int, smol: Path, tmp_path: Path) -> None:
    path = Path(lora(tmp_path / "bad.gguf", 0.0, 1))
    path.write_bytes(path.read_bytes()[:cut])
    async with EngineClient(settings(smol, mine=str(path))) as client:
        with pytest.raises(WeightsError, match=r"bad\.gguf"):
            await client.ready()


async def test_tensors_of_other_weights_are_refused(smol: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.gguf"
    shape = np.zeros((RANK, WIDTH + 1), np.float32)
    names = ("blk.0.attn_q.weight.lora_a", "blk.0.attn_q.weight.lora_b")
    path.write_bytes(gguf(ENTRIES, dict.fromkeys(names, shape)))
    async with EngineClient(settings(smol, mine=str(path))) as client:
        with pytest.raises(WeightsError, match=r"bad\.gguf: .*incorrect shape"):
            await client.ready()
