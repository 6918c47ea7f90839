"""LoRA adapters of loaded weights."""

import ctypes
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import llama_cpp.llama_cpp as llama

from pellucid.core.errors import WeightsError
from pellucid.engine.gguf import read_header
from pellucid.engine.llama.binding import Model, check_file, log_tail

# What llama.cpp reads by type, without asking first: it aborts over another one.
HEADER: Mapping[str, type] = {
    "general.type": str,
    "general.architecture": str,
    "adapter.type": str,
    "adapter.lora.alpha": float,
}


class Adapters:
    """Adapters by name, all loaded with the weights; one at most is in use.

    llama.cpp sizes a context by the adapters it finds, so they are loaded before it is
    made. `digests` maps names to digests of their files.
    """

    def __init__(self, model: Model, paths: Mapping[str, Path]) -> None:
        """WeightsError that names the first file which cannot be used."""
        self._handles = {name: _loaded(model, name, path) for name, path in paths.items()}
        self.digests = {
            name: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for name, path in paths.items()
        }
        self._used = ""

    def use(self, context: int, name: str) -> None:
        """Compute with this adapter from now on ("": none)."""
        if name == self._used:
            return
        chosen = [self._handles[name]] if name else []
        handles: Any = (llama.llama_adapter_lora_p_ctypes * len(chosen))(*chosen)
        scales = (ctypes.c_float * len(chosen))(*(1.0 for _ in chosen))
        llama.llama_set_adapters_lora(context, handles, len(chosen), scales)
        self._used = name


def _loaded(model: Model, name: str, path: Path) -> Any:  # noqa: ANN401 (a ctypes pointer)
    """The handle of one adapter; it is freed with the model."""
    check_file(path)
    header = read_header(path, tuple(HEADER))
    wrong = [key for key, kind in HEADER.items() if not isinstance(header.get(key), kind)]
    if wrong:
        raise WeightsError(f"adapter {name!r}: {path} is no LoRA adapter ({wrong[0]} is missing)")
    tail = log_tail()
    tail.clear()
    handle: Any = llama.llama_adapter_lora_init(model.handle, os.fsencode(path))
    if not handle:
        raise WeightsError(f"adapter {name!r}: cannot load {path}: {tail.reason()}")
    if llama.llama_adapter_get_alora_n_invocation_tokens(handle):
        raise WeightsError(f"adapter {name!r}: {path} is an activated LoRA, which is not supported")
    return handle
