"""Whether weights fit: windows, the estimate of memory, and what a refusal says."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gguf_writer import gguf
from pellucid.core.errors import WeightsError
from pellucid.engine.fit import check_memory, ids, size, yarn_factor
from pellucid.engine.footprint import (
    AMX_BITS,
    REPACKED_BITS,
    Geometry,
    footprint,
    read_geometry,
    refusal,
)
from pellucid.engine.frames import HostSettings

HEADER = {
    "general.architecture": "llama",
    "llama.context_length": 1_000,
    "llama.block_count": 4,
    "llama.embedding_length": 64,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": 8,
    "llama.attention.head_count_kv": 2,
}
TENSORS = {
    "token_embd.weight": np.zeros((100, 64), np.float32),
    "blk.0.ffn_up.weight": np.zeros((128, 64), np.float32),
    "blk.0.norm": np.zeros(64, np.float32),
}
Q4_K = 12
GEOMETRY = Geometry(file=10 << 20, repacked=5 << 20, kv=1 << 10, wide=1 << 10, vocabulary=1 << 10)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "x.gguf"
    path.write_bytes(gguf(HEADER, TENSORS, {"blk.0.ffn_up.weight": Q4_K, "blk.0.norm": Q4_K}))
    return path


def altered(path: Path, **changes: object) -> Path:
    """The same weights, with other entries in the header; None takes one away."""
    header = {**HEADER, **{f"llama.{name}": value for name, value in changes.items()}}
    path.write_bytes(gguf({k: v for k, v in header.items() if v is not None}, TENSORS))
    return path


@pytest.mark.parametrize(
    ("window", "most", "factor"),
    [(512, 0, 1), (1_000, 4_000, 1), (1_001, 4_000, 2), (2_000, 4_000, 2), (4_000, 4_000, 4)],
)
def test_positions_are_stretched_no_more_than_the_window_takes(
    window: int, most: int, factor: int, weights: Path
) -> None:
    assert yarn_factor(HostSettings(str(weights), window=window, yarn_window=most)) == factor


@pytest.mark.parametrize(("window", "most"), [(1_001, 0), (4_001, 4_000)])
def test_a_window_beyond_is_refused_with_the_longest_there_is(
    window: int, most: int, weights: Path
) -> None:
    with pytest.raises(WeightsError, match=f"the longest .* is {most or 1_000:,}, not {window:,}"):
        yarn_factor(HostSettings(str(weights), window=window, yarn_window=most))


def test_weights_that_do_not_name_a_window_are_left_to_llama_cpp(weights: Path) -> None:
    assert yarn_factor(HostSettings(str(altered(weights, context_length=None)))) == 1


def test_geometry(weights: Path) -> None:
    assert read_geometry(weights, REPACKED_BITS) == Geometry(
        file=weights.stat().st_size,
        repacked=128 * 64 * 9 // 16,
        kv=4 * 2 * (8 + 8),
        wide=2 * 128 + 4 * 64,
        vocabulary=100,
    )


def test_copies_depend_on_the_processor_and_on_what_is_multiplied(tmp_path: Path) -> None:
    path, output = tmp_path / "x.gguf", np.zeros((100, 64), np.float32)
    kinds = {"blk.0.ffn_up.weight": Q4_K, "token_embd.weight": Q4_K}

    def copies(tensors: dict[str, np.ndarray], bits: Mapping[int, float]) -> int:
        path.write_bytes(gguf(HEADER, tensors, kinds))
        geometry = read_geometry(path, bits)
        assert geometry is not None
        return geometry.repacked

    up, table = 128 * 64, 100 * 64
    untied = {**TENSORS, "output.weight": output}
    assert copies(TENSORS, REPACKED_BITS) == up * 9 // 16 + table * 9 // 16
    assert copies(untied, REPACKED_BITS) == up * 9 // 16
    assert copies(untied, AMX_BITS) == int(up * 4.625 / 8)


def test_heads_may_have_sizes_of_their_own(weights: Path) -> None:
    changes = {"attention.key_length": 16, "attention.value_length": 4}
    geometry = read_geometry(altered(weights, **changes, **{"attention.head_count_kv": None}))
    assert geometry is not None
    assert geometry.kv == 4 * 8 * (16 + 4)


@pytest.mark.parametrize("missing", ["block_count", "embedding_length", "attention.head_count"])
def test_a_header_that_does_not_tell_enough(missing: str, weights: Path) -> None:
    path = altered(weights, **{missing: None})
    assert read_geometry(path) is None
    check_memory(HostSettings(str(path)), 0)


def test_cells_are_counted_in_their_own_type() -> None:
    full, small = (
        footprint(GEOMETRY, HostSettings(window=1_000, batch=32, kv=kv), 8)
        for kv in ("f16", "q8_0")
    )
    assert full.count == 2_048, "twice the window, in blocks of 256"
    assert full.cell == 2 * 1_024 + 2 * 32
    assert small.cell == 1_024 + 1_024 // 16 + 2 * 32
    assert full.total - small.total == full.count * (full.cell - small.cell)
    assert full.weights == 15 << 20


@pytest.mark.parametrize("cells", [0, 50_000])
@pytest.mark.parametrize("kv", ["f16", "q8_0"])
def test_what_a_refusal_proposes_fits_and_little_more_would(cells: int, kv: str) -> None:
    settings = HostSettings(window=20_000, cells=cells, batch=32, kv=kv)  # type: ignore[arg-type]
    there = footprint(GEOMETRY, settings, 8).total
    assert refusal(GEOMETRY, settings, 8, there) == ""
    there -= 20 << 20
    reason = refusal(GEOMETRY, settings, 8, there)
    found = re.findall(r"at most ([\d,]+)(?: with PELLUCID_ENGINE_KV=(\w+))?", reason)
    assert [name for _, name in found] == (["", "q8_0"] if kv == "f16" else [""])
    for number, name in found:
        most = int(number.replace(",", ""))
        which = "cells" if cells else "window"
        fits, not_quite = (
            replace(settings, **{which: most + more, "kv": name or kv})  # type: ignore[arg-type]
            for more in (0, 512)
        )
        assert refusal(GEOMETRY, fits, 8, there) == ""
        assert refusal(GEOMETRY, not_quite, 8, there) != ""


def test_where_nothing_helps_only_what_is_missing_is_named() -> None:
    reason = refusal(GEOMETRY, HostSettings(window=512), 8, 1 << 20)
    assert re.search(r"are needed and 1 MiB are available .*: free \d+ MiB$", reason)


def test_weights_that_do_not_fit_are_refused_by_name(weights: Path) -> None:
    settings = HostSettings(str(weights), window=512)
    with pytest.raises(WeightsError, match=r"x\.gguf does not fit: .* of memory are needed"):
        check_memory(settings, 1 << 20)
    check_memory(settings, 1 << 30)
    check_memory(settings, None)


def test_the_files_of_adapters_count_where_they_are(weights: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(bytes(3 << 20))
    plain = HostSettings(str(weights), window=512)
    there = size(plain)
    check_memory(replace(plain, adapters=(("gone", str(tmp_path / "none.gguf")),)), there)
    with pytest.raises(WeightsError, match="free 3 MiB"):
        check_memory(replace(plain, adapters=(("a", str(adapter)),)), there)


def test_the_size_of_a_host_is_its_footprint_with_all_files(weights: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(bytes(1000))
    settings = HostSettings(str(weights), window=512, sequences=2)
    geometry = read_geometry(weights)
    assert geometry is not None
    assert size(settings) == footprint(geometry, settings, ids(settings)).total
    assert size(replace(settings, adapters=(("a", str(adapter)),))) == size(settings) + 1000
    untold = altered(weights, **{"attention.head_count": None})
    assert size(HostSettings(str(untold))) == untold.stat().st_size
