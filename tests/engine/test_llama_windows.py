"""Long windows, storage of the cells and memory, on real weights."""

from contextlib import aclosing
from pathlib import Path

import pytest

from pellucid.core.errors import WeightsError
from pellucid.engine.client import EngineClient, HostSettings
from pellucid.engine.fit import ids
from pellucid.engine.footprint import footprint, read_geometry
from pellucid.engine.sequence import Request, Tokens

pytestmark = pytest.mark.weights

CHAT = b"<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"


async def answer(client: EngineClient, tokens: tuple[int, ...] = ()) -> bytes:
    """What follows the question, or these tokens."""
    pieces = (await client.ready()).pieces
    prompt = tokens or await client.tokenize(CHAT, special=True)
    said = b""
    async with aclosing(client.generate(Request("r", prompt, 12))) as outputs:
        async for one in outputs:
            if isinstance(one, Tokens):
                said += b"".join(pieces[token] for token in one.tokens)
    return said


def peak(pid: int | None) -> int:
    """The most memory a process ever held, in bytes; 0 when it has gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    held = (int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return next(held, 0) * 1024


async def compared(settings: HostSettings) -> float:
    """The estimate of what a host holds, as a part of what it held."""
    geometry = read_geometry(Path(settings.path))
    assert geometry is not None
    async with EngineClient(settings) as client:
        await answer(client, tuple(range(1000, 1400)))
        return footprint(geometry, settings, ids(settings)).total / peak(client.pid)


@pytest.mark.parametrize(
    ("window", "kv", "batch"), [(512, "f16", 64), (8_192, "f16", 512), (8_192, "q8_0", 512)]
)
async def test_the_estimate_of_memory_is_close(
    window: int, kv: str, batch: int, smol: Path
) -> None:
    settings = HostSettings(str(smol), window=window, kv=kv, batch=batch)  # type: ignore[arg-type]
    assert 0.97 < await compared(settings) < 1.15


async def test_the_estimate_counts_the_copies_of_quantized_weights(qwen: Path) -> None:
    assert 0.97 < await compared(HostSettings(str(qwen), window=2_048)) < 1.15


async def test_what_does_not_fit_is_refused_before_it_is_loaded(smol: Path) -> None:
    huge = HostSettings(str(smol), cells=1 << 31)
    async with EngineClient(huge) as client:
        with pytest.raises(WeightsError, match=r"does not fit.*at most [\d,]+ with .*KV=q8_0"):
            await client.ready()
        assert client.pid is None or peak(client.pid) < 100 << 20


async def test_a_window_beyond_the_trained_one_is_refused(smol: Path) -> None:
    async with EngineClient(HostSettings(str(smol), window=8_193)) as client:
        with pytest.raises(WeightsError, match="longest window it can have is 8,192, not 8,193"):
            await client.ready()


async def test_how_cells_are_stored_and_stretched_is_told_and_in_the_fingerprint(
    smol: Path,
) -> None:
    plain = HostSettings(str(smol), window=2_048)
    small = HostSettings(str(smol), window=2_048, kv="q8_0")
    # No makers' word for these weights: taken here only because they are small.
    long = HostSettings(str(smol), window=10_000, yarn_window=16_384, cells=10_240)
    seen = {}
    for settings in (plain, small, long):
        async with EngineClient(settings) as client:
            info = await client.ready()
            assert b"Paris" in await answer(client)
            seen[info.fingerprint] = (info.window, info.native_window, info.kv, info.yarn)
    assert list(seen.values()) == [
        (2_048, 8_192, "f16", 1),
        (2_048, 8_192, "q8_0", 1),
        (10_000, 8_192, "f16", 2),
    ]
