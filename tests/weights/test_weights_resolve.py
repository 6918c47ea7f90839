"""Which weights a name or a path stands for."""

from pathlib import Path

import pytest

from gguf_writer import gguf
from pellucid.core.errors import UnknownName, WeightsError
from pellucid.model.manifest import MANIFEST, Wheels
from pellucid.model.weights import resolve

QWEN = {
    "general.architecture": "qwen2",
    "general.tags": ["a", "bc"],
    "qwen2.context_length": 32_768,
    "tokenizer.ggml.pre": "qwen2",
}


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "my.gguf"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("asked", "name", "dialect", "window"),
    [
        ("", "qwen2.5-coder-1.5b", "chatml-qwen", 32_768),
        ("qwen2.5-coder-1.5b", "qwen2.5-coder-1.5b", "chatml-qwen", 32_768),
        ("smollm2-135m", "smollm2-135m", "chatml-smollm", 8_192),
    ],
)
def test_names_of_the_manifest(
    asked: str, name: str, dialect: str, window: int, tmp_path: Path
) -> None:
    chosen = resolve(asked, tmp_path)
    assert (chosen.name, chosen.dialect, chosen.window) == (name, dialect, window)
    assert chosen.weights is MANIFEST[name]
    assert chosen.yarn_window == (131_072 if dialect == "chatml-qwen" else 0)
    assert chosen.path == tmp_path / "weights" / MANIFEST[name].file


@pytest.mark.parametrize("asked", ["gpt-4", "qwen2.5-coder", "scripted"])
def test_an_unknown_name_lists_the_known(asked: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"qwen2\.5-coder-1\.5b, smollm2-135m"):
        resolve(asked, tmp_path)


def test_a_file_of_ones_own_is_known_by_its_header(tmp_path: Path) -> None:
    path = written(tmp_path, gguf(QWEN))
    chosen = resolve(str(path), tmp_path / "home")
    assert (chosen.name, chosen.path, chosen.dialect) == ("my", path, "chatml-qwen")
    assert (chosen.window, chosen.weights, chosen.yarn_window) == (32_768, None, 0)


def test_smollm_shares_its_architecture_with_others(tmp_path: Path) -> None:
    llama = {"general.architecture": "llama", "llama.context_length": 8_192}
    own = resolve(str(written(tmp_path, gguf({**llama, "tokenizer.ggml.pre": "smollm"}))), tmp_path)
    assert (own.dialect, own.window) == ("chatml-smollm", 8_192)
    with pytest.raises(WeightsError, match=r"holds llama/llama-bpe .* known are qwen2/qwen2"):
        resolve(
            str(written(tmp_path, gguf({**llama, "tokenizer.ggml.pre": "llama-bpe"}))), tmp_path
        )


@pytest.mark.parametrize("data", [b"", b"GGUF", b"GGML" + bytes(100), b"GGUF" + b"\xff" * 100])
def test_what_is_not_gguf_says_so(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is not a GGUF file"):
        resolve(str(written(tmp_path, data)), tmp_path)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nowhere\.gguf is not a file"):
        resolve(str(tmp_path / "nowhere.gguf"), tmp_path)


def test_the_parts_of_the_manifest_add_up() -> None:
    for weights in MANIFEST.values():
        for source in weights.sources:
            if isinstance(source, Wheels):
                assert sum(part.size for part in source.parts) == weights.size
                assert len({part.sha256 for part in source.parts}) == len(source.parts)
