"""The reader of GGUF headers: what it finds, and that nothing breaks it."""

import struct
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gguf_writer import gguf, text
from pellucid.core.errors import WeightsError
from pellucid.engine.gguf import Tensor, read_header, read_tensors

ENTRIES = {
    "general.architecture": "qwen2",
    "general.tags": ["a", "bc"],
    "general.numbers": [1, 2, 3],
    "qwen2.context_length": 32_768,
    "qwen2.scale": 0.5,
}
TENSORS = {"a.weight": np.zeros((2, 3), np.float32), "b": np.zeros(5, np.float32)}
WHOLE = gguf(ENTRIES, TENSORS, {"b": 12})


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "x.gguf"
    path.write_bytes(data)
    return path


def entry(kind: int, value: bytes) -> bytes:
    """A header that announces one entry, "k"."""
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<I", kind) + value


def test_entries_are_found_by_name_or_under_the_architecture(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    found = read_header(path, ("general.architecture", ".context_length", ".scale", ".missing"))
    assert found == {"general.architecture": "qwen2", ".context_length": 32_768, ".scale": 0.5}
    assert read_header(path, ("general.tags",)) == {}, "arrays are skipped"


def test_tensors_have_name_type_and_shape(tmp_path: Path) -> None:
    path = written(tmp_path, WHOLE)
    assert read_tensors(path) == (Tensor("a.weight", 0, (3, 2)), Tensor("b", 12, (5,)))


@given(cut=st.integers(min_value=0), junk=st.binary(max_size=40))
def test_no_header_breaks_the_reader(
    cut: int, junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("gguf", numbered=True) / "x.gguf"
    path.write_bytes(WHOLE[: cut % len(WHOLE)] + junk)
    for read in (lambda: set(read_header(path, tuple(ENTRIES))), lambda: set(read_tensors(path))):
        with suppress(WeightsError):  # it says so; what must not happen is another error
            assert len(read()) <= len(ENTRIES)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"GGML" + bytes(20), "does not begin with GGUF"),
        (b"GGUF" + struct.pack("<IQQ", 1, 0, 0), "version 1 is neither 2 nor 3"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1 << 40, 0), "tensors"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 40), "header entries"),
        (entry(99, b""), "an entry of unknown type 99"),
        (entry(8, struct.pack("<Q", 1 << 40)), "a string of"),
        (entry(9, struct.pack("<IQ", 4, 1 << 40)), "an array of"),
        (entry(9, struct.pack("<IQ", 9, 1)), "an array of type 9"),
        (b"GGUF" + struct.pack("<IQQ", 3, 1, 0) + text("t") + b"\xff\0\0\0", "255 dimensions"),
        (WHOLE[:50], "ends inside its header"),
    ],
)
def test_lengths_are_not_believed(data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=f"is not a GGUF file: .*{says}"):
        read_tensors(written(tmp_path, data))


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="cannot be read: No such file"):
        read_header(tmp_path / "none.gguf", ())
