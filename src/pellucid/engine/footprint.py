"""How much memory weights take once they are loaded, computed from the file's header.

The figures are upper bounds that come close: `docs/decisions/0081` compares them with what
processes really held. All sizes are bytes unless said otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from types import MappingProxyType

from pellucid.engine.available import amx
from pellucid.engine.backend import DRAWS
from pellucid.engine.frames import HostSettings, KvType
from pellucid.engine.gguf import Tensor, Value, read_header, read_tensors

KV_BITS: Mapping[KvType, float] = MappingProxyType({"f16": 16, "q8_0": 8.5})
"""Bits of a number in the key-value cells; q8_0 keeps a scale of 16 bits for each 32 numbers."""

REPACKED_BITS: Mapping[int, float] = MappingProxyType(
    {2: 4.5, 10: 2.625, 12: 4.5, 20: 4.5, 39: 4.25}
)
"""ggml's number of a type of weights that llama.cpp copies into a faster layout on x86
(Q4_0, Q2_K, Q4_K, IQ4_NL, MXFP4; `ggml_repack_get_optimal_repack_type`) to bits of a number."""

AMX_BITS: Mapping[int, float] = MappingProxyType(
    {**REPACKED_BITS, 1: 16, 2: 4.5, 3: 5, 8: 9.5, 12: 4.625, 13: 5.625, 14: 6.5625, 23: 4.3125}
)
"""The same where the processor has AMX, which copies more types (F16, Q4_0, Q4_1, Q8_0, Q4_K,
Q5_K, Q6_K, IQ4_XS), some with sums of their own (`get_row_size` in `ggml-cpu/amx/mmq.cpp`)."""

PROCESS = 64 << 20
"""Interpreter, libraries and llama.cpp's own books."""
TOKEN = 420
"""What a token of the vocabulary takes in llama.cpp's tables and in ours."""
FLOAT, MASK = 4, 2
WINDOW_STEP, CELL_STEP = 256, 256
KEYS = (
    ".block_count",
    ".embedding_length",
    ".feed_forward_length",
    ".attention.head_count",
    ".attention.head_count_kv",
    ".attention.key_length",
    ".attention.value_length",
)


@dataclass(frozen=True, slots=True)
class Geometry:
    """What the header of weights says about sizes.

    `file` is the size of the file, `repacked` of the copies in a faster layout; `kv` is
    how many numbers one cell holds; `wide` is how many numbers a token takes in the widest
    place of the computation; `vocabulary` is tokens.
    """

    file: int
    repacked: int
    kv: int
    wide: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a host holds: the file and copies of parts of it, key-value cells, buffers of
    the computation and the process itself. `cell` is one cell, its row of the mask included;
    `count` is how many there are."""

    weights: int
    cell: int
    count: int
    buffers: int
    process: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cell * self.count + self.buffers + self.process


def read_geometry(path: Path, copied: Mapping[int, float] | None = None) -> Geometry | None:
    """The geometry of a file; None when its header does not tell enough.

    `copied` are the types copied into a faster layout, and bits of a number there; by default
    those of this processor. Raises WeightsError when the file cannot be read or is not GGUF.
    """
    header, tensors = read_header(path, KEYS), read_tensors(path)
    layers, width, heads = (
        _number(header, key) for key in (".block_count", ".embedding_length", KEYS[3])
    )
    embedding = next((one for one in tensors if one.name == "token_embd.weight"), None)
    if not layers or not width or not heads or embedding is None or len(embedding.shape) != 2:
        return None
    size = width // heads
    keys = _number(header, ".attention.key_length") or size
    values = _number(header, ".attention.value_length") or size
    return Geometry(
        file=path.stat().st_size,
        repacked=_copies(tensors, copied or (AMX_BITS if amx() else REPACKED_BITS)),
        kv=layers * (_number(header, ".attention.head_count_kv") or heads) * (keys + values),
        wide=2 * _number(header, ".feed_forward_length") + 4 * width,
        vocabulary=embedding.shape[1],
    )


def footprint(geometry: Geometry, settings: HostSettings, sequences: int) -> Footprint:
    """What a host with these settings and so many sequence ids will hold."""
    rows = min(max(sequences, DRAWS), settings.batch)
    cells = settings.cells or 2 * settings.window
    return Footprint(
        weights=geometry.file + geometry.repacked,
        cell=_cell(geometry, settings.kv, settings.batch),
        count=-(-cells // CELL_STEP) * CELL_STEP,
        # Logits are computed in one buffer and handed out in another.
        buffers=FLOAT * (settings.batch * geometry.wide + 2 * rows * geometry.vocabulary),
        process=PROCESS + TOKEN * geometry.vocabulary,
    )


def refusal(geometry: Geometry, settings: HostSettings, sequences: int, there: int) -> str:
    """Why this does not fit into `there` bytes, and what would; empty when it fits."""
    wanted = footprint(geometry, settings, sequences)
    if wanted.total <= there:
        return ""
    ways = [f"free {_size(wanted.total - there)}"]
    left = there - (wanted.total - wanted.cell * wanted.count)
    for kv in KV_BITS:
        cells = left // _cell(geometry, kv, settings.batch)
        most = cells if settings.cells else cells // 2
        most -= most % WINDOW_STEP
        if kv in (settings.kv, "q8_0") and most >= WINDOW_STEP:
            what = "cells" if settings.cells else "window (PELLUCID_ENGINE_WINDOW)"
            how = "" if kv == settings.kv else f" with PELLUCID_ENGINE_KV={kv}"
            ways.append(f"set a {what} of at most {most:,}{how}")
    return (
        f"{_size(wanted.total)} of memory are needed and {_size(there)} are available "
        f"(weights {_size(wanted.weights)}, {wanted.count:,} {settings.kv} cells "
        f"{_size(wanted.cell * wanted.count)}, the rest "
        f"{_size(wanted.buffers + wanted.process)}): {', or '.join(ways)}"
    )


def _cell(geometry: Geometry, kv: KvType, batch: int) -> int:
    """One cell: keys and values of a token in every layer, and its column of the mask, which
    has a row for each token of a batch."""
    return int(geometry.kv * KV_BITS[kv] / 8) + MASK * batch


def _copies(tensors: Sequence[Tensor], bits: Mapping[int, float]) -> int:
    """The copies that llama.cpp makes of what is multiplied: tables of embeddings are looked
    up, unless there is no other table for the output."""
    tied = all(tensor.name != "output.weight" for tensor in tensors)
    multiplied = (
        tensor
        for tensor in tensors
        if len(tensor.shape) == 2 and (tied or not tensor.name.startswith("token_embd"))
    )
    return sum(int(prod(one.shape) * bits.get(one.kind, 0) / 8) for one in multiplied)


def _number(header: Mapping[str, Value], key: str) -> int:
    """A whole number of the header; 0 where there is none."""
    value = header.get(key)
    return value if isinstance(value, int) and value > 0 else 0


def _size(count: int) -> str:
    """Bytes for people."""
    return f"{count / (1 << 30):.2f} GiB" if count >= 1 << 30 else f"{count / (1 << 20):.0f} MiB"
