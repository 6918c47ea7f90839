"""Model and context handles of llama.cpp, through llama-cpp-python's ctypes declarations.

Everything that allocates in llama.cpp is made and freed here. Errors are read from
llama.cpp's own log, which is kept in memory and never reaches the terminal.
"""

import ctypes
import os
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import llama_cpp.llama_cpp as llama

from pellucid.core.errors import EngineError, WeightsError
from pellucid.engine.backend import DRAWS
from pellucid.engine.frames import KvType

LOG_LINES = 60
LOG_ERROR = 4  # GGML_LOG_LEVEL_ERROR of ggml.h
TEXT_CAP = 4096
MAGIC = b"GGUF"
KV_TYPES: Mapping[KvType, int] = MappingProxyType(
    {"f16": llama.GGML_TYPE_F16, "q8_0": llama.GGML_TYPE_Q8_0}
)


class LogTail:
    """The last lines llama.cpp logged. It owns the callback, so it must outlive every use."""

    def __init__(self) -> None:
        """Take over llama.cpp's log."""
        self._lines: deque[tuple[int, str]] = deque(maxlen=LOG_LINES)
        self._callback = llama.llama_log_callback(self._take)
        llama.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _take(self, level: int, text: bytes, _data: object) -> None:
        """One message; llama.cpp calls this from any of its threads."""
        line = text.decode("utf-8", "replace").strip()
        if line.strip("."):
            self._lines.append((level, line))

    def clear(self) -> None:
        """Forget what was logged so far."""
        self._lines.clear()

    def reason(self) -> str:
        """The first error logged, in one line (the later ones only follow from it)."""
        errors = [line for level, line in self._lines if level == LOG_ERROR]
        return errors[0] if errors else "llama.cpp gave no reason"


@cache
def log_tail() -> LogTail:
    """The log of this process: llama.cpp has one logger, so there is one tail.

    The first call starts llama.cpp.
    """
    tail = LogTail()
    backend_init: Any = llama.llama_backend_init
    backend_init()
    return tail


def check_file(path: Path) -> None:
    """Refuse what is plainly no GGUF file, with a WeightsError that says what it is."""
    if path.exists() and not path.is_file():
        raise WeightsError(f"{path} is not a file")
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise WeightsError(f"cannot read {path}: {error.strerror or error}") from None
    if magic != MAGIC:
        raise WeightsError(f"{path} is not a GGUF file (it begins with {magic!r})")


class Model:
    """Weights in memory. `metadata` is what the file says about itself."""

    def __init__(self, path: Path) -> None:
        """Load and map the file; WeightsError with llama.cpp's reason when it cannot."""
        check_file(path)
        tail = log_tail()
        tail.clear()
        parameters = llama.llama_model_default_params()
        parameters.load_mode = llama.LLAMA_LOAD_MODE_MMAP
        handle = llama.llama_model_load_from_file(os.fsencode(path), parameters)
        if not handle:
            raise WeightsError(f"cannot load {path}: {tail.reason()}")
        self.handle = handle
        self.vocabulary = llama.llama_model_get_vocab(handle)
        self.metadata = _metadata(handle)
        self.native_window = int(llama.llama_model_n_ctx_train(handle))
        if not self.vocabulary or not llama.llama_model_has_decoder(handle):
            self.close()
            raise WeightsError(f"{path} holds no model that generates text")

    def close(self) -> None:
        """Free the weights; the contexts made from them must be closed before."""
        if self.handle:
            llama.llama_model_free(self.handle)
            self.handle = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a context: cells shared by so many sequences, at most `batch` tokens a
    step, computed by so many threads; how numbers are stored in the cells, and the factor
    that YaRN stretches positions by (1: it does not)."""

    cells: int
    sequences: int
    batch: int
    threads: int
    kv: KvType = "f16"
    yarn: int = 1


class Context:
    """Key-value cells and compute buffers over a model."""

    def __init__(self, model: Model, shape: Shape) -> None:
        """WeightsError with llama.cpp's reason when there is no room for it,
        EngineError for more sequences than it can do."""
        tail = log_tail()
        tail.clear()
        most = llama.llama_max_parallel_sequences()
        if shape.sequences > most:
            raise EngineError(f"{shape.sequences} sequences; llama.cpp can do {most}")
        parameters = _parameters(shape)
        if shape.yarn > 1:
            # The makers' recipe: 1 / factor as scale, all else as YaRN has it by default.
            parameters.rope_scaling_type = llama.LLAMA_ROPE_SCALING_TYPE_YARN
            parameters.rope_freq_scale = 1 / shape.yarn
            parameters.yarn_orig_ctx = model.native_window
        handle = llama.llama_init_from_model(model.handle, parameters)
        if not handle:
            raise WeightsError(f"cannot make room for {shape.cells:,} cells: {tail.reason()}")
        self.handle = handle
        self.memory = llama.llama_get_memory(handle)
        self.cells = int(llama.llama_n_ctx(handle))

    def close(self) -> None:
        """Free cells and buffers."""
        if self.handle:
            llama.llama_free(self.handle)
            self.handle = None


def _parameters(shape: Shape) -> llama.llama_context_params:
    """Context parameters: one buffer of cells for all sequences, so that they can share."""
    parameters: llama.llama_context_params = llama.llama_context_default_params()
    parameters.n_ctx = shape.cells
    parameters.n_seq_max = shape.sequences
    parameters.kv_unified = True
    parameters.type_k = parameters.type_v = KV_TYPES[shape.kv]
    parameters.n_batch = parameters.n_ubatch = shape.batch
    # Logits are wanted for one token of each sequence, or a few of one; the default reserves
    # a row of the vocabulary's width for every token of a batch.
    parameters.n_outputs_max = min(max(shape.sequences, DRAWS), shape.batch)
    parameters.n_threads = parameters.n_threads_batch = shape.threads
    # With one buffer for all sequences, flash attention skips the cells of the others;
    # without it they are computed and thrown away.
    parameters.flash_attn_type = llama.LLAMA_FLASH_ATTN_TYPE_ENABLED
    parameters.no_perf = True
    return parameters


def _metadata(handle: int) -> dict[str, str]:
    """The key-value pairs of the file (arrays are left out by llama.cpp)."""
    text = ctypes.create_string_buffer(TEXT_CAP)
    pairs = {}
    for index in range(llama.llama_model_meta_count(handle)):
        llama.llama_model_meta_key_by_index(handle, index, text, TEXT_CAP)
        key = text.value.decode("utf-8", "replace")
        llama.llama_model_meta_val_str_by_index(handle, index, text, TEXT_CAP)
        pairs[key] = text.value.decode("utf-8", "replace")
    return pairs
