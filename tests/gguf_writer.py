"""Write small GGUF files: headers for the reader, LoRA adapters for llama.cpp."""

import struct
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

ALIGNMENT = 32
UINT32, FLOAT32, STRING, ARRAY = 4, 6, 8, 9
Array = npt.NDArray[np.float32]


def gguf(
    entries: Mapping[str, object],
    tensors: Mapping[str, Array] | None = None,
    kinds: Mapping[str, int] | None = None,
) -> bytes:
    """A file with these entries and float tensors; `kinds` claims other types for some."""
    arrays = dict(tensors or {})
    out = b"GGUF" + struct.pack("<IQQ", 3, len(arrays), len(entries))
    for name, value in entries.items():
        out += text(name) + _value(value)
    data = b""
    for name, array in arrays.items():
        kind = (kinds or {}).get(name, 0)
        shape = struct.pack(f"<I{array.ndim}Q", array.ndim, *reversed(array.shape))
        out += text(name) + shape + struct.pack("<IQ", kind, len(data))
        data += _padded(array.astype("<f4").tobytes())
    return (_padded(out) + data) if arrays else out


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _value(value: object) -> bytes:
    match value:
        case str():
            return struct.pack("<I", STRING) + text(value)
        case int():
            return struct.pack("<II", UINT32, value)
        case float():
            return struct.pack("<If", FLOAT32, value)
        case [int(), *_]:
            numbers = b"".join(struct.pack("<I", number) for number in value)
            return struct.pack("<IIQ", ARRAY, UINT32, len(value)) + numbers
        case [*texts]:
            strings = b"".join(text(str(one)) for one in texts)
            return struct.pack("<IIQ", ARRAY, STRING, len(texts)) + strings
        case _:
            raise TypeError(type(value))


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)
