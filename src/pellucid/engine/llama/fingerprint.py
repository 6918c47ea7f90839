"""What a deterministic request's tokens depend on besides the request, as one short text."""

import hashlib
from importlib.metadata import version
from pathlib import Path

import llama_cpp.llama_cpp as llama

from pellucid.engine.llama.binding import Model, Shape
from pellucid.engine.llama.identity import identity


def fingerprint(path: Path, model: Model, shape: Shape, step_tokens: int) -> str:
    """`weights-conditions-library`. While it is the same, a deterministic request gives the
    same tokens, alone and under load, today and after a restart.

    The weights count by what they say of themselves and samples of the file (they tell
    files apart, they do not prove them whole). The conditions are all that
    `shape` says (threads, batch, cells and how they are kept), how many tokens of a prompt
    are read in a step, and the instructions of the processor that llama.cpp uses. Which
    requests run beside others changes tokens too, where they are not deterministic.
    """
    weights = hashlib.sha256(identity(path).encode())
    for key, value in sorted(model.metadata.items()):
        weights.update(f"{key}={value}\n".encode())
    system = (llama.llama_print_system_info() or b"").decode("utf-8", "replace")
    conditions = hashlib.sha256(f"{shape!r} {step_tokens} {system}".encode()).hexdigest()
    library = f"llama-cpp-python-{version('llama-cpp-python')}"
    return f"{weights.hexdigest()[:16]}-{conditions[:8]}-{library}"
