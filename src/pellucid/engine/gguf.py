"""Read what a GGUF file's header tells: a few words about the weights, and its tensors.

The file comes from anywhere, so every length is checked before it is believed, and
nothing in it (chat templates least of all) is executed. Format: version 2 and 3 of
GGUF as llama.cpp defines it, little-endian.
"""

import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from pellucid.core.errors import WeightsError

Value = int | float | bool | str

SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
"""GGUF type number to struct format; the rest are strings and arrays."""

STRING, ARRAY = 8, 9
LONGEST_STRING = 1 << 20
MOST_ENTRIES = 1 << 16
MOST_ELEMENTS = 1 << 22
MOST_DIMENSIONS = 4

Found = TypeVar("Found")


class Malformed(ValueError):
    """The bytes are not a header this reader believes."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of the file: `kind` is ggml's number of its type, `shape` its sizes, the
    contiguous one first."""

    name: str
    kind: int
    shape: tuple[int, ...]


def read_header(path: Path, wanted: Collection[str]) -> dict[str, Value]:
    """The wanted scalar entries that the header holds; arrays are skipped.

    A name that starts with "." is looked for under the architecture's prefix, as in
    ".context_length" for "qwen2.context_length", and returned as asked.
    Raises WeightsError when the file cannot be read or is not GGUF.
    """
    return _reading(path, lambda file: _entries(file, _begin(file)[1], wanted))


def read_tensors(path: Path) -> tuple[Tensor, ...]:
    """Name, type and shape of every tensor, from the end of the header (0.1 s for a
    vocabulary of 150,000). Raises WeightsError as `read_header` does."""
    return _reading(path, _tensors)


def _reading(path: Path, read: Callable[[BinaryIO], Found]) -> Found:
    """What `read` finds in the file, its complaints as WeightsErrors that name the file."""
    try:
        with path.open("rb") as file:
            return read(file)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error
    except (Malformed, UnicodeDecodeError, struct.error) as error:
        raise WeightsError(f"{path} is not a GGUF file: {error}") from error


def _begin(file: BinaryIO) -> tuple[int, int]:
    """How many tensors and entries the header announces."""
    if file.read(4) != b"GGUF":
        raise Malformed("it does not begin with GGUF")
    version, tensors, entries = struct.unpack("<IQQ", _exactly(file, 20))
    if version not in (2, 3):
        raise Malformed(f"version {version} is neither 2 nor 3")
    if max(tensors, entries) > MOST_ENTRIES:
        raise Malformed(f"{entries} header entries and {tensors} tensors")
    return tensors, entries


def _tensors(file: BinaryIO) -> tuple[Tensor, ...]:
    """What follows the entries of the header."""
    tensors, entries = _begin(file)
    for _ in range(entries):
        _string(file)
        _value(file, _number(file, "I"))
    return tuple(_tensor(file) for _ in range(tensors))


def _tensor(file: BinaryIO) -> Tensor:
    name, dimensions = _string(file), _number(file, "I")
    if dimensions > MOST_DIMENSIONS:
        raise Malformed(f"a tensor of {dimensions} dimensions")
    shape = tuple(_number(file, "Q") for _ in range(dimensions))
    kind, _offset = _number(file, "I"), _number(file, "Q")
    return Tensor(name, kind, shape)


def _entries(file: BinaryIO, count: int, wanted: Collection[str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for _ in range(count):
        if len(found) == len(wanted):
            break
        name = _string(file)
        short = name[name.find(".") :]
        value = _value(file, _number(file, "I"))
        if value is not None and (name in wanted or short in wanted):
            found[name if name in wanted else short] = value
    return found


def _value(file: BinaryIO, kind: int) -> Value | None:
    """The next value; None for an array, which is skipped."""
    if kind in SCALARS:
        value: Value = struct.unpack("<" + SCALARS[kind], _exactly(file, _width(kind)))[0]
        return value
    if kind == STRING:
        return _string(file)
    if kind == ARRAY:
        _skip_array(file)
        return None
    raise Malformed(f"an entry of unknown type {kind}")


def _skip_array(file: BinaryIO) -> None:
    kind, count = _number(file, "I"), _number(file, "Q")
    if count > MOST_ELEMENTS:
        raise Malformed(f"an array of {count} elements")
    if kind in SCALARS:
        file.seek(count * _width(kind), 1)
    elif kind == STRING:
        for _ in range(count):
            file.seek(_bounded(_number(file, "Q")), 1)
    else:
        raise Malformed(f"an array of type {kind}")


def _string(file: BinaryIO) -> str:
    return _exactly(file, _bounded(_number(file, "Q"))).decode("utf-8")


def _bounded(length: int) -> int:
    if length > LONGEST_STRING:
        raise Malformed(f"a string of {length} bytes")
    return length


def _number(file: BinaryIO, form: str) -> int:
    value: int = struct.unpack("<" + form, _exactly(file, struct.calcsize("<" + form)))[0]
    return value


def _width(kind: int) -> int:
    return struct.calcsize("<" + SCALARS[kind])


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise Malformed("it ends inside its header")
    return data
