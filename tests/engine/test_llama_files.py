"""Files that are no weights: one clear error, and nothing aborts or hangs."""

import os
import struct
from pathlib import Path

import pytest

from pellucid.core.errors import WeightsError
from pellucid.engine.client import EngineClient, HostSettings


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value)) + value.encode()


def gguf(architecture: str) -> bytes:
    """The smallest valid file of an architecture: no tensors, one key."""
    pair = text("general.architecture") + struct.pack("<I", 8) + text(architecture)
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + pair


async def refusal(path: Path) -> str:
    async with EngineClient(HostSettings(path=str(path))) as client:
        with pytest.raises(WeightsError) as raised:
            await client.ready()
    return str(raised.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a GGUF file"),
        (b"PK\x03\x04 a zip file", "is not a GGUF file"),
        (b"GGUF", "ends inside its header"),
        (gguf("nonsense")[:-4], "ends inside its header"),
        (gguf("nonsense"), "unknown model architecture: 'nonsense'"),
        (gguf("llama"), "cannot load"),
    ],
)
async def test_contents(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file.gguf"
    path.write_bytes(content)
    said = await refusal(path)
    assert message in said
    assert str(path) in said
    assert "\n" not in said


async def test_missing_and_not_files(tmp_path: Path) -> None:
    assert "No such file" in await refusal(tmp_path / "none.gguf")
    assert "is not a file" in await refusal(tmp_path)
    os.mkfifo(tmp_path / "pipe.gguf")
    assert "is not a file" in await refusal(tmp_path / "pipe.gguf")


@pytest.mark.weights
async def test_truncated_weights(tmp_path: Path, smol: Path) -> None:
    path = tmp_path / "half.gguf"
    with smol.open("rb") as whole:
        path.write_bytes(whole.read(smol.stat().st_size // 2))
    assert "not within the file bounds" in await refusal(path)
