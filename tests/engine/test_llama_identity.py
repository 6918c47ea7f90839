"""Weights are told apart by what is in their tensors."""

from pathlib import Path

from pellucid.engine.llama.identity import STRIDE, identity


def test_any_tensor_and_the_size_count(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    whole = bytes(5 * STRIDE)
    path.write_bytes(whole)
    before = identity(path)
    assert identity(path) == before
    path.write_bytes(whole[:-1])
    assert identity(path) != before
    for start in range(0, len(whole) - STRIDE + 1, STRIDE // 2):
        path.write_bytes(whole[:start] + b"x" * STRIDE + whole[start + STRIDE :])
        assert identity(path) != before
